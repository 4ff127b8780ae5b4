"""Settings of migrations on a live system, and of how long what is kept."""

from __future__ import annotations

from tracker.conf import number

MIGRATE_LOCK_SECONDS = number("MIGRATE_LOCK_SECONDS", 5)
"""How long a migration waits for a lock. While it waits, everyone else who wants the table queues up behind it."""
MIGRATE_STATEMENT_SECONDS = number("MIGRATE_STATEMENT_SECONDS", 600)
"""How long one statement of a migration may take; 0 is without a limit."""
MIGRATE_MINUTES = number("MIGRATE_MINUTES", 10)
"""For how long `migrate` waits for the server to come up, and tries again after a lock that it did not get."""
