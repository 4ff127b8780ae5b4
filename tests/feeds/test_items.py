"""Rules of the way from a feed entry to a document: no entry is lost, no article is kept twice."""

from __future__ import annotations

import threading
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.choices import DocumentState, ItemState
from events.feeds import polling, store
from events.feeds.documents import FEED_CONTENT_TYPE
from events.models.sources import Document, Feed, FeedItem, Story
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Site, answer, redirect

pytestmark = pytest.mark.django_db

PAGE = (RECORDED / "article_en.html").read_bytes()
FEED_TEXT = "<p>Northwind chose Ada Brook as its chief executive, the feed itself says.</p>"
WHEN = datetime(2025, 11, 17, 9, tzinfo=UTC)


def make_item(site: Site, path: str = "/article", **values: object) -> FeedItem:
    number = FeedItem.objects.count()
    feed, _ = Feed.objects.get_or_create(url=site.url(str(values.pop("feed", "/feed"))))
    fields: dict[str, object] = {"url": site.url(path), "title": f"Entry {number}", "published_at": WHEN}
    return FeedItem.objects.create(feed=feed, guid=store.guid_key(str(number)), **{**fields, **values})


def fetched(item: FeedItem, *, force: bool = False) -> Document | None:
    document = polling.fetch_item(item.pk, force=force)
    item.refresh_from_db()
    return document


def test_an_entrys_article_becomes_a_document(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html; charset=utf-8")
    item = make_item(allowed_site)
    document = fetched(item)
    assert document is not None
    assert (item.state, item.document, item.error, item.claimed_until) == (
        ItemState.STORED,
        document,
        "",
        None,
    )
    assert (document.url, document.version, document.is_latest) == (allowed_site.url("/article"), 1, True)
    assert document.title == "Northwind names Ada Brook chief executive"
    assert document.feed == item.feed
    assert (document.published_at, document.language, document.authors) == (WHEN, "en", ["Jo Reed"])
    assert document.state == DocumentState.FETCHED
    document.refresh_from_db()
    assert zlib.decompress(document.raw) == PAGE
    assert document.story is not None
    assert document.story.first_document == document


def test_an_entry_takes_eight_statements_on_its_way_to_a_document(
    allowed_site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    item = make_item(allowed_site)

    # Claim, savepoint (BEGIN outside of tests), lock, look-up, what tells the same, the document with its story, the
    # entry with its run, end of the savepoint (COMMIT).
    with django_assert_num_queries(8):
        document = polling.fetch_item(item.pk)

    assert document is not None


def test_fetching_an_entry_again_adds_nothing(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    item = make_item(allowed_site)
    first = fetched(item)
    assert polling.fetch_item(item.pk) is None
    assert fetched(item, force=True) == first
    assert (Document.objects.count(), Story.objects.count()) == (1, 1)


def test_a_page_whose_text_changed_gets_a_new_version(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    item = make_item(allowed_site)
    first = fetched(item)
    allowed_site.serve("/article", PAGE.replace(b"forty people", b"sixty people"), "text/html")
    second = fetched(item, force=True)
    assert first is not None
    assert second is not None
    first.refresh_from_db()
    assert (first.version, first.is_latest) == (1, False)
    assert (second.version, second.is_latest) == (2, True)
    assert "forty people" in first.text
    assert "sixty people" in second.text
    assert first.story == second.story


def test_a_page_that_two_feeds_list_is_fetched_once(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    first, second = make_item(allowed_site), make_item(allowed_site, feed="/other-feed")
    assert fetched(first) == fetched(second)
    assert second.state == ItemState.DUPLICATE
    assert len(allowed_site.asked("/article")) == 1


def test_a_copy_at_another_address_is_the_same_document(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    allowed_site.serve("/copy", PAGE, "text/html")
    first, second = make_item(allowed_site), make_item(allowed_site, "/copy")
    assert fetched(first) == fetched(second)
    assert second.state == ItemState.DUPLICATE


def test_the_same_notice_under_other_titles_is_not_the_same_article(allowed_site: Site) -> None:
    notice = "Please sign in to read this page. " * 12
    for path in ("/one", "/two"):
        allowed_site.serve(path, f"Title of {path} which is its own\n\n{notice}".encode(), "text/plain")
    documents = [fetched(make_item(allowed_site, path)) for path in ("/one", "/two")]
    assert documents[0] != documents[1]


def test_an_edited_copy_belongs_to_the_same_story_and_other_news_does_not(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    edited = PAGE.replace(b"forty people", b"some 40 people").replace(
        b"names Ada Brook chief", b"names Brook chief"
    )
    allowed_site.serve("/edited", edited, "text/html")
    allowed_site.serve("/other", (RECORDED / "article_zh.html").read_bytes(), "text/html")
    first, edited_document, other = (
        fetched(make_item(allowed_site, p)) for p in ("/article", "/edited", "/other")
    )
    assert first is not None
    assert edited_document is not None
    assert other is not None
    assert first != edited_document
    assert first.story == edited_document.story
    assert other.story != first.story


def test_the_first_report_of_a_story_is_the_one_published_first(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    allowed_site.serve("/edited", PAGE.replace(b"forty", b"40"), "text/html")
    fetched(make_item(allowed_site))
    earlier = fetched(make_item(allowed_site, "/edited", published_at=WHEN - timedelta(hours=5)))
    assert Story.objects.get().first_document == earlier


def test_a_page_that_is_missing_gives_way_to_the_feeds_own_text(allowed_site: Site) -> None:
    item = make_item(allowed_site, content=FEED_TEXT, title="Northwind chooses")
    document = fetched(item)
    assert document is not None
    assert document.text == "Northwind chose Ada Brook as its chief executive, the feed itself says."
    assert (document.title, document.content_type) == ("Northwind chooses", FEED_CONTENT_TYPE)
    assert item.state == ItemState.STORED
    assert "404" in item.error
    assert "feed's own text" in item.error


def test_an_article_without_text_gives_way_to_the_feeds_own_text(allowed_site: Site) -> None:
    allowed_site.serve("/article", (RECORDED / "no_text.html").read_bytes(), "text/html")
    document = fetched(make_item(allowed_site, content=FEED_TEXT))
    assert document is not None
    assert document.text.startswith("Northwind chose")


def test_an_article_without_text_is_a_document_in_that_state(allowed_site: Site) -> None:
    allowed_site.serve("/article", (RECORDED / "no_text.html").read_bytes(), "text/html")
    item = make_item(allowed_site)
    document = fetched(item)
    assert document is not None
    assert (document.state, document.text) == (DocumentState.NO_TEXT, "")
    assert document.error == item.error == "No article text was found on the page."
    assert document.title == "Entry 0"


def test_a_page_that_later_has_a_text_replaces_the_empty_document(allowed_site: Site) -> None:
    allowed_site.serve("/article", (RECORDED / "no_text.html").read_bytes(), "text/html")
    item = make_item(allowed_site)
    fetched(item)
    allowed_site.serve("/article", PAGE, "text/html")
    document = fetched(item, force=True)
    assert document is not None
    assert (document.version, document.state) == (2, DocumentState.FETCHED)


def test_the_feeds_excerpt_never_replaces_an_article_that_was_read(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    item = make_item(allowed_site, content=FEED_TEXT)
    whole = fetched(item)
    allowed_site.pages["/article"] = answer(b"", status="404 Not Found")
    assert fetched(item, force=True) == whole
    assert Document.objects.count() == 1


def test_an_entry_that_fails_for_now_is_tried_again_later(allowed_site: Site) -> None:
    allowed_site.pages["/article"] = answer(b"", status="503 Busy", retry_after="7200")
    item = make_item(allowed_site, content=FEED_TEXT)
    assert fetched(item) is None
    assert (item.state, item.attempts) == (ItemState.FAILED, 1)
    assert "503" in item.error
    assert item.next_attempt_at > timezone.now() + timedelta(seconds=7000)
    assert polling.due_items() == []
    assert polling.due_items(timezone.now() + timedelta(days=1)) == [item.pk]
    allowed_site.serve("/article", PAGE, "text/html")
    assert fetched(item, force=True) is not None
    assert (item.state, item.error) == (ItemState.STORED, "")


def test_an_entry_that_keeps_failing_gives_way_to_the_feeds_own_text(allowed_site: Site) -> None:
    allowed_site.pages["/article"] = answer(b"", status="503 Busy")
    item = make_item(allowed_site, content=FEED_TEXT)
    documents = [fetched(item, force=True) for _ in range(polling.TRIES_BEFORE_FEED_TEXT)]
    assert [document is None for document in documents] == [True, True, False]


def test_an_entry_without_page_and_text_is_never_lost(allowed_site: Site) -> None:
    missing, headline = make_item(allowed_site), make_item(allowed_site, url="", title="Only a headline")
    for _ in range(store.MAX_ITEM_ATTEMPTS):
        fetched(missing, force=True)
    document = fetched(headline)
    assert (missing.state, "404" in missing.error) == (ItemState.DEAD, True)
    assert document is not None
    assert (document.state, document.title) == (DocumentState.NO_TEXT, "Only a headline")
    assert store.revive_items(FeedItem.objects.all()) == 1
    assert polling.due_items() == [missing.pk]


def test_an_entry_without_a_page_is_made_of_the_feeds_text(allowed_site: Site) -> None:
    items = [
        make_item(allowed_site, url="", content=FEED_TEXT + text) for text in ("<p>One.</p>", "<p>Two.</p>")
    ]
    documents = [fetched(item) for item in items]
    assert all(
        document and document.url.startswith(allowed_site.url("/feed#entry-")) for document in documents
    )
    assert documents[0] != documents[1]


def test_an_article_behind_a_redirect_to_a_private_address_is_refused(allowed_site: Site) -> None:
    allowed_site.pages["/article"] = redirect("http://169.254.169.254/latest/meta-data/")
    item = make_item(allowed_site)
    assert fetched(item) is None
    assert (item.state, "metadata" in item.error) == (ItemState.FAILED, True)


def test_a_kind_of_page_that_is_not_read_says_so(allowed_site: Site) -> None:
    allowed_site.serve("/article", b"%PDF-1.7", "application/pdf")
    document = fetched(make_item(allowed_site))
    assert document is not None
    assert (document.state, "application/pdf" in document.error) == (DocumentState.NO_TEXT, True)


def test_hostile_characters_in_a_page_are_stored_or_dropped_but_never_fatal(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE.replace(b"Northwind", b"North\0wind\xff\xfe"), "text/html; x=\x01")
    assert fetched(make_item(allowed_site)) is not None


def test_an_item_is_held_by_one_worker_until_its_claim_runs_out(allowed_site: Site) -> None:
    item = make_item(allowed_site)
    now = timezone.now()
    assert store.claim_item(item.pk, now) is not None
    assert store.claim_item(item.pk, now) is None
    assert polling.due_items(now) == []
    assert store.claim_item(item.pk, now + store.CLAIM_FOR + timedelta(seconds=1)) is not None


@pytest.mark.django_db(transaction=True)
def test_workers_that_store_one_article_at_once_make_one_document_and_one_story(allowed_site: Site) -> None:
    for n in range(5):
        allowed_site.serve(f"/copy{n}", PAGE, "text/html")
    items = [make_item(allowed_site, f"/copy{n}") for n in range(5)]
    together = threading.Barrier(len(items))

    def work(item: FeedItem) -> None:
        together.wait()
        try:
            polling.fetch_item(item.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Document.objects.count(), Story.objects.count()) == (1, 1)
    assert sorted(FeedItem.objects.values_list("state", flat=True)) == ["duplicate"] * 4 + ["stored"]
