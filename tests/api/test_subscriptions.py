"""One's own alerts by the API: the owner's address alone, confirmed by mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from events.models.access import ApiKey, User
from events.models.alerts import Subscriber, Subscription
from tests.api.conftest import Caller
from tests.timelines.conftest import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db: None) -> User:
    """Someone with a key and an address."""
    return User.objects.create_user("reader", "Reader@example.org", "x")


@pytest.fixture
def mine(api: Caller, owner: User) -> Caller:
    """A caller with the owner's key."""
    _, key = ApiKey.issue(owner, "alerts", ["read", "subscriptions"])
    api.credentials(HTTP_X_API_KEY=key)
    return api


def post(api: Caller, status: int = 201, /, **body: Any) -> Any:
    response = api.post("/api/v1/subscriptions/", body, format="json")
    assert response.status_code == status, response.content
    return response.json()


def confirmed(email: str = "reader@example.org") -> Subscriber:
    return Subscriber.objects.create(email=email, confirmed_at=timezone.now())


def test_an_alert_goes_to_the_owners_address_and_waits_for_its_confirmation(
    mine: Caller, record: Record
) -> None:
    shown = post(mine, organization=record.organization.pk, kind="discipline", frequency="daily")

    row = Subscription.objects.get(pk=shown["id"])
    assert row.subscriber.email == "reader@example.org"
    assert shown["waits"]
    assert shown["organization"] == {"id": record.organization.pk, "name": "Northlake Cloud"}
    assert "Northlake Cloud" in shown["sentence"]
    assert row.frequency == "daily"


def test_at_a_confirmed_address_it_holds_at_once(mine: Caller, record: Record) -> None:
    confirmed()

    shown = post(mine, executive=record.person.pk)

    assert (shown["waits"], shown["is_active"]) == (False, True)


def test_the_same_alert_twice_is_one(mine: Caller, record: Record) -> None:
    first, second = (post(mine, executive=record.person.pk, min_severity=2) for _ in range(2))

    assert first["id"] == second["id"]
    assert Subscription.objects.count() == 1


def test_nobody_sees_or_changes_anothers_alert(mine: Caller, record: Record) -> None:
    other = Subscription.objects.create(subscriber=confirmed("other@example.org"), kind="listing")

    assert mine.read("subscriptions/")["results"] == []
    for method in (mine.get, mine.patch, mine.delete):
        assert method(f"/api/v1/subscriptions/{other.pk}/").status_code == 404
    assert Subscription.objects.filter(pk=other.pk, is_active=True).exists()


def test_a_change_is_of_the_members_that_were_sent(mine: Caller, record: Record) -> None:
    shown = post(mine, executive=record.person.pk, kind="discipline")

    changed = mine.patch(
        f"/api/v1/subscriptions/{shown['id']}/",
        {"kind": "", "silent_days": 30, "is_active": False},
        format="json",
    ).json()

    assert changed["kind"] == ""
    assert changed["silent_days"] == 30
    assert changed["is_active"] is False
    assert changed["executive"]["id"] == record.person.pk


def test_an_alert_is_ended_by_delete(mine: Caller, record: Record) -> None:
    shown = post(mine, kind="sanction")

    assert mine.delete(f"/api/v1/subscriptions/{shown['id']}/").status_code == 204
    assert not Subscription.objects.exists()


def test_alerts_are_found_by_their_conditions(mine: Caller, record: Record) -> None:
    post(mine, kind="sanction")
    wanted = post(mine, kind="listing", frequency="weekly")

    found = mine.read("subscriptions/", kind="listing", frequency="weekly", is_active="true")["results"]

    assert [row["id"] for row in found] == [wanted["id"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"executive": 10**9}, "/executive"),
        ({"organization": "2"}, "/organization"),
        ({"kind": "gossip"}, "/kind"),
        ({"min_severity": 6}, "/min_severity"),
        ({"silent_days": 0}, "/silent_days"),
        ({"text": "x" * 201}, "/text"),
        ({"email": "someone@example.org"}, "/email"),
        ({"is_active": "yes"}, "/is_active"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_member(
    mine: Caller, body: dict[str, Any], pointer: str
) -> None:
    problem = post(mine, 400, **body)

    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert not Subscription.objects.exists()


def test_an_account_without_an_address_can_have_no_alert(mine: Caller, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(email="")
    Subscriber.objects.create(email="", confirmed_at=timezone.now())

    post(mine, 400, kind="listing")

    assert not Subscription.objects.exists()


@pytest.mark.parametrize("scopes", [["read"], ["read", "webhooks"], ["review"]])
def test_another_scope_does_not_do(api: Caller, owner: User, scopes: list[str]) -> None:
    _, key = ApiKey.issue(owner, "other", scopes)
    api.credentials(HTTP_X_API_KEY=key)

    assert api.get("/api/v1/subscriptions/").status_code == 403
    post(api, 403, kind="listing")


def test_without_a_key_there_is_nothing(api: Caller) -> None:
    assert api.get("/api/v1/subscriptions/").status_code == 401
    post(api, 401, kind="listing")


def test_answers_are_kept_by_no_cache(mine: Caller) -> None:
    assert mine.get("/api/v1/subscriptions/").headers["Cache-Control"] == "no-store, private"


def test_alerts_that_are_added_while_pages_are_read_neither_hide_nor_repeat_others(mine: Caller) -> None:
    there = [post(mine, text=f"words {number}")["id"] for number in range(5)]

    page = mine.read("subscriptions/", page_size=2)
    seen = [row["id"] for row in page["results"]]
    post(mine, text="added meanwhile")
    while page["next"]:
        page = mine.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]

    assert [pk for pk in seen if pk in there] == there
    assert len(seen) == len(set(seen))
