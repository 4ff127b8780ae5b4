"""`manage.py export`: the same files on the server."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from events.exports.files import FILES, Wanted
from events.exports.spans import span
from tests.exports.conftest import Record


@pytest.mark.parametrize("name", FILES)
def test_the_command_writes_the_file_that_the_api_gives(history: Record, tmp_path: Path, name: str) -> None:
    said = StringIO()

    call_command("export", name, "--out", str(tmp_path / name), stderr=said)

    assert (tmp_path / name).read_bytes() == b"".join(FILES[name].chunks(Wanted(span())))


def test_the_command_says_how_the_next_increment_is_asked_for(history: Record, tmp_path: Path) -> None:
    said, path = StringIO(), tmp_path / "events.ndjson"
    call_command("export", "events.ndjson", "--out", str(path), stderr=said)
    option = said.getvalue().partition("--since-seq ")[2].split()[0]

    added = history.publish("2026-01-01", title="President")
    call_command("export", "events.ndjson", "--out", str(path), "--since-seq", option, stderr=said)

    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == [added.event_id]


def test_the_command_goes_on_after_a_cursor(history: Record, tmp_path: Path) -> None:
    whole = b"".join(FILES["events.ndjson"].chunks(Wanted(span()))).splitlines(keepends=True)
    cursor, path = str(json.loads(whole[0])["event"]), tmp_path / "rest"

    call_command("export", "events.ndjson", "--out", str(path), "--cursor", cursor, stderr=StringIO())

    assert path.read_bytes() == b"".join(whole[1:])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["events.json"], "invalid choice"),
        (["events.csv", "--cursor", "gt-person-4"], "number of the last record"),
        (["entities.ftm.json", "--cursor", "4"], "gt-person-4"),
        (["events.csv", "--since-seq", "99"], "begins after revision 99"),
        (["events.csv", "--limit", "many"], "whole number"),
        (["events.csv", "--known-at", "yesterday"], "not an instant"),
        (["events.csv", "--out", "/nowhere/at/all"], "/nowhere/at/all"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(db: None, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("export", *arguments, stderr=StringIO())
