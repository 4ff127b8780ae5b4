"""Database connections of requests that wait."""

from __future__ import annotations

from django.db import connection


def leave() -> None:
    """Gives the thread's connection back, so that who waits holds none; inside a transaction it stays."""
    if not connection.in_atomic_block:
        connection.close()
