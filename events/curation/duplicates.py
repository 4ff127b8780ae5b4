"""Entries that may be the same, for a curator to judge. What was judged before is never proposed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from django.db.models import QuerySet

from events.choices import ActKind, Role, Status
from events.curation.assess import SAME_NEWS
from events.curation.judgements import MODELS
from events.models.acts import Judgement
from events.models.organizations import OrganizationName
from events.models.people import ExecutiveName
from events.models.record import Event

MAX_SHARED = 20
"""Entries of one name; a name that more share (a very common one) says nothing about any two of them."""


@dataclass(frozen=True)
class Pair:
    """Two entries (primary keys, smaller first) that may be the same, and what speaks for it."""

    kind: ActKind
    low: int
    high: int
    why: str


def duplicates(kind: ActKind, limit: int = 50) -> list[Pair]:
    """Pairs that nobody has judged yet, by the number of the newer entry, newest first; at most `limit`."""
    found = _events() if kind is ActKind.EVENT else _named(kind)
    unique = {(pair.low, pair.high): pair for pair in found}
    ordered = sorted(unique.values(), key=lambda pair: (pair.high, pair.low), reverse=True)
    return list(_unjudged(kind, ordered))[:limit]


def _unjudged(kind: ActKind, pairs: Iterable[Pair]) -> Iterator[Pair]:
    merged = MODELS[kind]._default_manager.exclude(merged_into=None)
    into = dict(merged.values_list("pk", "merged_into_id"))
    judged = Judgement.objects.filter(kind=kind.value).values_list("low", "high")
    known = {frozenset((_now(low, into), _now(high, into))) for low, high in judged}
    return (pair for pair in pairs if frozenset((pair.low, pair.high)) not in known)


def _now(pk: int, into: Mapping[int, int]) -> int:
    """Whose number it is since the merges `into`: what was judged of the one holds for the other."""
    seen = {pk}
    while pk in into and into[pk] not in seen:
        pk = into[pk]
        seen.add(pk)
    return pk


def _named(kind: ActKind) -> Iterator[Pair]:
    """People or organizations that share a key of a name."""
    owners: dict[str, set[int]] = defaultdict(set)
    for owner, keys in _keys(kind).iterator(chunk_size=2000):
        for key in keys:
            owners[key].add(owner)
    for key, ids in owners.items():
        if 1 < len(ids) <= MAX_SHARED:
            for low, high in combinations(sorted(ids), 2):
                yield Pair(kind, low, high, f"both are called {key!r}")


def _keys(kind: ActKind) -> QuerySet[ExecutiveName, tuple[int, list[str]]]:
    if kind is ActKind.PERSON:
        rows = ExecutiveName.objects.filter(executive__merged_into=None)
        return rows.values_list("executive_id", "keys")
    names = OrganizationName.objects.filter(organization__merged_into=None)
    return names.values_list("organization_id", "keys")  # type: ignore[return-value]


def _events() -> Iterator[Pair]:
    """Standing events of one subject and action whose dates lie within two months."""
    rows = (
        Event.objects.exclude(status=Status.RETRACTED.value)
        .filter(parties__role=Role.SUBJECT.value)
        .values_list("kind", "action", "parties__executive_id", "parties__organization_id", "date", "pk")
        .order_by("kind", "action", "parties__executive_id", "parties__organization_id", "date", "pk")
    )
    before: list[tuple[object, ...]] = []
    for row in rows.iterator(chunk_size=2000):
        *about, day, pk = row
        if about[2] is None and about[3] is None:
            continue
        before = [b for b in before if b[0] == about and day - b[1] <= SAME_NEWS][-MAX_SHARED:]  # type: ignore[operator]
        for _, _, other in before:
            low, high = sorted((pk, other))  # type: ignore[type-var]
            yield Pair(ActKind.EVENT, low, high, "the same subject and action within two months")  # type: ignore[arg-type]
        before.append((about, day, pk))
