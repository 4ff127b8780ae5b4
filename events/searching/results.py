"""The answer to a question: a page of results, and what there is to narrow it by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from events.models.organizations import OrganizationName
from events.models.people import ExecutiveName
from events.searching.hits import EVENT, MAX_RANKED, ORDER, TYPES, Hit, event_hits, named_hits, page_of
from events.searching.questions import Question, parse
from events.searching.showing import Result, results
from events.timelines.entries import Rows, entries
from events.timelines.finding import nearest_names
from events.timelines.keyset import decode, encode
from events.timelines.spellings import EXACT, EXECUTIVE, NEAR, ORGANIZATION, Matches, misspelt, written

JSON = dict[str, Any]

PAGE = 20
MAX_SUGGESTIONS = 5
_MAX_EXPANDED = 3
_MAX_NAMES = 6
"""People and organizations whose other names are asked for too, and names of each."""


@dataclass(frozen=True)
class Found:
    """A page of results, the cursors of the pages beside it, counts, and names to try instead."""

    results: list[Result]
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
    place = decode(cursor, ORDER) if cursor else None
    question = parse(text)
    matches = written(question.name)
    question = question.also(_other_names(matches))
    events = event_hits(question, entries() if rows is None else rows, place, size)
    if not matches and not events.kinds:
        # Words that stand somewhere as they were written are no misspelt name.
        matches = misspelt(question.name)
    others = named_hits(matches) if named else []
    hits = [*events.hits, *others]
    wanted = sorted([hit for hit in hits if hit.type in types] if types else hits, reverse=True)
    page = page_of(wanted, place, size)
    by_place = {(kind, match.id): match for kind, found in matches.items() for match in found}
    return Found(
        results(page.hits, by_place, question.shown),
        _facets(others, events.kinds),
        _suggestions(question, matches if named else {}, bool(others or events.kinds)),
        encode(ORDER, page.hits[-1], backward=False) if page.hits and page.after else None,
        encode(ORDER, page.hits[0], backward=True) if page.hits and page.before else None,
    )


def _other_names(matches: Matches) -> list[str]:
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


def _facets(named: Sequence[Hit], kinds: Mapping[str, int]) -> JSON:
    types = Counter(hit.type for hit in named)
    counts = {name: types[name] for name in TYPES} | {EVENT: sum(kinds.values())}
    return {
        "type": counts,
        "kind": dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        "complete": counts[EVENT] < MAX_RANKED,
    }


def _suggestions(question: Question, matches: Matches, found: bool) -> list[str]:
    """Names that may have been meant, where nothing was found but by a misspelt name."""
    if not question.name:
        return []
    near = [match.name for found in matches.values() for match in found if match.score <= NEAR]
    if near or found:
        return list(dict.fromkeys(near))[:MAX_SUGGESTIONS]
    return nearest_names(question.name, MAX_SUGGESTIONS)
