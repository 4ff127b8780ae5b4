"""Rules of politeness: one request at a time per host, a rest after each, for all workers; Redis may be away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from urllib.parse import quote

import httpx
import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from events.choices import FeedState, FetchOutcome, ItemState
from events.feeds import hosts, polling, visits
from events.feeds.errors import HostBusy
from events.models.sources import Feed, FeedItem, FetchRun
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Request, Site, answer, running_site

RSS = (RECORDED / "rss20.xml").read_bytes()
PAGE = (RECORDED / "article_en.html").read_bytes()


@pytest.fixture(autouse=True)
def _nothing_known(clean_cache: None) -> Iterator[None]:
    hosts.forget()
    yield
    hosts.forget()


@pytest.fixture
def foreign_site(site: Site, settings: Settings) -> Site:
    """A site that may be asked, but is not the operator's own: it is left at rest after each request."""
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.0/8"]
    settings.FETCH_TIMEOUT = 5
    settings.FETCH_HOST_SECONDS = 30
    return site


@pytest.fixture
def redis_away(settings: Settings) -> Iterator[None]:
    """A Redis that nothing listens for."""
    former = settings.CACHES
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    yield
    settings.CACHES = former


def host_of(site: Site) -> str:
    return hosts.host_of(httpx.URL(site.url("/")))


def as_another_process() -> None:
    """What this process knows by itself is gone; what Redis knows is there."""
    hosts.forget()


def test_a_host_is_its_name_and_a_port_that_is_not_the_webs_own() -> None:
    urls = ["http://News.example.com/a", "https://news.example.com:443/b", "http://news.example.com:80"]
    assert {hosts.host_of(httpx.URL(url)) for url in urls} == {"news.example.com"}
    assert hosts.host_of(httpx.URL("http://news.example.com:8080/")) == "news.example.com:8080"


def test_a_host_that_is_asked_is_not_asked_by_another_process() -> None:
    turn = hosts.take("news.example.com", 0)
    as_another_process()
    with pytest.raises(HostBusy):
        hosts.take("news.example.com", 0)
    hosts.take("other.example.com", 0)
    hosts.give_back(turn)
    hosts.take("news.example.com", 0)


def test_a_turn_is_waited_for() -> None:
    turn = hosts.take("news.example.com", 0)
    threading.Timer(0.2, hosts.give_back, [turn]).start()
    assert hosts.take("news.example.com", 30).host == "news.example.com"


def test_a_host_rests_after_each_request_and_a_person_does_not_wait_for_that() -> None:
    hosts.give_back(hosts.take("news.example.com", 0), rest=60)
    as_another_process()
    with pytest.raises(HostBusy) as caught:
        hosts.take("news.example.com", 1)
    assert 59 < caught.value.wait < 70
    hosts.take("news.example.com", 0, ignore_rest=True)


def test_nobody_ends_the_turn_of_another() -> None:
    first = hosts.take("news.example.com", 0)
    hosts.give_back(hosts.Turn("news.example.com", "of somebody else"), rest=0)
    as_another_process()
    hosts.give_back(hosts.Turn("news.example.com", "of somebody else"), rest=0)
    with pytest.raises(HostBusy):
        hosts.take("news.example.com", 0, ignore_rest=True)
    hosts.give_back(first)


def test_a_turn_that_is_never_given_back_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "LEASE", 0.2)
    hosts.take("news.example.com", 0)
    as_another_process()
    assert hosts.take("news.example.com", 30)


def test_those_who_are_sent_away_are_told_times_of_their_own() -> None:
    hosts.take("news.example.com", 0)
    waits = []
    for _ in range(5):
        with pytest.raises(HostBusy) as caught:
            hosts.take("news.example.com", 0, step=10)
        waits.append(caught.value.wait)
    assert all(later - earlier > 9 for earlier, later in pairwise(waits))


def test_nobody_is_sent_away_for_more_than_an_hour() -> None:
    hosts.give_back(hosts.take("news.example.com", 0), rest=86_400)
    with pytest.raises(HostBusy) as caught:
        hosts.take("news.example.com", 0)
    assert caught.value.wait <= hosts.LONGEST_WAIT


def test_without_redis_a_process_keeps_to_the_rule_by_itself(redis_away: None) -> None:
    turn = hosts.take("news.example.com", 0)
    with pytest.raises(HostBusy):
        hosts.take("news.example.com", 0)
    hosts.give_back(turn, rest=60)
    with pytest.raises(HostBusy):
        hosts.take("news.example.com", 0)
    assert hosts.take("other.example.com", 0)


def test_when_redis_is_emptied_a_process_still_knows_its_own_turns() -> None:
    hosts.take("news.example.com", 0)
    cache.clear()
    with pytest.raises(HostBusy):
        hosts.take("news.example.com", 0)


@pytest.mark.django_db(transaction=True)
def test_many_workers_ask_a_host_one_page_at_a_time(allowed_site: Site) -> None:
    present, most = 0, 0
    lock = threading.Lock()

    def slow(request: Request, connection: object) -> None:
        nonlocal present, most
        with lock:
            present += 1
            most = max(most, present)
        time.sleep(0.05)
        with lock:
            present -= 1
        answer(PAGE, content_type="text/html")(request, connection)  # type: ignore[arg-type]

    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    items = []
    for n in range(8):
        allowed_site.pages[f"/{n}"] = slow
        items.append(FeedItem.objects.create(feed=feed, guid=str(n), url=allowed_site.url(f"/{n}")))

    def work(item: FeedItem) -> None:
        try:
            polling.fetch_item(item.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert FeedItem.objects.exclude(state=ItemState.NEW.value).count() >= 6


@pytest.mark.django_db
def test_an_entry_of_a_busy_host_is_put_off_and_no_try_is_counted(foreign_site: Site) -> None:
    foreign_site.serve("/article", PAGE, "text/html")
    feed = Feed.objects.create(url=foreign_site.url("/feed"))
    item = FeedItem.objects.create(feed=feed, guid="1", url=foreign_site.url("/article"), attempts=2)
    hosts.give_back(hosts.take(host_of(foreign_site), 0), rest=60)

    assert polling.fetch_item(item.pk) is None

    item.refresh_from_db()
    assert (item.state, item.attempts, item.error, item.claimed_until) == (ItemState.NEW, 2, "", None)
    assert item.next_attempt_at > timezone.now() + timedelta(seconds=50)
    assert not FetchRun.objects.exists()
    assert foreign_site.requests == []


@pytest.mark.django_db
def test_a_feed_of_a_busy_host_is_put_off_and_has_not_failed(foreign_site: Site) -> None:
    foreign_site.serve("/feed", RSS)
    feed = Feed.objects.create(url=foreign_site.url("/feed"))
    hosts.give_back(hosts.take(host_of(foreign_site), 0), rest=60)

    assert polling.poll_feed(feed.pk) is None

    feed.refresh_from_db()
    assert (feed.state, feed.failures, feed.claimed_until) == (FeedState.NEW, 0, None)
    assert timezone.now() + timedelta(seconds=50) < feed.next_poll_at < timezone.now() + timedelta(hours=1)
    assert not FetchRun.objects.exists()


@pytest.mark.django_db
def test_a_poll_by_hand_does_not_wait_for_a_host_at_rest(foreign_site: Site) -> None:
    foreign_site.serve("/feed", RSS)
    feed = Feed.objects.create(url=foreign_site.url("/feed"))
    hosts.give_back(hosts.take(host_of(foreign_site), 0), rest=60)
    assert polling.poll_feed(feed.pk, force=True) is not None


def test_a_stranger_is_left_at_rest_and_the_operators_own_host_is_not(site: Site, settings: Settings) -> None:
    site.serve("/", b"x")
    settings.FETCH_HOST_SECONDS = 30
    settings.FETCH_ALLOWED_HOSTS = [site.address]
    visits.request(site.url("/"))
    visits.request(site.url("/"))
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.0/8"]
    visits.request(site.url("/"))
    with pytest.raises(HostBusy):
        visits.request(site.url("/"))
    assert len(site.requests) == 3


@pytest.mark.parametrize(("retry_after", "low", "high"), [("90", 85, 92), ("", 55, 62)])
def test_a_host_that_is_asked_too_often_is_left_alone_for_a_while(
    allowed_site: Site, retry_after: str, low: float, high: float
) -> None:
    allowed_site.pages["/"] = answer(status="429 Slow down", retry_after=retry_after)
    with pytest.raises(Exception, match="429"):
        visits.request(allowed_site.url("/"))
    with pytest.raises(HostBusy) as caught:
        visits.request(allowed_site.url("/"))
    assert low < caught.value.wait < high
    assert len(allowed_site.requests) == 1


def test_a_redirect_waits_for_the_turn_at_the_host_that_it_leads_to(site: Site, settings: Settings) -> None:
    with running_site() as other:
        settings.FETCH_ALLOWED_HOSTS = [site.address, other.address]
        site.pages["/"] = answer(status="302 Found", location=other.url("/new"))
        other.serve("/new", b"x")
        hosts.give_back(hosts.take(host_of(other), 0), rest=60)
        with pytest.raises(HostBusy):
            visits.request(site.url("/"))
        assert other.requests == []
        assert hosts.take(host_of(site), 0), "the first host's turn was given back"


@pytest.mark.django_db
def test_polls_go_on_without_redis(allowed_site: Site, redis_away: None) -> None:
    allowed_site.serve("/feed", RSS)
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    run = polling.poll_feed(feed.pk)
    assert run is not None
    assert run.outcome == FetchOutcome.NEW_ITEMS


def test_we_say_who_we_are_and_where_to_complain(allowed_site: Site, settings: Settings) -> None:
    settings.FETCH_CONTACT = "https://tracker.example.org/" + quote("about us")
    allowed_site.serve("/", b"x")
    visits.request(allowed_site.url("/"))
    agent = allowed_site.requests[0].headers["user-agent"]
    assert agent == "governance-tracker/0.1 (+https://tracker.example.org/about%20us)"


@pytest.mark.django_db
def test_a_sitemap_index_is_read_to_its_end_though_its_host_rests_in_between(
    foreign_site: Site, settings: Settings
) -> None:
    settings.FETCH_HOST_SECONDS = 1
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    index = "".join(f"<sitemap><loc>{foreign_site.url(f'/news-{n}.xml')}</loc></sitemap>" for n in range(2))
    foreign_site.serve("/index.xml", f"<sitemapindex xmlns='{space}'>{index}</sitemapindex>".encode())
    for n in range(2):
        entry = (
            f"<url><loc>{foreign_site.url(f'/article-{n}')}</loc><news:news><news:title>Entry {n}</news:title>"
            "<news:publication_date>2025-11-17</news:publication_date></news:news></url>"
        )
        foreign_site.serve(
            f"/news-{n}.xml", f"<urlset xmlns='{space}' xmlns:news='{news}'>{entry}</urlset>".encode()
        )
    feed = Feed.objects.create(url=foreign_site.url("/index.xml"))

    run = polling.poll_feed(feed.pk)

    assert run is not None
    assert (run.outcome, run.items_new) == (FetchOutcome.NEW_ITEMS, 2)
