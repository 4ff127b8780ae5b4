"""Timelines in the terminal."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.timelines.entries import entries, entry
from events.timelines.grades import grade_history
from events.timelines.text import cells, render, wrap
from tests import scenes
from tests.timelines.conftest import Record

SUBJECT = {"type": "person", "id": 1, "name": "Ilse van Houten"}


def run(*args: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("timeline", *args, stdout=out)
    return out.getvalue()


def squeezed(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


@pytest.mark.parametrize("width", [40, 55, 80])
def test_no_line_is_wider_than_the_terminal(record: Record, width: int) -> None:
    shown = [entry(row) | {"summary": "华为云" * 40} for row in entries()]
    text = render(SUBJECT, shown, grade_history(record.person), width)

    assert max(cells(line) for line in text.splitlines()) <= width


def test_chinese_breaks_between_characters_and_counts_two_columns() -> None:
    assert list(wrap("北湖云首席执行官", 6)) == ["北湖云", "首席执", "行官"]


def test_a_quote_cannot_steer_the_terminal(record: Record) -> None:
    shown = entry(entries().get())
    shown["evidence"][0]["quote"] = "before\x1b[2Jafter\x9b\x07"

    text = render(SUBJECT, [shown])
    assert not [c for c in text if c != "\n" and not c.isprintable()]


def test_a_quote_that_proves_several_fields_is_shown_once(record: Record) -> None:
    shown = entry(entries().get())
    shown["evidence"] = [
        item | {"field": field} for item in shown["evidence"] for field in ("/subject", "/dates")
    ]

    assert squeezed(render(SUBJECT, [shown])).count("was demoted three levels from 22A to 21A.”") == 1


def test_an_inexact_date_says_how_exact_it_is(record: Record) -> None:
    shown = entry(entries().get()) | {"date": {"value": "2025-08-01", "precision": "month"}}

    assert "August 2025 (to the month): discipline/demotion" in squeezed(render(SUBJECT, [shown]))


def test_the_command_prints_grades_entries_and_quotes_with_their_source(record: Record) -> None:
    text = squeezed(run("ilse van houten"))

    assert f"Ilse van Houten (person {record.person.pk})" in text
    assert "22A until 18 October 2025" in text
    assert "21A since 18 October 2025" in text
    assert "18 October 2025: discipline/demotion, reported, severity 3" in text
    assert record.revision.payload["summary"] in text
    assert f"“{squeezed(scenes.DEMOTION_TEXT)}”" in text
    assert record.source.url in text


def test_the_command_finds_organizations_too(record: Record) -> None:
    assert "Northlake Cloud (organization" in run("northlake cloud")


def test_the_command_takes_both_clocks(record: Record) -> None:
    before = record.revision.recorded_at.isoformat()

    assert "discipline/demotion" in run("Ilse van Houten", "--known-at", before, "--valid-at", "2025-10-18")
    assert "Nothing is on record." in run("Ilse van Houten", "--known-at", "2001-01-01")
    assert "Nothing is on record." in run("Ilse van Houten", "--valid-at", "2025-10-17")


@pytest.mark.parametrize("option", ["--valid-at", "--known-at"])
def test_an_unknown_time_is_a_clear_error(record: Record, option: str) -> None:
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        run("Ilse van Houten", option, "yesterday")


def test_an_unknown_name_fails_with_the_nearest_names(record: Record) -> None:
    with pytest.raises(CommandError, match=r"(?s)'Else van Houten'.*nearest.*Ilse van Houten") as raised:
        run("Else van Houten")

    assert raised.value.returncode == 1


def test_an_ambiguous_name_lists_who_it_may_be_and_a_number_chooses(record: Record) -> None:
    other = scenes.executive("Ilse van Houten")

    with pytest.raises(
        CommandError, match=rf"(?s)person:{record.person.pk}.*CEO of Northlake Cloud.*person:{other.pk}"
    ):
        run("Ilse van Houten")
    assert f"(person {other.pk})" in run(f"person:{other.pk}")
