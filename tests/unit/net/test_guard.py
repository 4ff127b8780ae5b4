"""Rules of the guard: which addresses may be requested."""

from __future__ import annotations

import ipaddress
import threading

import pytest

from events.exceptions import FetchRefused, Unreachable
from events.net import guard as guard_module
from events.net.guard import Guard, why_refused

PUBLIC = (
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
)
REFUSED = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "0.0.0.0": "unspecified",
    "10.1.2.3": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.1.1": "private",
    "100.64.0.1": "carrier-grade NAT",
    "169.254.169.254": "metadata",
    "168.63.129.16": "metadata",
    "224.0.0.1": "multicast",
    "255.255.255.255": "reserved",
    "198.18.0.1": "benchmarking",
    "192.0.2.1": "documentation",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "IPv4-compatible",
    "::ffff:127.0.0.1": "IPv4-mapped",
    "::ffff:8.8.8.8": "IPv4-mapped",
    "64:ff9b::7f00:1": "NAT64",
    "64:ff9b:1::a00:1": "NAT64",
    "2002:7f00:1::": "6to4",
    "2001:0:4136:e378::1": "Teredo",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe": "Teredo",
    "64:ff9b::a9fe:a9fe": "NAT64",
    "64:ff9b::808:808": "NAT64",
    "2002:a9fe:a9fe::": "6to4",
    "192.88.99.1": "6to4",
    "::ffff:0:7f00:1": "not public",
    "4000::1": "not public",
    "100::1": "discard",
    "2001:db8::1": "documentation",
    "100.100.100.200": "carrier-grade NAT",
    "192.0.0.192": "reserved",
    "240.0.0.1": "reserved",
    "239.1.2.3": "multicast",
    "fc00::1": "private",
    "fd00:ec2::254": "private",
    "fe80::1": "link-local",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
}


def answering(*addresses: str) -> Guard:
    return Guard(resolver=lambda host, port: list(addresses))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_requested(address: str) -> None:
    assert answering(address).addresses("news.example.com", 443, 5) == [address]


@pytest.mark.parametrize(("address", "word"), REFUSED.items())
def test_an_address_that_is_not_public_is_refused_by_the_word_for_it(address: str, word: str) -> None:
    assert word in (why_refused(ipaddress.ip_address(address)) or "")
    with pytest.raises(FetchRefused, match=word):
        answering(address).addresses("news.example.com", 80, 5)


def test_a_link_local_address_with_a_zone_is_refused() -> None:
    with pytest.raises(FetchRefused):
        answering("fe80::1%eth0").addresses("news.example.com", 80, 5)


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(FetchRefused):
        answering("8.8.8.8", "10.0.0.1").addresses("news.example.com", 80, 5)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0"])
def test_every_spelling_of_loopback_is_refused_by_the_system_resolver_too(host: str) -> None:
    with pytest.raises((FetchRefused, Unreachable)):
        Guard().addresses(host, 80, 5)


def test_an_allowed_host_and_port_may_be_private_but_only_at_that_port() -> None:
    guard = Guard.allowing(["127.0.0.1:8765"], resolver=lambda host, port: ["127.0.0.1"])
    assert guard.addresses("127.0.0.1", 8765, 5) == ["127.0.0.1"]
    with pytest.raises(FetchRefused):
        guard.addresses("127.0.0.1", 8766, 5)


def test_an_allowed_name_or_network_may_be_private() -> None:
    named = Guard.allowing(["Feeds.Internal"], resolver=lambda host, port: ["10.0.0.1"])
    network = Guard.allowing(["10.0.0.0/24"], resolver=lambda host, port: ["10.0.0.1"])
    assert named.addresses("feeds.internal", 80, 5) == ["10.0.0.1"]
    assert network.addresses("any.example.com", 80, 5) == ["10.0.0.1"]
    with pytest.raises(FetchRefused):
        Guard.allowing(["10.0.1.0/24"], resolver=lambda host, port: ["10.0.0.1"]).addresses(
            "a.example.com", 80, 5
        )


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.com/",
        "ftp://example.com/",
        "//example.com/",
        "example.com",
        "",
        "http://",
        "http://user:secret@example.com/",
        "http://user@example.com/",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "http://[::1/",
        "http://example.com/\x00",
        "http://example.com/" + "a" * 3000,
    ],
)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        Guard().check_url(url)


def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(Unreachable, match="does not resolve"):
        Guard(resolver=nowhere).addresses("nowhere.example.com", 80, 5)


def test_look_ups_that_hang_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard_module, "_lookups", threading.BoundedSemaphore(2))
    release = threading.Event()
    begun: list[str] = []

    def hanging(host: str, port: int) -> list[str]:
        begun.append(host)
        release.wait(60)
        return ["8.8.8.8"]

    for n in range(5):
        with pytest.raises(Unreachable):
            Guard(resolver=hanging).addresses(f"{n}.example.com", 80, 0.05)
    assert len(begun) == 2
    release.set()


def test_a_host_that_the_operator_lists_is_known_by_name_and_port() -> None:
    guard = Guard.allowing(["feeds.internal:8080", "own.example.com", "10.0.0.0/8"])
    assert guard.names("Feeds.Internal", 8080)
    assert guard.names("own.example.com", 443)
    assert not guard.names("feeds.internal", 80)
    assert not guard.names("10.0.0.1", 80), "a network is no host of the operator's own"


def test_a_resolver_that_hangs_is_left_behind() -> None:
    release = threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        release.wait(60)
        return ["8.8.8.8"]

    with pytest.raises(Unreachable, match="in time"):
        Guard(resolver=hanging).addresses("slow.example.com", 80, 0.05)
    release.set()
