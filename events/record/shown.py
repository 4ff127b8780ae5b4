"""The names under which the record shows people and organizations, whatever a source calls them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from events.choices import PartyType
from events.models.base import Name
from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.names import is_chinese


@dataclass(frozen=True)
class ShownName:
    """The record's name of someone, and the Chinese one (simplified where both are known) or an empty string."""

    name: str
    chinese: str = ""


def shown_names(wanted: Iterable[tuple[PartyType, int]]) -> dict[tuple[PartyType, int], ShownName]:
    """The names of the people and organizations with these ids, in four queries whatever their number."""
    wanted = set(wanted)
    people = [pk for kind, pk in wanted if kind is PartyType.PERSON]
    organizations = [pk for kind, pk in wanted if kind is PartyType.ORGANIZATION]
    found: dict[tuple[PartyType, int], ShownName] = {}
    if people:
        chinese = chinese_names(PartyType.PERSON, people)
        for pk, name in Executive.objects.filter(id__in=people).values_list("id", "name"):
            found[PartyType.PERSON, pk] = ShownName(name, chinese.get(pk, ""))
    if organizations:
        chinese = chinese_names(PartyType.ORGANIZATION, organizations)
        for pk, name in Organization.objects.filter(id__in=organizations).values_list("id", "name"):
            found[PartyType.ORGANIZATION, pk] = ShownName(name, chinese.get(pk, ""))
    return found


def chinese_names(kind: PartyType, ids: Iterable[int]) -> dict[int, str]:
    """By id: the Chinese name to show of each person or organization that has one. One query."""
    model: type[Name] = ExecutiveName if kind is PartyType.PERSON else OrganizationName
    owner = "executive_id" if kind is PartyType.PERSON else "organization_id"
    rows = model._default_manager.filter(**{f"{owner}__in": list(ids)})
    return chinese_of(rows.values_list(owner, "name", "language"))


def chinese_of(rows: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """The Chinese name to show of each id: the first simplified one, else the first in other characters."""
    ordered = sorted((r for r in rows if is_chinese(r[1])), key=lambda r: (r[0], r[2].lower() == "zh-hant"))
    found: dict[int, str] = {}
    for pk, name, _ in ordered:
        found.setdefault(pk, name)
    return found
