"""Rules of fetching, against real servers that misbehave."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest

from events.exceptions import FetchFailed, FetchRefused, Unreachable
from events.feeds.errors import HttpError, TooLarge, outcome_of
from events.feeds.fetch import Fetched, Limits, fetch
from events.net.guard import Guard
from events.net.headers import parse_retry_after
from tests.feeds.servers import (
    Site,
    answer,
    conditional,
    dripping,
    free_port,
    raw,
    redirect,
    running_site,
    silent,
)

Encode = Callable[[bytes], bytes]
SMALL = Limits(total=5, connect=2, read=2, max_bytes=100_000)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n"


def get(site: Site, path: str, limits: Limits = SMALL, **options: Any) -> Fetched:
    return fetch(site.url(path), limits=limits, guard=Guard.allowing([site.address]), **options)


def test_an_answer_comes_with_its_headers_and_validators(site: Site) -> None:
    page = answer(
        b"<rss/>",
        content_type="text/xml; charset=GBK",
        etag='"v1"',
        last_modified="Mon, 17 Nov 2025 08:00:00 GMT",
    )
    site.pages["/feed"] = page
    found = get(site, "/feed", user_agent="test-agent (+mailto:desk@example.org)")
    assert (found.status, found.body, found.charset) == (200, b"<rss/>", "GBK")
    assert (found.etag, found.last_modified) == ('"v1"', "Mon, 17 Nov 2025 08:00:00 GMT")
    assert found.permanent_redirect_to is None
    assert site.requests[0].headers["user-agent"] == "test-agent (+mailto:desk@example.org)"
    assert site.requests[0].headers["host"] == site.address


def test_validators_are_sent_back_and_304_is_no_failure(site: Site) -> None:
    site.pages["/feed"] = conditional(b"<rss/>", '"v1"')
    found = get(site, "/feed", etag='"v1"', last_modified="Mon, 17 Nov 2025 08:00:00 GMT")
    assert found.not_modified
    assert found.body == b""
    assert site.requests[0].headers["if-modified-since"] == "Mon, 17 Nov 2025 08:00:00 GMT"


def test_a_validator_that_would_break_a_header_is_not_sent(site: Site) -> None:
    site.serve("/feed", b"x")
    get(site, "/feed", etag='"a"\r\nx-evil: 1')
    assert "x-evil" not in site.requests[0].headers
    assert "if-none-match" not in site.requests[0].headers


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("gzip", lambda data: gzip.compress(data[:10]) + gzip.compress(data[10:]) + b"\0\0"),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("br", brotli.compress),
        ("identity", bytes),
    ],
)
def test_compressed_bodies_are_inflated(site: Site, coding: str, encode: Encode) -> None:
    body = bytes(range(256)) * 200
    site.pages["/feed"] = answer(encode(body), content_encoding=coding)
    assert get(site, "/feed").body == body


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress, brotli.compress])
def test_a_bomb_is_refused_before_it_is_inflated(site: Site, encode: Encode) -> None:
    coding = {gzip.compress: "gzip", zlib.compress: "deflate", brotli.compress: "br"}[encode]
    bomb = encode(b"\0" * 20_000_000)
    assert len(bomb) < SMALL.max_bytes
    site.pages["/bomb"] = answer(bomb, content_encoding=coding)
    with pytest.raises(TooLarge, match="inflates"):
        get(site, "/bomb")


@pytest.mark.parametrize("coding", ["gzip, gzip", "zstd", "x"])
def test_a_coding_that_was_not_asked_for_is_a_failure(site: Site, coding: str) -> None:
    site.pages["/feed"] = answer(b"abc", content_encoding=coding)
    with pytest.raises(Unreachable, match="compressed"):
        get(site, "/feed")


def test_broken_compression_is_a_failure(site: Site) -> None:
    site.pages["/feed"] = answer(b"not gzip at all", content_encoding="gzip")
    with pytest.raises(Unreachable, match="compression"):
        get(site, "/feed")


def test_a_body_that_announces_too_much_is_not_read(site: Site) -> None:
    site.pages["/big"] = answer(b"x", content_length="100000000")
    with pytest.raises(TooLarge, match="announces"):
        get(site, "/big")


def test_a_body_without_end_is_cut_off_at_the_cap(site: Site) -> None:
    site.pages["/endless"] = dripping(site, HEAD, b"x" * 50_000)
    with pytest.raises(TooLarge):
        get(site, "/endless")


def test_a_slow_drip_ends_at_the_total_time(site: Site) -> None:
    site.pages["/drip"] = dripping(site, HEAD, b"x")
    with pytest.raises(Unreachable, match="in time"):
        get(site, "/drip", Limits(total=0.4, read=2, max_bytes=100_000))


def test_headers_that_drip_end_at_the_total_time(site: Site) -> None:
    site.pages["/drip"] = dripping(site, b"HTTP/1.1 200 OK\r\nx-a: ", b"a")
    with pytest.raises(Unreachable, match="in time"):
        get(site, "/drip", Limits(total=0.4, read=2, max_bytes=100_000))


def test_a_server_that_never_answers_is_left(site: Site) -> None:
    site.pages["/silent"] = silent(site)
    with pytest.raises(Unreachable, match="in time"):
        get(site, "/silent", Limits(total=5, read=0.2))


def test_headers_without_end_are_a_failure(site: Site) -> None:
    site.pages["/feed"] = raw(b"HTTP/1.1 200 OK\r\n", *[b"x-filler: " + b"a" * 4000 + b"\r\n"] * 100)
    with pytest.raises(Unreachable):
        get(site, "/feed")


@pytest.mark.parametrize("reply", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 99999 ?\r\n\r\n", b"\x16\x03\x01\x00"])
def test_what_is_not_http_is_a_failure(site: Site, reply: bytes) -> None:
    site.pages["/feed"] = raw(reply)
    with pytest.raises(Unreachable):
        get(site, "/feed")


def test_a_body_that_breaks_off_is_kept_but_asked_for_again(site: Site) -> None:
    site.pages["/feed"] = answer(b"<rss><channel>", content_length="500", etag='"v1"')
    found = get(site, "/feed")
    assert (found.truncated, found.body, found.etag) == (True, b"<rss><channel>", "")


def test_a_refused_connection_is_a_failure_in_plain_words() -> None:
    port = free_port()
    with pytest.raises(Unreachable, match="refuses connections"):
        fetch(f"http://127.0.0.1:{port}/", guard=Guard.allowing([f"127.0.0.1:{port}"]))


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("404 Not Found", "no such page"),
        ("410 Gone", "gone"),
        ("403 Forbidden", "forbids"),
        ("500 Oops", "fault"),
    ],
)
def test_an_error_status_is_a_failure_in_plain_words(site: Site, status: str, word: str) -> None:
    site.pages["/feed"] = answer(b"sorry", status=status)
    with pytest.raises(HttpError, match=word) as caught:
        get(site, "/feed")
    assert caught.value.status == int(status[:3])
    assert outcome_of(caught.value) == "http_error"


def test_retry_after_is_read_in_seconds_and_as_a_date(site: Site) -> None:
    site.pages["/feed"] = answer(status="429 Too Many Requests", retry_after="120")
    with pytest.raises(HttpError) as caught:
        get(site, "/feed")
    assert caught.value.retry_after == 120
    now = datetime(2025, 11, 17, 8, 0, tzinfo=UTC)
    assert parse_retry_after("Mon, 17 Nov 2025 08:05:00 GMT", now) == 300
    assert parse_retry_after("Mon, 17 Nov 2025 07:05:00 GMT", now) == 0
    assert parse_retry_after("99999999999", now) == 7 * 86_400
    assert [parse_retry_after(text, now) for text in ("", "soon", "-5", "1e9")] == [None] * 4


def test_redirects_are_followed_and_permanent_ones_reported(site: Site) -> None:
    site.pages["/old"] = redirect("/moved", "301 Moved Permanently")
    site.pages["/moved"] = redirect(site.url("/new"), "308 Permanent Redirect")
    site.serve("/new", b"body")
    found = get(site, "/old")
    assert (found.body, found.url_final) == (b"body", site.url("/new"))
    assert found.permanent_redirect_to == site.url("/new")


def test_only_the_leading_permanent_redirects_count_as_permanent(site: Site) -> None:
    site.pages["/old"] = redirect("/moved", "301 Moved Permanently")
    site.pages["/moved"] = redirect("/now")
    site.pages["/now"] = redirect("/new", "301 Moved Permanently")
    site.serve("/new", b"body")
    assert get(site, "/old").permanent_redirect_to == site.url("/moved")


def test_redirects_without_end_are_a_failure(site: Site) -> None:
    site.pages["/loop"] = redirect("/loop")
    with pytest.raises(Unreachable, match="more than 5"):
        get(site, "/loop")
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/", "http://[::1]/", "file:///etc/passwd", "//u:p@x/"]
)
def test_a_redirect_to_a_refused_address_is_refused(site: Site, target: str) -> None:
    site.pages["/feed"] = redirect(target)
    with pytest.raises(FetchRefused):
        get(site, "/feed")


def test_a_redirect_to_another_port_of_an_allowed_host_is_refused_and_never_asked(site: Site) -> None:
    with running_site() as neighbour:
        neighbour.serve("/admin", b"secret")
        site.pages["/feed"] = redirect(neighbour.url("/admin"))
        with pytest.raises(FetchRefused, match="loopback"):
            get(site, "/feed")
        assert neighbour.requests == []


def test_a_private_address_is_never_asked(site: Site) -> None:
    site.serve("/feed", b"x")
    with pytest.raises(FetchRefused, match="loopback"):
        fetch(site.url("/feed"))
    assert site.requests == []


def test_a_name_is_resolved_once_and_the_connection_goes_to_the_checked_address(site: Site) -> None:
    site.serve("/feed", b"checked")
    port = int(site.address.rpartition(":")[2])
    answers = [["127.0.0.1"], ["10.255.255.1"]]

    def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    guard = Guard.allowing(["127.0.0.0/8"], resolver=rebinding)
    found = fetch(f"http://feeds.example.com:{port}/feed", guard=guard, limits=SMALL)
    assert found.body == b"checked"
    assert len(answers) == 1
    assert site.requests[0].headers["host"] == f"feeds.example.com:{port}"


def test_a_name_that_rebinds_between_redirects_is_refused(site: Site) -> None:
    port = int(site.address.rpartition(":")[2])
    site.pages["/feed"] = redirect("/again")
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    guard = Guard.allowing(["127.0.0.0/8"], resolver=lambda host, port: answers.pop(0))
    with pytest.raises(FetchRefused, match="private"):
        fetch(f"http://feeds.example.com:{port}/feed", guard=guard, limits=SMALL)


def test_the_next_address_is_tried_when_the_first_does_not_answer(site: Site) -> None:
    site.serve("/feed", b"second")
    port = int(site.address.rpartition(":")[2])
    guard = Guard.allowing(["127.0.0.0/8"], resolver=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert fetch(f"http://feeds.example.com:{port}/feed", guard=guard, limits=SMALL).body == b"second"


def test_every_failure_is_one_of_the_domain(site: Site) -> None:
    assert issubclass(Unreachable, FetchFailed)
    assert issubclass(TooLarge, FetchFailed)
    assert issubclass(HttpError, FetchFailed)
    assert outcome_of(Unreachable("x")) == "unreachable"
    assert outcome_of(TooLarge("x")) == "too_large"
    assert outcome_of(FetchRefused("x")) == "refused"
    assert outcome_of(RuntimeError("x")) == "failed"
