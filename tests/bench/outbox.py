"""The outbox's rows of a revision: read, deleted, and inserted again by one plain statement, the floor of matching."""

from __future__ import annotations

from typing import Any

from events.models.alerts import Delivery
from tests.bench.scratch import execute, settle

Rows = list[tuple[Any, ...]]

_WRITTEN = """
SELECT id, subscriber_id, revision_id, matched::text, frequency, due_at, state, created_at
FROM events_delivery WHERE revision_id = %s
"""
_INSERT = """
INSERT INTO events_delivery (id, subscriber_id, revision_id, matched, frequency, due_at, state, error, created_at)
SELECT id, subscriber, revision, matched::bigint[], frequency, due_at, state, '', created_at
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[],
            %s::timestamptz[])
         AS rows (id, subscriber, revision, matched, frequency, due_at, state, created_at)
"""


def written(seq: int) -> Rows:
    """The deliveries of the revision."""
    return execute(_WRITTEN, [seq])


def insert(rows: Rows) -> None:
    """Writes them again, in a transaction of its own."""
    execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])


def forget(seq: int) -> None:
    """Deletes them."""
    execute("DELETE FROM events_delivery WHERE revision_id = %s", [seq])
    settle(Delivery)
