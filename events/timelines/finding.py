"""People and organizations by name, in any script and order of words."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from rapidfuzz import fuzz, process

from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.names import keys, normalize

MAX_NAME = 300
_MAX_COMPARED = 50_000
"""Names that a "did you mean" looks at; past it the suggestion would cost more than it helps."""

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
    known = [
        *ExecutiveName.objects.values_list("name", flat=True)[:_MAX_COMPARED],
        *OrganizationName.objects.values_list("name", flat=True)[:_MAX_COMPARED],
    ]
    found = process.extract(
        name, set(known), scorer=fuzz.WRatio, processor=normalize, limit=limit, score_cutoff=50
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
