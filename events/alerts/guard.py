"""Mail leaves no transaction behind it."""

from __future__ import annotations

from django.db import connection


def require_no_transaction(what: str) -> None:
    """Raises RuntimeError inside a transaction.

    A mail sent there would stay sent when the transaction is rolled back, and its locks would be held for as
    long as a mail server takes to answer.
    """
    if connection.in_atomic_block:
        raise RuntimeError(f"{what} must not run inside a transaction")
