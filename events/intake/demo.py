"""Loads the demo's register: organizations, people, ladders, and the accounts of the demonstration.

The files are described in fixtures/demo/README.md. Rows are found again by an identifier of the scheme
`demo`; what is there already is left as it is, so that loading twice adds nothing and undoes no curator's work.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from events.choices import EndState, OrganizationType
from events.dates import PartialDate
from events.exceptions import TrackerError
from events.models.access import ApiKey, User
from events.models.alerts import Subscriber, Subscription
from events.models.base import set_partial
from events.models.grades import Grade, GradeLadder
from events.models.organizations import (
    Organization,
    OrganizationIdentifier,
    OrganizationName,
    OrganizationParent,
)
from events.models.people import Executive, ExecutiveIdentifier, ExecutiveName

SCHEME = "demo"
_LOCK = 0x64656D6F
"""Key of the advisory lock that keeps two loaders apart ("demo" in ASCII)."""

Row = dict[str, Any]


class DemoRefused(TrackerError):
    """The demo's accounts have passwords that everybody knows; they are not created in a real database."""


@dataclass
class DemoLoaded:
    """What the register holds after loading, by the files' keys, and how many rows this run added."""

    organizations: dict[str, Organization] = field(default_factory=dict)
    executives: dict[str, Executive] = field(default_factory=dict)
    ladders: list[GradeLadder] = field(default_factory=list)
    curators: list[User] = field(default_factory=list)
    administrators: list[User] = field(default_factory=list)
    subscribers: list[Subscriber] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)
    """By user name; known to everybody, for the demo to print."""
    api_keys: list[str] = field(default_factory=list)
    added: int = 0


def load_demo(folder: Path, *, accounts: bool | None = None) -> DemoLoaded:
    """Loads `folder`; all of it or nothing.

    `accounts` asks for the users, the API key and the subscriber too; by default only where the embedded
    servers run. Raises DemoRefused when they are asked for elsewhere in production (HTTPS on), OSError,
    KeyError or ValueError for a broken file.
    """
    wanted = bool(settings.EMBEDDED) if accounts is None else accounts
    if wanted and settings.HTTPS:
        raise DemoRefused("The demo's accounts have known passwords: they are not made in a deployment.")
    loaded = DemoLoaded()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        load_organizations(_read(folder, "organizations.json"), loaded)
        load_executives(_read(folder, "executives.json"), loaded)
        load_ladders(_read(folder, "ladders.json"), loaded)
        if wanted:
            load_accounts(_read(folder, "accounts.json"), loaded)
    return loaded


def load_organizations(rows: list[Row], loaded: DemoLoaded) -> None:
    """The organizations, then the parents of those that are new (a parent may stand later in the file)."""
    new = []
    for row in rows:
        organization, is_new = _organization(row)
        loaded.organizations[row["key"]] = organization
        for name in row["names"]:
            loaded.added += _name(OrganizationName, {"organization": organization}, name)
        if is_new:
            new.append(row)
    for row in new:
        for parent in row["parents"]:
            _parent(loaded.organizations[row["key"]], loaded.organizations[parent["parent"]], parent)
        loaded.added += 1 + len(row["parents"])


def load_executives(rows: list[Row], loaded: DemoLoaded) -> None:
    """The people and their names. Positions and grades come from events only."""
    for row in rows:
        identifier = ExecutiveIdentifier.objects.filter(scheme=SCHEME, value=row["key"]).first()
        executive = identifier.executive if identifier else Executive.objects.create(name=row["name"])
        if not identifier:
            executive.identifiers.create(scheme=SCHEME, value=row["key"])
            loaded.added += 1
        loaded.executives[row["key"]] = executive
        for name in row["names"]:
            loaded.added += _name(ExecutiveName, {"executive": executive}, name)


def load_ladders(rows: list[Row], loaded: DemoLoaded) -> None:
    """The ladders; one that is there keeps its grades."""
    for row in rows:
        ladder, is_new = GradeLadder.objects.get_or_create(
            organization=loaded.organizations[row["organization"]],
            name=row["name"],
            version=row["version"],
            defaults={"source": row["source"]},
        )
        loaded.ladders.append(ladder)
        if is_new:
            loaded.added += 1
            for rank, label in enumerate(row["grades"]):
                Grade.objects.create(ladder=ladder, rank=rank, label=label)


def load_accounts(data: Row, loaded: DemoLoaded) -> None:
    """Two curators, an administrator, an API key, and a subscriber who has confirmed."""
    for row in data["users"]:
        user = _user(row, loaded)
        (loaded.administrators if row.get("administrator") else loaded.curators).append(user)
        loaded.passwords[user.username] = row["password"]
    for row in data["api_keys"]:
        if not ApiKey.objects.filter(digest=ApiKey.hash(row["key"])).exists():
            ApiKey.issue(User.objects.get(username=row["owner"]), row["name"], row["scopes"], row["key"])
            loaded.added += 1
        loaded.api_keys.append(row["key"])
    for row in data["subscribers"]:
        loaded.subscribers.append(_subscriber(row, loaded))


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def _organization(row: Row) -> tuple[Organization, bool]:
    identifier = OrganizationIdentifier.objects.filter(scheme=SCHEME, value=row["key"]).first()
    if identifier:
        return identifier.organization, False
    organization = Organization.objects.create(
        name=row["name"], type=OrganizationType(row["type"]).value, country=row["country"]
    )
    organization.identifiers.create(scheme=SCHEME, value=row["key"])
    return organization, True


def _name(model: type[OrganizationName | ExecutiveName], owner: dict[str, Any], row: Row) -> bool:
    """Adds one name; whether it was new."""
    if model._default_manager.filter(**owner, name=row["name"]).exists():
        return False
    model._default_manager.create(
        **owner, name=row["name"], type=row["type"], language=row.get("language", "")
    )
    return True


def _parent(child: Organization, parent: Organization, row: Row) -> None:
    """Adds an entry of the register: a parent without an event."""
    state = EndState(row.get("end_state", EndState.OPEN.value))
    entry = OrganizationParent(child=child, parent=parent, end_state=state.value)
    for name in ("start", "until"):
        if name in row:
            set_partial(entry, name, PartialDate.parse(row[name]))
    entry.save()


def _user(row: Row, loaded: DemoLoaded) -> User:
    """The user of that name; made, with its password and permissions, when there is none."""
    user = User.objects.filter(username=row["username"]).first()
    if user:
        return user
    administrator = bool(row.get("administrator"))
    user = User(
        username=row["username"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        email=row["email"],
        is_staff=True,
        is_superuser=administrator,
    )
    user.set_password(row["password"])
    user.save()
    user.groups.set(_groups(row.get("roles", [])))
    loaded.added += 1
    return user


def _groups(names: list[str]) -> list[Group]:
    """The roles of those names."""
    return list(Group.objects.filter(name__in=names))


def _subscriber(row: Row, loaded: DemoLoaded) -> Subscriber:
    """The subscriber of that address, confirmed; made with its subscriptions when there is none."""
    subscriber, is_new = Subscriber.objects.get_or_create(
        email=row["email"],
        defaults={
            "language": row["language"],
            "time_zone": row["time_zone"],
            "confirmed_at": timezone.now(),
        },
    )
    if is_new:
        loaded.added += 1 + len(row["subscriptions"])
        for wish in row["subscriptions"]:
            Subscription.objects.create(subscriber=subscriber, **_conditions(wish, loaded))
    return subscriber


def _conditions(wish: Row, loaded: DemoLoaded) -> dict[str, Any]:
    """A subscription's columns; keys of the files become rows."""
    conditions = dict(wish)
    if "organization" in wish:
        conditions["organization"] = loaded.organizations[wish["organization"]]
    if "executive" in wish:
        conditions["executive"] = loaded.executives[wish["executive"]]
    return conditions
