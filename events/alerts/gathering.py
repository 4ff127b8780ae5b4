"""From due deliveries to mails: alone, with their case, or as a digest. Sends nothing.

Each batch is one transaction that writes mails and points deliveries at them by a conditional UPDATE, so that a
delivery is gathered once, whoever else gathers and wherever a worker dies. Rows that someone else holds are left for
the next batch: nobody waits here, so nobody waits for one another. What waits is a query; memory holds a batch
of numbers, however many readers an event has.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, transaction

from events.alerts.outbox import message_id
from events.choices import MailKind
from events.models.record import Case

OUTBOX = 500
"""Alerts and digests that wait, gathered, for a sender. Few: what is gathered later cannot overtake them."""
LEAST_SHARE = 20
"""Readers of one revision that are gathered at a time, at least."""
MOST_TOLD = 500
"""Deliveries in one mail; more make another one."""
_ROWS = 20_000
"""Deliveries of digests that one batch holds in memory."""

# A loose scan of the index: one look for each revision that has any delivery waiting, not one for each delivery. A
# case's revisions are matched one after the other; while that goes on, its readers would get a mail for each.
_REVISIONS = """
WITH RECURSIVE waiting(revision_id) AS (
    (SELECT revision_id FROM events_delivery WHERE state = 'pending' AND mail_id IS NULL ORDER BY revision_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT revision_id FROM events_delivery
        WHERE state = 'pending' AND mail_id IS NULL AND revision_id > waiting.revision_id ORDER BY revision_id LIMIT 1
    ) FROM waiting WHERE revision_id IS NOT NULL
)
SELECT waiting.revision_id, event.case_id
FROM waiting
JOIN events_revision revision ON revision.seq = waiting.revision_id
JOIN events_event event ON event.id = revision.event_id
WHERE EXISTS (
    SELECT FROM events_delivery d
    WHERE d.revision_id = waiting.revision_id AND d.state = 'pending' AND d.mail_id IS NULL
    AND d.frequency = 'instant' AND d.due_at <= now()
)
AND NOT EXISTS (
    SELECT FROM events_matching matching
    JOIN events_revision sibling ON sibling.seq = matching.revision_id
    JOIN events_event other ON other.id = sibling.event_id
    WHERE matching.state <> 'done' AND other.case_id = event.case_id
    AND sibling.recorded_at > now() - interval '5 minutes'
)
"""
_ALERTS = """
SELECT id, subscriber_id, revision_id FROM events_delivery
WHERE revision_id = %s AND state = 'pending' AND mail_id IS NULL AND frequency = 'instant' AND due_at <= now()
ORDER BY due_at, subscriber_id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_OF_CASE = """
SELECT d.id, d.subscriber_id, d.revision_id
FROM events_event event
JOIN events_revision revision ON revision.event_id = event.id
JOIN events_delivery d ON d.revision_id = revision.seq
WHERE event.case_id = %s AND d.subscriber_id = ANY(%s) AND d.revision_id <> %s
AND d.state = 'pending' AND d.mail_id IS NULL AND d.frequency = 'instant' AND d.due_at <= now()
FOR UPDATE OF d SKIP LOCKED
"""
_DUE_TIMES = """
WITH RECURSIVE times(due_at) AS (
    (SELECT due_at FROM events_delivery
     WHERE state = 'pending' AND mail_id IS NULL AND frequency <> 'instant' AND due_at <= now()
     ORDER BY due_at LIMIT 1)
    UNION ALL
    SELECT (
        SELECT due_at FROM events_delivery
        WHERE state = 'pending' AND mail_id IS NULL AND frequency <> 'instant' AND due_at <= now()
        AND due_at > times.due_at ORDER BY due_at LIMIT 1
    ) FROM times WHERE due_at IS NOT NULL
)
SELECT due_at FROM times WHERE due_at IS NOT NULL LIMIT 1000
"""
_READERS = """
SELECT id FROM events_subscriber
WHERE id IN (
    SELECT DISTINCT subscriber_id FROM (
        SELECT subscriber_id FROM events_delivery
        WHERE state = 'pending' AND mail_id IS NULL AND frequency <> 'instant' AND due_at <= now()
        ORDER BY due_at, subscriber_id LIMIT %s
    ) AS longest LIMIT %s
) FOR NO KEY UPDATE SKIP LOCKED
"""
_OF_READERS = """
SELECT id, subscriber_id, revision_id FROM events_delivery
WHERE state = 'pending' AND mail_id IS NULL AND frequency <> 'instant'
AND due_at <= now() AND due_at = ANY(%s) AND subscriber_id = ANY(%s)
ORDER BY subscriber_id, revision_id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_WRITE = """
WITH new AS (
    INSERT INTO events_mail (subscriber_id, kind, message_id, data, state, attempts, error)
    SELECT reader, %s, name, '{}', 'pending', 0, '' FROM unnest(%s::bigint[], %s::text[]) AS mail (reader, name)
    RETURNING id, message_id
)
UPDATE events_delivery SET mail_id = new.id
FROM unnest(%s::bigint[], %s::text[]) AS carried (delivery, name) JOIN new ON new.message_id = carried.name
WHERE events_delivery.id = carried.delivery AND state = 'pending' AND mail_id IS NULL
"""
_WAITING_MAILS = """
SELECT count(*) FROM (
    SELECT FROM events_mail
    WHERE state IN ('pending', 'sending') AND state = 'pending' AND next_attempt_at <= now()
    AND kind IN ('alert', 'digest') LIMIT %s
) due
"""


@dataclass(frozen=True)
class Row:
    """A delivery that is gathered, by primary keys."""

    delivery: int
    subscriber: int
    revision: int


def gather_due(outbox: int = OUTBOX) -> int:
    """Fills the outbox up to about so many alerts and digests that wait; how many mails were written.

    Every revision and the digests have a share of each filling, so that an event with very many readers does not hold
    up another's.
    """
    room = outbox - _query(_WAITING_MAILS, [outbox])[0][0]
    written = 0
    while written < room:
        sources = _sources()
        # Not always the same ones first, where there are more than a filling has room for.
        random.shuffle(sources)
        share = max(LEAST_SHARE, (room - written) // max(len(sources), 1))
        before = written
        for source in sources:
            if written < room:
                written += source(share)
        if written == before:
            break
    return written


def gather_alerts(revision: int, case: int | None, limit: int) -> int:
    """Writes mails for up to `limit` readers to whom a revision is due at once; how many.

    What else of its case waits for the same reader goes along. 0 while another worker gathers the case.
    """
    with transaction.atomic():
        if case is not None and not _locked(case):
            return 0
        rows = _rows(_ALERTS, [revision, limit])
        if case is not None and rows:
            rows += _rows(_OF_CASE, [case, [row.subscriber for row in rows], revision])
        return _write(MailKind.ALERT, rows)


def _locked(case: int) -> bool:
    """Whether this transaction alone gathers the case."""
    rows = Case.objects.select_for_update(no_key=True, skip_locked=True)
    return bool(list(rows.filter(pk=case).values_list("pk")))


def gather_digests(limit: int) -> int:
    """Writes the digests of up to `limit` readers with all that is due for them, longest waiting first; how many."""
    with transaction.atomic():
        readers = [row[0] for row in _query(_READERS, [4 * limit, limit])]
        if not readers:
            return 0
        times = [row[0] for row in _query(_DUE_TIMES)]
        rows = _rows(_OF_READERS, [times, readers, _ROWS])
        if len(rows) == _ROWS and rows[0].subscriber != rows[-1].subscriber:
            rows = [row for row in rows if row.subscriber != rows[-1].subscriber]
        return _write(MailKind.DIGEST, rows)


def _sources() -> list[Callable[[int], int]]:
    """What has something due: a function each that gathers up to so many mails of it."""
    found: list[Callable[[int], int]] = [
        partial(gather_alerts, revision, case) for revision, case in _query(_REVISIONS)
    ]
    return [*found, gather_digests]


def _write(kind: MailKind, rows: Iterable[Row]) -> int:
    """Writes the mails and points their deliveries at them; how many mails."""
    by_reader: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_reader[row.subscriber].append(row)
    readers: list[int] = []
    names: list[str] = []
    carried: list[tuple[int, str]] = []
    for reader, found in by_reader.items():
        found.sort(key=lambda row: row.revision)
        for start in range(0, len(found), MOST_TOLD):
            told = found[start : start + MOST_TOLD]
            name = message_id(f"r{told[0].revision}", reader)
            readers.append(reader)
            names.append(name)
            carried += [(row.delivery, name) for row in told]
    if readers:
        deliveries, mails = [delivery for delivery, _ in carried], [name for _, name in carried]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [kind.value, readers, names, deliveries, mails])
    return len(readers)


def _rows(statement: str, parameters: Sequence[Any]) -> list[Row]:
    return [Row(*found) for found in _query(statement, parameters)]


def _query(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
