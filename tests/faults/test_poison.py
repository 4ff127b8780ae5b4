"""What ends the worker that reads it is not read for ever, and says so to the curators."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from events import intake
from events.choices import DocumentState, ItemState
from events.feeds import polling, store
from events.intake import extracting
from events.models.sources import Document, Feed, FeedItem
from tests import scenes
from tests.feeds.servers import Site, answer, running_site

pytestmark = pytest.mark.django_db(transaction=True)


def deaths(what: str, key: int, times: int, **env: str) -> int:
    """How many of so many workers, one after the other, died at the row."""
    command = [sys.executable, "-m", "tests.faults.poison", what, str(connection.settings_dict["NAME"])]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | env
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [*command, str(key), str(times)],
        cwd=root,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout)


@pytest.fixture
def page() -> Iterator[Site]:
    """A site with a feed and an article."""
    with running_site() as site:
        site.serve("/feed", b"<rss version='2.0'><channel><title>T</title></channel></rss>")
        site.pages["/a"] = answer(b"<p>Some text.</p>", content_type="text/html")
        yield site


def test_a_document_that_ends_its_readers_is_given_up_after_five_and_says_so() -> None:
    document = scenes.document("Words that need more memory than there is.")

    assert deaths("document", document.pk, extracting.MAX_ATTEMPTS + 2) == extracting.MAX_ATTEMPTS

    document.refresh_from_db()
    assert document.state == DocumentState.FAILED.value
    assert "the worker ended with it" in document.error
    assert intake.due_documents() == []


def test_a_document_that_was_given_up_can_be_read_again_by_hand() -> None:
    document = scenes.document("Words that need more memory than there is.")
    deaths("document", document.pk, extracting.MAX_ATTEMPTS + 1)

    Document.objects.filter(pk=document.pk).update(state=DocumentState.FETCHED.value, attempts=0)
    extracting.take_in(document.pk)

    document.refresh_from_db()
    assert document.state == DocumentState.EXTRACTED.value


def test_a_poisoned_document_holds_no_other_back() -> None:
    poison, other = scenes.document("Poison."), scenes.document("Other words.")
    deaths("document", poison.pk, 1)
    Document.objects.filter(pk=poison.pk).update(claimed_until=timezone.now() + timedelta(minutes=5))

    assert intake.due_documents() == [other.pk]


def test_an_article_that_ends_its_fetchers_is_left_to_the_curators(page: Site) -> None:
    feed = Feed.objects.create(url=page.url("/feed"))
    item = FeedItem.objects.create(feed=feed, guid="a", url=page.url("/a"))

    died = deaths("entry", item.pk, store.MAX_ITEM_ATTEMPTS + 2, FETCH_ALLOWED_HOSTS=page.address)

    item.refresh_from_db()
    assert died == store.MAX_ITEM_ATTEMPTS
    assert item.state == ItemState.DEAD.value
    assert "never came to an end" in item.error
    assert polling.due_items() == []


def test_a_feed_that_ends_its_readers_is_read_less_and_less_often(page: Site) -> None:
    feed = Feed.objects.create(url=page.url("/feed"))

    assert deaths("feed", feed.pk, 3, FETCH_ALLOWED_HOSTS=page.address) == 3
    claim = store.claim_feed(feed.pk, now := timezone.now())

    assert claim is not None
    assert claim.feed.failures == 3
    assert claim.feed.claimed_until == now + 8 * store.CLAIM_FOR


def test_a_feed_whose_reader_died_by_chance_is_polled_as_before(page: Site, settings: object) -> None:
    feed = Feed.objects.create(url=page.url("/feed"))
    deaths("feed", feed.pk, 1, FETCH_ALLOWED_HOSTS=page.address)
    settings.FETCH_ALLOWED_HOSTS = [page.address]  # type: ignore[attr-defined]

    run = polling.poll_feed(feed.pk)

    feed.refresh_from_db()
    assert run is not None
    assert (feed.failures, feed.claimed_until) == (0, None)
