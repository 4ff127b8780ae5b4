"""`manage.py export events.ndjson`: one of the record's files, on stdout or into a file."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError

from events.exports.files import FILES, Wanted
from events.exports.ftm import UnknownEntity
from events.exports.spans import UnknownSpan, span
from events.management.base import RecordCommand
from events.timelines.clocks import UnknownTime, parse_instant

PROGRESS_SECONDS = 1.0


class Command(RecordCommand):
    """Writes a file, with its progress on stderr; at the end it says how the next increment is asked for."""

    help = "Export events, executives, organizations or FollowTheMoney entities"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("file", choices=FILES, metavar="FILE", help=f"One of {', '.join(FILES)}")
        parser.add_argument("--out", type=Path, metavar="PATH", help="Where to write; stdout if not given")
        parser.add_argument("--cursor", default="", metavar="ID", help="Go on after the record of that id")
        parser.add_argument("--limit", type=number, metavar="N", help="At most N records")
        parser.add_argument("--since-seq", type=number, metavar="N", help="Events: only what changed since")
        parser.add_argument("--until-seq", type=number, metavar="N", help="Events: as after that revision")
        parser.add_argument("--known-at", type=instant, metavar="INSTANT", help="Events: as at that instant")
        parser.add_argument("--bom", action="store_true", help="CSV: begin with a byte order mark")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file. Raises CommandError for a bad cursor or span, or a path that cannot be written."""
        file, cursor = FILES[options["file"]], options["cursor"]
        is_number = cursor.isascii() and cursor.isdigit() and len(cursor) < 19
        if file.kind != "entities" and cursor and not is_number:
            raise CommandError("Give the number of the last record that you have.")
        try:
            told = span(
                known_at=options["known_at"], until_seq=options["until_seq"], since_seq=options["since_seq"]
            )
            wanted = Wanted(
                told,
                after=int(cursor) if is_number else 0,
                after_entity=cursor,
                limit=options["limit"],
                bom=options["bom"],
            )
            with opened(options["out"]) as out:
                self._write(file.chunks(wanted), out)
        except (UnknownSpan, UnknownEntity, OSError) as error:
            raise CommandError(str(error)) from None
        if file.is_of_ledger:
            self.stderr.write(
                f"The record after revision {told.until}: --since-seq {told.until} tells what follows."
            )

    def _write(self, chunks: Any, out: IO[bytes]) -> None:
        written, said = 0, time.monotonic()
        for chunk in chunks:
            out.write(chunk)
            written += len(chunk)
            if time.monotonic() - said > PROGRESS_SECONDS:
                said = time.monotonic()
                self.stderr.write(f"{written / 1e6:,.0f} MB ...")
        out.flush()


def opened(path: Path | None) -> AbstractContextManager[IO[bytes]]:
    """The file to write, or stdout, which stays open."""
    return path.open("wb") if path else nullcontext(sys.stdout.buffer)


def number(text: str) -> int:
    """A whole number of the command line. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ArgumentTypeError("write a whole number")
    return int(text)


def instant(text: str) -> datetime:
    """An instant of the command line. Raises ArgumentTypeError."""
    try:
        return parse_instant(text)
    except UnknownTime as error:
        raise ArgumentTypeError(str(error)) from None
