"""Hits as results: who or what it is, which words fit, and an event's entry as it was published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from events.choices import Status
from events.models.organizations import OrganizationName
from events.models.people import ExecutiveName
from events.searching.highlights import Highlighter, highlight, shown, texts_of
from events.searching.hits import EVENT, Hit
from events.searching.questions import Term
from events.timelines.entries import instant
from events.timelines.spellings import EXECUTIVE, ORGANIZATION, NameMatch

JSON = dict[str, Any]

_ENTRIES = """SELECT e.id, r.payload::text, r.seq, r.recorded_at FROM events_event e
JOIN events_revision r ON r.seq = e.head_id WHERE e.id = ANY(%s) AND e.status <> %s"""
_NAMES = {EXECUTIVE: ExecutiveName, ORGANIZATION: OrganizationName}


@dataclass(frozen=True)
class Result:
    """A result: `body` is its JSON; an event's entry stands beside it, read and as text."""

    body: JSON
    entry: JSON | None = None
    text: str = ""


def results(
    page: Sequence[Hit], matches: Mapping[tuple[str, int], NameMatch], terms: Sequence[Term]
) -> list[Result]:
    """The hits in order. An event that was retracted since, or someone who was merged, is left out."""
    texts = _texts([hit.id for hit in page if hit.type == EVENT])
    entries = {pk: json.loads(text) for pk, text in texts.items()}
    highlighter = Highlighter(terms, [text for entry in entries.values() for text in texts_of(entry)])
    names = {kind: _names(kind, [hit.id for hit in page if hit.type == kind]) for kind in _NAMES}
    found: list[Result] = []
    for hit in page:
        body: JSON = {"type": hit.type, "id": hit.id, "score": hit.score / 1000}
        if hit.type != EVENT:
            match, known = matches[hit.type, hit.id], names[hit.type].get(hit.id)
            if known:
                body |= {"name": known[0], "matched": match.name, "names": known[1:]}
                found.append(Result(body | {"highlights": [shown("/matched", match.name, match.spans)]}))
        elif entry := entries.get(hit.id):
            body |= {"summary": entry["summary"], "highlights": highlight(highlighter, entry)}
            found.append(Result(body, entry, texts[hit.id]))
    return found


def _texts(ids: list[int]) -> dict[int, str]:
    """The entries of events as JSON text: the payload as it was published, and the revision's number and time."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [ids, Status.RETRACTED.value])
        return {
            pk: f'{payload[:-1]},"revision":{{"seq":{seq},"recorded_at":"{instant(recorded_at)}"}}}}'
            for pk, payload, seq, recorded_at in cursor.fetchall()
        }


def _names(kind: str, ids: list[int]) -> dict[int, list[str]]:
    """The names of people or organizations who were not merged: the one shown, then the others, native ones first."""
    if not ids:
        return {}
    rows: Iterable[tuple[int, str, str, str]] = (
        _NAMES[kind]
        ._default_manager.filter(**{f"{kind}__in": ids, f"{kind}__merged_into": None})
        .order_by("pk")
        .values_list(f"{kind}_id", f"{kind}__name", "name", "type")
    )
    found: dict[int, list[str]] = {}
    for pk, name, other, _ in sorted(rows, key=lambda row: row[3] != "native"):
        known = found.setdefault(pk, [name])
        if other not in known:
            known.append(other)
    return found
