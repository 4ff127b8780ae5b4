"""The names that extraction may use from the record."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from events.choices import Verb
from events.extraction.known import EntityType, KnownEntity, KnownNames
from events.models.candidates import Decision
from events.models.organizations import Organization, OrganizationName, OrganizationParent
from events.models.people import Executive, ExecutiveName, Position
from events.names import normalize

FRESH_FOR = 30.0
"""Seconds for which a worker goes on with the names that it has read, unless names were added meanwhile."""

REMEMBERED = 20_000
"""The latest choices of curators that are remembered."""

Newest = tuple[int | None, ...]


@dataclass(frozen=True)
class _Read:
    names: KnownNames
    newest: Newest
    at: float


_last: _Read | None = None


_SOURCES: tuple[type[Model], ...] = (ExecutiveName, OrganizationName, Position)

NEWEST = ", ".join(f'(SELECT max(id) FROM "{model._meta.db_table}")' for model in _SOURCES)  # noqa: S608 - our own tables
"""The highest keys of what names are read from, as SQL: one step down each index."""


def known_names(newest: Newest | None = None) -> KnownNames:
    """The record's names as this process read them last: at most FRESH_FOR seconds old, and never without a
    name that was added since. Reading them all for every document would cost more than the document.

    `newest` is what NEWEST gives, when that has just been asked.
    """
    global _last  # noqa: PLW0603 - one copy a process is the point
    newest, now = newest or _newest(), time.monotonic()
    if _last is None or _last.newest != newest or now - _last.at > FRESH_FOR:
        _last = _Read(load_known_names(), newest, now)
    return _last.names


def _newest() -> Newest:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NEWEST}")
        return tuple(cursor.fetchone())


def load_known_names() -> KnownNames:
    """Every executive and organization of the record (merged ones left out) with all names, and whom curators chose
    for a name before; a query a table.

    Raises django.db.Error where the database cannot be reached.
    """
    return KnownNames([*_people(), *_organizations()], _chosen())


def _chosen() -> dict[tuple[EntityType, str], dict[int, int]]:
    """Whom curators took a name for; who was merged into another since counts as that other."""
    found: dict[tuple[EntityType, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    merged = {"person": _merged(Executive), "organization": _merged(Organization)}
    rows = Decision.objects.filter(verb=Verb.RESOLVE.value, after__chosen__isnull=False).order_by("-id")
    for kind, name, chosen in rows.values_list("after__type", "after__name", "after__chosen")[:REMEMBERED]:
        if kind not in merged or not isinstance(name, str) or not isinstance(chosen, int):
            continue
        while chosen in merged[kind]:
            chosen = merged[kind][chosen]
        found["person" if kind == "person" else "organization", normalize(name)][chosen] += 1
    return found


def _merged(model: type[Executive | Organization]) -> dict[int, int]:
    rows = model._default_manager.exclude(merged_into=None)
    return dict(rows.values_list("id", "merged_into_id"))


def _people() -> list[KnownEntity]:
    names: dict[int, list[str]] = defaultdict(list)
    for owner, name in ExecutiveName.objects.order_by("id").values_list("executive_id", "name"):
        names[owner].append(name)
    organizations: dict[int, set[str]] = defaultdict(set)
    titles: dict[int, set[str]] = defaultdict(set)
    for owner, organization, title in Position.objects.values_list(
        "executive_id", "organization__name", "title"
    ):
        organizations[owner].add(organization)
        titles[owner].add(title)
    rows = Executive.objects.filter(merged_into=None).order_by("id").values_list("id", "name")
    return [
        KnownEntity(
            id_, "person", _first(name, names[id_]), tuple(sorted(organizations[id_])), tuple(sorted(titles[id_]))
        )
        for id_, name in rows
    ]  # fmt: skip


def _organizations() -> list[KnownEntity]:
    names: dict[int, list[str]] = defaultdict(list)
    for owner, name in OrganizationName.objects.order_by("id").values_list("organization_id", "name"):
        names[owner].append(name)
    parents: dict[int, set[str]] = defaultdict(set)
    for child, parent in OrganizationParent.objects.exclude(parent=None).values_list(
        "child_id", "parent__name"
    ):
        parents[child].add(parent)
    rows = Organization.objects.filter(merged_into=None).order_by("id").values_list("id", "name")
    return [
        KnownEntity(id_, "organization", _first(name, names[id_]), parents=tuple(sorted(parents[id_])))
        for id_, name in rows
    ]


def _first(name: str, others: list[str]) -> tuple[str, ...]:
    return (name, *(other for other in others if other != name))
