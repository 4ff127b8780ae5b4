"""Which addresses the service may request: the public internet and what an operator lists by name, nothing else.

A feed address is typed by a person or comes from a redirect, so it may point anywhere, at the cloud's metadata
service as well as at a neighbour's admin page (server-side request forgery). The guard therefore judges the
*address* that a name resolves to, and hands that very address to the connection: a second look-up, which could
answer differently (DNS rebinding), never happens.

The networks are those of the IANA special-purpose address registries (RFC 6890 and its updates).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx

from events.exceptions import FetchRefused, Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], list[str]]
"""(host, port) -> numeric addresses, in the order to try; raises OSError when the name does not resolve."""

MAX_URL_LENGTH = 2048
MAX_LOOKUPS = 32
"""Name look-ups of this process that may hang at a time; beyond them, names are not looked up."""
_lookups = threading.BoundedSemaphore(MAX_LOOKUPS)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""The part of IPv6 that is given out for the public internet (RFC 4291, 2.5.4; IANA). What embeds IPv4 addresses
elsewhere, such as the translated ones of RFC 2765, is not in it."""
_HOST = re.compile(rb"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")

_REFUSED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local or metadata"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("168.63.129.16/32", "metadata"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/96", "unspecified, loopback or IPv4-compatible"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("64:ff9b::/96", "NAT64-mapped"),
    ("64:ff9b:1::/48", "NAT64-mapped"),
    ("100::/64", "discard-only"),
    ("2001::/23", "reserved or Teredo"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4-mapped"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment routing"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_REFUSED_NETWORKS: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(text), why) for text, why in _REFUSED
)


def why_refused(address: Address) -> str | None:
    """The word for what makes `address` not public, or None when it is public."""
    for network, why in _REFUSED_NETWORKS:
        if address.version == network.version and address in network:
            return why
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return "not public"
    # A special-purpose block younger than the list above is still known to the standard library.
    return None if address.is_global else "not public"


def system_resolver(host: str, port: int) -> list[str]:
    """Addresses of `host` by the system's resolver; raises OSError when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """The judge of addresses.

    `hosts` are allowed names: "feeds.example.com" (any port) or "127.0.0.1:8765"; `networks` are allowed address
    blocks. Both are exceptions from the rule that only public addresses are requested; neither lifts the rules
    on schemes and credentials. `resolver` is the name look-up.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    resolver: Resolver = field(default=system_resolver)

    @classmethod
    def allowing(cls, entries: Iterable[str], resolver: Resolver = system_resolver) -> Guard:
        """A guard whose exceptions are `entries`: "host", "host:port", "[v6]:port", "10.1.0.0/16", "10.1.2.3".

        Raises ValueError for an entry that is an address block with host bits set or a mask out of range.
        """
        hosts: set[str] = set()
        networks: list[Network] = []
        for entry in (raw.strip().lower() for raw in entries):
            if "/" in entry:
                networks.append(ipaddress.ip_network(entry))
            elif entry:
                hosts.add(entry)
        return cls(frozenset(hosts), tuple(networks), resolver)

    def check_url(self, url: str) -> httpx.URL:
        """`url` parsed, when its form is one that may be requested; no look-up is made here.

        Raises FetchRefused for another scheme than http(s), for a user name or password in the address, for an
        address without host, too long or malformed.
        """
        if len(url) > MAX_URL_LENGTH:
            raise FetchRefused(f"The address is longer than {MAX_URL_LENGTH} characters.")
        try:
            parsed = httpx.URL(url)
            host, port = parsed.host, port_of(parsed)
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchRefused(f"The address is malformed: {error}.") from error
        if parsed.scheme not in ("http", "https"):
            raise FetchRefused(f"Only http and https addresses are fetched, not {parsed.scheme or 'none'!r}.")
        if parsed.userinfo:
            raise FetchRefused("The address contains a user name or password.")
        if not host or not 0 < port < 65536:
            raise FetchRefused("The address names no host, or an impossible port.")
        if not _HOST.fullmatch(parsed.raw_host):
            raise FetchRefused("The address has characters in its host that no host name has.")
        return parsed

    def addresses(self, host: str, port: int, timeout: float) -> list[str]:
        """The checked numeric addresses of `host`, in the order to try.

        `timeout` is in seconds. Raises FetchRefused when any address is not public and not allowed (a mixed answer
        is the sign of rebinding), Unreachable when the name does not resolve in time.
        """
        numeric = self._resolve(host, port, timeout)
        if not numeric:
            raise Unreachable(f"The host {host} has no address.")
        if self.names(host, port):
            return numeric
        for text in numeric:
            self._check(host, text)
        return numeric

    def names(self, host: str, port: int) -> bool:
        """Whether the operator lists this very host: it is then no stranger's."""
        name = host.lower()
        bracketed = f"[{name}]" if ":" in name else name
        return not self.hosts.isdisjoint({name, bracketed, f"{bracketed}:{port}"})

    def _check(self, host: str, text: str) -> None:
        try:
            address = ipaddress.ip_address(text)
        except ValueError as error:
            raise FetchRefused(f"{host} resolved to something that is no address.") from error
        if any(address.version == network.version and address in network for network in self.networks):
            return
        why = why_refused(address)
        if why is not None:
            raise FetchRefused(
                f"{host} leads to {address}, which is a {why} address; only public ones are fetched."
            )

    def _resolve(self, host: str, port: int, timeout: float) -> list[str]:
        """Look-up with a time-out: the system's resolver takes none, and may hang for minutes."""
        answer: list[str] = []
        failure: list[Exception] = []
        places = _lookups

        def look_up() -> None:
            try:
                answer.extend(self.resolver(host, port))
            except (OSError, UnicodeError) as error:
                failure.append(error)
            finally:
                places.release()

        if not places.acquire(timeout=max(timeout, 0)):
            raise Unreachable("Too many host names do not resolve; the name service may be down.")
        thread = threading.Thread(target=look_up, name="resolve", daemon=True)
        thread.start()
        thread.join(max(timeout, 0))
        if thread.is_alive():
            raise Unreachable(f"The host name {host} did not resolve in time.")
        if failure:
            raise Unreachable(f"The host name {host} does not resolve.") from failure[0]
        return answer


def port_of(url: httpx.URL) -> int:
    """The port that `url` means: its own, or the scheme's usual one."""
    return url.port if url.port is not None else {"http": 80, "https": 443}.get(url.scheme, 0)
