"""People and organizations by name, in any script and order of words."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from rapidfuzz import fuzz, process

from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.names import keys, normalize
from events.timelines.spellings import MAX_NAME, names_like

M = TypeVar("M", Executive, Organization)


def people_named(name: str) -> QuerySet[Executive]:
    """The executives who have this name; where nobody has, those whose name holds it."""
    names = ExecutiveName.objects.filter(executive=OuterRef("pk"))
    return _named(Executive.objects.filter(merged_into=None), names, name)


def organizations_named(name: str) -> QuerySet[Organization]:
    """The organizations that have this name; where none has, those whose name holds it."""
    names = OrganizationName.objects.filter(organization=OuterRef("pk"))
    return _named(Organization.objects.filter(merged_into=None), names, name)


def nearest_names(name: str, limit: int = 5) -> list[str]:
    """Known names that look like `name`, likest first."""
    found = process.extract(
        name[:MAX_NAME],
        names_like(name),
        scorer=fuzz.WRatio,
        processor=normalize,
        limit=limit,
        score_cutoff=50,
    )
    return [match[0] for match in found]


def _named(rows: QuerySet[M], names: QuerySet[Model], name: str) -> QuerySet[M]:
    name = name.replace("\x00", "")[:MAX_NAME]
    wanted = sorted(keys(name))
    exact = rows.filter(Exists(names.filter(keys__overlap=wanted)))
    if wanted and exact.exists():
        return exact
    part = name.strip()
    written = Q(name__icontains=part)
    together = "".join(normalize(part).split())
    if together:
        written |= Q(keys__icontains=together)
    return rows.filter(Exists(names.filter(written))) if part else rows.none()
