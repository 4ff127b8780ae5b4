"""`manage.py rebuild`: drops every projection and makes it again from the ledger."""

from __future__ import annotations

from typing import Any

from events.management.base import RecordCommand
from events.record import projections


class Command(RecordCommand):
    """Makes events, grade histories and positions again from the revisions, in one transaction."""

    help = "Rebuild events, grade histories and positions from the ledger."

    def handle(self, *args: Any, **options: Any) -> None:
        """Shows progress on stderr and the number of events at the end."""
        total = projections.rebuild(self._progress)
        self.stdout.write(self.style.SUCCESS(f"Rebuilt {total} events from the ledger."))

    def _progress(self, done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            self.stderr.write(f"\r{done} of {total} events", ending="\n" if done == total else "")
