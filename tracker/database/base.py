"""PostgreSQL, as the engine `tracker.database`."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg import Error


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that was kept from an earlier request is looked at before it is used again, not asked.

    A server that stops, or ends one connection, closes its socket, which then has an end of file to read. A kept
    connection has nothing else to read, so that a look tells what `SELECT 1` would, without the round trip that
    would be a good part of a short request. A network that swallows packets is noticed by neither.
    """

    def is_usable(self) -> bool:
        """Whether the connection can go on: nothing waits to be read, or the server answers after all."""
        if self.connection is None:
            return False
        poll = select.poll()
        try:
            poll.register(self.connection.fileno(), select.POLLIN | select.POLLPRI)
        except Error:  # closed by us
            return False
        return super().is_usable() if poll.poll(0) else True
