"""`manage.py migrate`, safe to run while the service is in use, on several hosts at once, and before PostgreSQL is up.

A change of a table needs a lock that waits for everyone who reads it, and everyone who comes later waits behind
it: one forgotten transaction would stop the service. So the wait is short, and the migration is tried again.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

_ONE_AT_A_TIME = 7_163_528_041
"""The advisory lock's number: of no meaning, and of nobody else's."""
_LONGEST_PAUSE = 30.0
_SHOWN = 5
_HOLDERS = """
    SELECT pid, coalesce(nullif(application_name, ''), '?'), state,
           extract(epoch FROM now() - xact_start)::int, left(regexp_replace(query, '\\s+', ' ', 'g'), 80)
    FROM pg_stat_activity
    WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
    ORDER BY xact_start LIMIT %s
"""


class Command(Migrate):
    """Django's own command, with limits and patience."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs it. Raises CommandError, with who holds locks, when one is not to be had in MIGRATE_MINUTES."""
        connection = connections[options["database"]]
        end = time.monotonic() + settings.MIGRATE_MINUTES * 60
        self._wait_for_the_server(connection, end)
        pause = 1.0
        while True:
            try:
                self._once(connection, *args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if time.monotonic() + pause > end:
                    raise CommandError(
                        f"a lock was not to be had in {settings.MIGRATE_MINUTES} minutes; what is done stays "
                        f"done, and the rest can be run again. Open transactions:\n{_holders(connection)}"
                    ) from error
                self.stderr.write(
                    f"a lock was not to be had in {settings.MIGRATE_LOCK_SECONDS} s, trying again in "
                    f"{pause:.0f} s. Open transactions:\n{_holders(connection)}"
                )
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _once(self, connection: BaseDatabaseWrapper, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false)",
                [f"{settings.MIGRATE_LOCK_SECONDS}s", f"{settings.MIGRATE_STATEMENT_SECONDS}s"],
            )
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        try:
            super().handle(*args, **options)
        finally:
            # A migration may have left the connection in a transaction that has failed, or without a server.
            if connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])
                    cursor.execute("RESET lock_timeout")
                    cursor.execute("RESET statement_timeout")

    def _wait_for_the_server(self, connection: BaseDatabaseWrapper, end: float) -> None:
        pause = 1.0
        while True:
            try:
                connection.ensure_connection()
                return
            except OperationalError as error:
                if time.monotonic() + pause > end:
                    raise
                self.stderr.write(f"PostgreSQL does not answer ({error}); trying again in {pause:.0f} s")
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _holders(connection: BaseDatabaseWrapper) -> str:
    """The oldest open transactions, one a line."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [_SHOWN])
        rows = cursor.fetchall()
    return "\n".join(
        f"  process {pid} ({name}), {state}, for {seconds} s: {query}"
        for pid, name, state, seconds, query in rows
    )
