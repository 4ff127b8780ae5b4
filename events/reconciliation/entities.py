"""Entities of the service: people and organizations by their identifiers, with what describes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from events.models.organizations import (
    Organization,
    OrganizationIdentifier,
    OrganizationName,
)
from events.models.people import Executive, ExecutiveIdentifier, ExecutiveName, Position
from events.reconciliation.queries import entity_key
from events.reconciliation.vocabulary import ORGANIZATION, PERSON, types_of
from events.record.places import NOW
from events.timelines.organizations import survivor as surviving_organization
from events.timelines.people import survivor as surviving_person
from events.timelines.periods import holds_on

JSON = dict[str, Any]
Key = tuple[str, int]
"""("person", 4) or ("organization", 2)."""

NAMES: dict[str, tuple[type[Any], str]] = {
    PERSON: (ExecutiveName, "executive"),
    ORGANIZATION: (OrganizationName, "organization"),
}
IDENTIFIERS: dict[str, tuple[type[Any], str]] = {
    PERSON: (ExecutiveIdentifier, "executive"),
    ORGANIZATION: (OrganizationIdentifier, "organization"),
}


@dataclass
class Entity:
    """A person or organization, and what a candidate is compared and described with."""

    kind: str
    pk: int
    name: str
    type: str = ""
    country: str = ""
    names: list[str] = field(default_factory=list)
    identifiers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    titles: list[str] = field(default_factory=list)
    organizations: dict[int, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The identifier in the service's identifier space."""
        return f"{self.kind}:{self.pk}"

    @property
    def types(self) -> list[JSON]:
        """The types as answers write them, the narrowest first."""
        return [{"id": kind.id, "name": kind.name} for kind in types_of(self.kind, self.type)]

    @property
    def description(self) -> str:
        """What tells namesakes apart: titles held today; or the kind, the country and what it is part of."""
        if self.kind == PERSON:
            return "; ".join(self.titles[:3])
        places = ", ".join(self.organizations.values())
        parts = [types_of(self.kind, self.type)[0].name, self.country, f"part of {places}" if places else ""]
        return ", ".join(part for part in parts if part)


def found(text: str) -> Executive | Organization | None:
    """The person or organization of an identifier; of one that was merged into another, that other."""
    key = entity_key(text)
    if key is None:
        return None
    if key[0] == PERSON:
        person = Executive.objects.filter(pk=key[1]).first()
        return surviving_person(person) if person else None
    organization = Organization.objects.filter(pk=key[1]).first()
    return surviving_organization(organization) if organization else None


def key_of(row: Executive | Organization) -> Key:
    """The key of a row."""
    return (PERSON if isinstance(row, Executive) else ORGANIZATION), row.pk


def survivors(keys: Iterable[Key]) -> dict[Key, Key]:
    """For each key that is on record, its own, or, where it was merged into another, that of the other."""
    asked = set(keys)
    standing: dict[Key, Key] = {}
    for kind, model in ((PERSON, Executive), (ORGANIZATION, Organization)):
        rows = model._default_manager.filter(pk__in=[pk for k, pk in asked if k == kind])
        for pk, merged in rows.values_list("pk", "merged_into"):
            row = found(f"{kind}:{pk}") if merged else None
            standing[kind, pk] = key_of(row) if row else (kind, pk)
    return standing


def entities(keys: Iterable[Key]) -> dict[Key, Entity]:
    """The entities of the keys, with names, identifiers, titles and organizations of today; eight statements at most."""
    asked = set(keys)
    people = {pk for kind, pk in asked if kind == PERSON}
    bodies = {pk for kind, pk in asked if kind == ORGANIZATION}
    made: dict[Key, Entity] = {}
    if people:
        for pk, name in Executive.objects.filter(pk__in=people).values_list("pk", "name"):
            made[PERSON, pk] = Entity(PERSON, pk, name)
        _add_positions(made, people)
    if bodies:
        rows = Organization.objects.filter(pk__in=bodies).values_list("pk", "name", "type", "country")
        for pk, name, kind, country in rows:
            made[ORGANIZATION, pk] = Entity(ORGANIZATION, pk, name, kind, country)
        _add_parents(made, bodies)
    for kind, pks in ((PERSON, people), (ORGANIZATION, bodies)):
        if pks:
            _add_names(made, kind, pks)
    return made


def _add_names(made: dict[Key, Entity], kind: str, pks: set[int]) -> None:
    model, owner = NAMES[kind]
    rows = model.objects.filter(**{f"{owner}__in": pks}).order_by("pk")
    for pk, name in rows.values_list(f"{owner}_id", "name"):
        made[kind, pk].names.append(name)
    model, owner = IDENTIFIERS[kind]
    rows = model.objects.filter(**{f"{owner}__in": pks}).order_by("scheme", "value")
    for pk, scheme, value in rows.values_list(f"{owner}_id", "scheme", "value"):
        made[kind, pk].identifiers[scheme].append(value)


def _add_positions(made: dict[Key, Entity], people: set[int]) -> None:
    today = timezone.now().date()
    rows = Position.objects.filter(holds_on(today), executive__in=people).select_related("organization")
    for row in rows.order_by("-start", "pk"):
        entity = made[PERSON, row.executive_id]
        entity.titles.append(f"{row.title}, {row.organization.name}")
        entity.organizations[row.organization_id] = row.organization.name


def _add_parents(made: dict[Key, Entity], bodies: set[int]) -> None:
    """What each is part of today."""
    today = timezone.now().date()
    above = {
        p.child_id: p.parent_id for p in NOW.above(bodies) if p.parent_id is not None and p.holds_on(today)
    }
    names = dict(Organization.objects.filter(pk__in=above.values()).values_list("pk", "name"))
    for child, parent in above.items():
        made[ORGANIZATION, child].organizations[parent] = names[parent]
