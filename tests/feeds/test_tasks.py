"""Rules of handing out: all that is due, in messages that do not pile up; a poll hands out its own feed's news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from events import tasks
from events.feeds import hosts
from events.models.sources import Feed, FeedItem, FetchRun
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Site

pytestmark = pytest.mark.django_db

PAGE = (RECORDED / "article_en.html").read_bytes()
RSS = (RECORDED / "rss20.xml").read_bytes()


@pytest.fixture(autouse=True)
def _nothing_known(clean_cache: None) -> Iterator[None]:
    hosts.forget()
    yield
    hosts.forget()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, float | None]]:
    """(task, its first argument, when the message expires) of all that would go to the broker."""
    found: list[tuple[str, Any, float | None]] = []

    def keep(task: Any, args: Any = None, kwargs: Any = None, **options: Any) -> None:
        found.append((task.name.rpartition(".")[2], args[0], options.get("expires")))

    monkeypatch.setattr("celery.app.task.Task.apply_async", keep)
    return found


def make_feeds(number: int) -> list[int]:
    due = timezone.now() - timedelta(hours=1)
    feeds = [
        Feed(url=f"https://news.example.com/{n}", next_poll_at=due + timedelta(seconds=n))
        for n in range(number)
    ]
    return [feed.pk for feed in Feed.objects.bulk_create(feeds)]


def test_a_few_feeds_are_handed_out_one_by_one(sent: list[Any], settings: Settings) -> None:
    keys = make_feeds(7)
    assert tasks.poll_due_feeds() == 7
    tick = settings.TICK.total_seconds()
    assert sent == [("poll_feeds", [key], tick) for key in keys]


def test_very_many_feeds_are_handed_out_some_to_a_message_each_once(sent: list[Any]) -> None:
    keys = make_feeds(3_000)
    assert tasks.poll_due_feeds() == 3_000
    assert [key for _, batch, _ in sent for key in batch] == keys
    assert len(sent) == 150


def test_a_poll_hands_out_its_feeds_new_entries_and_no_others(allowed_site: Site, sent: list[Any]) -> None:
    allowed_site.serve("/feed", RSS)
    other = Feed.objects.create(url="https://news.example.com/other")
    FeedItem.objects.create(feed=other, guid="1", url="https://news.example.com/1")
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    tasks.poll_feeds([feed.pk])
    entries = list(FeedItem.objects.filter(feed=feed).order_by("pk").values_list("pk", flat=True))
    assert [(name, key) for name, key, _ in sent] == [("fetch_item", key) for key in entries]


def test_a_poll_without_news_hands_out_nothing(allowed_site: Site, sent: list[Any]) -> None:
    allowed_site.serve("/feed", RSS)
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    tasks.poll_feeds([feed.pk])
    sent.clear()
    Feed.objects.update(next_poll_at=timezone.now())
    tasks.poll_feeds([feed.pk])
    assert FetchRun.objects.count() == 2
    assert sent == []


def test_slow_feeds_do_not_hold_a_message_longer_than_a_task_may_take(
    allowed_site: Site, sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SECONDS_A_MESSAGE", -1.0)
    allowed_site.serve("/feed", RSS)
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    tasks.poll_feeds([feed.pk])
    feed.refresh_from_db()
    assert FetchRun.objects.count() == 0
    assert feed.claimed_until is None
    assert feed.next_poll_at <= timezone.now()


def test_an_entry_whose_host_is_busy_comes_again_in_its_turn_and_no_worker_waits(
    allowed_site: Site, sent: list[Any]
) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    item = FeedItem.objects.create(feed=feed, guid="1", url=allowed_site.url("/article"))
    turn = hosts.take(allowed_site.address, 0)

    tasks.fetch_item(item.pk)

    ((name, key, expires),) = sent
    item.refresh_from_db()
    wait = (item.next_attempt_at - timezone.now()).total_seconds()
    assert (name, key, item.attempts) == ("fetch_item", item.pk, 0)
    assert 30 < expires < 30 + tasks.SOON
    assert wait < tasks.SOON
    hosts.give_back(turn)
    FeedItem.objects.update(next_attempt_at=timezone.now())
    tasks.fetch_item(item.pk)
    assert [name for name, _, _ in sent] == ["fetch_item", "extract_document"]
