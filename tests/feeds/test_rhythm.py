"""Rules of a feed's rhythm in polls: found out at each, within the deployment's bounds, below a curator's word."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone
from pytest_django import Settings

from events.choices import FeedKind, NoticeKind
from events.feeds import polling
from events.models.sources import Feed, FetchRun, Notice
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Site, answer, conditional, redirect

pytestmark = pytest.mark.django_db

RSS = (RECORDED / "rss20.xml").read_bytes()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def rss(*published: datetime, head: str = "") -> bytes:
    items = "".join(
        f"<item><guid>{when.isoformat()}</guid><pubDate>{format_datetime(when)}</pubDate></item>"
        for when in published
    )
    return f'<rss version="2.0"><channel><title>T</title>{head}{items}</channel></rss>'.encode()


def hourly(count: int = 8) -> list[datetime]:
    now = timezone.now().replace(microsecond=0)
    return [now - number * HOUR for number in range(count)]


def poll(feed: Feed) -> FetchRun:
    run = polling.poll_feed(feed.pk, force=True)
    assert run is not None
    feed.refresh_from_db()
    return run


def make_feed(site: Site, **values: object) -> Feed:
    return Feed.objects.create(url=site.url("/feed"), **values)


def is_about(wait: timedelta, expected: timedelta) -> bool:
    """Within the jitter of a tenth."""
    return expected * 0.88 <= wait <= expected * 1.12


def test_a_feed_without_an_interval_is_polled_at_its_own_rhythm(allowed_site: Site) -> None:
    allowed_site.serve("/feed", rss(*hourly()))
    feed = make_feed(allowed_site)
    poll(feed)
    assert feed.rhythm == HOUR / 2
    assert is_about(feed.next_poll_at - timezone.now(), HOUR / 2)


def test_a_curators_interval_overrides_the_rhythm_and_what_the_feed_asks_for(allowed_site: Site) -> None:
    body = rss(
        *hourly(),
        head="<ttl>600</ttl><skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(23)) + "</skipHours>",
    )
    allowed_site.serve("/feed", body, cache_control="max-age=36000")
    feed = make_feed(allowed_site, interval=10 * MINUTE)
    poll(feed)
    assert is_about(feed.next_poll_at - timezone.now(), 10 * MINUTE)
    assert feed.rhythm == 10 * HOUR


@pytest.mark.parametrize("head", ["<ttl>180</ttl>", ""])
def test_ttl_and_max_age_are_kept_to(allowed_site: Site, head: str) -> None:
    max_age = "max-age=60" if head else "max-age=10800"
    allowed_site.serve("/feed", rss(*hourly(), head=head), cache_control=max_age)
    feed = make_feed(allowed_site)
    poll(feed)
    assert feed.rhythm == 3 * HOUR


def test_the_syndication_modules_period_is_kept_to(allowed_site: Site) -> None:
    body = rss(
        *hourly(), head="<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    )
    body = body.replace(b"<rss ", b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" ')
    allowed_site.serve("/feed", body)
    feed = make_feed(allowed_site)
    poll(feed)
    assert feed.rhythm == 6 * HOUR


def test_hours_that_the_feed_asks_to_skip_are_skipped(allowed_site: Site) -> None:
    soon = timezone.now() + HOUR / 2
    skipped = {soon.hour, (soon.hour + 1) % 24, (soon.hour - 1) % 24}
    hours = "".join(f"<hour>{hour}</hour>" for hour in skipped)
    allowed_site.serve("/feed", rss(*hourly(), head=f"<skipHours>{hours}</skipHours>"))
    feed = make_feed(allowed_site)
    poll(feed)
    assert feed.next_poll_at.hour not in skipped
    assert feed.next_poll_at < timezone.now() + 4 * HOUR


def test_a_feed_that_answers_not_modified_is_asked_less_and_less_often(
    allowed_site: Site, settings: Settings
) -> None:
    settings.FEED_LONGEST_HOURS = 2
    allowed_site.pages["/feed"] = conditional(rss(*hourly()), '"v1"')
    feed = make_feed(allowed_site)
    poll(feed)
    rhythms = [feed.rhythm]
    for _ in range(9):
        poll(feed)
        rhythms.append(feed.rhythm)
    assert rhythms[:3] == [HOUR / 2, HOUR / 2 * 1.25, HOUR / 2 * 1.25**2]
    assert rhythms[-1] == 2 * HOUR
    allowed_site.serve("/feed", rss(*hourly()))
    poll(feed)
    assert feed.rhythm == HOUR / 2


def test_no_rhythm_is_faster_or_slower_than_the_deployment_wants(
    allowed_site: Site, settings: Settings
) -> None:
    settings.FEED_SHORTEST_MINUTES, settings.FEED_LONGEST_HOURS = 20, 3
    feed = make_feed(allowed_site)
    now = timezone.now()
    allowed_site.serve("/feed", rss(*(now - number * MINUTE for number in range(9))))
    poll(feed)
    assert feed.rhythm == 20 * MINUTE
    allowed_site.serve("/feed", rss(*(now - number * 400 * HOUR for number in range(9))))
    poll(feed)
    assert feed.rhythm == 3 * HOUR


def test_a_poll_tells_the_kind_of_a_feed_and_when_it_last_brought_something(allowed_site: Site) -> None:
    feed = make_feed(allowed_site)
    allowed_site.serve("/feed", RSS)
    poll(feed)
    first = feed.last_item_at
    assert first is not None
    assert feed.kind == FeedKind.RSS
    poll(feed)
    assert feed.last_item_at == first
    allowed_site.serve("/feed", (RECORDED / "atom10.xml").read_bytes())
    poll(feed)
    assert feed.kind == FeedKind.ATOM
    assert feed.last_item_at is not None
    assert feed.last_item_at > first


def test_a_permanent_redirect_is_followed_on_not_modified_too(allowed_site: Site) -> None:
    allowed_site.pages["/feed"] = redirect("/new", "308 Permanent Redirect")
    allowed_site.pages["/new"] = answer(status="304 Not Modified")
    feed = make_feed(allowed_site, etag='"v1"')
    poll(feed)
    assert feed.url == allowed_site.url("/new")


def test_staff_is_told_once_of_two_feeds_that_became_one(allowed_site: Site) -> None:
    allowed_site.pages["/feed"] = redirect("/new", "301 Moved Permanently")
    allowed_site.serve("/new", RSS)
    Feed.objects.create(url=allowed_site.url("/new"))
    feed = make_feed(allowed_site)
    poll(feed)
    poll(feed)
    notice = Notice.objects.get()
    assert (notice.feed, notice.kind) == (feed, NoticeKind.MOVED)
    assert allowed_site.url("/new") in notice.text
