"""Suggestions while someone types: entities, types and properties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from events.names import keys, normalize
from events.reconciliation.entities import IDENTIFIERS, NAMES, Entity, Key, entities, found, key_of
from events.reconciliation.matching import name_score, named_like
from events.reconciliation.vocabulary import ORGANIZATION, PERSON, PROPERTIES, TYPES

JSON = dict[str, Any]
PAGE = 10
MAX_CURSOR = 200
"""Suggestions that can be paged through; whoever needs more types more."""


def suggest_entities(prefix: str, types: Iterable[str] = (), cursor: int = 0) -> JSON:
    """The entities whose name begins with, holds or sounds like the prefix, or whose identifier it is, best first."""
    wanted = set(types)
    known = entities(_candidates(prefix))
    rows = [row for row in known.values() if not wanted or wanted & {kind["id"] for kind in row.types}]
    begun = normalize(prefix)
    rows.sort(key=lambda row: (*_rank(begun, prefix, row), row.name, row.id))
    return _page(
        [{"id": r.id, "name": r.name, "description": r.description, "notable": r.types} for r in rows],
        prefix,
        cursor,
    )


def suggest_types(prefix: str, cursor: int = 0) -> JSON:
    """The types whose name or id holds the prefix."""
    return _page(
        [
            {"id": kind.id, "name": kind.name}
            | ({"broader": [{"id": kind.broader, "name": TYPES[kind.broader].name}]} if kind.broader else {})
            for kind in TYPES.values()
            if _holds(prefix, kind.id, kind.name)
        ],
        prefix,
        cursor,
    )


def suggest_properties(prefix: str, cursor: int = 0) -> JSON:
    """The properties whose name or id holds the prefix."""
    return _page(
        [
            {"id": item.id, "name": item.name, "description": item.description}
            for item in PROPERTIES.values()
            if _holds(prefix, item.id, item.name)
        ],
        prefix,
        cursor,
    )


def _page(rows: list[JSON], prefix: str, cursor: int) -> JSON:
    """A page after the first `cursor` rows; `cursor` of the answer is there where it goes on."""
    reach = min(len(rows), MAX_CURSOR)
    more = {"cursor": cursor + PAGE} if cursor + PAGE < reach else {}
    return {"result": rows[:reach][cursor : cursor + PAGE], "prefix": prefix, **more}


def _holds(prefix: str, *texts: str) -> bool:
    folded = prefix.strip().casefold()
    return any(folded in text.casefold() for text in texts)


def _candidates(prefix: str) -> set[Key]:
    text = prefix.strip()
    if not text:
        return set()
    row = found(text)
    keyed = named_like(text) | ({key_of(row)} if row else set())
    for kind in (PERSON, ORGANIZATION):
        model, owner = NAMES[kind]
        begun = model.objects.filter(name__istartswith=text, **{f"{owner}__merged_into": None})
        keyed |= {
            (kind, pk) for pk in begun.order_by("name", "pk").values_list(f"{owner}_id", flat=True)[:100]
        }
        model, owner = IDENTIFIERS[kind]
        same = model.objects.filter(value__iexact=text, **{f"{owner}__merged_into": None})
        keyed |= {(kind, pk) for pk in same.values_list(f"{owner}_id", flat=True)[:20]}
    return keyed


def _rank(begun: str, prefix: str, row: Entity) -> tuple[int, float]:
    """0 exactly this name or identifier, 1 begins so, 2 anything else; then how unlike the names are."""
    values = {value.casefold() for own in row.identifiers.values() for value in own} | {row.id}
    alike = -name_score(prefix, row)
    if prefix.strip().casefold() in values or any(keys(prefix) & keys(name) for name in row.names):
        return 0, alike
    if any(normalize(name).startswith(begun) for name in row.names):
        return 1, alike
    return 2, alike
