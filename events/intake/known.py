"""The names that extraction may use from the record."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from events.extraction.known import KnownEntity, KnownNames
from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName, Position

FRESH_FOR = 30.0
"""Seconds for which a worker goes on with the names that it has read, unless names were added meanwhile."""

Newest = tuple[int | None, ...]


@dataclass(frozen=True)
class _Read:
    names: KnownNames
    newest: Newest
    at: float


_last: _Read | None = None


def known_names() -> KnownNames:
    """The record's names as this process read them last: at most FRESH_FOR seconds old, and never without a
    name that was added since. Reading them all for every document would cost more than the document."""
    global _last  # noqa: PLW0603 - one copy a process is the point
    newest, now = _newest(), time.monotonic()
    if _last is None or _last.newest != newest or now - _last.at > FRESH_FOR:
        _last = _Read(load_known_names(), newest, now)
    return _last.names


def _newest() -> Newest:
    """The highest keys of what names are read from: one step down each index."""
    tops = ", ".join(f'(SELECT max(id) FROM "{model._meta.db_table}")' for model in _SOURCES)  # noqa: S608 - our own tables
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {tops}")
        return tuple(cursor.fetchone())


_SOURCES: tuple[type[Model], ...] = (ExecutiveName, OrganizationName, Position)


def load_known_names() -> KnownNames:
    """Every executive and organization of the record (merged ones left out) with all names; four queries.

    Raises django.db.Error where the database cannot be reached.
    """
    return KnownNames([*_people(), *_organizations()])


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
    rows = Organization.objects.filter(merged_into=None).order_by("id").values_list("id", "name")
    return [KnownEntity(id_, "organization", _first(name, names[id_])) for id_, name in rows]


def _first(name: str, others: list[str]) -> tuple[str, ...]:
    return (name, *(other for other in others if other != name))
