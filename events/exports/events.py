"""The record's events in the order of their ids, a page of short statements at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, Func, OuterRef, TextField
from django.db.models.functions import Cast

from events.choices import Status
from events.exports.spans import Span
from events.models.record import Revision
from events.timelines.entries import Rows, entries_up_to, instant

PAGE = 1000
"""Events that one statement reads, and that memory holds at a time; a payload is a few kilobytes."""
UNMATCHED = "unmatched"
"""The status in which an increment tells an event that its filters no longer let pass."""

Narrow = Callable[[Rows], Rows]
"""What the caller's filters leave of some entries."""


def everything(rows: Rows) -> Rows:
    """No filter."""
    return rows


class Told(NamedTuple):
    """An entry as JSON text in UTF-8: the payload as it was written, which nobody has parsed, with its revision."""

    event: int
    entry: bytes


class Gone(NamedTuple):
    """An event that the caller was told at the increment's beginning, and would not be told at its end.

    `status` is "retracted", or "unmatched" where it stands but the filters no longer let it pass; `merged_into` is
    the event that it was merged into.
    """

    event: int
    seq: int
    recorded_at: str
    status: str
    merged_into: int | None


def events(
    span: Span, narrow: Narrow = everything, *, after: int = 0, limit: int | None = None
) -> Iterator[Told | Gone]:
    """The events past the id `after`, at most `limit`, one each, by id.

    A whole export tells what stands. An increment tells what has changed and stands, and, as `Gone`, what no longer
    does: taken in on top of the export of its beginning, it gives the export of its end.
    """
    pages = _whole(span, narrow, after) if span.since is None else _increment(span, span.since, narrow, after)
    return islice((row for page in pages for row in page), limit)


def _whole(span: Span, narrow: Narrow, after: int) -> Iterator[Sequence[Told]]:
    """Pages by ranges of ids: what one statement reads is bounded also where the filters let little pass."""
    ids = Revision.objects.filter(seq__lte=span.until).order_by("event_id").values_list("event_id", flat=True)
    last = _last(ids)
    while after < last:
        end: int = ids.filter(event_id__gt=after)[PAGE - 1 : PAGE].first() or last
        yield _told(narrow(entries_up_to(span.until)).filter(event_id__gt=after, event_id__lte=end))
        after = end


def _last(ids: Any) -> int:
    found: int | None = ids.reverse().first()
    return found or 0


def _increment(span: Span, since: int, narrow: Narrow, after: int) -> Iterator[Sequence[Told | Gone]]:
    changed = Revision.objects.filter(seq__gt=since, seq__lte=span.until).order_by("event_id")
    ids = changed.values_list("event_id", flat=True).distinct()
    while page := list(ids.filter(event_id__gt=after)[:PAGE]):
        now = _told(narrow(entries_up_to(span.until)).filter(event_id__in=page))
        was = narrow(entries_up_to(since)).filter(event_id__in=page).values_list("event_id", flat=True)
        gone = _gone(set(was) - {row.event for row in now}, span.until)
        yield sorted([*now, *gone], key=lambda row: row.event)
        after = page[-1]


class _Stamp(Func):
    """An instant as payloads write it, but with all digits of its second."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    output_field = TextField()


def _told(rows: Rows) -> list[Told]:
    """The rows, read by COPY: nothing is decoded or converted, since the next thing is to send it."""
    columns = ("event_id", "seq", _Stamp("recorded_at"), Cast("payload", TextField()))
    try:
        sql, parameters = rows.order_by("event_id").values_list(*columns).query.sql_with_params()
    except EmptyResultSet:  # a filter that no event can pass, such as a number that the column cannot hold
        return []
    statement = connection.ops.compose_sql(sql, parameters)  # type: ignore[attr-defined]  # PostgreSQL's
    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT") as stream:
        return [_read(bytes(line)) for line in stream]


def _read(line: bytes) -> Told:
    """One row, which the server sends as a message of its own: an entry, as `entries.entry` makes it."""
    event, seq, stamp, payload = line.split(b"\t", 3)
    # JSON text has no control characters, so COPY has escaped backslashes only.
    if b"\\" in payload:
        payload = payload.replace(b"\\\\", b"\\")
    stamp = stamp.replace(b".000000", b"")
    # The payload's last two are its brace and the row's newline.
    return Told(int(event), b'%b,"revision":{"seq":%b,"recorded_at":"%b"}}' % (payload[:-2], seq, stamp))


def _gone(ids: set[int], until: int) -> list[Gone]:
    if not ids:
        return []
    said = Revision.objects.filter(event_id__in=ids, seq__lte=until)
    later = said.filter(event_id=OuterRef("event_id"), seq__gt=OuterRef("seq"))
    return [_tombstone(row) for row in said.filter(~Exists(later))]


def _tombstone(row: Revision) -> Gone:
    retracted = row.payload["status"] == Status.RETRACTED.value
    status = Status.RETRACTED.value if retracted else UNMATCHED
    return Gone(row.event_id, row.seq, instant(row.recorded_at), status, row.payload.get("merged_into"))
