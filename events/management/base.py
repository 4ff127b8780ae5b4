"""What commands that work on the record share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class RecordCommand(BaseCommand):
    """A command that needs the record's tables.

    On the embedded stack they are made first, so that any command works in a fresh checkout; a database of
    one's own is migrated by hand, never by a command that was asked for something else.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Prepares the embedded database where needed, then runs the command."""
        if settings.EMBEDDED and _unapplied():
            self.stderr.write("Preparing the embedded database ...")
            call_command("migrate", verbosity=0, interactive=False)
        return super().execute(*args, **options)


def _unapplied() -> bool:
    """Whether migrations wait to be applied."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
