"""The database engine that starts the embedded PostgreSQL before it first connects.

So a command that needs no database starts none, and none has to be listed anywhere.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import client

from tracker.database import base
from tracker.local.client import ensure_database


class DatabaseClient(client.DatabaseClient):
    """``manage.py dbshell``, with its server."""

    def runshell(self, parameters: Iterable[str]) -> None:
        ensure_database()
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, started at the first connection."""

    client_class = DatabaseClient

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        ensure_database()
        return super().get_new_connection(conn_params)
