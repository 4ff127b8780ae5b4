"""Django's admin: the record is looked at, never written; registers are edited; a key is shown once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from events.models.access import ApiKey, User
from events.models.people import ExecutiveName
from tests import scenes
from tests.web.conftest import Scene, signed_in

READ_ONLY = (
    "event", "revision", "case", "ledgerhead", "candidate", "decision", "delivery", "gradeassignment", "document",
    "feeditem", "fetchrun", "story",
)  # fmt: skip
EDITABLE = ("executive", "organization", "gradeladder", "feed", "subscriber", "apikey", "user")


@pytest.fixture
def root(db: None) -> Client:
    """A superuser, who signed in just now: pages that give power ask for that."""
    User.objects.create_superuser("root", password="x")
    client = Client()
    assert client.post("/desk/login/", {"username": "root", "password": "x"}).status_code == 302
    return client


@pytest.mark.parametrize("name", READ_ONLY)
def test_not_even_a_superuser_writes_the_record_here(root: Client, scene: Scene, name: str) -> None:
    model = apps.get_model("events", name)
    site = admin.site.get_model_admin(model)
    request = root.get("/admin/").wsgi_request
    assert not site.has_add_permission(request)
    assert not site.has_change_permission(request)
    assert not site.has_delete_permission(request)
    assert root.get(f"/admin/events/{name}/add/").status_code == 403
    row = model._default_manager.first()
    if row is not None:
        assert root.get(f"/admin/events/{name}/{row.pk}/change/").status_code == 200
        assert root.post(f"/admin/events/{name}/{row.pk}/change/", {}).status_code == 403
        assert root.post(f"/admin/events/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", [*READ_ONLY, *EDITABLE])
def test_a_list_needs_no_more_statements_for_more_rows(
    root: Client,
    scene: Scene,
    name: str,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    for number in range(6):
        person = scenes.executive(f"Person {number}")
        scenes.candidate(scenes.document(f"{scenes.DEMOTION_TEXT} {number}"))
        scenes.ladder(scenes.company(f"Company {number}"))
        ExecutiveName.objects.create(executive=person, name=f"P. {number}")
    with django_assert_max_num_queries(11):
        assert root.get(f"/admin/events/{name}/").status_code == 200
    assert root.get(f"/admin/events/{name}/?q=x").status_code == 200


@pytest.mark.parametrize("name", [name for name in EDITABLE if name != "feed"])
def test_registers_can_be_added_to(root: Client, scene: Scene, name: str) -> None:
    assert root.get(f"/admin/events/{name}/add/").status_code == 200


def test_a_key_is_shown_once_and_only_its_hash_is_kept(root: Client, scene: Scene) -> None:
    data = {"name": "Reader", "owner": scene.author.pk, "scopes": ["read"]}
    page = root.post("/admin/events/apikey/add/", data, follow=True).content.decode()
    row = ApiKey.objects.get()
    key = next(word for word in page.replace("<", " ").split() if word.startswith("gt_"))
    assert ApiKey.hash(key) == row.digest
    assert row.scopes == ["read"]
    assert key not in root.get(f"/admin/events/apikey/{row.pk}/change/").content.decode()


def test_an_issued_key_can_be_revoked_and_replaced(root: Client, scene: Scene) -> None:
    row, _ = ApiKey.issue(scene.author, "Reader", ["read"])
    root.post("/admin/events/apikey/", {"action": "issue_again", "_selected_action": [row.pk]})
    assert ApiKey.objects.get(pk=row.pk).revoked_at is not None
    assert ApiKey.objects.get(revoked_at=None).scopes == ["read"]


def test_a_subscribers_token_is_not_shown(root: Client, db: None) -> None:
    from events.models.alerts import Subscriber

    row = Subscriber.objects.create(email="reader@example.org")
    assert row.token not in root.get(f"/admin/events/subscriber/{row.pk}/change/").content.decode()


def test_a_curator_without_admin_permissions_edits_nothing(scene: Scene) -> None:
    client = signed_in(scene.author)
    assert client.get("/admin/events/executive/").status_code == 403
