"""Webhooks by the API: made, changed, tried out and replayed by their owner, seen by nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from events.alerts.hooks.matching import write_messages
from events.alerts.hooks.sending import send_webhook
from events.models.access import ApiKey, User
from events.models.webhooks import Webhook, WebhookMessage
from tests.alerts.hooks.helpers import matched, owner, story, webhook
from tests.alerts.hooks.receivers import Receiver, answer, running_receiver
from tests.api.conftest import Caller

URL = "https://hooks.example.com/in"

pytestmark = pytest.mark.django_db


class Owner(Caller):
    """A caller with a key of the scope."""

    def __init__(self, user: User, scopes: tuple[str, ...] = ("webhooks",)) -> None:
        super().__init__()
        self.user = user
        self.credentials(HTTP_AUTHORIZATION=f"Bearer {ApiKey.issue(user, 'hooks', list(scopes))[1]}")

    def send(self, method: str, path: str, /, **members: Any) -> HttpResponse:
        body = json.dumps(members) if members else ""
        call = getattr(self, method)
        response: HttpResponse = call(f"/api/v1/{path}", body, content_type="application/json")
        return response

    def post_json(self, path: str, status: int, /, **members: Any) -> Any:
        response = self.send("post", path, **members)
        assert response.status_code == status, response.content[:500]
        return json.loads(response.content)


@pytest.fixture
def me(api: Caller) -> Owner:
    return Owner(owner())


@pytest.fixture
def other(api: Caller) -> Owner:
    return Owner(owner())


def test_a_webhook_is_made_and_its_secret_shown_this_once(me: Owner) -> None:
    news = story()

    made = me.post_json(
        "webhooks/", 201, url=URL, organization=news.company.pk, kind="discipline", min_severity=3
    )

    row = Webhook.objects.get()
    assert (row.owner, row.organization, row.min_severity) == (me.user, news.company, 3)
    assert made["secret"] == row.secret
    assert made["secret"].startswith("whsec_")
    assert made["sentence"]
    shown = me.read(f"webhooks/{row.pk}/")
    assert "secret" not in shown
    assert row.secret not in json.dumps([shown, me.read("webhooks/")])
    assert made == shown | {"secret": row.secret}


def test_answers_are_kept_by_no_cache(me: Owner) -> None:
    made = me.send("post", "webhooks/", url=URL)

    assert made.headers["Cache-Control"] == "no-store, private"
    assert me.get(made.headers["Location"]).headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"url": "http://hooks.example.com/in"}, "/url"),
        ({"url": "https://127.0.0.1/in"}, "/url"),
        ({"url": "https://[fd00::1]/in"}, "/url"),
        ({"url": "https://169.254.169.254/latest"}, "/url"),
        ({"url": "https://user:word@hooks.example.com/"}, "/url"),
        ({"url": "ftp://hooks.example.com/"}, "/url"),
        ({"url": "https://" + "x" * 3000}, "/url"),
        ({"url": 4}, "/url"),
        ({}, "/url"),
        ({"url": URL, "kind": "gossip"}, "/kind"),
        ({"url": URL, "executive": 999_999}, "/executive"),
        ({"url": URL, "min_severity": 6}, "/min_severity"),
        ({"url": URL, "secret": "whsec_AAAA"}, "/secret"),
        ({"url": URL, "state": "paused"}, "/state"),
        ({"url": URL, "description": "x" * 201}, "/description"),
    ],
)
def test_what_is_wrong_is_pointed_at(me: Owner, members: dict[str, Any], pointer: str) -> None:
    problem = me.post_json("webhooks/", 400, **members)

    assert {error["pointer"] for error in problem["errors"]} == {pointer}
    assert not Webhook.objects.exists()


def test_one_owner_has_a_bounded_number_of_webhooks(me: Owner) -> None:
    for _ in range(50):
        webhook(owner=me.user)

    assert me.send("post", "webhooks/", url=URL).status_code == 400


def test_what_is_sent_changes_and_the_rest_stays(me: Owner) -> None:
    hook = webhook(URL, owner=me.user, kind="discipline", min_severity=3)

    changed = me.send("patch", f"webhooks/{hook.pk}/", min_severity=1, kind="")

    assert changed.status_code == 200
    hook.refresh_from_db()
    assert (hook.url, hook.kind, hook.min_severity) == (URL, "", 1)
    assert me.send("patch", f"webhooks/{hook.pk}/", url="http://10.0.0.1/").status_code == 400


def test_a_webhook_is_taken_away_with_its_messages(me: Owner) -> None:
    news, hook = story(), webhook(owner=me.user)
    write_messages(news.revision)

    assert me.delete(f"/api/v1/webhooks/{hook.pk}/").status_code == 204
    assert not WebhookMessage.objects.exists()


def test_a_new_secret_is_shown_once_and_the_old_one_holds_for_a_day(me: Owner) -> None:
    hook = webhook(owner=me.user)
    old = hook.secret

    shown = me.post_json(f"webhooks/{hook.pk}/rotate-secret/", 200)

    hook.refresh_from_db()
    assert shown["secret"] == hook.secret != old
    assert hook.secrets_at(timezone.now()) == [hook.secret, old]
    assert hook.secrets_at(timezone.now() + timedelta(hours=25)) == [hook.secret]
    answers = json.dumps([me.read(f"webhooks/{hook.pk}/"), me.read("webhooks/"), me.read("deliveries/")])
    assert "whsec_" not in answers


def test_a_secret_that_leaked_is_ended_at_once(me: Owner) -> None:
    hook = webhook(owner=me.user)

    me.post_json(f"webhooks/{hook.pk}/rotate-secret/", 200, overlap_hours=0)

    hook.refresh_from_db()
    assert hook.secrets_at(timezone.now()) == [hook.secret]
    me.post_json(f"webhooks/{hook.pk}/rotate-secret/", 400, overlap_hours=1000)


def test_it_is_paused_and_resumed(me: Owner) -> None:
    hook = webhook(owner=me.user)

    paused = me.post_json(f"webhooks/{hook.pk}/pause/", 200)
    assert (paused["state"], paused["state_reason"]) == ("paused", "Paused by its owner.")
    assert me.post_json(f"webhooks/{hook.pk}/resume/", 200)["state"] == "active"


@pytest.mark.django_db(transaction=True)
def test_a_test_message_tells_what_the_receiver_made_of_it(me: Owner, settings: Settings) -> None:
    with running_receiver() as receiver:
        settings.WEBHOOK_ALLOWED_HOSTS = [receiver.address]
        hook = webhook(receiver.url, owner=me.user)
        receiver.replies.append(answer("403 Forbidden"))

        refused = me.post_json(f"webhooks/{hook.pk}/ping/", 200)
        taken = me.post_json(f"webhooks/{hook.pk}/ping/", 200)

        assert (refused["taken"], refused["status"]) == (False, 403)
        assert (taken["taken"], taken["problem"]) == (True, "")
        assert receiver.received[1].verified(hook.secret)["type"] == "ping"


@pytest.mark.django_db(transaction=True)
def test_test_messages_are_few(me: Owner, settings: Settings) -> None:
    hook = webhook("https://127.0.0.1/", owner=me.user)

    answers = [me.send("post", f"webhooks/{hook.pk}/ping/").status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


@pytest.mark.django_db(transaction=True)
def test_a_message_is_shown_with_its_attempts_and_sent_again(me: Owner, settings: Settings) -> None:
    with running_receiver() as receiver:
        settings.WEBHOOK_ALLOWED_HOSTS = [receiver.address]
        news, hook = story(), webhook(receiver.url, owner=me.user)
        matched(news.revision)
        _fail(receiver, hook)

        [listed] = me.read("deliveries/", state="failed", webhook=hook.pk, event=news.event)["results"]
        assert (listed["event"], listed["sequence"], listed["type"]) == (
            news.event,
            news.revision.seq,
            "event.published",
        )
        shown = me.read(f"deliveries/{listed['id']}/")
        assert [entry["status"] for entry in shown["log"]] == [500]
        assert shown["problem"] == "The receiver has a fault (HTTP 500)."
        assert me.read(f"webhooks/{hook.pk}/")["failed"] == 1

        again = me.post_json(f"deliveries/{listed['id']}/replay/", 202)
        assert (again["state"], again["attempts"]) == ("pending", 0)
        assert send_webhook(hook.pk) == 1
        assert receiver.ids == [listed["message_id"]] * 2
        assert me.read(f"deliveries/{listed['id']}/")["state"] == "sent"


def _fail(receiver: Receiver, hook: Webhook) -> None:
    receiver.replies.append(answer("500 Internal Server Error"))
    send_webhook(hook.pk)
    hook.messages.update(state="failed")


def test_all_that_failed_or_all_since_is_sent_again(me: Owner) -> None:
    news, hook = story(), webhook(owner=me.user)
    matched(news.revision, news.corrected())
    path = f"webhooks/{hook.pk}/replay/"
    hook.messages.update(state="failed")
    assert me.post_json(path, 202, failed=True) == {"replayed": 2}

    hook.messages.update(state="sent", sent_at=timezone.now())
    assert me.post_json(path, 202, sequence=news.revision.seq + 1) == {"replayed": 1}
    assert me.post_json(path, 202, since=news.revision.recorded_at.isoformat()) == {"replayed": 1}


@pytest.mark.parametrize(
    "members",
    [{}, {"failed": False}, {"failed": True, "sequence": 1}, {"since": "soon"}, {"since": 4}, {"all": True}],
)
def test_a_replay_says_what_is_sent_again(me: Owner, members: dict[str, Any]) -> None:
    hook = webhook(owner=me.user)

    me.post_json(f"webhooks/{hook.pk}/replay/", 400, **members)


def test_lists_are_filtered_and_newest_first(me: Owner) -> None:
    news, hook, second = story(), webhook(owner=me.user), webhook(owner=me.user, kind="sanction")
    later = news.corrected()
    matched(news.revision, later)

    assert [row["sequence"] for row in me.read("deliveries/")["results"]] == [later.seq, news.revision.seq]
    assert me.read("deliveries/", webhook=second.pk)["results"] == []
    assert me.read("deliveries/", state="sent")["results"] == []
    assert len(me.read("webhooks/", state="active")["results"]) == 2
    assert me.refused("deliveries/", state="lost") == {"state"}
    assert me.refused("webhooks/", owner=1) == {"owner"}
    assert me.read(f"webhooks/{hook.pk}/")["waiting"] == 2


@pytest.mark.parametrize("path", ["webhooks/", "deliveries/"])
def test_lists_cost_as_much_with_many_rows(me: Owner, path: str) -> None:
    news = story()

    def counted() -> int:
        me.read(path)
        with CaptureQueriesContext(connection) as captured:
            me.read(path)
        return len(captured)

    webhook(owner=me.user, organization=news.company, executive=news.person)
    matched(news.revision)
    few = counted()
    for _ in range(9):
        webhook(owner=me.user, organization=news.division, executive=news.person)
    matched(news.revision, news.corrected())

    assert len(me.read(path)["results"]) >= 10
    assert counted() == few


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("patch", ""),
        ("delete", ""),
        *[("post", f"{name}/") for name in ("rotate-secret", "pause", "resume", "ping", "replay")],
    ],
)
def test_nobody_sees_or_changes_another_ones_webhook(me: Owner, other: Owner, method: str, path: str) -> None:
    hook = webhook(owner=me.user)
    before = Webhook.objects.values().get()
    members = {"failed": True} if path == "replay/" else {}

    response = other.send(method, f"webhooks/{hook.pk}/{path}", **members)

    assert response.status_code == 404
    assert Webhook.objects.values().get() == before
    assert other.read("webhooks/")["results"] == []


def test_nobody_sees_or_replays_another_ones_messages(me: Owner, other: Owner) -> None:
    news, hook = story(), webhook(owner=me.user)
    matched(news.revision)
    hook.messages.update(state="failed")
    path = f"deliveries/{hook.messages.get().pk}/"

    assert other.read("deliveries/")["results"] == []
    assert other.read("deliveries/", webhook=hook.pk)["results"] == []
    other.read(path, 404)
    assert other.send("post", f"{path}replay/").status_code == 404
    assert hook.messages.get().state == "failed"


@pytest.mark.parametrize("path", ["webhooks/", "deliveries/"])
def test_the_scope_is_asked_for(api: Caller, path: str) -> None:
    api.read(path, 401)
    Owner(owner(), ("read", "export", "subscriptions")).read(path, 403)


def test_the_admin_shows_no_secret(client: Any) -> None:
    news, hook = story(), webhook()
    write_messages(news.revision)
    old = hook.secret
    Webhook.objects.update(old_secret=old, old_secret_until=timezone.now())
    client.force_login(User.objects.create_superuser("root"))
    message = hook.messages.get()

    pages = [
        client.get(f"/admin/events/{path}").content.decode()
        for path in (
            "webhook/",
            f"webhook/{hook.pk}/change/",
            "webhookmessage/",
            f"webhookmessage/{message.pk}/change/",
        )
    ]

    assert hook.url in pages[1]
    for page in pages:
        assert "whsec_" not in page
        assert old.removeprefix("whsec_") not in page
