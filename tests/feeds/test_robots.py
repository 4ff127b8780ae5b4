"""Rules of robots.txt: what RFC 9309 says of each answer, and what becomes of a page that it keeps us from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from events.choices import FetchOutcome, ItemState
from events.exceptions import FetchFailed, FetchRefused, Unreachable
from events.feeds import hosts, polling, robots, visits
from events.feeds.documents import FEED_CONTENT_TYPE
from events.feeds.errors import HostBusy, HttpError, RobotsRefused, TooManyRedirects
from events.feeds.fetch import Fetched
from events.feeds.robots import Rules, rules_for
from events.models.sources import Feed, FeedItem, FetchRun
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Reply, Site, answer, dripping, redirect, running_site, silent

PAGE = (RECORDED / "article_en.html").read_bytes()
NOBODY = b"User-agent: *\nDisallow: /\n"
ORIGIN = "https://news.example.com"
DAY = 86_400.0


@pytest.fixture(autouse=True)
def _nothing_known(clean_cache: None) -> Iterator[None]:
    robots.forget()
    hosts.forget()
    yield
    robots.forget()
    hosts.forget()


def read(text: str) -> Rules:
    return Rules.read(text, 0.0)


def fetched(body: bytes) -> Fetched:
    return Fetched("", 200, {}, body, "text/plain", "", "", "", None, False, 0.0)


class Answers:
    """Gives these answers (bytes, or an error to raise) in turn; the last one for ever. `asked` counts."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, url: str) -> Fetched:
        assert url == f"{ORIGIN}/robots.txt"
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        return fetched(found)


def test_our_own_group_counts_before_that_of_all() -> None:
    rules = read("User-agent: *\nDisallow: /\n\nUser-agent: Governance-Tracker\nDisallow: /private\n")
    assert rules.allows(f"{ORIGIN}/news/1")
    assert not rules.allows(f"{ORIGIN}/private/1")


def test_the_longest_rule_counts_and_allow_wins_a_tie() -> None:
    rules = read("User-agent: *\nDisallow: /news\nAllow: /news/open\nDisallow: /same\nAllow: /same\n")
    assert not rules.allows(f"{ORIGIN}/news/1")
    assert rules.allows(f"{ORIGIN}/news/open/1")
    assert rules.allows(f"{ORIGIN}/same")


def test_wildcards_and_ends_are_understood() -> None:
    rules = read("User-agent: *\nDisallow: /*.pdf$\nDisallow: /*?print=\n")
    assert not rules.allows(f"{ORIGIN}/a/b.pdf")
    assert rules.allows(f"{ORIGIN}/a/b.pdf.html")
    assert not rules.allows(f"{ORIGIN}/a?print=1")


def test_a_file_that_is_a_web_page_or_garbage_allows_all() -> None:
    for text in (
        "<!doctype html><html><body>Not found</body></html>",
        "\0\x01\x02",
        "User-agent",
        "Disallow: /",
    ):
        assert read(text).allows(f"{ORIGIN}/news/1")


def test_a_rule_of_many_wildcards_is_matched_at_once() -> None:
    rules = read("User-agent: *\nDisallow: /" + "*a" * 400 + "b\n")
    assert rules.allows(f"{ORIGIN}/" + "a" * 1_900)


@pytest.mark.parametrize(
    ("found", "allowed"),
    [
        (b"", True),
        (NOBODY, False),
        (b"\xef\xbb\xbf" + NOBODY, False),
        (HttpError("", 404), True),
        (HttpError("", 403), True),
        (HttpError("", 401), True),
        (TooManyRedirects(""), True),
        (FetchRefused(""), True),
        (HttpError("", 429), False),
        (HttpError("", 500), False),
        (HttpError("", 503), False),
        (Unreachable(""), False),
        (FetchFailed(""), False),
    ],
)
def test_each_answer_counts_as_the_rfc_says(found: bytes | Exception, allowed: bool) -> None:
    assert rules_for(ORIGIN, Answers(found)).allows(f"{ORIGIN}/news/1") is allowed


def test_a_file_is_asked_for_once_a_day_by_all_processes_together() -> None:
    ask = Answers(NOBODY)
    for hour in range(24):
        robots.forget()
        assert not rules_for(ORIGIN, ask, now=hour * 3_500.0).allows(f"{ORIGIN}/news/1")
    assert ask.asked == 1
    rules_for(ORIGIN, ask, now=DAY)
    assert ask.asked == 2


def test_an_unreachable_file_is_asked_for_again_soon_and_its_old_copy_counts_meanwhile() -> None:
    ask = Answers(b"User-agent: *\nDisallow: /private\n", Unreachable(""))
    rules_for(ORIGIN, ask, now=0.0)
    for later in (DAY, DAY + 1, DAY + robots.ASK_AGAIN + 1):
        rules = rules_for(ORIGIN, ask, now=later)
        assert rules.allows(f"{ORIGIN}/news/1")
        assert not rules.allows(f"{ORIGIN}/private/1")
    assert ask.asked == 3
    assert rules_for(ORIGIN, ask, now=8 * DAY).is_closed


def test_a_site_whose_file_comes_back_is_open_again() -> None:
    ask = Answers(HttpError("", 503), b"")
    assert rules_for(ORIGIN, ask, now=0.0).is_closed
    assert rules_for(ORIGIN, ask, now=robots.ASK_AGAIN - 1).is_closed
    assert not rules_for(ORIGIN, ask, now=robots.ASK_AGAIN + 1).is_closed


def test_what_is_read_does_not_fill_the_memory() -> None:
    long = b"User-agent: *\n" + b"Disallow: /x\n" * 30_000
    for number in range(40):
        rules_for(f"https://{number}.example.com", lambda url: fetched(long), now=0.0)
    assert sum(len(rules.text) for rules in robots._read.values()) <= robots._MAX_CHARACTERS


@pytest.mark.parametrize(
    ("reply", "closed"),
    [
        (answer(NOBODY, content_type="text/plain"), True),
        (answer(b"User-agent: *\n" + b"#" * 900_000 + b"\n", content_type="text/plain"), False),
        (answer(NOBODY + b"#" * 900_000, content_type="text/plain"), True),
        (redirect("/robots.txt"), False),
        (redirect("http://169.254.169.254/robots.txt"), False),
        (answer(status="500 Oops"), True),
    ],
)
def test_a_site_is_asked_for_its_file_before_its_page(allowed_site: Site, reply: Reply, closed: bool) -> None:
    allowed_site.pages["/robots.txt"] = reply
    allowed_site.serve("/article", PAGE, "text/html")
    if closed:
        with pytest.raises((RobotsRefused, Unreachable)):
            visits.request(allowed_site.url("/article"), heed_robots=True)
    else:
        assert visits.request(allowed_site.url("/article"), heed_robots=True).body == PAGE
    assert len(allowed_site.asked("/article")) == (0 if closed else 1)


@pytest.mark.parametrize("kind", ["silent", "dripping"])
def test_a_file_that_never_comes_closes_the_site_for_now(
    allowed_site: Site, settings: Settings, kind: str
) -> None:
    settings.FETCH_TIMEOUT = 0.4
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n"
    never = silent(allowed_site) if kind == "silent" else dripping(allowed_site, head, b"#")
    allowed_site.pages["/robots.txt"] = never
    with pytest.raises(Unreachable, match="left alone"):
        visits.request(allowed_site.url("/article"), heed_robots=True)


def test_a_redirect_to_a_page_that_robots_may_not_fetch_is_not_followed(allowed_site: Site) -> None:
    allowed_site.serve("/robots.txt", b"User-agent: *\nDisallow: /private\n", "text/plain")
    allowed_site.pages["/article"] = redirect("/private/1")
    with pytest.raises(RobotsRefused):
        visits.request(allowed_site.url("/article"), heed_robots=True)
    assert allowed_site.asked("/private/1") == []


def test_each_site_on_the_way_is_asked_for_its_own_file(allowed_site: Site, settings: Settings) -> None:
    with running_site() as other:
        settings.FETCH_ALLOWED_HOSTS = [allowed_site.address, other.address]
        other.serve("/robots.txt", NOBODY, "text/plain")
        allowed_site.pages["/article"] = redirect(other.url("/article"))
        with pytest.raises(RobotsRefused):
            visits.request(allowed_site.url("/article"), heed_robots=True)
        assert other.asked("/article") == []


def test_the_rest_that_a_site_asks_for_is_kept_up_to_a_bound(allowed_site: Site, settings: Settings) -> None:
    settings.FETCH_LONGEST_CRAWL_DELAY = 20
    for delay, low, high in (("10", 9, 12), ("100000", 19, 22)):
        robots.forget()
        hosts.forget()
        cache.clear()
        allowed_site.serve("/robots.txt", f"User-agent: *\nCrawl-delay: {delay}\n".encode(), "text/plain")
        allowed_site.serve("/article", PAGE, "text/html")
        visits.request(allowed_site.url("/article"), heed_robots=True)
        with pytest.raises(HostBusy) as caught:
            visits.request(allowed_site.url("/article"), heed_robots=True)
        assert low < caught.value.wait - low % 1 < high + low


@pytest.mark.django_db
def test_a_page_that_robots_may_not_fetch_gives_way_to_the_feeds_own_text(allowed_site: Site) -> None:
    allowed_site.serve("/robots.txt", NOBODY, "text/plain")
    allowed_site.serve("/article", PAGE, "text/html")
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    text = "<p>Northwind chose Ada Brook as its chief executive, the feed itself says.</p>"
    item = FeedItem.objects.create(feed=feed, guid="1", url=allowed_site.url("/article"), content=text)

    document = polling.fetch_item(item.pk)

    item.refresh_from_db()
    run = FetchRun.objects.get()
    assert document is not None
    assert document.content_type == FEED_CONTENT_TYPE
    assert item.state == ItemState.STORED
    assert item.error.startswith(
        "The site's robots.txt asks robots not to read this page; this is the feed's own"
    )
    assert (run.outcome, run.item, run.items_new) == (FetchOutcome.ROBOTS, item, 0)
    assert allowed_site.asked("/article") == []


@pytest.mark.django_db
def test_a_page_whose_site_cannot_be_asked_is_tried_again_later(allowed_site: Site) -> None:
    allowed_site.pages["/robots.txt"] = answer(status="500 Oops")
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    item = FeedItem.objects.create(feed=feed, guid="1", url=allowed_site.url("/article"), content="x" * 99)
    assert polling.fetch_item(item.pk) is None
    item.refresh_from_db()
    assert (item.state, item.attempts) == (ItemState.FAILED, 1)
    assert FetchRun.objects.get().outcome == FetchOutcome.UNREACHABLE


@pytest.mark.django_db
def test_feeds_and_pages_by_hand_are_for_people_and_ask_no_robots_txt(allowed_site: Site) -> None:
    allowed_site.serve("/robots.txt", NOBODY, "text/plain")
    allowed_site.serve("/feed", (RECORDED / "rss20.xml").read_bytes())
    allowed_site.serve("/article", PAGE, "text/html")
    run = polling.poll_feed(Feed.objects.create(url=allowed_site.url("/feed")).pk)
    polling.ingest_url(allowed_site.url("/article"))
    assert run is not None
    assert run.items_new == 3
    assert allowed_site.asked("/robots.txt") == []


@pytest.mark.django_db
def test_rules_at_hand_cost_no_statement_and_no_request(allowed_site: Site) -> None:
    allowed_site.serve("/article", PAGE, "text/html")
    visits.request(allowed_site.url("/article"), heed_robots=True)
    with CaptureQueriesContext(connection) as queries:
        visits.request(allowed_site.url("/article"), heed_robots=True)
    assert len(queries) == 0
    assert len(allowed_site.asked("/robots.txt")) == 1
