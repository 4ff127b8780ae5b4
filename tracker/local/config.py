"""What the settings need from the embedded stack. Nothing here starts a server."""

import os
import secrets
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tracker.local.errors import LocalStackError
from tracker.local.paths import addresses, current_layout

DATABASE_ENGINE = "tracker.local.backend"
CACHE_BACKEND = "tracker.local.cache.EmbeddedRedisCache"


def wanted() -> bool:
    """Whether the whole embedded stack is in use: neither DATABASE_URL nor REDIS_URL is set, here or in a file."""
    names = ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE")
    return not any(os.environ.get(name) for name in names)


def database_url() -> str:
    """The embedded PostgreSQL's URL; its host is a directory, percent-encoded as libpq reads it."""
    return addresses().database_url


def redis_url() -> str:
    """The embedded Redis' URL, ``unix://PATH?db=0`` as redis-py reads it."""
    return addresses().redis_url


def broker_url(url: str) -> str:
    """A Redis URL as Celery reads it: kombu calls a Unix socket ``redis+socket`` and a database ``virtual_host``.

    >>> broker_url("unix:///run/redis.sock?db=1")
    'redis+socket:///run/redis.sock?virtual_host=1'
    >>> broker_url("redis://127.0.0.1:6379/0")
    'redis://127.0.0.1:6379/0'
    """
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{unquote(parts.path)}?virtual_host={database}"


def adapt(databases: dict[str, Any], caches: dict[str, Any]) -> None:
    """Have the default database and the default cache start their embedded server when they first connect.

    Each only when its URL is not set in the environment. Changes both dictionaries.
    """
    if not os.environ.get("DATABASE_URL"):
        databases["default"]["ENGINE"] = DATABASE_ENGINE
    if not os.environ.get("REDIS_URL"):
        caches["default"]["BACKEND"] = CACHE_BACKEND


def secret_key() -> str:
    """This checkout's secret key: random, made at the first call, kept in ``secret-key`` of the stack's directory.

    Raises LocalStackError when it can be neither read nor written.
    """
    path = current_layout().root / "secret-key"
    try:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not path.exists():
            # Whole or not at all, and the first of two writers wins.
            fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise LocalStackError(f"Cannot use {path}: {error.strerror}. Set SECRET_KEY.") from error
