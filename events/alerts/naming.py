"""Whom a reader means by a name: the people and organizations that have it, told apart from one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Q

from events.choices import EndState, PartyType
from events.models.base import Name
from events.models.organizations import Organization, OrganizationName, OrganizationParent
from events.models.people import Executive, ExecutiveName, Position
from events.names import keys, normalize
from events.timelines.finding import organizations_named, people_named

MAX_CHOICES = 10
"""People and organizations of one name that are offered."""
MAX_NAME = 300
BOTH = (PartyType.PERSON, PartyType.ORGANIZATION)

Identity = tuple[PartyType, int]


@dataclass(frozen=True)
class Choice:
    """Someone who may be meant; `detail` tells people of one name apart: "CEO, Northlake Cloud"."""

    kind: PartyType
    pk: int
    name: str
    detail: str = ""

    @property
    def about(self) -> str:
        """`person:4` or `organization:2`."""
        return f"{self.kind.value}:{self.pk}"


def choices_named(name: str, kinds: Collection[PartyType] = BOTH) -> list[Choice]:
    """Who has this name, in any script and order of words; where nobody has, whose name holds it. At most MAX_CHOICES
    of each kind."""
    found: list[Identity] = []
    if PartyType.PERSON in kinds:
        found += [(PartyType.PERSON, row.pk) for row in people_named(name)[:MAX_CHOICES]]
    if PartyType.ORGANIZATION in kinds:
        found += [(PartyType.ORGANIZATION, row.pk) for row in organizations_named(name)[:MAX_CHOICES]]
    by_identity = choices(found)
    return [by_identity[identity] for identity in found]


def identities_named(names: Iterable[str]) -> dict[str, list[Identity]]:
    """Who has each of the names, exactly; where none is written so, who has it in another script or order of words.

    Two statements, however many names.
    """
    wanted = {name: keys(name) for name in names}
    every = sorted(set().union(*wanted.values())) if wanted else []
    holders = defaultdict[str, list[tuple[Identity, str]]](list)
    for kind, model, owner in (
        (PartyType.PERSON, ExecutiveName, "executive"),
        (PartyType.ORGANIZATION, OrganizationName, "organization"),
    ):
        for pk, text, held in _names(model, owner, every):
            for key in held:
                holders[key].append(((kind, pk), normalize(text)))
    return {
        name: _fitting(name, [row for key in found for row in holders[key]]) for name, found in wanted.items()
    }


def choices(identities: Collection[Identity]) -> dict[Identity, Choice]:
    """These people and organizations, as one chooses among them. A statement for each of names and details."""
    people = [pk for kind, pk in identities if kind is PartyType.PERSON]
    organizations = [pk for kind, pk in identities if kind is PartyType.ORGANIZATION]
    found: dict[Identity, Choice] = {}
    held = _held(people) if people else {}
    for pk, name in Executive.objects.filter(pk__in=people).values_list("pk", "name"):
        found[PartyType.PERSON, pk] = Choice(PartyType.PERSON, pk, name, held.get(pk, ""))
    within = _within(organizations) if organizations else {}
    rows = Organization.objects.filter(pk__in=organizations).values_list("pk", "name", "country")
    for pk, name, country in rows:
        detail = within.get(pk) or country
        found[PartyType.ORGANIZATION, pk] = Choice(PartyType.ORGANIZATION, pk, name, detail)
    return found


def _names(model: type[Name], owner: str, every: list[str]) -> Iterable[tuple[int, str, list[str]]]:
    rows = model._default_manager.filter(Q(keys__overlap=every, **{f"{owner}__merged_into": None}))
    return rows.values_list(f"{owner}_id", "name", "keys")


def _fitting(name: str, found: list[tuple[Identity, str]]) -> list[Identity]:
    written = normalize(name)
    same = {identity for identity, text in found if text == written}
    return sorted(same or {identity for identity, _ in found})


def _held(people: list[int]) -> dict[int, str]:
    """The position that each holds, the latest where there are several."""
    rows = Position.objects.filter(executive__in=people, end_state=EndState.OPEN.value)
    rows = rows.order_by(F("start").asc(nulls_first=True)).select_related("organization")
    return {row.executive_id: str(row) for row in rows}


def _within(organizations: list[int]) -> dict[int, str]:
    """What each is part of, by the register or the record."""
    rows = OrganizationParent.objects.filter(
        child__in=organizations, parent__isnull=False, end_state=EndState.OPEN.value
    )
    named = rows.order_by(F("event").asc(nulls_first=True)).values_list("child_id", "parent__name")
    return dict(named)
