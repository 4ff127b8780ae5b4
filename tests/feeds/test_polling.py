"""Rules of polling: what feeds bring is stored once, what fails is kept in plain words, nothing is lost."""

from __future__ import annotations

import gzip
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.choices import FeedState, FetchOutcome
from events.feeds import polling, store
from events.feeds.health import health_in_words
from events.models.sources import Feed, FeedItem, FetchRun
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Reply, Site, answer, conditional, free_port, raw, redirect

pytestmark = pytest.mark.django_db

RSS = (RECORDED / "rss20.xml").read_bytes()


def make_feed(site: Site, path: str = "/feed", **values: object) -> Feed:
    return Feed.objects.create(url=site.url(path), **values)


def poll(feed: Feed, *, force: bool = True) -> FetchRun:
    run = polling.poll_feed(feed.pk, force=force)
    assert run is not None
    feed.refresh_from_db()
    return run


def test_a_poll_stores_the_entries_of_a_feed(allowed_site: Site) -> None:
    allowed_site.serve("/feed", RSS)
    feed = make_feed(allowed_site)
    run = poll(feed)
    assert (run.outcome, run.items_seen, run.items_new) == (FetchOutcome.NEW_ITEMS, 3, 3)
    assert (run.status_code, run.size) == (200, len(RSS))
    assert (feed.state, feed.title, feed.failures, feed.error) == (
        FeedState.HEALTHY,
        "Example Business & Boards",
        0,
        "",
    )
    assert feed.claimed_until is None
    assert feed.next_poll_at > timezone.now() + timedelta(minutes=20)
    item = FeedItem.objects.get(url=allowed_site.url("/2025/11/northwind-ceo?id=7&page=1"))
    assert item.title == "Northwind names Ada Brook chief executive"
    assert item.authors == ["Jo Reed"]


def test_polling_the_same_bytes_twice_adds_nothing(allowed_site: Site) -> None:
    allowed_site.serve("/feed", RSS)
    feed = make_feed(allowed_site)
    poll(feed)
    run = poll(feed)
    assert (run.outcome, run.items_seen, run.items_new) == (FetchOutcome.UNCHANGED, 3, 0)
    assert FeedItem.objects.count() == 3


def test_a_feed_that_answers_304_keeps_its_items(allowed_site: Site) -> None:
    allowed_site.pages["/feed"] = conditional(RSS, '"v1"')
    feed = make_feed(allowed_site)
    poll(feed)
    run = poll(feed)
    assert (run.outcome, run.status_code) == (FetchOutcome.UNCHANGED, 304)
    assert feed.etag == '"v1"'
    assert FeedItem.objects.count() == 3
    assert allowed_site.requests[1].headers["if-none-match"] == '"v1"'


def test_a_poll_that_brings_nothing_new_costs_at_most_three_statements(allowed_site: Site) -> None:
    allowed_site.pages["/not-modified"] = conditional(RSS, '"v1"')
    allowed_site.serve("/same-entries", RSS)
    for path in ("/not-modified", "/same-entries"):
        feed = make_feed(allowed_site, path)
        poll(feed)
        with CaptureQueriesContext(connection) as queries:
            run = polling.poll_feed(feed.pk, force=True)
        assert run is not None
        assert (run.outcome, run.items_new) == (FetchOutcome.UNCHANGED, 0)
        assert len(queries) <= 3, [query["sql"] for query in queries]


@pytest.mark.parametrize(
    ("reply", "outcome", "word"),
    [
        (answer(b""), FetchOutcome.EMPTY, "nothing"),
        (answer(b" \r\n"), FetchOutcome.EMPTY, "nothing"),
        (answer(b"<html><body>Hi</body></html>"), FetchOutcome.NOT_A_FEED, "web page"),
        (answer(b"x" * 400_000), FetchOutcome.TOO_LARGE, "at most"),
        (
            answer(gzip.compress(b"x" * 4_000_000), content_encoding="gzip"),
            FetchOutcome.TOO_LARGE,
            "inflates",
        ),
        (answer(b"", status="404 Not Found"), FetchOutcome.HTTP_ERROR, "404"),
        (answer(b"", status="500 Oops"), FetchOutcome.HTTP_ERROR, "500"),
        (redirect("http://169.254.169.254/"), FetchOutcome.REFUSED, "metadata"),
        (raw(b"\0\0\0"), FetchOutcome.UNREACHABLE, "HTTP"),
    ],
)
def test_a_poll_that_fails_says_why_and_keeps_the_items(
    allowed_site: Site, reply: Reply, outcome: FetchOutcome, word: str
) -> None:
    allowed_site.serve("/feed", RSS)
    feed = make_feed(allowed_site)
    poll(feed)
    allowed_site.pages["/feed"] = reply
    run = poll(feed)
    assert run.outcome == outcome
    assert word in run.error
    assert (feed.state, feed.failures, feed.error) == (FeedState.FAILING, 1, run.error)
    assert feed.claimed_until is None
    assert feed.next_poll_at > timezone.now()
    assert FeedItem.objects.count() == 3


def test_a_feed_without_a_server_is_unreachable(allowed_site: Site, settings: object) -> None:
    address = f"127.0.0.1:{free_port()}"
    settings.FETCH_ALLOWED_HOSTS = [address]  # type: ignore[attr-defined]
    feed = Feed.objects.create(url=f"http://{address}/feed")
    run = poll(feed)
    assert run.outcome == FetchOutcome.UNREACHABLE
    assert health_in_words(feed, timezone.now()).startswith("Failed once, it never worked: No connection")


def test_a_private_address_is_refused_unless_it_is_allowed(site: Site) -> None:
    site.serve("/feed", RSS)
    run = poll(make_feed(site))
    assert run.outcome == FetchOutcome.REFUSED
    assert site.requests == []


def test_failures_back_off_and_a_success_forgets_them(allowed_site: Site) -> None:
    feed = make_feed(allowed_site, interval=timedelta(hours=1))
    for _ in range(4):
        poll(feed)
    assert feed.failures == 4
    assert feed.next_poll_at > timezone.now() + timedelta(hours=7)
    allowed_site.serve("/feed", RSS)
    poll(feed)
    assert (feed.failures, feed.state, feed.error) == (0, FeedState.HEALTHY, "")


def test_a_feed_that_is_gone_is_retired(allowed_site: Site) -> None:
    allowed_site.pages["/feed"] = answer(b"", status="410 Gone")
    feed = make_feed(allowed_site)
    poll(feed)
    assert (feed.state, feed.is_active) == (FeedState.GONE, False)
    assert polling.due_feeds(timezone.now() + timedelta(days=400)) == []


def test_retry_after_delays_the_next_poll(allowed_site: Site) -> None:
    allowed_site.pages["/feed"] = answer(status="429 Slow down", retry_after="100000")
    feed = make_feed(allowed_site)
    poll(feed)
    assert feed.next_poll_at > timezone.now() + timedelta(seconds=99_000)


def test_a_permanent_redirect_moves_the_feed(allowed_site: Site) -> None:
    allowed_site.pages["/feed"] = redirect("/new", "301 Moved Permanently")
    allowed_site.serve("/new", RSS)
    feed = make_feed(allowed_site)
    poll(feed)
    assert feed.url == allowed_site.url("/new")


def test_a_permanent_redirect_to_another_feeds_address_is_told_and_loses_nothing(allowed_site: Site) -> None:
    allowed_site.pages["/feed"] = redirect("/new", "301 Moved Permanently")
    allowed_site.serve("/new", RSS)
    make_feed(allowed_site, "/new")
    feed = make_feed(allowed_site)
    assert poll(feed).items_new == 3
    assert feed.url == allowed_site.url("/feed")
    assert "another feed" in feed.error


def test_a_broken_feed_keeps_its_good_entries_and_says_so(allowed_site: Site) -> None:
    allowed_site.serve("/feed", (RECORDED / "broken.xml").read_bytes())
    feed = make_feed(allowed_site)
    assert poll(feed).items_new >= 5
    assert feed.state == FeedState.HEALTHY
    assert "not well-formed" in feed.error


def test_a_feed_cut_off_on_the_way_keeps_its_good_entries_and_is_asked_for_whole(allowed_site: Site) -> None:
    allowed_site.serve("/feed", RSS[:-400], content_length=str(len(RSS)), etag='"v1"')
    feed = make_feed(allowed_site)
    assert poll(feed).items_new >= 2
    assert feed.etag == ""


def test_a_valid_feed_that_lists_nothing_is_empty_but_healthy(allowed_site: Site) -> None:
    allowed_site.serve("/feed", b"<rss version='2.0'><channel><title>T</title></channel></rss>")
    feed = make_feed(allowed_site)
    assert poll(feed).outcome == FetchOutcome.EMPTY
    assert (feed.state, feed.error) == (FeedState.HEALTHY, "The feed is valid but lists nothing.")


def test_a_date_in_the_future_is_no_date_of_publication(allowed_site: Site) -> None:
    ahead = (timezone.now() + timedelta(days=30)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    item = f"<item><guid>a</guid><pubDate>{ahead}</pubDate></item>"
    allowed_site.serve("/feed", f"<rss><channel>{item}</channel></rss>".encode())
    poll(make_feed(allowed_site))
    assert FeedItem.objects.get().published_at is None


def test_only_feeds_that_are_due_active_and_free_are_handed_out(allowed_site: Site) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    due = make_feed(allowed_site, "/due", next_poll_at=now - hour)
    first = make_feed(allowed_site, "/first", next_poll_at=now - 2 * hour)
    expired = make_feed(allowed_site, "/expired", next_poll_at=now - hour / 2, claimed_until=now - hour)
    make_feed(allowed_site, "/later", next_poll_at=now + hour)
    make_feed(allowed_site, "/paused", next_poll_at=now - hour, is_active=False)
    make_feed(allowed_site, "/held", next_poll_at=now - hour, claimed_until=now + hour)
    assert polling.due_feeds(now) == [first.pk, due.pk, expired.pk]


def test_a_feed_that_is_not_due_is_polled_by_force_only(allowed_site: Site) -> None:
    allowed_site.serve("/feed", RSS)
    feed = make_feed(allowed_site, next_poll_at=timezone.now() + timedelta(hours=1))
    assert polling.poll_feed(feed.pk) is None
    assert polling.poll_feed(feed.pk, force=True) is not None
    assert polling.poll_feed(-1) is None


def test_a_worker_that_was_too_slow_does_not_undo_anothers_poll(allowed_site: Site) -> None:
    allowed_site.serve("/feed", RSS)
    feed = make_feed(allowed_site)
    slow = store.claim_feed(feed.pk, timezone.now() - timedelta(hours=1))
    assert slow is None  # not due an hour ago
    slow = store.claim_feed(feed.pk, timezone.now() - timedelta(hours=1), force=True)
    assert slow is not None
    poll(feed)
    store.record_failure(slow, RuntimeError("late"), "late")
    feed.refresh_from_db()
    assert feed.state == FeedState.HEALTHY


@pytest.mark.django_db(transaction=True)
def test_many_workers_poll_a_feed_once(allowed_site: Site) -> None:
    allowed_site.serve("/feed", RSS)
    feed = make_feed(allowed_site)
    together = threading.Barrier(6)
    runs: list[FetchRun | None] = []

    def work() -> None:
        together.wait()
        try:
            runs.append(polling.poll_feed(feed.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([run for run in runs if run is not None]) == 1
    assert len(allowed_site.requests) == 1
    assert FeedItem.objects.count() == 3
