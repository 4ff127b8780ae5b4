"""The statements of matching: subscriptions that a revision meets, their readers by batches, the outbox's rows.

Raw SQL, since a statement must take a batch of any size from the subscriptions to the outbox, past what is there
already. Every table is reached by an index: each branch of the union asks for what the others leave, and by what it
asks for an index is there. Values are parameters throughout.
"""

# ruff: noqa: S608 - the statements are put together of constants; all values are parameters
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from events.alerts.schedule import Clock
from events.choices import DeliveryState, Frequency

PREFIX = 8
"""Characters by which the index `subscription_by_text` finds the words that a sentence may hold."""

_CONDITIONS = "s.is_active AND s.min_severity <= %(severity)s AND s.kind IN ('', %(kind)s)"
_PERSON = "(s.executive_id IS NULL OR s.executive_id = ANY(%(people)s))"
_ORGANIZATION = "(s.organization_id IS NULL OR s.organization_id = ANY(%(organizations)s))"
_WORDS = "strpos(upper(%(said)s), upper(s.text)) > 0"
"""As `icontains` compares; nothing is in every sentence."""
_BY_PERSON = f"""
SELECT s.subscriber_id, s.id, s.frequency FROM events_subscription s
WHERE s.executive_id = ANY(%(people)s) AND {_ORGANIZATION} AND {_CONDITIONS} AND {_WORDS} AND s.silent_days IS NULL
"""
_BY_ORGANIZATION = f"""
SELECT s.subscriber_id, s.id, s.frequency FROM events_subscription s
WHERE s.executive_id IS NULL AND s.organization_id = ANY(%(organizations)s) AND {_CONDITIONS} AND {_WORDS}
  AND s.silent_days IS NULL
"""
_BY_KIND = f"""
SELECT s.subscriber_id, s.id, s.frequency FROM events_subscription s
WHERE s.executive_id IS NULL AND s.organization_id IS NULL AND s.text = '' AND {_CONDITIONS} AND s.silent_days IS NULL
"""
_BY_TEXT = f"""
SELECT s.subscriber_id, s.id, s.frequency
FROM (SELECT DISTINCT left(here.words, size) AS part
      FROM (SELECT substr(upper(%(said)s), place, {PREFIX}) AS words
            FROM generate_series(1, length(upper(%(said)s))) AS place OFFSET 0) AS here,
           generate_series(1, {PREFIX}) AS size) AS said
CROSS JOIN LATERAL (
    SELECT * FROM events_subscription s
    WHERE left(upper(s.text), {PREFIX}) = said.part AND s.executive_id IS NULL AND s.organization_id IS NULL
      AND s.text <> '' AND {_CONDITIONS} AND {_WORDS} AND s.silent_days IS NULL
    OFFSET 0
) AS s
"""
"""Words that the sentence holds begin with one of its parts. OFFSET 0 has them looked up part by part, however cheap
the planner takes reading all to be."""
_MEETING = " UNION ALL ".join((_BY_PERSON, _BY_ORGANIZATION, _BY_KIND, _BY_TEXT))
"""The active subscriptions that ask for news, each once."""

_FOLLOWERS = f"""
SELECT m.subscriber_id, m.id, m.frequency FROM ({_MEETING}) AS m WHERE m.subscriber_id > %(after)s
"""
_ADDRESSED = """
  AND m.subscriber_id IN (SELECT subscriber_id FROM events_delivery WHERE revision_id = ANY(%(addressed)s))
"""
_TOLD = """
SELECT d.subscriber_id, NULL::bigint, NULL::text FROM events_delivery d LEFT JOIN events_mail mail ON mail.id = d.mail_id
WHERE d.revision_id = ANY(%(told)s) AND d.subscriber_id > %(after)s
  AND (d.state IN (%(sent)s, %(sending)s) OR d.state = %(pending)s AND mail.state = %(sending)s)
"""
"""Deliveries that were sent, or that may have been."""
_BATCH = """
WITH found (subscriber_id, id, frequency) AS ({found}),
batch AS (
    SELECT subscriber_id, coalesce(array_agg(id ORDER BY id) FILTER (WHERE id IS NOT NULL), '{{}}') AS matched,
           CASE WHEN bool_or(id IS NULL OR frequency = %(instant)s) THEN %(instant)s
                WHEN bool_or(frequency = %(daily)s) THEN %(daily)s ELSE %(weekly)s END AS frequency
    FROM found GROUP BY subscriber_id ORDER BY subscriber_id LIMIT %(limit)s
)
SELECT count(*), max(batch.subscriber_id), reader.confirmed, batch.frequency, reader.time_zone, reader.quiet_from,
       reader.quiet_until, array_agg(batch.subscriber_id)::text, array_agg(batch.matched::text)::text
FROM batch CROSS JOIN LATERAL (
    SELECT confirmed_at IS NOT NULL AS confirmed, time_zone, quiet_from, quiet_until
    FROM events_subscriber WHERE id = batch.subscriber_id OFFSET 0
) AS reader
GROUP BY 3, 4, 5, 6, 7
"""
"""OFFSET 0 has the readers looked up one by one, however many the planner expects."""
_WRITE = """
INSERT INTO events_delivery (subscriber_id, revision_id, matched, frequency, due_at, state, error)
SELECT reader.id, %(seq)s, reader.matched::bigint[], alike.frequency, alike.due_at, %(pending)s, ''
FROM unnest(%(frequencies)s::text[], %(due)s::timestamptz[], %(readers)s::text[], %(matched)s::text[])
         AS alike (frequency, due_at, readers, matched),
     unnest(alike.readers::bigint[], alike.matched::text[]) AS reader (id, matched)
ON CONFLICT (subscriber_id, revision_id) DO NOTHING
"""
_END_SILENCES = f"""
UPDATE events_subscription AS s SET silence_told_at = NULL
WHERE s.silent_days IS NOT NULL AND s.silence_told_at IS NOT NULL
  AND s.silence_told_at - make_interval(days => s.silent_days) < %(happened)s
  AND {_PERSON} AND {_ORGANIZATION} AND {_CONDITIONS} AND {_WORDS}
"""
_VOCABULARY = {
    "instant": Frequency.INSTANT.value,
    "daily": Frequency.DAILY.value,
    "weekly": Frequency.WEEKLY.value,
    "pending": DeliveryState.PENDING.value,
    "sending": DeliveryState.SENDING.value,
    "sent": DeliveryState.SENT.value,
}


@dataclass(frozen=True)
class Followed:
    """What a revision is about. `people` and `organizations`: primary keys, whichever a subscription may name.

    `addressed`: only subscribers with a delivery of one of these revisions count; None: all do.
    """

    kind: str
    severity: int
    said: str
    people: list[int]
    organizations: list[int]
    addressed: list[int] | None = None

    def parameters(self) -> dict[str, Any]:
        """The values of its statements."""
        return vars(self)


class Alike(NamedTuple):
    """Readers of one batch whose messages are due at the same time. The database reads `readers` and `matched`, the
    subscriptions of each, again: both are arrays in its own notation."""

    frequency: Frequency
    clock: Clock
    readers: str
    matched: str


class Batch(NamedTuple):
    """Confirmed subscribers, in order of their numbers. `size` counts those who have not confirmed as well; `last` is
    the highest number, None of an empty batch."""

    readers: list[Alike]
    size: int
    last: int | None


def next_batch(followed: Followed | None, told: Sequence[int], *, after: int, limit: int) -> Batch:
    """The next subscribers after that number who follow it or were told one of these revisions, at most `limit`.

    Inside a transaction.
    """
    found = []
    if followed:
        found.append(_FOLLOWERS + (_ADDRESSED if followed.addressed is not None else ""))
    if told:
        found.append(_TOLD)
    if not found:
        return Batch([], 0, None)
    values = (followed.parameters() if followed else {}) | _VOCABULARY
    values |= {"told": list(told), "after": after, "limit": limit}
    with connection.cursor() as cursor:
        # Translating the statement takes longer than running it.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_BATCH.format(found=" UNION ALL ".join(found)), values)
        rows = cursor.fetchall()
    return Batch(
        readers=[
            Alike(Frequency(frequency), Clock(*clock), readers, matched)
            for _, _, confirmed, frequency, *clock, readers, matched in rows
            if confirmed
        ],
        size=sum(row[0] for row in rows),
        last=max((row[1] for row in rows), default=None),
    )


def write(seq: int, batch: Sequence[tuple[Alike, datetime]]) -> int:
    """Writes the deliveries of a revision, each with the time at which it is due; gives how many are new."""
    if not batch:
        return 0
    values: dict[str, Any] = {
        "seq": seq,
        "frequencies": [alike.frequency.value for alike, _ in batch],
        "due": [due for _, due in batch],
        "readers": [alike.readers for alike, _ in batch],
        "matched": [alike.matched for alike, _ in batch],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values | _VOCABULARY)
        return int(cursor.rowcount)


def end_silences(followed: Followed, happened: datetime) -> int:
    """Has the subscriptions of silence that it meets told anew one day; gives how many.

    A silence that was told is over only by what happened within or after it, not by what is learnt of earlier times.
    """
    with connection.cursor() as cursor:
        cursor.execute(_END_SILENCES, followed.parameters() | {"happened": happened})
        return int(cursor.rowcount)


def subscriptions(followed: Followed) -> list[int]:
    """The primary keys of the active subscriptions that ask for news and that it meets."""
    with connection.cursor() as cursor:
        cursor.execute(_MEETING, followed.parameters())
        return [pk for _, pk, _ in cursor.fetchall()]
