"""What a question finds, in order, before any of it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQueryField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, ExpressionWrapper, F, Func, QuerySet

from events.searching.questions import Query, Question
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

# Two digits of the rank: events that fit about as well stand in the order of their dates. One statement gives the
# rows of the page and, in `total`, how many answers each kind has: a thousand rows would be read to show twenty.
_RANKED = """WITH ranked AS MATERIALIZED (
    SELECT round(ts_rank(%s::real[], search, asked, %s) * 100)::int * 10 AS score,
        date - DATE '0001-01-01' + 1 AS day, {type_order} AS type_order, pk, kind
    FROM ({newest}) AS newest
)
(SELECT score, day, type_order, pk, kind, 0 AS total FROM ranked {past}
ORDER BY score {way}, day {way}, pk {way} LIMIT %s)
UNION ALL
SELECT 0, 0, 0, 0, kind, count(*) FROM ranked GROUP BY kind"""


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


@dataclass(frozen=True)
class Events:
    """The events that may stand on a page, in no order, and how many answer by kind, MAX_RANKED at most in all."""

    hits: list[Hit] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)


def event_hits(question: Question, rows: Rows, cursor: Cursor | None, size: int) -> Events:
    """Of the newest events that answer, at most MAX_RANKED: those nearest past the cursor, one more than `size`."""
    query = question.query()
    if query is None:
        return Events()
    # Ranked outside of the limit: PostgreSQL would rank every answer before it sorts them by date.
    try:
        inner, parameters = _newest(rows.filter(search=query), query).query.sql_with_params()
    except EmptyResultSet:  # a filter that no event can pass, such as a number that the column cannot hold
        return Events()
    backward = cursor is not None and cursor.backward
    past = f"WHERE (score, day, type_order, pk) {'>' if backward else '<'} (%s, %s, %s, %s)" if cursor else ""
    way = "ASC" if backward else "DESC"
    statement = _RANKED.format(newest=inner, past=past, way=way, type_order=-TYPES.index(EVENT))
    place = cursor.values if cursor else ()
    with connection.cursor() as sql:
        sql.execute(statement, [_WEIGHTS, _NORMALIZED, *parameters, *place, _bounded(size) + 1])
        found = sql.fetchall()
    return Events(
        [Hit._make(row[:5]) for row in found if not row[5]], {row[4]: row[5] for row in found if row[5]}
    )


def _newest(found: Rows, query: Query) -> QuerySet[Any, dict[str, Any]]:
    """The newest MAX_RANKED of the events that answer, with what their rank is made of. Raises EmptyResultSet."""
    day = Func(F("date"), template="(%(expressions)s + 0)", output_field=DateField())
    order = [day.desc(), "-event_id"] if _is_sooner_collected(found) else ["-date", "-event_id"]
    asked = ExpressionWrapper(query, SearchQueryField())
    newest: QuerySet[Any, dict[str, Any]] = found.order_by(*order).annotate(asked=asked)
    return newest.values("pk", "date", "kind", "search", "asked")[:MAX_RANKED]


_EXPECTED = """EXPLAIN (FORMAT JSON) WITH found AS MATERIALIZED ({found}), every AS MATERIALIZED (SELECT FROM {table})
SELECT FROM found UNION ALL SELECT FROM every"""


def _is_sooner_collected(found: Rows) -> bool:
    """Whether all answers are collected from the index of words, and then sorted, in less time than they are met with
    on a walk through all events from the newest on; by the server's statistics. Raises EmptyResultSet.

    The first reads each answer, the second (MAX_RANKED / answers) of all events. The server's own choice counts pages, and
    walks where a name is one in a hundred: nine times as long among a million events. An order by no index forbids the walk.
    """
    inner, parameters = found.order_by().values("pk").query.sql_with_params()
    statement = _EXPECTED.format(found=inner, table=found.model._meta.db_table)
    with connection.cursor() as sql:
        sql.execute(statement, parameters)
        [[[explained]]] = sql.fetchall()
    expected = {plan.get("Subplan Name"): int(plan["Plan Rows"]) for plan in explained["Plan"]["Plans"]}
    answers, events = expected["CTE found"], expected["CTE every"]
    return answers * answers < MAX_RANKED * events


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
    size = _bounded(size)
    if cursor is None:
        return Page(hits[:size], False, len(hits) > size)
    place: tuple[Any, ...] = cursor.values
    if cursor.backward:
        earlier = [hit for hit in hits if hit[:4] > place]
        return Page(earlier[-size:], len(earlier) > size, True)
    later = [hit for hit in hits if hit[:4] < place]
    return Page(later[:size], True, len(later) > size)


def _bounded(size: int) -> int:
    return max(1, min(size, MAX_PAGE))
