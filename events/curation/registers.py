"""What goes over to the survivor when two entries of a register are merged, and comes back when that is undone.

Every function gives or takes `moved`: primary keys by what they are, as JSON keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Model, Q

from events.choices import NameType
from events.models.grades import GradeAssignment, GradeLadder
from events.models.organizations import (
    Organization,
    OrganizationIdentifier,
    OrganizationName,
    OrganizationParent,
)
from events.models.people import Executive, ExecutiveIdentifier, ExecutiveName, Position
from events.models.record import Case
from events.record import projections

Moved = dict[str, list[int]]


def move_person(source: Executive, target: Executive) -> Moved:
    """Gives a person's names, identifiers and register positions to another."""
    return {
        "names": _copy_names(ExecutiveName, "executive", source, target),
        "identifiers": _move(ExecutiveIdentifier.objects.filter(executive=source), executive=target),
        "positions": _move(Position.objects.filter(executive=source, event=None), executive=target),
    }


def return_person(source: Executive, target: Executive, moved: Moved) -> None:
    """The inverse of `move_person`, of what the survivor still has."""
    _remove_names(ExecutiveName, moved["names"])
    _move(ExecutiveIdentifier.objects.filter(pk__in=moved["identifiers"], executive=target), executive=source)
    _move(Position.objects.filter(pk__in=moved["positions"], executive=target), executive=source)


def move_organization(source: Organization, target: Organization) -> Moved:
    """Gives an organization's names, identifiers, register positions, units, ladders and cases to another."""
    ladders = GradeLadder.objects.filter(organization=source)
    taken = GradeLadder.objects.filter(organization=target).values_list("name", flat=True)
    children = OrganizationParent.objects.filter(parent=source, event=None)
    moved = {
        "names": _copy_names(OrganizationName, "organization", source, target),
        "identifiers": _move(OrganizationIdentifier.objects.filter(organization=source), organization=target),
        "positions": _move(Position.objects.filter(organization=source, event=None), organization=target),
        "children": _move(children, parent=target),
        "parents": _move_parents(source, target),
        "ladders": _move(ladders.exclude(name__in=list(taken)), organization=target),
        "cases": _move(Case.objects.filter(issuer=source), issuer=target),
    }
    _regrade(moved["ladders"])
    return moved


def return_organization(source: Organization, target: Organization, moved: Moved) -> None:
    """The inverse of `move_organization`, of what the survivor still has."""
    _remove_names(OrganizationName, moved["names"])
    for model, owner, key in (
        (OrganizationIdentifier, "organization", "identifiers"),
        (Position, "organization", "positions"),
        (OrganizationParent, "parent", "children"),
        (OrganizationParent, "child", "parents"),
        (GradeLadder, "organization", "ladders"),
        (Case, "issuer", "cases"),
    ):
        rows = model._default_manager.filter(pk__in=moved[key], **{owner: target})
        _move(rows, **{owner: source})
    _regrade(moved["ladders"])


def _remove_names(model: type[Any], ids: list[int]) -> None:
    """Takes copied names away, but for one that has become the name shown."""
    model._default_manager.filter(pk__in=ids).exclude(type=NameType.PRIMARY.value).delete()


def _copy_names(model: type[Any], owner: str, source: Model, target: Model) -> list[int]:
    """The names that the survivor did not have, as aliases of it; a name may be searched by, whoever had it."""
    have = set(model._default_manager.filter(**{owner: target}).values_list("name", flat=True))
    made = []
    for row in model._default_manager.filter(**{owner: source}).order_by("pk"):
        if row.name not in have:
            type_ = NameType.ALIAS.value if row.type == NameType.PRIMARY.value else row.type
            new = model._default_manager.create(
                name=row.name, language=row.language, type=type_, **{owner: target}
            )
            made.append(new.pk)
    return made


def _move_parents(source: Organization, target: Organization) -> list[int]:
    """The register's word on where the source belongs, where it has none on the target."""
    if OrganizationParent.objects.filter(child=target, event=None).exists():
        return []
    rows = OrganizationParent.objects.filter(child=source, event=None).exclude(
        Q(parent=target) | Q(parent=F("child"))
    )
    return _move(rows, child=target)


def _move(rows: Any, **change: Model) -> list[int]:
    """Updates the rows and gives their primary keys."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).update(**change)
    return ids


def _regrade(ladders: Iterable[int]) -> None:
    """Grades are kept by the organization of their ladder: who stands on a moved ladder is projected again."""
    people = GradeAssignment.objects.filter(ladder__in=list(ladders)).values_list("executive_id", flat=True)
    for executive_id in sorted(set(people)):
        projections.lock_person(executive_id)
        projections.project_person(executive_id)
