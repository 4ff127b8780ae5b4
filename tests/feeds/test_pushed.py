"""Rules of what hubs push: it is taken when it is theirs, once, and polling finds what they leave out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from events.choices import FetchOutcome
from events.feeds import polling
from events.models.sources import Feed, FeedItem, FetchRun, HubSubscription
from tests.feeds.hubs import Hub, body, call, subscribed
from tests.feeds.servers import Site

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_hub_pushes_goes_the_way_of_what_is_polled(hub: Hub, allowed_site: Site) -> None:
    row = subscribed(hub, allowed_site)
    answer = hub.publish(body(hub, allowed_site, "2"))
    assert answer.status == 202
    assert set(FeedItem.objects.values_list("title", flat=True)) == {"News 1", "News 2"}
    run = FetchRun.objects.latest("pk")
    assert (run.feed_id, run.outcome, run.items_seen, run.items_new) == (
        row.feed_id,
        FetchOutcome.PUSHED,
        1,
        1,
    )
    row.refresh_from_db()
    assert row.last_push_at is not None
    assert row.feed.last_item_at is not None


def test_what_is_pushed_twice_or_pushed_and_polled_is_kept_once(hub: Hub, allowed_site: Site) -> None:
    row = subscribed(hub, allowed_site)
    allowed_site.serve("/feed", body(hub, allowed_site, "2"))
    hub.publish(body(hub, allowed_site, "2"))
    hub.publish(body(hub, allowed_site, "2"))
    run = polling.poll_feed(row.feed_id, force=True)
    assert run is not None
    assert run.items_new == 0
    assert FeedItem.objects.count() == 2


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
def test_each_method_that_still_proves_something_is_taken(hub: Hub, allowed_site: Site, method: str) -> None:
    subscribed(hub, allowed_site)
    hub.publish(body(hub, allowed_site, "2"), method=method)
    assert FeedItem.objects.filter(title="News 2").exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"method": "sha1"},
        {"secret": "guessed"},
        {"signature": "sha256="},
        {"signature": "sha256"},
        {"signature": "md5=00"},
        {"signature": "sha256=é"},
    ],
)
def test_what_is_not_signed_by_the_hub_is_ignored_and_the_sender_not_told(
    hub: Hub, allowed_site: Site, bad: dict[str, str]
) -> None:
    subscribed(hub, allowed_site)
    answer = hub.publish(body(hub, allowed_site, "2"), **bad)
    assert answer.status == hub.publish(body(hub, allowed_site, "1")).status
    assert not FeedItem.objects.filter(title="News 2").exists()


def test_a_message_without_a_signature_is_ignored(hub: Hub, allowed_site: Site) -> None:
    subscribed(hub, allowed_site)
    assert call(hub.forms[0]["hub.callback"], body(hub, allowed_site, "2")).status == 202
    assert FeedItem.objects.count() == 1


def test_a_message_larger_than_a_feed_may_be_is_refused(hub: Hub, allowed_site: Site) -> None:
    subscribed(hub, allowed_site)
    assert hub.publish(b" " * 300_001).status == 413
    assert hub.publish(b" " * 250_000 + body(hub, allowed_site, "2")).status == 202
    assert FeedItem.objects.count() == 2


def test_a_signed_message_that_is_no_feed_is_in_the_ledger_and_harms_nothing(
    hub: Hub, allowed_site: Site
) -> None:
    row = subscribed(hub, allowed_site)
    assert hub.publish(b"<html>").status == 202
    assert FetchRun.objects.latest("pk").outcome == FetchOutcome.NOT_A_FEED
    row.feed.refresh_from_db()
    assert row.feed.failures == 0


def test_polling_goes_on_beside_the_hub_but_less_often(hub: Hub, allowed_site: Site) -> None:
    row = subscribed(hub, allowed_site)
    plain = Feed.objects.create(url=allowed_site.url("/plain"))
    allowed_site.serve("/plain", b"<rss><channel><item><guid>1</guid></item></channel></rss>")
    for pk in (row.feed_id, plain.pk):
        Feed.objects.filter(pk=pk).update(rhythm=timedelta(minutes=30))
        polling.poll_feed(pk, force=True)
    beside, alone = Feed.objects.get(pk=row.feed_id), Feed.objects.get(pk=plain.pk)
    assert beside.next_poll_at - timezone.now() > 2 * (alone.next_poll_at - timezone.now())
    assert beside.next_poll_at - timezone.now() < timedelta(hours=7)


def test_polling_returns_to_its_rhythm_when_the_lease_has_ended(hub: Hub, allowed_site: Site) -> None:
    row = subscribed(hub, allowed_site)
    HubSubscription.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    Feed.objects.update(rhythm=timedelta(minutes=30), interval=timedelta(minutes=30))
    polling.poll_feed(row.feed_id, force=True)
    assert Feed.objects.get().next_poll_at - timezone.now() < timedelta(minutes=34)
