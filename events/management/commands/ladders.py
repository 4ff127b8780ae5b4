"""`manage.py ladders import|export`: grade ladders as CSV."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from events.management.base import RecordCommand
from events.record.ladder_csv import MAX_BYTES, BadLadders, read_ladders, write_ladders
from events.record.ladder_versions import Outcome, find_organization, import_ladders, sheets


class Command(RecordCommand):
    """Takes a whole file or nothing of it; the same file again changes nothing."""

    help = "Reads grade ladders from a CSV file (docs/ladders.md), or writes them to stdout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two actions."""
        actions = parser.add_subparsers(dest="action", required=True)
        reading = actions.add_parser("import", help="Read ladders from a file")
        reading.add_argument("file", metavar="FILE.csv", help="- is stdin")
        reading.add_argument("--dry-run", action="store_true", help="Say what would change, change nothing")
        writing = actions.add_parser("export", help="Write ladders to stdout")
        writing.add_argument(
            "organization", nargs="?", help="A name or an id; all organizations if not given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads or writes. Raises CommandError with the lines that are wrong."""
        if options["action"] == "export":
            self._export(options["organization"])
            return
        try:
            outcomes = import_ladders(read_ladders(_read(options["file"])), dry_run=options["dry_run"])
        except BadLadders as error:
            raise CommandError(f"{options['file']}: nothing was changed.\n{error}") from None
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        for outcome in outcomes:
            self.stdout.write(describe(outcome))
        if options["dry_run"]:
            self.stdout.write("A dry run: nothing was changed.")

    def _export(self, organization: str | None) -> None:
        try:
            found = sheets(find_organization(organization) if organization else None)
        except LookupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(write_ladders(found), ending="")


def describe(outcome: Outcome) -> str:
    """What became of one ladder, in a line."""
    words = "added" if outcome.added else "end or source changed" if outcome.changed else "unchanged"
    return f"{outcome.ladder.organization}: {outcome.ladder}: {words}"


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MAX_BYTES + 1)
