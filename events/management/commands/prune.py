"""`manage.py prune`: lets go of what is not kept for ever; beat does the same once a day."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from events.retention import Progress, prune, rules


class Command(BaseCommand):
    """Applies the rules of retention, with progress on stderr."""

    help = "Delete or empty what is older than the RETAIN_... variables say; never the ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("--dry-run", action="store_true", help="count what would go, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each rule, also for those that keep everything."""
        self._verb = "would go" if options["dry_run"] else "gone"
        for rule in rules():
            if rule.days <= 0:
                self.stdout.write(f"{rule.name}: kept for ever")
            prune([rule], dry_run=options["dry_run"], progress=self._say)

    def _say(self, step: Progress) -> None:
        if step.is_done:
            self.stdout.write(f"{step.rule.name}, {step.rule.days} days: {step.gone:,} {self._verb}")
        else:
            self.stderr.write(f"{step.rule.name}: {step.looked_at:,} looked at, {step.gone:,} {self._verb}")
