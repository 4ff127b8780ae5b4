"""Rules of subscribing at hubs: for what we mean, while we want it, and whatever a hub does."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from events import checks, tasks
from events.choices import PushState
from events.feeds import polling, push
from events.models.sources import Feed, HubSubscription
from tests.feeds.hubs import CHALLENGE, Hub, body, call, feed_of, make_due, subscribed, with_query
from tests.feeds.servers import Site, dripping, raw, redirect, silent

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_feed_that_names_a_hub_is_subscribed_to_once_the_hub_has_asked_back(
    hub: Hub, allowed_site: Site
) -> None:
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    assert (row.state, row.hub, row.topic) == (PushState.PENDING, hub.url, allowed_site.url("/topic"))
    assert push.due_pushes() == [row.pk]
    push.renew_push(row.pk)
    row.refresh_from_db()
    form = hub.forms[0]
    assert (form["hub.mode"], form["hub.topic"], form["hub.secret"]) == ("subscribe", row.topic, row.secret)
    assert form["hub.callback"].endswith(reverse("web:websub", args=[row.token]))
    assert (hub.answers[0].status, hub.answers[0].body) == (200, CHALLENGE.encode())
    assert hub.answers[0].content_type.startswith("text/plain")
    assert row.state == PushState.ACTIVE
    assert row.lease_until is not None
    assert timedelta(hours=23) < row.lease_until - timezone.now() <= timedelta(days=1)
    assert row.next_attempt_at < row.lease_until
    assert push.due_pushes() == []


def test_a_hub_may_ask_back_later(hub: Hub, allowed_site: Site) -> None:
    hub.verifies = False
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    push.renew_push(row.pk)
    row.refresh_from_db()
    assert (row.state, row.claimed_until) == (PushState.PENDING, None)
    assert row.next_attempt_at > timezone.now()
    hub.verify(hub.forms[0])
    row.refresh_from_db()
    assert row.state == PushState.ACTIVE


def test_nothing_is_asked_of_hubs_unless_websub_is_on(
    hub: Hub, allowed_site: Site, settings: Settings
) -> None:
    settings.WEBSUB = False
    feed_of(hub, allowed_site)
    assert not HubSubscription.objects.exists()
    settings.WEBSUB, settings.SITE_URL = True, "http://tracker.example.com"
    assert not push.enabled()
    assert [message.id for message in checks.push(None)] == ["events.W005"]
    settings.SITE_URL = "https://tracker.example.com"
    assert push.enabled()
    assert checks.push(None) == []


def test_a_hub_without_tls_is_not_told_a_secret(hub: Hub, allowed_site: Site, settings: Settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = [allowed_site.address]
    feed_of(hub, allowed_site)
    assert not HubSubscription.objects.exists()


def test_requests_to_hubs_pass_the_guard(hub: Hub, allowed_site: Site, settings: Settings) -> None:
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    settings.FETCH_ALLOWED_HOSTS = [allowed_site.address]
    found = push.renew_push(row.pk)
    assert found is not None
    assert (found.state, hub.forms) == (PushState.FAILED, [])
    assert "loopback" in found.error


def test_a_redirect_of_a_hub_is_followed_and_guarded(hub: Hub, allowed_site: Site) -> None:
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    hub.status, hub.location = 307, "/other"
    push.renew_push(row.pk)
    assert [form["hub.mode"] for form in hub.forms] == ["subscribe", "subscribe"]
    row.refresh_from_db()
    assert row.state == PushState.ACTIVE
    make_due(row)
    hub.location = "http://10.1.2.3/hub"
    found = push.renew_push(row.pk)
    assert found is not None
    assert "private" in found.error


@pytest.mark.parametrize(
    "changed",
    [
        {"topic": "https://else.example.org/feed"},
        {"topic": ""},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"mode": ""},
        {"challenge": ""},
        {"challenge": "x" * 5_000},
    ],
)
def test_a_question_about_what_we_did_not_mean_is_not_confirmed(
    hub: Hub, allowed_site: Site, changed: dict[str, str]
) -> None:
    hub.verifies = False
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    push.renew_push(row.pk)
    answer = hub.verify(hub.forms[0], **changed)
    assert (answer.status, answer.body) == (404, b"")
    row.refresh_from_db()
    assert row.state == PushState.PENDING


def test_an_unknown_token_is_told_nothing(hub: Hub, allowed_site: Site) -> None:
    row = subscribed(hub, allowed_site)
    form = hub.forms[0]
    unknown = form["hub.callback"].replace(row.token, "x" * 43)
    query = {"hub.mode": "subscribe", "hub.topic": row.topic, "hub.challenge": CHALLENGE}
    asked, sent = call(with_query(unknown, query)), call(unknown, b"<rss/>")
    assert (asked.status, asked.body) == (404, b"")
    assert (sent.status, sent.body) == (404, b"")


def test_a_subscription_is_renewed_before_it_ends_with_the_same_secret(hub: Hub, allowed_site: Site) -> None:
    row = subscribed(hub, allowed_site)
    before = row.lease_until
    make_due(row)
    again = push.renew_push(row.pk)
    assert again is not None
    assert before is not None
    assert again.lease_until is not None
    assert again.lease_until > before
    assert (again.token, again.secret, again.attempts) == (row.token, row.secret, 0)


def test_a_hub_that_fails_is_asked_again_later_and_later_and_an_open_lease_stays(
    hub: Hub, allowed_site: Site
) -> None:
    row = subscribed(hub, allowed_site)
    hub.status, hub.words = 503, b"<h1>We are <script>x()</script>down</h1>"
    waits = []
    for _ in range(3):
        make_due(row)
        found = push.renew_push(row.pk)
        assert found is not None
        assert (found.state, found.error) == (
            PushState.ACTIVE,
            "The hub answers with an error (HTTP 503). We are down",
        )
        waits.append(found.next_attempt_at - timezone.now())
    assert waits[0] * 1.5 < waits[1]
    assert waits[1] * 1.5 < waits[2]
    HubSubscription.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    make_due(row)
    found = push.renew_push(row.pk)
    assert found is not None
    assert found.state == PushState.FAILED


def test_a_hub_that_says_no_is_left_alone_for_a_week(hub: Hub, allowed_site: Site) -> None:
    hub.verifies = False
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    push.renew_push(row.pk)
    query = {"hub.mode": "denied", "hub.topic": row.topic, "hub.reason": "No <b>room</b>"}
    assert call(with_query(hub.forms[0]["hub.callback"], query)).status == 200
    row.refresh_from_db()
    assert (row.state, row.error) == (PushState.REFUSED, "The hub refuses. No room")
    assert push.due_pushes() == []
    assert hub.verify(hub.forms[0]).status == 404
    make_due(row)
    hub.verifies = True
    found = push.renew_push(row.pk)
    assert found is not None
    assert found.state == PushState.ACTIVE
    assert found.token != row.token


def test_a_paused_feed_is_unsubscribed_and_a_resumed_one_subscribed_again(
    hub: Hub, allowed_site: Site
) -> None:
    row = subscribed(hub, allowed_site)
    Feed.objects.update(is_active=False)
    assert push.due_pushes() == [row.pk]
    found = push.renew_push(row.pk)
    assert found is not None
    assert found.state == PushState.ENDED
    assert hub.forms[-1]["hub.mode"] == "unsubscribe"
    assert "hub.secret" not in hub.forms[-1]
    assert hub.answers[-1].body == CHALLENGE.encode()
    assert hub.publish(body(hub, allowed_site, "2")).status == 410
    assert push.due_pushes() == []
    Feed.objects.update(is_active=True)
    again = push.renew_push(row.pk)
    assert again is not None
    assert again.state == PushState.ACTIVE
    assert again.secret != row.secret


def test_a_hub_cannot_end_a_subscription_that_we_want(hub: Hub, allowed_site: Site) -> None:
    row = subscribed(hub, allowed_site)
    assert hub.verify({**hub.forms[0], "hub.mode": "unsubscribe"}).status == 404
    row.refresh_from_db()
    assert row.state == PushState.ACTIVE


def test_a_feed_that_moves_to_another_hub_is_subscribed_there_with_another_secret(
    hub: Hub, allowed_site: Site
) -> None:
    row = subscribed(hub, allowed_site)
    moved = body(hub, allowed_site, "2").replace(hub.url.encode(), hub.url.encode() + b"-new")
    allowed_site.serve("/feed", moved)
    polling.poll_feed(row.feed_id, force=True)
    found = HubSubscription.objects.get()
    assert (found.hub, found.state, found.lease_until) == (hub.url + "-new", PushState.PENDING, None)
    assert found.secret != row.secret
    assert found.token != row.token


def test_of_many_workers_one_asks_the_hub(hub: Hub, allowed_site: Site) -> None:
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    start = threading.Barrier(6)

    def work() -> None:
        try:
            start.wait(20)
            push.renew_push(row.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(hub.forms) == 1


@pytest.mark.parametrize("fault", ["silent", "dripping", "endless", "garbage", "closed", "loop", "nowhere"])
def test_no_hub_can_hold_a_worker_or_break_it(
    hub: Hub, allowed_site: Site, settings: Settings, fault: str
) -> None:
    settings.FETCH_TIMEOUT = 1
    site = allowed_site
    head = b"HTTP/1.1 202 Accepted\r\nConnection: close\r\n\r\n"
    site.pages["/hub"] = {
        "silent": silent(site),
        "dripping": dripping(site, b"HTTP/1.1 500 Fault\r\nX: ", b"x"),
        "endless": dripping(site, head.replace(b"202", b"500"), b"x" * 100_000),
        "garbage": raw(b"\x00\xffgarbage\r\n\r\n"),
        "closed": raw(),
        "loop": redirect("/hub", "307 Temporary Redirect"),
        "nowhere": redirect("http://[bad", "308 Permanent Redirect"),
    }[fault]
    hub.address = site.address
    row = HubSubscription.objects.get(feed=feed_of(hub, site))
    found = push.renew_push(row.pk)
    assert found is not None
    assert (found.state, found.claimed_until, found.attempts) == (PushState.FAILED, None, 1)
    assert found.error
    assert len(found.error) < 500
    assert found.next_attempt_at > timezone.now()


def test_the_workers_ask_hubs_at_each_tick(hub: Hub, allowed_site: Site, settings: Settings) -> None:
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    assert settings.CELERY_BEAT_SCHEDULE["renew_due_pushes"]["task"] == tasks.renew_due_pushes.name
    tasks.renew_push(row.pk)
    row.refresh_from_db()
    assert row.state == PushState.ACTIVE


def test_a_broken_off_worker_gives_its_claim_back_in_time(hub: Hub, allowed_site: Site) -> None:
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    HubSubscription.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert push.due_pushes() == []
    assert push.renew_push(row.pk) is None
    HubSubscription.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert push.due_pushes() == [row.pk]
    assert push.renew_push(row.pk) is not None


def test_the_shortest_lease_does_not_make_us_hammer_a_hub_and_none_is_endless(
    hub: Hub, allowed_site: Site
) -> None:
    row = HubSubscription.objects.get(feed=feed_of(hub, allowed_site))
    for lease, expected in ((1, timedelta(seconds=1)), (10**9, timedelta(days=90))):
        hub.lease = lease
        make_due(row)
        before = timezone.now()
        found = push.renew_push(row.pk)
        assert found is not None
        assert found.lease_until is not None
        assert before + expected <= found.lease_until <= timezone.now() + expected
        assert found.next_attempt_at >= before + timedelta(minutes=5)


def test_only_get_and_post_are_answered(client: Client) -> None:
    assert client.put(reverse("web:websub", args=["x"])).status_code == 405
