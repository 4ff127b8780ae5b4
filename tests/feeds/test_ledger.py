"""Rules of the run ledger: every request for a feed or an article is in it, with what came of it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.choices import FetchOutcome, ItemState
from events.feeds import polling, store
from events.models.sources import Feed, FeedItem, FetchRun
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Reply, Request, Site, answer, redirect

pytestmark = pytest.mark.django_db

RSS = (RECORDED / "rss20.xml").read_bytes()
PAGE = (RECORDED / "article_en.html").read_bytes()


def make_item(site: Site, path: str = "/article", **values: object) -> FeedItem:
    feed, _ = Feed.objects.get_or_create(url=site.url("/feed"))
    guid = store.guid_key(str(FeedItem.objects.count()))
    return FeedItem.objects.create(feed=feed, guid=guid, url=site.url(path), title="Entry", **values)


def test_a_poll_is_in_the_ledger_with_its_time_and_size(allowed_site: Site) -> None:
    def late(request: Request, to: object) -> None:
        time.sleep(0.1)
        answer(RSS)(request, to)  # type: ignore[arg-type]

    allowed_site.pages["/feed"] = late
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    run = polling.poll_feed(feed.pk)
    assert run is not None
    kept = FetchRun.objects.get()
    assert (kept.pk, kept.feed, kept.item) == (run.pk, feed, None)
    assert (kept.outcome, kept.status_code, kept.size) == (FetchOutcome.NEW_ITEMS, 200, len(RSS))
    assert (kept.items_seen, kept.items_new, kept.error) == (3, 3, "")
    assert kept.elapsed >= 100
    assert kept.finished_at is not None
    assert kept.started_at < kept.finished_at


def test_a_new_article_is_in_the_ledger(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    item = make_item(allowed_site)
    polling.fetch_item(item.pk)
    run = FetchRun.objects.get()
    assert (run.feed, run.item, run.outcome) == (item.feed, item, FetchOutcome.NEW_ITEMS)
    assert (run.status_code, run.size, run.items_new) == (200, len(PAGE), 1)


def test_an_article_that_is_there_already_is_told_as_unchanged(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    item = make_item(allowed_site)
    polling.fetch_item(item.pk)
    polling.fetch_item(item.pk, force=True)
    assert [run.outcome for run in FetchRun.objects.order_by("id")] == [
        FetchOutcome.NEW_ITEMS,
        FetchOutcome.UNCHANGED,
    ]


@pytest.mark.parametrize(
    ("reply", "outcome", "status"),
    [
        (answer(status="404 Not Found"), FetchOutcome.HTTP_ERROR, 404),
        (answer(status="503 Busy"), FetchOutcome.HTTP_ERROR, 503),
        (answer(b"x" * 400_000), FetchOutcome.TOO_LARGE, None),
        (redirect("http://169.254.169.254/"), FetchOutcome.REFUSED, None),
        (redirect("/article"), FetchOutcome.UNREACHABLE, None),
        (answer((RECORDED / "no_text.html").read_bytes(), content_type="text/html"), FetchOutcome.EMPTY, 200),
    ],
)
def test_an_article_that_cannot_be_had_is_in_the_ledger_in_plain_words(
    allowed_site: Site, reply: Reply, outcome: FetchOutcome, status: int | None
) -> None:
    allowed_site.pages["/article"] = reply
    item = make_item(allowed_site)
    polling.fetch_item(item.pk)
    run = FetchRun.objects.get()
    item.refresh_from_db()
    assert (run.item, run.outcome, run.status_code, run.items_new) == (item, outcome, status, 0)
    assert run.error == item.error != ""


def test_what_asks_for_nothing_is_in_no_ledger(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    polling.fetch_item(make_item(allowed_site).pk)
    known, headline = make_item(allowed_site), make_item(allowed_site)
    FeedItem.objects.filter(pk=headline.pk).update(url="")
    polling.fetch_item(known.pk)
    polling.fetch_item(headline.pk)
    assert FetchRun.objects.count() == 1
    assert set(FeedItem.objects.values_list("state", flat=True)) == {ItemState.STORED, ItemState.DUPLICATE}


def test_a_worker_that_was_too_slow_is_in_the_ledger_and_changes_nothing_else(allowed_site: Site) -> None:
    item = make_item(allowed_site)
    now = timezone.now()
    slow = store.claim_item(item.pk, now - timedelta(hours=1), force=True)
    assert slow is not None
    allowed_site.serve("/article", PAGE, "text/html")
    polling.fetch_item(item.pk)
    attempt = store.Attempt(slow, now, failure=RuntimeError("late"))
    store.item_failed(attempt, "late")
    item.refresh_from_db()
    assert (item.state, item.error) == (ItemState.STORED, "")
    assert FetchRun.objects.order_by("id").last().error == "late"  # type: ignore[union-attr]


def test_words_that_a_database_cannot_store_are_no_reason_to_lose_a_run(allowed_site: Site) -> None:
    item = make_item(allowed_site)
    claimed = store.claim_item(item.pk, timezone.now())
    assert claimed is not None
    store.item_failed(store.Attempt(claimed, timezone.now(), failure=RuntimeError()), "a\0b" + "c" * 9_000)
    run = FetchRun.objects.get()
    assert run.error.startswith("a\ufffdb")
    assert len(run.error) == 2_000


def test_an_article_is_stored_with_few_statements(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    allowed_site.serve("/other", PAGE.replace(b"Northwind", b"Southwind"), "text/html")
    polling.fetch_item(make_item(allowed_site).pk)
    item = make_item(allowed_site, "/other")
    with CaptureQueriesContext(connection) as queries:
        polling.fetch_item(item.pk)
    assert len(queries) <= 15, [query["sql"][:90] for query in queries]
