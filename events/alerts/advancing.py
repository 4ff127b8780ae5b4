"""From one message to the next: the receipt of the one and the mark of the other, in one statement.

It is a commit a message, and the disk's answer to it takes as long as the mail server's. So the statement is on its
way to PostgreSQL while the mail server is told of the next message, and answered before the end of that message is
sent: a message is accepted only after it is marked, and after the one before has its receipt.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakSet

from django.db import connection
from psycopg import errors, pq

from events.alerts.planning import Plan, ids
from events.alerts.schedule import CLAIM
from events.choices import DeliveryState

_ADVANCE = b"""
WITH receipt AS (
    UPDATE events_mail SET state = 'sent', sent_at = now(), claimed_until = NULL, error = ''
    WHERE id = $1::bigint AND state <> 'sent'
), received AS (
    UPDATE events_delivery SET state = 'sent', sent_at = now(), error = ''
    WHERE id = ANY($2::bigint[]) AND state <> 'sent'
), whole AS (
    SELECT id FROM events_delivery
    WHERE id = ANY($4::bigint[]) AND mail_id = $3::bigint AND state IN ('pending', 'sending') FOR UPDATE SKIP LOCKED
), begun AS (
    UPDATE events_mail SET state = 'sending', attempts = attempts + 1, claimed_until = now() + $6::interval
    WHERE id = $3::bigint AND claimed_until = $5::timestamptz AND claimed_until > now()
    AND state IN ('pending', 'sending') AND (SELECT count(*) FROM whole) = cardinality($4::bigint[])
    RETURNING claimed_until, attempts
), marked AS (
    UPDATE events_delivery SET state = 'sending'
    WHERE id = ANY($4::bigint[]) AND state = 'pending' AND EXISTS (SELECT FROM begun)
)
SELECT (extract(epoch FROM claimed_until) * 1000000)::bigint, attempts FROM begun
"""
_NAME = b"alerts_advance"
_PREPARED: WeakSet[Any] = WeakSet()
"""Connections to which the statement is known."""


@dataclass(frozen=True)
class Attempt:
    """A message that may be handed over now: the claim holds until `until`. `number` counts from 1."""

    plan: Plan
    number: int
    until: datetime

    @property
    def resumed(self) -> bool:
        """Whether an earlier attempt's outcome is not known."""
        return self.plan.mail.state == DeliveryState.SENDING.value


def advance(done: Attempt | None, following: Plan | None) -> Attempt | None:
    """Records that the server has one message, whoever holds its claim by now, and marks the next as being sent.

    None when the next one must not be sent as planned: its claim is over, or a delivery in it is not to be told any
    more. Raises django.db.Error.
    """
    return Advance(done, following).result()


def abandon() -> None:
    """After an error: a connection that may still wait for an answer is good for nothing else."""
    if not connection.in_atomic_block:
        connection.close()


class Advance:
    """The statement of `advance` on its way. Until `result` is there, the connection takes no other statement."""

    def __init__(self, done: Attempt | None, following: Plan | None) -> None:
        self._following = following
        connection.ensure_connection()
        driver: Any = connection.connection
        self._server: pq.abc.PGconn = driver.pgconn
        with connection.wrap_database_errors:
            if _is_prepared(driver):
                self._server.send_query_prepared(_NAME, _parameters(done, following))
            else:
                self._server.send_query_params(_ADVANCE, _parameters(done, following))
            self._wait(writing=True)

    def result(self) -> Attempt | None:
        """What `advance` gives, once the statement is committed."""
        with connection.wrap_database_errors:
            self._wait()
            results = []
            while (result := self._server.get_result()) is not None:
                results.append(result)
            for found in results:
                if found.status != pq.ExecStatus.TUPLES_OK:
                    raise errors.error_from_result(found)
            if not results:
                raise errors.OperationalError("the connection to the database was lost")
        [rows] = results
        if self._following is None or not rows.ntuples:
            return None
        until, number = rows.get_value(0, 0), rows.get_value(0, 1)
        return Attempt(self._following, int(number or 0), _moment(int(until or 0)))

    def _wait(self, *, writing: bool = False) -> None:
        """Until all is sent, or the answer is there."""
        socket = self._server.socket
        while writing and self._server.flush():
            select.select([], [socket], [])
        while not writing and self._server.is_busy():
            select.select([socket], [], [])
            self._server.consume_input()


def _is_prepared(driver: Any) -> bool:
    """Prepares the statement once a connection. A pooler that gives each transaction another connection knows nothing
    of it; Django's setting for those says so."""
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return False
    if driver not in _PREPARED:
        result = driver.pgconn.prepare(_NAME, _ADVANCE)
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result)
        _PREPARED.add(driver)
    return True


def _parameters(done: Attempt | None, following: Plan | None) -> Sequence[bytes | None]:
    """As text, as PostgreSQL reads it."""
    until = following.mail.claimed_until if following else None
    return [
        str(done.plan.mail.pk).encode() if done else None,
        _array(ids(done.plan.planned) if done else []),
        str(following.mail.pk).encode() if following else None,
        _array(ids(following.planned) if following else []),
        until.isoformat().encode() if until else None,
        f"{CLAIM.total_seconds()} seconds".encode(),
    ]


def _array(numbers: list[int]) -> bytes:
    return f"{{{','.join(map(str, numbers))}}}".encode()


def _moment(microseconds: int) -> datetime:
    """Exactly: a float holds no such number."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
