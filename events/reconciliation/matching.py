"""Queries answered with candidates: found by identifiers and by names in any script or spelling, scored, and judged.

A score is how alike the names are, 0 to 100, moved by what the hints say. A candidate is a `match` only where its
name (or an identifier) is exactly the one asked for, no hint speaks against it, and no other candidate comes near.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled
from rapidfuzz import fuzz

from events.exceptions import TrackerError
from events.names import keys, normalize, sounds
from events.reconciliation.entities import IDENTIFIERS, NAMES, Entity, Key, entities, survivors
from events.reconciliation.queries import Query, entity_key
from events.reconciliation.vocabulary import ORGANIZATION, PERSON, SCHEMES, TYPES
from events.timelines.spellings import misspelt, written

JSON = dict[str, Any]

SAME_TEXT, SAME_KEY = 100.0, 98.0
"""The same name but for case, accents and punctuation; the same in another script, order or spacing."""
MAX_ALIKE = 85.0
"""Of names that share no key, so that they never come near one that does."""
LEAST = 55.0
"""Below it two names have nothing to do with each other."""
MARGIN = 10.0
"""How far ahead of the next candidate a match is."""
AGREES, CONTRADICTS = 4.0, 15.0
_TOO_LONG = "This took too long. Ask for fewer at a time."
_NAMESAKES = 100
"""Names that share the keys of one query, on average over a batch; more are not read."""
TIMEOUT_MS = 5000
"""Of one statement."""
BATCH_SECONDS = 10.0
"""Of all statements of a batch; then no further name is looked up."""


class TookTooLong(TrackerError):
    """The database did not answer a query in time; a smaller batch may do."""


@dataclass(frozen=True)
class Scored:
    """A candidate of one query: its score, whether it is exactly what was asked for, and why."""

    entity: Entity
    score: float
    exact: bool
    contradicted: bool
    features: list[JSON]


def reconcile(batch: Mapping[str, Query]) -> dict[str, JSON]:
    """Each query's candidates, best first, by the query's key. Raises TookTooLong."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MS}")
            return _reconcile(batch)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong(_TOO_LONG) from error
        raise


def _reconcile(batch: Mapping[str, Query]) -> dict[str, JSON]:
    batch = _standing(batch)
    candidates = _candidates(batch)
    known = entities({key for found in candidates.values() for key in found})
    return {name: {"result": _result(query, candidates[name], known)} for name, query in batch.items()}


def _result(query: Query, candidates: Iterable[Key], known: Mapping[Key, Entity]) -> list[JSON]:
    rows = [scored(query, known[key]) for key in candidates if key in known and _has_type(query, known[key])]
    rows = [row for row in rows if row.score >= LEAST or row.exact]
    rows.sort(key=lambda row: (-row.score, row.entity.name, row.entity.id))
    lead = is_match(rows)
    return [_shown(row, lead and place == 0) for place, row in enumerate(rows[: query.limit])]


def is_match(rows: list[Scored]) -> bool:
    """Whether the first of the candidates, best first, is certain enough to be chosen without a person's look."""
    if not rows or not rows[0].exact or rows[0].contradicted:
        return False
    return len(rows) == 1 or rows[0].score - rows[1].score >= MARGIN


def _shown(row: Scored, match: bool) -> JSON:
    return {
        "id": row.entity.id,
        "name": row.entity.name,
        "description": row.entity.description,
        "type": row.entity.types,
        "score": round(row.score, 1),
        "features": row.features,
        "match": match,
    }


def scored(query: Query, entity: Entity) -> Scored:
    """A candidate with its score and features. An identifier that agrees outweighs every difference in names."""
    named = name_score(query.text, entity)
    by_identifier = _is_identifier(query.text, entity)
    features: list[JSON] = [
        {"id": "name_similarity", "value": round(named, 1)},
        {"id": "same_name", "value": named >= SAME_KEY},
    ]
    score, contradicted = named, False
    for name, values in query.hints.items():
        says = _agrees(name, values, entity)
        if says is None:
            continue
        features.append({"id": name, "value": says})
        by_identifier |= says and name in SCHEMES
        contradicted |= not says
        score += AGREES if says else -CONTRADICTS
    score = 100.0 if by_identifier and not contradicted else min(max(score, 0.0), 100.0)
    return Scored(entity, score, by_identifier or named >= SAME_KEY, contradicted, features)


def name_score(text: str, entity: Entity) -> float:
    """How alike the text and the entity's likest name are, 0 to 100."""
    if not text:
        return 0.0
    plain, wanted, heard = normalize(text), keys(text), " ".join(sounds(text))
    return max((_alike(plain, wanted, heard, name) for name in entity.names), default=0.0)


def _alike(plain: str, wanted: frozenset[str], heard: str, name: str) -> float:
    if plain and plain == normalize(name):
        return SAME_TEXT
    if wanted & keys(name):
        return SAME_KEY
    other = " ".join(sounds(name))
    alike = max(
        fuzz.token_sort_ratio(heard, other), fuzz.ratio(heard.replace(" ", ""), other.replace(" ", ""))
    )
    return alike * MAX_ALIKE / 100


def _is_identifier(text: str, entity: Entity) -> bool:
    """Whether the text of a query is the entity's identifier, here or in a public scheme."""
    folded = text.casefold()
    return folded == entity.id or any(
        folded == value.casefold() for values in entity.identifiers.values() for value in values
    )


def _agrees(name: str, values: tuple[str, ...], entity: Entity) -> bool | None:
    """Whether a hint speaks for the entity (True) or against it (False); None where nothing is known of it."""
    if name == "country":
        known = [entity.country.casefold()] if entity.country else []
        return any(value.casefold() in known for value in values) if known else None
    if name == "organization":
        return _is_at(values, entity)
    own = {value.casefold() for value in entity.identifiers.get(name, [])}
    return any(value.casefold() in own for value in values) if own else None


def _is_at(values: tuple[str, ...], entity: Entity) -> bool | None:
    if not entity.organizations:
        return None
    ids = {f"{ORGANIZATION}:{pk}" for pk in entity.organizations}
    names = {key for name in entity.organizations.values() for key in keys(name)}
    return any(value in ids or bool(keys(value) & names) for value in values)


def _has_type(query: Query, entity: Entity) -> bool:
    own = {kind["id"] for kind in entity.types}
    wanted = set(query.types)
    return not wanted or (wanted <= own if query.every_type else bool(wanted & own))


def _candidates(batch: Mapping[str, Query]) -> dict[str, set[Key]]:
    """Who may be meant, by query: a handful of statements for the batch, and some more for each query that has few exact ones."""
    found: dict[str, set[Key]] = {name: set() for name in batch}
    for kind in (PERSON, ORGANIZATION):
        asked = {name: query for name, query in batch.items() if kind in _kinds(query)}
        if asked:
            _by_keys(kind, asked, found)
            _by_identifiers(kind, asked, found)
    deadline = time.monotonic() + BATCH_SECONDS
    for name, query in batch.items():
        if time.monotonic() > deadline:
            raise TookTooLong(_TOO_LONG)
        if key := entity_key(query.text):
            found[name].add(key)
        elif query.text and len(found[name]) < query.limit:
            found[name] |= named_like(query.text, _kinds(query))
    return found


def named_like(text: str, kinds: Collection[str] = (PERSON, ORGANIZATION)) -> set[Key]:
    """The people and organizations of the kinds whose name holds the words; where there are none, whose name sounds
    like them."""
    owners = [(kind, NAMES[kind][1]) for kind in kinds]
    found = written(text)
    if not any(owner in found for _, owner in owners):
        found = misspelt(text)
    return {(kind, match.id) for kind, owner in owners for match in found.get(owner, [])}


def _kinds(query: Query) -> set[str]:
    return {TYPES[name].broader or name for name in query.types} or {PERSON, ORGANIZATION}


def _by_keys(kind: str, asked: Mapping[str, Query], found: dict[str, set[Key]]) -> None:
    wanted: dict[str, set[str]] = defaultdict(set)
    for name, query in asked.items():
        for key in keys(query.text):
            wanted[key].add(name)
    model, owner = NAMES[kind]
    rows = model.objects.filter(keys__overlap=sorted(wanted), **{f"{owner}__merged_into": None})
    limit = _NAMESAKES * len(asked)
    for pk, own in rows.order_by("pk").values_list(f"{owner}_id", "keys")[:limit] if wanted else ():
        for key in own:
            for name in wanted.get(key, ()):
                found[name].add((kind, pk))


def _by_identifiers(kind: str, asked: Mapping[str, Query], found: dict[str, set[Key]]) -> None:
    """By identifiers among the hints, and by a text that is one itself (a column of Wikidata items, say)."""
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, query in asked.items():
        for scheme in SCHEMES:
            for value in (query.text, *query.hints.get(scheme, ())):
                wanted[scheme, value].add(name)
    values = {form for _, value in wanted if value for form in (value, value.upper())}
    model, owner = IDENTIFIERS[kind]
    rows = model.objects.filter(value__in=sorted(values), **{f"{owner}__merged_into": None})
    for pk, scheme, own in rows.values_list(f"{owner}_id", "scheme", "value"):
        for (wanted_scheme, value), names in wanted.items():
            if scheme == wanted_scheme and value.casefold() == own.casefold():
                for name in names:
                    found[name].add((kind, pk))


def _standing(batch: Mapping[str, Query]) -> dict[str, Query]:
    """The queries; one that asks for an entity by its identifier asks for the one that it was merged into."""
    asked = {name: key for name, query in batch.items() if (key := entity_key(query.text))}
    standing = survivors(asked.values()) if asked else {}
    texts = {name: ":".join(map(str, standing[key])) for name, key in asked.items() if key in standing}
    return {name: replace(query, text=texts.get(name, query.text)) for name, query in batch.items()}
