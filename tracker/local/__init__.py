"""The embedded stack: PostgreSQL and Redis as real servers, for whoever has set neither URL.

Both servers come out of wheels, listen on Unix sockets in a private directory only (no network port), and keep
their files under ``<checkout>/.local/``. Nothing starts at import: the first connection starts what it needs
(``tracker.local.backend``, ``tracker.local.cache``), or an entry point calls :func:`ensure`.

Whoever called an ``ensure`` function is a *user* of that server until the process and its forks end; the last
user to end stops the server. See ``tracker.local.client`` for how that holds under SIGKILL.
"""

from tracker.local.client import ensure, ensure_database, ensure_redis, release
from tracker.local.config import adapt, broker_url, database_url, redis_url, secret_key, wanted
from tracker.local.errors import LocalStackError
from tracker.local.paths import Addresses, addresses

__all__ = [
    "Addresses",
    "LocalStackError",
    "adapt",
    "addresses",
    "broker_url",
    "database_url",
    "ensure",
    "ensure_database",
    "ensure_redis",
    "redis_url",
    "release",
    "secret_key",
    "wanted",
]
