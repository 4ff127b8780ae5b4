"""The previous release's data, brought up to date: readers see what they saw, and the ledger holds."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.checks.migrations import RELEASED
from tests.operations.test_backup import elsewhere
from tracker.local.paths import CHECKOUT

__all__ = ["elsewhere"]
pytestmark = pytest.mark.django_db(transaction=True)
FIXTURES = CHECKOUT / "fixtures" / "upgrade"
NUMBER = RELEASED[:4]
UPGRADE = """
import json, sys, django; django.setup()
from pathlib import Path
from django.core.management import call_command
from events.exports.files import FILES, Wanted
from events.exports.spans import span
from events.record import ledger
folder = Path(sys.argv[1])
call_command("migrate", verbosity=0)
def export(name):
    return b"".join(FILES[name].chunks(Wanted(span())))
whole, broken = ledger.verify()
for file in Path(sys.argv[2]).iterdir():
    (folder / file.name).write_bytes(export(file.name))
call_command("rebuild")
again = [file.name for file in folder.iterdir() if file.read_bytes() != export(file.name)]
print(json.dumps({"whole": whole, "broken": broken, "changed by rebuilding": again}))
"""


def load(address: str) -> int:
    """Fills an empty database with the release's data; how many revisions there are."""
    with psycopg.connect(address, autocommit=True) as database:
        database.execute(gzip.decompress((FIXTURES / f"{NUMBER}.sql.gz").read_bytes()))
        row = database.execute("SELECT count(*) FROM public.events_revision").fetchone()
    return int(row[0]) if row else 0


def upgraded(address: str, folder: Path) -> dict[str, Any]:
    """Migrates in a process of its own and writes the exports into `folder`; what it found."""
    done = subprocess.run(
        [sys.executable, "-c", UPGRADE, str(folder), str(FIXTURES / NUMBER)],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tracker.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_the_previous_releases_data_is_seen_as_it_was(elsewhere: str, tmp_path: Path) -> None:
    revisions = load(elsewhere)
    assert revisions > 0

    said = upgraded(elsewhere, tmp_path)

    assert said == {"whole": revisions, "broken": None, "changed by rebuilding": []}
    expected = {file.name: file.read_bytes() for file in (FIXTURES / NUMBER).iterdir()}
    assert {name: (tmp_path / name).read_bytes() for name in expected} == expected


def test_no_reader_is_told_again_after_an_upgrade(elsewhere: str, tmp_path: Path) -> None:
    load(elsewhere)
    counts = "SELECT state, count(*) FROM public.events_delivery GROUP BY state ORDER BY state"
    due = "SELECT count(*) FROM public.events_matching WHERE state <> 'done'"
    with psycopg.connect(elsewhere) as database:
        before = database.execute(counts).fetchall(), database.execute(due).fetchall()

    upgraded(elsewhere, tmp_path)

    with psycopg.connect(elsewhere) as database:
        assert (database.execute(counts).fetchall(), database.execute(due).fetchall()) == before
