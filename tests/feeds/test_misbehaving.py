"""Servers that misbehave in every way: no worker is lost, no memory filled, no other feed kept waiting."""

from __future__ import annotations

import gzip
import socket
import threading
import tracemalloc
from collections.abc import Callable
from functools import cache

import brotli  # type: ignore[import-untyped]
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from events.choices import FeedState, FetchOutcome
from events.exceptions import Unreachable
from events.feeds import polling
from events.feeds.errors import TooLarge
from events.feeds.fetch import Limits, fetch
from events.models.sources import Feed, FeedItem, FetchRun
from events.net.guard import Guard
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Reply, Request, Site, answer, dripping, raw, redirect, silent

RSS = (RECORDED / "rss20.xml").read_bytes()
MB = 1_000_000
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n"


def poll(site: Site, path: str = "/feed") -> FetchRun:
    feed, _ = Feed.objects.get_or_create(url=site.url(path))
    run = polling.poll_feed(feed.pk, force=True)
    assert run is not None
    feed.refresh_from_db()
    assert feed.claimed_until is None
    return run


def peak_of(work: Callable[[], object]) -> int:
    """Bytes that Python held at most at a time because of `work`."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def flood(head: bytes, piece: bytes, count: int) -> Reply:
    """Sends `piece` so many times, as fast as it is read."""

    def reply(request: Request, connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(count):
            connection.sendall(piece)

    return reply


def bomb(name: str, size: int) -> Reply:
    """Made when it is first asked for: every process of pytest-xdist comes by here, and one runs the test."""

    @cache
    def made() -> Reply:
        zeros = b"\0" * size
        body = gzip.compress(zeros) if name == "gzip" else brotli.compress(zeros)
        return answer(body, content_encoding=name)

    def reply(request: Request, connection: socket.socket) -> None:
        made()(request, connection)

    return reply


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(flood(HEAD + b"\r\n", b"x" * MB, 100), id="no length"),
        pytest.param(flood(HEAD + b"content-length: 100000000\r\n\r\n", b"x" * MB, 100), id="true length"),
        pytest.param(
            flood(HEAD + b"transfer-encoding: chunked\r\n\r\n", b"F4240\r\n" + b"x" * MB + b"\r\n", 100),
            id="chunks",
        ),
        pytest.param(bomb("gzip", 100 * MB), id="gzip bomb"),
        pytest.param(bomb("br", 100 * MB), id="brotli bomb"),
    ],
)
def test_a_body_of_100_mb_is_refused_and_never_held(site: Site, reply: Reply) -> None:
    site.pages["/feed"] = reply
    limits = Limits(total=60, read=30, max_bytes=2 * MB)
    guard = Guard.allowing([site.address])

    def read() -> None:
        with pytest.raises(TooLarge):
            fetch(site.url("/feed"), limits=limits, guard=guard)

    read()  # what is loaded once is no part of it
    assert peak_of(read) < 3 * limits.max_bytes


@pytest.mark.django_db
def test_an_entity_bomb_is_neither_expanded_nor_fatal(allowed_site: Site) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]><rss version="2.0"><channel><title>&a11;</title>'
        "<item><guid>1</guid><title>&a11;</title></item><item><guid>2</guid><title>Good entry</title></item></channel></rss>"
    )
    allowed_site.serve("/feed", text.encode())
    poll(allowed_site)
    FeedItem.objects.all().delete()
    assert peak_of(lambda: poll(allowed_site)) < 30 * MB
    assert all(len(item.title) <= 500 for item in FeedItem.objects.all())


@pytest.mark.django_db
def test_an_external_entity_is_never_asked_for(allowed_site: Site) -> None:
    text = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{allowed_site.url("/secret")}">'
        '<!ENTITY y SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel>'
        "<item><guid>1</guid><title>A &x; &y;</title></item></channel></rss>"
    )
    allowed_site.serve("/feed", text.encode())
    allowed_site.serve("/secret", b"secret")
    poll(allowed_site)
    assert allowed_site.asked("/secret") == []


@pytest.mark.django_db
def test_a_feed_of_10_000_entries_is_taken_whole_and_costs_nothing_the_next_time(
    allowed_site: Site, settings: Settings
) -> None:
    settings.FETCH_MAX_BYTES = 10 * MB
    settings.FETCH_TIMEOUT = 60
    entries = "".join(f"<item><guid>{n}</guid><title>Entry {n}</title></item>" for n in range(10_000))
    allowed_site.serve("/feed", f'<rss version="2.0"><channel>{entries}</channel></rss>'.encode())
    assert poll(allowed_site).items_new == 10_000
    feed = Feed.objects.get()
    with CaptureQueriesContext(connection) as queries:
        run = polling.poll_feed(feed.pk, force=True)
    assert run is not None
    assert (run.items_seen, run.items_new) == (10_000, 0)
    assert len(queries) <= 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        pytest.param(lambda site: redirect("/feed"), FetchOutcome.UNREACHABLE, id="redirects in a circle"),
        pytest.param(
            lambda site: lambda request, to: redirect(request.path + "a")(request, to),
            FetchOutcome.UNREACHABLE,
            id="redirects without end",
        ),
        pytest.param(lambda site: redirect("http://["), FetchOutcome.REFUSED, id="redirect to nonsense"),
        pytest.param(
            lambda site: dripping(site, HEAD + b"\r\n", b"<"), FetchOutcome.UNREACHABLE, id="body drips"
        ),
        pytest.param(lambda site: dripping(site, HEAD, b"x"), FetchOutcome.UNREACHABLE, id="head drips"),
        pytest.param(
            lambda site: dripping(site, b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
            FetchOutcome.UNREACHABLE,
            id="hints without end",
        ),
        pytest.param(silent, FetchOutcome.UNREACHABLE, id="silence"),
        pytest.param(lambda site: raw(), FetchOutcome.UNREACHABLE, id="hangs up"),
        pytest.param(
            lambda site: raw(HEAD + b"transfer-encoding: chunked\r\n\r\n", b"zz\r\nxx"),
            FetchOutcome.UNREACHABLE,
            id="chunks that are none",
        ),
        pytest.param(
            lambda site: raw(HEAD + b"content-length: 5\r\ncontent-length: 9\r\n\r\nhello"),
            FetchOutcome.UNREACHABLE,
            id="two lengths",
        ),
        pytest.param(
            lambda site: raw(HEAD + b"content-length: -1\r\n\r\nx"), FetchOutcome.UNREACHABLE, id="length -1"
        ),
        pytest.param(
            lambda site: answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), FetchOutcome.NOT_A_FEED, id="PNG"
        ),
        pytest.param(lambda site: answer(b"\x00" * 1000), FetchOutcome.EMPTY, id="zeros"),
        pytest.param(lambda site: answer(b"[" * 200_000), FetchOutcome.NOT_A_FEED, id="deep JSON"),
        pytest.param(lambda site: answer(b"<a>" * 90_000), FetchOutcome.NOT_A_FEED, id="deep XML"),
    ],
)
def test_a_feed_that_misbehaves_says_so_in_plain_words_and_is_asked_again(
    allowed_site: Site, settings: Settings, make: Callable[[Site], Reply], outcome: FetchOutcome
) -> None:
    settings.FETCH_TIMEOUT = 1
    reply = make(allowed_site)
    # Every path, for redirects that never come back to one.
    allowed_site.pages.update({"/feed" + "a" * n: reply for n in range(8)})
    run = poll(allowed_site)
    feed = Feed.objects.get()
    assert run.outcome == outcome
    assert run.error.endswith(".")
    assert (feed.state, feed.is_active, feed.failures) == (FeedState.FAILING, True, 1)
    allowed_site.serve("/feed", RSS)
    assert poll(allowed_site).items_new == 3


@pytest.mark.django_db
def test_a_length_that_is_too_short_or_too_long_loses_no_entry_that_came(allowed_site: Site) -> None:
    allowed_site.serve("/long", RSS, content_length=str(len(RSS) + 500))
    allowed_site.serve("/short", RSS, content_length=str(len(RSS) - 10))
    assert poll(allowed_site, "/long").items_new == 3
    assert poll(allowed_site, "/short").items_new == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("claimed", "real"),
    [
        *((name, "utf-8") for name in ("iso-8859-1", "gbk", "zip", "utf-16", "no-such-charset", "\x01")),
        # Any bytes are valid in Latin-1, so that nothing tells that lie of Chinese in another charset.
        *((name, "gb18030") for name in ("utf-8", "zip", "utf-16", "no-such-charset", "\x01")),
    ],
)
def test_a_charset_that_lies_does_not_garble_a_title(allowed_site: Site, claimed: str, real: str) -> None:
    title = "示例集团任命新的首席执行官，自即日起生效"
    entry = f"<item><guid>1</guid><title>{title}</title></item>"
    body = f'<rss version="2.0"><channel><title>示例新闻</title>{entry}</channel></rss>'.encode(real)
    allowed_site.serve("/feed", body, f"application/rss+xml; charset={claimed}")
    poll(allowed_site)
    assert FeedItem.objects.get().title == title


@pytest.mark.django_db(transaction=True)
def test_a_feed_that_drips_keeps_no_other_feed_waiting(allowed_site: Site, settings: Settings) -> None:
    settings.FETCH_TIMEOUT = 30
    slow = Feed.objects.create(url=f"http://localhost:{allowed_site.address.rpartition(':')[2]}/slow")
    settings.FETCH_ALLOWED_HOSTS = [allowed_site.address, slow.url.split("/")[2]]
    begun = threading.Event()

    def drip(request: Request, to: socket.socket) -> None:
        begun.set()
        dripping(allowed_site, HEAD + b"\r\n", b" ")(request, to)

    allowed_site.pages["/slow"] = drip
    allowed_site.serve("/feed", RSS)

    def work() -> None:
        try:
            polling.poll_feed(slow.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(20)
    assert poll(allowed_site).items_new == 3
    assert thread.is_alive(), "the slow feed is still being read"
    allowed_site.closing.set()
    thread.join()


def test_hints_before_the_answer_are_passed_over(site: Site) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n" * 3
    site.pages["/feed"] = raw(early + HEAD + b"content-length: 2\r\n\r\nok")
    assert fetch(site.url("/feed"), guard=Guard.allowing([site.address])).body == b"ok"


def test_a_status_without_a_meaning_is_a_failure(site: Site) -> None:
    site.pages["/feed"] = raw(b"HTTP/1.1 600 What\r\ncontent-length: 0\r\n\r\n")
    with pytest.raises(Exception, match="600"):
        fetch(site.url("/feed"), guard=Guard.allowing([site.address]))


def test_a_redirect_that_says_nothing_of_where_is_a_failure(site: Site) -> None:
    site.pages["/feed"] = answer(status="301 Moved")
    with pytest.raises(Unreachable, match="nowhere"):
        fetch(site.url("/feed"), guard=Guard.allowing([site.address]))
