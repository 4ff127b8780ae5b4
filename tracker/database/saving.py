"""Backups: the whole database as of one moment, with a note that says what must be found in it again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from tracker.database import programs

SUFFIX = ".dump"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"


class BackupError(Exception):
    """A backup cannot be used, or not here; says why."""


@dataclass(frozen=True)
class Note:
    """What is known of a backup. `seq` and `hash` are the ledger's last revision in it (0 and "" of an empty one)."""

    taken_at: str
    seq: int
    hash: str
    migration: str
    server: str
    size: int
    sha256: str


def back_up(folder: Path) -> tuple[Path, Note]:
    """Writes a backup into `folder`, made if need be, and gives its file and note. Others may write meanwhile.

    Raises programs.ProgramError or OSError; then nothing stays that looks like a backup.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = datetime.now(UTC)
    file = folder / f"tracker-{moment:%Y%m%dT%H%M%S%fZ}{SUFFIX}"
    part = file.with_suffix(".part")
    part.touch(mode=0o600)  # addresses of subscribers are in it
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # The note and the dump see one state of the database: that of this transaction.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone() or ("",)
            seq, last = _ledger_end()
            migration, server = _newest_migration(), _server()
            programs.run(
                connection, "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                f"--snapshot={snapshot}", "--file", part,
            )  # fmt: skip
        with part.open("rb") as written:
            os.fsync(written.fileno())
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        note = Note(moment.isoformat(), seq, last, migration, server, part.stat().st_size, digest)
        _note_of(file).write_text(json.dumps(asdict(note), indent=2) + "\n")
        part.rename(file)
    except BaseException:
        part.unlink(missing_ok=True)
        _note_of(file).unlink(missing_ok=True)
        raise
    return file, note


def restore(file: Path) -> Note:
    """Brings a backup back into this connection's database, which must be empty, and checks the ledger's end.

    All or nothing. Raises BackupError, programs.ProgramError or OSError.
    """
    note = read_note(file)
    with file.open("rb") as dump:
        if hashlib.file_digest(dump, "sha256").hexdigest() != note.sha256:
            raise BackupError(
                f"{file} is not what was written: its SHA-256 is another one than its note says"
            )
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        (tables,) = cursor.fetchone() or (0,)
    if tables:
        raise BackupError(f"the database has {tables} tables already: restore into an empty one")
    programs.run(
        connection, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
        "--dbname", connection.settings_dict["NAME"], file,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if _ledger_end() != (note.seq, note.hash):
        raise BackupError("the ledger does not end where the backup's note says")
    return note


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Deletes all backups in `folder` but the newest `keep`; gives what was deleted."""
    old = sorted(folder.glob(f"tracker-*{SUFFIX}"))[: -keep or None]
    for file in old:
        file.unlink()
        _note_of(file).unlink(missing_ok=True)
    return old


def read_note(file: Path) -> Note:
    """The note beside a backup. Raises BackupError where there is none that can be read."""
    try:
        return Note(**json.loads(_note_of(file).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{file} has no note {_note_of(file).name} that can be read: {error}") from None


def _note_of(file: Path) -> Path:
    return file.with_suffix(".json")


@contextmanager
def _row(sql: str) -> Iterator[tuple[object, ...] | None]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        yield cursor.fetchone()


def _ledger_end() -> tuple[int, str]:
    with _row("SELECT seq, hash FROM events_ledgerhead") as row:
        return (int(str(row[0])), str(row[1])) if row else (0, "")


def _newest_migration() -> str:
    with _row("SELECT max(name) FROM django_migrations WHERE app = 'events'") as row:
        return str(row[0]) if row else ""


def _server() -> str:
    with _row("SELECT current_setting('server_version')") as row:
        return str(row[0]) if row else ""
