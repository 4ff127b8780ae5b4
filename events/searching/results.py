"""The answer to a question: hits in order, a page of them shown, and what there is to narrow it by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Model, QuerySet, Value

from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.models.record import Event
from events.searching.highlights import Highlighter, highlight, shown, texts_of
from events.searching.questions import Question, parse
from events.timelines.entries import Rows, entries, entry
from events.timelines.finding import nearest_names
from events.timelines.keyset import MAX_PAGE, Key, decode, encode
from events.timelines.spellings import EXACT, NEAR, NameMatch, organizations_like, people_like

JSON = dict[str, Any]

EVENT, EXECUTIVE, ORGANIZATION = "event", "executive", "organization"
TYPES = (EXECUTIVE, ORGANIZATION, EVENT)
"""What can be found, in the order of equal scores."""

MAX_RANKED = 1000
"""Events, the newest that answer, that are ranked and counted."""
PAGE = 20
MAX_SUGGESTIONS = 5
_MAX_EXPANDED = 3
_MAX_NAMES = 6
"""People and organizations whose other names are asked for too, and names of each."""

_WEIGHTS = [0.1, 0.2, 0.4, 1.0]
"""Of D, C, B and A; see `events.record.words`."""
_NORMALIZED = 32
"""`ts_rank` divides the rank by itself plus one: below 0.5, and so below every name's score."""

_ORDER = tuple(Key(name, int, descending=True) for name in ("score", "day", "type_order", "id"))


@dataclass(frozen=True)
class Hit:
    """One result's place: its score in thousandths, and what ties are broken by."""

    type: str
    id: int
    score: int
    day: int = 0
    kind: str = ""
    match: NameMatch | None = None

    @property
    def type_order(self) -> int:
        """People before organizations before events."""
        return -TYPES.index(self.type)

    @property
    def place(self) -> tuple[int, int, int, int]:
        """What results are sorted by, the greatest first."""
        return self.score, self.day, self.type_order, self.id


@dataclass(frozen=True)
class Found:
    """A page of results as JSON, the cursors of the pages beside it, counts, and names to try instead."""

    results: list[JSON]
    facets: JSON
    suggestions: list[str]
    next: str | None = None
    previous: str | None = None


def search(
    text: str,
    rows: Rows | None = None,
    *,
    types: Collection[str] = (),
    named: bool = True,
    cursor: str | None = None,
    size: int = PAGE,
) -> Found:
    """The answer to a question of at most MAX_QUESTION characters.

    `rows` are the entries to look among (all that stand without it); `types` leaves results of some types only,
    and `named` says whether people and organizations are looked for at all. Raises BadCursor.
    """
    question = parse(text)
    place = decode(cursor, _ORDER) if cursor else None
    matches = _matches(question) if question.name else {}
    question = question.also(_other_names(matches))
    hits = [
        *(_named_hits(matches) if named else ()),
        *_event_hits(question, entries() if rows is None else rows),
    ]
    facets = _facets(hits)
    hits = sorted(
        (hit for hit in hits if not types or hit.type in types), key=lambda hit: hit.place, reverse=True
    )
    page, before, after = _page(
        hits, place.values if place else None, place is not None and place.backward, size
    )
    return Found(
        _shown(page, question),
        facets,
        _suggestions(question, hits),
        encode(_ORDER, page[-1], backward=False) if page and after else None,
        encode(_ORDER, page[0], backward=True) if page and before else None,
    )


def _matches(question: Question) -> dict[str, list[NameMatch]]:
    return {EXECUTIVE: people_like(question.name), ORGANIZATION: organizations_like(question.name)}


def _other_names(matches: dict[str, list[NameMatch]]) -> list[str]:
    """All names of those whose name was asked for: an event that has another of them is an answer too."""
    found: list[str] = []
    names: tuple[tuple[str, QuerySet[Any]], ...] = (
        (EXECUTIVE, ExecutiveName.objects.all()),
        (ORGANIZATION, OrganizationName.objects.all()),
    )
    for kind, rows in names:
        ids = [match.id for match in matches.get(kind, []) if match.score == EXACT][:_MAX_EXPANDED]
        if ids:
            asked = rows.filter(**{f"{kind}__in": ids}).order_by("pk").values_list("name", flat=True)
            found += asked[: _MAX_EXPANDED * _MAX_NAMES]
    return found


def _named_hits(matches: dict[str, list[NameMatch]]) -> list[Hit]:
    return [
        Hit(kind, match.id, round(match.score * 1000), match=match)
        for kind, found in matches.items()
        for match in found
    ]


def _event_hits(question: Question, rows: Rows) -> list[Hit]:
    query = question.query()
    if query is None:
        return []
    newest = rows.filter(search=query).order_by("-date", "-event_id").values("pk")[:MAX_RANKED]
    rank = SearchRank(F("search"), query, weights=Value(_WEIGHTS), normalization=Value(_NORMALIZED))
    ranked = Event.objects.filter(pk__in=newest).annotate(rank=rank).order_by()
    return [
        # Two digits: events that fit about as well stand in the order of their dates.
        Hit(EVENT, pk, round(score * 100) * 10, day.toordinal(), kind)
        for pk, day, kind, score in ranked.values_list("pk", "date", "kind", "rank")
    ]


def _facets(hits: Sequence[Hit]) -> JSON:
    types = Counter(hit.type for hit in hits)
    kinds = Counter(hit.kind for hit in hits if hit.type == EVENT)
    return {
        "type": {name: types[name] for name in TYPES},
        "kind": dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        "complete": types[EVENT] < MAX_RANKED,
    }


def _page(
    hits: list[Hit], place: tuple[Any, ...] | None, backward: bool, size: int
) -> tuple[list[Hit], bool, bool]:
    """The hits past a place, and whether there are some before and after them."""
    size = max(1, min(size, MAX_PAGE))
    if place is None:
        return hits[:size], False, len(hits) > size
    if backward:
        earlier = [hit for hit in hits if hit.place > place]
        return earlier[-size:], len(earlier) > size, True
    later = [hit for hit in hits if hit.place < place]
    return later[:size], True, len(later) > size


def _shown(page: Sequence[Hit], question: Question) -> list[JSON]:
    """The hits as JSON. An event that was retracted since, or someone who was merged, is left out."""
    found: dict[tuple[str, int], Any] = {}
    for kind, load in _LOADERS.items():
        ids = [hit.id for hit in page if hit.type == kind]
        if ids:
            found |= {(kind, pk): row for pk, row in load(ids)}
    texts = [text for (kind, _), row in found.items() if kind == EVENT for text in texts_of(row)]
    highlighter = Highlighter(question.shown, texts) if texts else None
    results = []
    for hit in page:
        row = found.get((hit.type, hit.id))
        if row is None:
            continue
        result = {"type": hit.type, "id": hit.id, "score": hit.score / 1000}
        if hit.match:
            result |= {"name": row.name, "matched": hit.match.name, "names": _names(row)}
            result |= {"highlights": [shown("/matched", hit.match.name, hit.match.spans)]}
        elif highlighter:
            result |= {"summary": row["summary"], "highlights": highlight(highlighter, row), "entry": row}
        results.append(result)
    return results


def _names(row: Any) -> list[str]:
    """The other names of someone, native ones first."""
    rows = sorted(row.names.all(), key=lambda name: (name.type != "native", name.pk))
    return [name.name for name in rows if name.name != row.name]


def _load_events(ids: list[int]) -> Iterable[tuple[int, JSON]]:
    return ((row.pk, entry(row)) for row in entries().filter(pk__in=ids))


def _load(model: type[Executive | Organization]) -> Callable[[list[int]], Iterable[tuple[int, Model]]]:
    def load(ids: list[int]) -> Iterable[tuple[int, Model]]:
        rows = model._default_manager.filter(pk__in=ids, merged_into=None).prefetch_related("names")
        return ((row.pk, row) for row in rows)

    return load


_LOADERS: dict[str, Callable[[list[int]], Iterable[tuple[int, Any]]]] = {
    EXECUTIVE: _load(Executive),
    ORGANIZATION: _load(Organization),
    EVENT: _load_events,
}


def _suggestions(question: Question, hits: Sequence[Hit]) -> list[str]:
    """Names that may have been meant, where nothing was found but by a misspelt name."""
    if not question.name:
        return []
    near = [hit.match.name for hit in hits if hit.match and hit.match.score <= NEAR]
    if near or hits:
        return list(dict.fromkeys(near))[:MAX_SUGGESTIONS]
    return nearest_names(question.name, MAX_SUGGESTIONS)
