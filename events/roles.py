"""Roles of staff: Django groups with names that people know, and what each may do.

The table is what the groups have: they are set to it after every migration, so that a model that comes later belongs
to whom the table gives it. Who wants something else makes a group of another name.
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
    """Makes the groups, or sets them to the table. Gives how many were not so before.

    `group` and `permission` are the models, of a migration's state or today's. Permissions must be there already
    (Django makes them after a migration): those that are not are left out.
    """
    changed = 0
    rows = list(permission.objects.select_related("content_type"))
    for role in ROLES:
        row, _ = group.objects.get_or_create(name=role.name)
        wanted = {one.pk for one in rows if _has(role, one)}
        if wanted != set(row.permissions.values_list("pk", flat=True)):
            row.permissions.set(wanted)
            changed += 1
    return changed


def after_migration(using: str = "default", **kwargs: Any) -> None:
    """Receives `post_migrate` of the app: sets the groups to the table, unless a step back took them away."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    if ("events", "0009_roles") not in MigrationRecorder(connections[using]).applied_migrations():
        return
    for label in ("events", "auth"):  # whose own turn may come later
        create_permissions(apps.get_app_config(label), using=using, verbosity=0)
    make(Group, Permission)


def _has(role: Role, permission: Any) -> bool:
    kind = permission.content_type
    if kind.app_label == "events":
        return role.holds(permission.codename, kind.model)
    return f"{kind.app_label}.{permission.codename}" in role.others
