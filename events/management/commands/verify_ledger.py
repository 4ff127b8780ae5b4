"""`manage.py verify_ledger`: proves the chain of revisions, or names the first one that is broken."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from events.management.base import RecordCommand
from events.record import ledger


class Command(RecordCommand):
    """Walks the ledger from its first revision and checks every hash."""

    help = "Prove the chain of revisions; exit 1 and name the first broken one otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the number of revisions that hold. Raises CommandError at the first that does not."""
        whole, broken = ledger.verify()
        if broken:
            raise CommandError(f"Revision {broken.seq} is broken: {broken.problem}. {whole} before it hold.")
        self.stdout.write(self.style.SUCCESS(f"The ledger holds: {whole} revisions, unbroken."))
