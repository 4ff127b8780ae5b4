"""`manage.py restore FILE`: a backup into an empty database, and the proof that it is whole."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events.record import ledger
from tracker.database.programs import ProgramError
from tracker.database.saving import BackupError, restore


class Command(BaseCommand):
    """Restores, then proves the ledger from its first revision to the one that the note names."""

    help = "Restore a backup into the empty database that DATABASE_URL names, and prove the ledger."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The backup."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was found. Raises CommandError when the backup is damaged or the database is not empty."""
        try:
            note = restore(options["file"])
        except (BackupError, ProgramError, OSError) as error:
            raise CommandError(str(error)) from None
        whole, broken = ledger.verify()
        if broken:
            raise CommandError(f"Revision {broken.seq} is broken: {broken.problem}.")
        self.stdout.write(self.style.SUCCESS(f"Restored as of {note.taken_at}: {whole} revisions, unbroken."))
        self.stdout.write("Now `manage.py migrate`, then start the services.")
