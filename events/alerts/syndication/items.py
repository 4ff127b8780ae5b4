"""What a feed holds: the latest revision of each event that meets a wish, what changed last first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from events.alerts import content
from events.alerts.content import JSON, Quote
from events.alerts.wishes import events_of, retracted_of
from events.alerts.wording import Words
from events.choices import Operation, Status
from events.dates import PartialDate
from events.models.alerts import Wish
from events.models.record import Revision

MAX_ITEMS = 100
"""Entries of one feed: more than happens between two looks of a reader who looks once a day."""
MAX_QUOTES = 5


@dataclass(frozen=True)
class Item:
    """One event as a feed tells it, in one language."""

    event: int
    seq: int
    number: int
    title: str
    summary: str
    note: str
    rows: list[tuple[str, str]]
    quotes: list[Quote]
    url: str
    date: PartialDate
    published: datetime
    updated: datetime
    payload: JSON

    @property
    def retracted(self) -> bool:
        """Whether the event was taken off the record."""
        return bool(self.payload["status"] == Status.RETRACTED.value)

    @property
    def tags(self) -> list[str]:
        """Kind and action, as the API writes them."""
        return [self.payload["kind"], self.payload["action"]]


def latest(wish: Wish, limit: int = MAX_ITEMS) -> list[Revision]:
    """The heads of the events that meet the wish, retracted ones too, last changed first. Two SQL statements."""
    found = [
        row.head
        for rows in (events_of(wish), retracted_of(wish))
        for row in rows.select_related("head").order_by("-head_id")[:limit]
        if row.head is not None
    ]
    return sorted(found, key=lambda head: -head.seq)[:limit]


def items(heads: Sequence[Revision], words: Words) -> list[Item]:
    """The feed's entries. One SQL statement, for when each was first on the record."""
    first = dict(
        Revision.objects.filter(event__in=[head.event_id for head in heads])
        .values_list("event_id")
        .annotate(first=Min("recorded_at"))
        .order_by()
    )
    return [item(head, first[head.event_id], words) for head in heads]


def item(head: Revision, published: datetime, words: Words) -> Item:
    """One entry. What was retracted, or corrected, says so in its title."""
    payload: dict[str, Any] = head.payload
    gone = head.operation == Operation.DEL.value
    sentence = content.summary(payload, words)
    prefix = words.retraction if gone else words.correction if _corrected(payload) else ""
    return Item(
        event=head.event_id,
        seq=head.seq,
        number=head.number,
        title=content.one_line(f"{prefix}{words.colon}{sentence}" if prefix else sentence),
        summary=sentence,
        note=words.retracted_holds if gone else "",
        rows=content.rows(payload, words),
        quotes=[] if gone else content.quotes(payload, words)[:MAX_QUOTES],
        url=content.event_url(payload),
        date=PartialDate.from_json(payload["date"]),
        published=published,
        updated=head.recorded_at,
        payload=payload,
    )


def _corrected(payload: JSON) -> bool:
    return bool(payload["status"] == Status.CORRECTED.value)
