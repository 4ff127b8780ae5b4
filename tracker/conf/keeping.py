"""Settings of migrations on a live system, and of how long what is kept."""

from __future__ import annotations

from tracker.conf import number

MIGRATE_LOCK_SECONDS = number("MIGRATE_LOCK_SECONDS", 5)
"""How long a migration waits for a lock. While it waits, everyone else who wants the table queues up behind it."""
MIGRATE_STATEMENT_SECONDS = number("MIGRATE_STATEMENT_SECONDS", 600)
"""How long one statement of a migration may take; 0 is without a limit."""
MIGRATE_MINUTES = number("MIGRATE_MINUTES", 10)
"""For how long `migrate` waits for the server to come up, and tries again after a lock that it did not get."""

RETAIN_RAW_DAYS = number("RETAIN_RAW_DAYS", 180)
"""Days for which the bytes of an article are kept that gave nothing. What was published from it keeps them for ever."""
RETAIN_RUNS_DAYS = number("RETAIN_RUNS_DAYS", 60)
"""Days for which requests to news sites are kept."""
RETAIN_MAIL_DAYS = number("RETAIN_MAIL_DAYS", 180)
"""Days for which it is kept what was mailed besides news, what was not sent, and how webhooks' messages went."""
RETAIN_MODEL_DAYS = number("RETAIN_MODEL_DAYS", 180)
"""Days for which questions to the language model are kept that led to no candidate."""
RETAIN_CONTACT_DAYS = number("RETAIN_CONTACT_DAYS", 365)
"""Days after the answer for which names and addresses are kept of readers who proposed something."""
