"""What a question finds, in order, before any of it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQueryField
from django.db import connection
from django.db.models import ExpressionWrapper

from events.searching.questions import Question
from events.timelines.entries import Rows
from events.timelines.keyset import MAX_PAGE, Cursor, Key
from events.timelines.spellings import EXECUTIVE, ORGANIZATION, Matches

EVENT = "event"
TYPES = (EXECUTIVE, ORGANIZATION, EVENT)
"""What can be found, in the order of equal scores."""

MAX_RANKED = 1000
"""Events, the newest that answer, that are ranked and counted."""

ORDER = tuple(Key(name, int, descending=True) for name in ("score", "day", "type_order", "id"))

_WEIGHTS = [0.1, 0.2, 0.4, 1.0]
"""Of D, C, B and A; see `events.record.words`."""
_NORMALIZED = 32
"""`ts_rank` divides the rank by itself plus one: at most 0.5, and so below every name's score."""

# Two digits of the rank: events that fit about as well stand in the order of their dates.
_RANKED = """SELECT round(ts_rank(%s::real[], search, asked, %s) * 100)::int * 10, date - DATE '0001-01-01' + 1, -2, pk, kind
FROM ({}) AS newest"""


class Hit(NamedTuple):
    """One result's place: its score in thousandths, and what ties are broken by, the greatest first."""

    score: int
    day: int
    type_order: int
    id: int
    kind: str = ""

    @property
    def type(self) -> str:
        """One of TYPES."""
        return TYPES[-self.type_order]


def event_hits(question: Question, rows: Rows) -> list[Hit]:
    """The newest events that answer, at most MAX_RANKED."""
    query = question.query()
    if query is None:
        return []
    asked = ExpressionWrapper(query, SearchQueryField())
    found = rows.filter(search=query).order_by("-date", "-event_id").annotate(asked=asked)
    newest = found.values("pk", "date", "kind", "search", "asked")[:MAX_RANKED]
    # Ranked outside of the limit: PostgreSQL would rank every answer before it sorts them by date.
    inner, parameters = newest.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_RANKED.format(inner), [_WEIGHTS, _NORMALIZED, *parameters])
        return list(map(Hit._make, cursor.fetchall()))


def named_hits(matches: Matches) -> list[Hit]:
    """People and organizations."""
    return [
        Hit(round(match.score * 1000), 0, -TYPES.index(kind), match.id)
        for kind, found in matches.items()
        for match in found
    ]


class Page(NamedTuple):
    """Some hits in order, and whether there are others before and after them."""

    hits: Sequence[Hit]
    before: bool
    after: bool


def page_of(hits: Sequence[Hit], cursor: Cursor | None, size: int) -> Page:
    """The hits past a place. What came or went since the cursor was given shifts nothing."""
    size = max(1, min(size, MAX_PAGE))
    if cursor is None:
        return Page(hits[:size], False, len(hits) > size)
    place: tuple[Any, ...] = cursor.values
    if cursor.backward:
        earlier = [hit for hit in hits if hit[:4] > place]
        return Page(earlier[-size:], len(earlier) > size, True)
    later = [hit for hit in hits if hit[:4] < place]
    return Page(later[:size], True, len(later) > size)
