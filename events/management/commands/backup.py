"""`manage.py backup DIR`: the whole database as of one moment, while the service goes on."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.database.programs import ProgramError
from tracker.database.saving import back_up, forget_old


class Command(BaseCommand):
    """Writes a dump and a note beside it, which `restore` checks it by."""

    help = "Back up the database into a directory, with a note to check it by."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The directory, and how many backups stay in it."""
        parser.add_argument("directory", type=Path)
        parser.add_argument("--keep", type=int, metavar="N", help="then delete all but the newest N backups")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the file. Raises CommandError; then nothing is deleted."""
        keep: int | None = options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number from 1")
        try:
            file, note = back_up(options["directory"])
            self.stdout.write(
                f"{file}: {note.size:,} bytes, the ledger up to revision {note.seq}, migration {note.migration}"
            )
            for old in forget_old(options["directory"], keep) if keep else []:
                self.stdout.write(f"{old}: deleted")
        except (ProgramError, OSError) as error:
            raise CommandError(str(error)) from None
