"""Roles of staff: Django groups with names that people know, and what each may do.

The table says what a group has when it is made. Afterwards administrators may add to a group and take from it:
nothing here takes that back. Models that come later are given to the groups by a migration of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CURATOR = "Curators"
SENIOR = "Senior curators"
ADMINISTRATOR = "Administrators"

PERSONAL = frozenset({"user", "apikey", "subscriber", "subscription", "suppression", "mail", "delivery"})
"""Models with data about those who use the service, not about the record."""
OUTGOING = frozenset({"webhook", "webhookmessage", "hubsubscription", "notice"})
"""Models about which machines and operators are told."""
REGISTERS = (
    "organization", "organizationname", "organizationidentifier", "organizationparent", "executive", "executivename",
    "executiveidentifier", "position", "gradeladder", "grade", "feed",
)  # fmt: skip
"""What is kept by hand, and not by curation."""


@dataclass(frozen=True)
class Role:
    """A role by the codenames of its permissions, all of the app `events` unless `others` names them as `app.codename`."""

    name: str
    holds: Callable[[str, str], bool]
    """Whether it has the permission of that codename on that model."""
    others: frozenset[str] = field(default_factory=frozenset)


def _curator(codename: str, model: str) -> bool:
    """Curates, and looks at everything that the work touches, feeds and registers too; changes none of them."""
    return codename == "curate" or (_views(codename, model) and model not in PERSONAL | OUTGOING)


def _senior(codename: str, model: str) -> bool:
    """Also keeps registers, ladders and feeds, and sees to it that webhooks are delivered to."""
    keeps = model in REGISTERS and codename in {f"add_{model}", f"change_{model}"}
    delivers = (_views(codename, model) and model in OUTGOING) or codename == "change_webhook"
    return _curator(codename, model) or keeps or delivers


def _administrator(codename: str, model: str) -> bool:
    """Everything of the app: users and their roles, keys, subscribers, and the override of four eyes."""
    return True


def _views(codename: str, model: str) -> bool:
    return codename == f"view_{model}"


ROLES = (
    Role(CURATOR, _curator),
    Role(SENIOR, _senior),
    Role(ADMINISTRATOR, _administrator, frozenset({"auth.view_group"})),
)


def make(group: Any, permission: Any) -> int:
    """Makes the groups that are not there, with their permissions. Gives how many; a group that is there stays as it is.

    `group` and `permission` are the models, of a migration's state or today's. Permissions must be there already
    (Django makes them after a migration): those that are not are left out.
    """
    made = 0
    rows = list(permission.objects.select_related("content_type"))
    for role in ROLES:
        row, new = group.objects.get_or_create(name=role.name)
        if new:
            row.permissions.set([one for one in rows if _has(role, one)])
            made += 1
    return made


def _has(role: Role, permission: Any) -> bool:
    kind = permission.content_type
    if kind.app_label == "events":
        return role.holds(permission.codename, kind.model)
    return f"{kind.app_label}.{permission.codename}" in role.others
