"""Roles: what each may do, and how they come into a database."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from pytest_django import Settings

from events import roles
from events.intake.demo import load_demo
from events.models.access import User
from tests.conftest import REPOSITORY

BEFORE = [("events", "0008_alerts")]
AFTER = [("events", "0009_roles")]


def held(name: str) -> set[str]:
    """The codenames of a role's permissions on the app's models."""
    group = Group.objects.get(name=name)
    return set(group.permissions.filter(content_type__app_label="events").values_list("codename", flat=True))


@pytest.fixture
def made(db: None) -> None:
    """The roles, as they are made."""
    Group.objects.filter(name__in=[role.name for role in roles.ROLES]).delete()
    roles.make(Group, Permission)


@pytest.mark.usefixtures("made")
def test_each_role_may_do_what_the_one_below_it_may() -> None:
    assert held(roles.CURATOR) < held(roles.SENIOR) < held(roles.ADMINISTRATOR)


@pytest.mark.usefixtures("made")
def test_curators_look_at_feeds_and_registers_and_senior_curators_keep_them() -> None:
    assert {"curate", "view_feed", "view_executive"} <= held(roles.CURATOR)
    assert not {name for name in held(roles.CURATOR) if name.startswith(("add_", "change_", "delete_"))}
    assert {"change_feed", "add_gradeladder", "change_webhook"} <= held(roles.SENIOR)
    assert not {name for name in held(roles.SENIOR) if name.startswith("delete_")}


@pytest.mark.usefixtures("made")
def test_data_about_readers_and_users_is_the_administrators() -> None:
    personal = {f"view_{model}" for model in roles.PERSONAL}

    assert not personal & held(roles.SENIOR)
    assert personal <= held(roles.ADMINISTRATOR)


@pytest.mark.usefixtures("made")
def test_only_administrators_override_four_eyes() -> None:
    assert "override_four_eyes" not in held(roles.SENIOR)
    assert "override_four_eyes" in held(roles.ADMINISTRATOR)


@pytest.mark.usefixtures("made")
def test_every_permission_of_the_app_is_somebodys() -> None:
    every = set(
        Permission.objects.filter(content_type__app_label="events").values_list("codename", flat=True)
    )

    assert held(roles.ADMINISTRATOR) == every


@pytest.mark.usefixtures("made")
def test_after_every_migration_the_roles_are_what_the_table_says_and_other_groups_stay() -> None:
    group = Group.objects.get(name=roles.CURATOR)
    group.permissions.remove(Permission.objects.get(codename="view_candidate"))
    group.permissions.add(Permission.objects.get(codename="delete_feed"))
    Group.objects.create(name="Auditors").permissions.add(Permission.objects.get(codename="view_candidate"))
    before = held(roles.SENIOR)

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    assert "view_candidate" in held(roles.CURATOR)
    assert "delete_feed" not in held(roles.CURATOR)
    assert held(roles.SENIOR) == before
    assert held("Auditors") == {"view_candidate"}
    assert roles.make(Group, Permission) == 0


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_forth_also_before_any_permission_is_there() -> None:
    try:
        MigrationExecutor(connection).migrate(BEFORE)
        left = Group.objects.filter(name=roles.CURATOR).exists()
        Permission.objects.all().delete()
        MigrationExecutor(connection).migrate(AFTER)
        again = held(roles.CURATOR)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    assert not left
    assert "curate" in again


@pytest.mark.usefixtures("clean_cache")
def test_the_demos_curators_have_roles_and_their_passwords(db: None, settings: Settings) -> None:
    settings.HTTPS = False
    load_demo(REPOSITORY / "fixtures" / "demo", accounts=True)
    mei, tom = (User.objects.get(username=f"curator-{name}") for name in ("mei", "tom"))

    assert [list(user.groups.values_list("name", flat=True)) for user in (mei, tom)] == [
        [roles.SENIOR],
        [roles.CURATOR],
    ]
    for user in (mei, tom):
        client = Client()
        client.post("/desk/login/", {"username": user.username, "password": f"demo-{user.username}"})
        assert client.get("/desk/").status_code == 200
