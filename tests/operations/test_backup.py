"""The drill: fill, back up while others write, restore elsewhere, prove, rebuild, compare."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from psycopg import sql

from events.exports.files import FILES, Wanted
from events.exports.spans import span
from events.record import ledger
from tests.acceptance.conftest import database_url_of_test
from tests.timelines.conftest import Record
from tracker.database import programs
from tracker.database.saving import back_up, read_note
from tracker.local.paths import CHECKOUT

pytestmark = pytest.mark.django_db(transaction=True)
LOOK = """
import json, sys, django; django.setup()
from pathlib import Path
from django.core.management import call_command
from events.exports.files import FILES, Wanted
from events.exports.spans import span
from events.record import ledger
call_command("restore", sys.argv[1])
until, folder = int(sys.argv[2]) or None, Path(sys.argv[3])
call_command("rebuild")
whole, broken = ledger.verify()
for name, file in FILES.items():
    if file.kind == "events" or until is None:
        (folder / name).write_bytes(b"".join(file.chunks(Wanted(span(until_seq=until)))))
print(json.dumps([whole, broken]))
"""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of an empty database on the same server."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    address = database_url_of_test()
    yield urlsplit(address)._replace(path=f"/{name}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def restored(file: Path, address: str, folder: Path, until: int = 0) -> list[object]:
    """Restores in a process of its own, rebuilds, writes the exports into `folder`; what the ledger's proof says."""
    folder.mkdir()
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(file), str(until), str(folder)],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: list[object] = json.loads(done.stdout.splitlines()[-1])
    return said


def rows(address: str) -> dict[str, int]:
    """How many rows each table of a database has."""
    with psycopg.connect(address) as database:
        names = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        count = sql.SQL("SELECT count(*) FROM {}")
        found = {name: database.execute(count.format(sql.Identifier(name))).fetchone() for (name,) in names}
    return {name: row[0] for name, row in found.items() if row}


def test_everything_is_there_again_byte_for_byte(history: Record, elsewhere: str, tmp_path: Path) -> None:
    file, note = back_up(tmp_path / "backups")
    before = {name: b"".join(file_.chunks(Wanted(span()))) for name, file_ in FILES.items()}
    counts = rows(database_url_of_test())

    proof = restored(file, elsewhere, tmp_path / "exports")

    assert proof == [note.seq, None]
    assert {name: (tmp_path / "exports" / name).read_bytes() for name in FILES} == before
    assert rows(elsewhere) == counts


def test_a_backup_is_of_one_moment_while_others_write(
    history: Record, elsewhere: str, tmp_path: Path
) -> None:
    enough = threading.Event()
    published = threading.Event()

    def write() -> None:
        days = (f"2020-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29))
        try:
            while not enough.is_set():
                history.publish(next(days), title="Head of much")
                published.set()
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    published.wait(60)
    try:
        file, note = back_up(tmp_path / "backups")
    finally:
        enough.set()
        writer.join()

    proof = restored(file, elsewhere, tmp_path / "exports", until=note.seq)

    assert proof == [note.seq, None]
    assert ledger.verify()[0] >= note.seq
    for name in ("events.ndjson", "events.csv"):
        expected = b"".join(FILES[name].chunks(Wanted(span(until_seq=note.seq))))
        assert (tmp_path / "exports" / name).read_bytes() == expected


def test_a_damaged_backup_is_refused(history: Record, tmp_path: Path) -> None:
    file, _ = back_up(tmp_path)
    with file.open("r+b") as dump:
        dump.seek(-100, os.SEEK_END)
        dump.write(b"x")

    with pytest.raises(CommandError, match="not what was written"):
        call_command("restore", str(file))


def test_a_database_that_is_not_empty_is_not_touched(history: Record, tmp_path: Path) -> None:
    file, note = back_up(tmp_path)

    with pytest.raises(CommandError, match="tables already"):
        call_command("restore", str(file))

    assert ledger.verify() == (note.seq, None)


def test_only_its_owner_may_read_a_backup(history: Record, tmp_path: Path) -> None:
    file, _ = back_up(tmp_path / "backups")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_old_backups_go_once_a_new_one_is_there(history: Record, tmp_path: Path) -> None:
    for _ in range(3):
        call_command("backup", str(tmp_path), "--keep", "2", stdout=io.StringIO())

    kept = sorted(path.suffix for path in tmp_path.iterdir())
    assert kept == [".dump", ".dump", ".json", ".json"]


def test_a_backup_that_fails_leaves_nothing_and_deletes_nothing(
    history: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, note = back_up(tmp_path)
    real = programs.find
    monkeypatch.setattr(programs, "find", lambda name, server: real("pg_isready", server))

    with pytest.raises(CommandError, match="pg_dump has failed"):
        call_command("backup", str(tmp_path), "--keep", "1")

    assert sorted(tmp_path.iterdir()) == sorted([file, file.with_suffix(".json")])
    assert read_note(file) == note


def test_a_program_that_is_older_than_the_server_is_not_run() -> None:
    with pytest.raises(programs.ProgramError, match="of PostgreSQL 99 or newer is needed"):
        programs.find("pg_dump", 99)
