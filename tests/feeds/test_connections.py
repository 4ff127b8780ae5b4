"""Rules of connections: kept open between requests, checked when they are made, led through the operator's proxy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from events.exceptions import FetchRefused, Unreachable
from events.feeds.errors import HttpError
from events.feeds.fetch import Limits, fetch
from events.net.connection import Proxy, Session
from events.net.guard import Guard
from tests.feeds.keeping import connect_proxy, keeping_site
from tests.feeds.servers import Site, answer, dripping, redirect

SMALL = Limits(total=5, connect=2, read=2, max_bytes=100_000)


@pytest.fixture
def session() -> Iterator[Session]:
    found = Session(Guard.allowing(["127.0.0.0/8"]))
    yield found
    found.close()


def test_requests_to_a_host_share_a_connection(session: Session) -> None:
    with keeping_site() as site:
        bodies = [fetch(f"http://{site.address}/{n}", session=session, limits=SMALL).body for n in range(3)]
        unchanged = fetch(f"http://{site.address}/", etag='"v1"', session=session, limits=SMALL)
        fetch(f"http://{site.address}/again", session=session, limits=SMALL)
    assert bodies == [b"kept"] * 3
    assert unchanged.not_modified
    assert len(site.clients) == 5
    assert len(set(site.clients)) == session.connections == 1


def test_a_kept_connection_that_the_server_has_closed_costs_nothing_but_a_new_one(session: Session) -> None:
    with keeping_site(hang_up_after=1) as site:
        for _ in range(4):
            assert fetch(f"http://{site.address}/", session=session, limits=SMALL).body == b"kept"
    assert len(set(site.clients)) == 4


def test_a_kept_connection_goes_on_to_the_address_that_was_checked() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    guard = Guard.allowing(["127.0.0.0/8"], resolver=lambda host, port: answers.pop(0))
    session = Session(guard)
    with keeping_site() as site:
        for _ in range(3):
            url = f"http://feeds.example.com:{site.server_port}/"
            assert fetch(url, session=session, limits=SMALL).body == b"kept"
    assert len(answers) == 1
    session.close()


def test_every_new_connection_is_checked_anew(site: Site) -> None:
    port = int(site.address.rpartition(":")[2])
    site.serve("/", b"closes")
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    session = Session(Guard.allowing(["127.0.0.0/8"], resolver=lambda host, port: answers.pop(0)))
    fetch(f"http://feeds.example.com:{port}/", session=session, limits=SMALL)
    with pytest.raises(FetchRefused, match="private"):
        fetch(f"http://feeds.example.com:{port}/", session=session, limits=SMALL)
    session.close()


def test_a_request_that_was_cut_short_leaves_nothing_for_the_next(session: Session, site: Site) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n"
    site.pages["/drip"] = dripping(site, head, b"x")
    site.serve("/good", b"good")
    with pytest.raises(Unreachable, match="in time"):
        fetch(site.url("/drip"), session=session, limits=Limits(total=0.3))
    assert fetch(site.url("/good"), session=session, limits=SMALL).body == b"good"


def test_a_proxy_is_asked_for_the_checked_address_never_for_a_name(site: Site) -> None:
    port = int(site.address.rpartition(":")[2])
    site.serve("/feed", b"through the proxy")
    guard = Guard.allowing(["127.0.0.0/8"], resolver=lambda host, port: ["127.0.0.1"])
    with connect_proxy() as proxy:
        session = Session(guard, Proxy.parse(proxy.address))
        found = fetch(f"http://feeds.example.com:{port}/feed", session=session, limits=SMALL)
        session.close()
    assert found.body == b"through the proxy"
    assert proxy.targets == [f"127.0.0.1:{port}"]
    assert "Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=" in proxy.asked[0]
    assert site.requests[0].headers["host"] == f"feeds.example.com:{port}"
    assert "proxy-authorization" not in site.requests[0].headers


def test_the_guard_holds_behind_a_proxy_too(site: Site) -> None:
    port = int(site.address.rpartition(":")[2])
    site.pages["/feed"] = redirect("http://metadata.example.com/latest/")
    known = {"feeds.example.com": ["127.0.0.1"], "metadata.example.com": ["169.254.169.254"]}
    guard = Guard.allowing([f"feeds.example.com:{port}"], resolver=lambda host, port: known[host])
    with connect_proxy() as proxy:
        session = Session(guard, Proxy.parse(proxy.address))
        with pytest.raises(FetchRefused, match="metadata"):
            fetch(f"http://feeds.example.com:{port}/feed", session=session, limits=SMALL)
        session.close()
    assert proxy.targets == [f"127.0.0.1:{port}"]


@pytest.mark.parametrize("status", ["403 Forbidden", "407 Proxy Authentication Required", "nonsense"])
def test_a_proxy_that_says_no_is_a_failure_in_plain_words(site: Site, status: str) -> None:
    with connect_proxy(status) as proxy:
        session = Session(Guard.allowing([site.address]), Proxy.parse(proxy.address))
        with pytest.raises(Unreachable, match="the proxy refuses"):
            fetch(site.url("/feed"), session=session, limits=SMALL)
        session.close()
    assert site.requests == []


@pytest.mark.parametrize(
    "url", ["socks5://127.0.0.1:1080", "proxy.example.com:3128", "http://", "http://h/path", "http://h:x"]
)
def test_what_is_no_address_of_a_proxy_is_an_error(url: str) -> None:
    with pytest.raises(ValueError, match=r"proxy|[Pp]ort"):
        Proxy.parse(url)


def test_no_proxy_is_no_proxy() -> None:
    assert Proxy.parse(" ") is None
    assert Proxy.parse("https://proxy.example.com") == Proxy("proxy.example.com", 443, is_tls=True)


def test_an_error_status_leaves_the_session_usable(session: Session, site: Site) -> None:
    site.pages["/gone"] = answer(b"x" * 50_000, status="404 Not Found")
    site.serve("/good", b"good")
    with pytest.raises(HttpError):
        fetch(site.url("/gone"), session=session, limits=SMALL)
    assert fetch(site.url("/good"), session=session, limits=SMALL).body == b"good"
