"""A request as this deployment makes it: guarded, within its bounds, with its contact, and in its turn at the host."""

from __future__ import annotations

from dataclasses import replace

import httpx
from django.conf import settings

from events.exceptions import Unreachable
from events.feeds import hosts, robots
from events.feeds.errors import HttpError, RobotsRefused
from events.feeds.fetch import FEED_TYPES, PRODUCT, Fetched, Limits, fetch
from events.net.sessions import session

PATIENCE = 3.0
"""Seconds that a worker waits for its turn at a host before it turns to something else."""
_A_REQUEST = 0.5
"""Seconds that a request may take, for spreading the times at which others come again."""
_PAUSE = 60.0
_LONGEST_PAUSE = 3600.0
_TOO_BUSY = frozenset({429, 503})


def request(
    url: str,
    *,
    accept: str = FEED_TYPES,
    etag: str = "",
    last_modified: str = "",
    heed_robots: bool = False,
    by_hand: bool = False,
    patience: float = PATIENCE,
) -> Fetched:
    """A guarded GET with the deployment's settings: allowed hosts, proxy, size, time and contact.

    One request at a time goes to a host, with a rest in between. `heed_robots`: only pages that the site's robots.txt
    lets robots fetch; for what machines do by themselves. `by_hand`: a person waits, so that a host that is merely at
    rest is asked. `patience`: how many seconds to wait for the turn. Raises HostBusy when the turn does not come in time, RobotsRefused, and what `fetch` raises.
    """
    visit = _Visit(heed_robots=heed_robots, by_hand=by_hand, patience=patience)
    try:
        return fetch(
            url,
            accept=accept,
            etag=etag,
            last_modified=last_modified,
            limits=Limits(total=settings.FETCH_TIMEOUT, max_bytes=settings.FETCH_MAX_BYTES),
            user_agent=user_agent(),
            session=visit.session,
            before=visit.enter,
        )
    except HttpError as error:
        if error.status in _TOO_BUSY:
            visit.pause(error.retry_after)
        raise
    finally:
        visit.end()


def follow(url: str, *, accept: str = FEED_TYPES, heed_robots: bool = False) -> Fetched:
    """`request` of what an answer of the same host led to: the host's rest is waited for, since all would be asked
    again otherwise."""
    rest = max(settings.FETCH_HOST_SECONDS, settings.FETCH_LONGEST_CRAWL_DELAY if heed_robots else 0)
    return request(url, accept=accept, heed_robots=heed_robots, patience=PATIENCE + rest)


def user_agent() -> str:
    """Who we are and where to complain."""
    return f"{PRODUCT}/0.1 (+{settings.FETCH_CONTACT})"


class _Visit:
    """One request with its redirects: the turns that it holds, each given back at the end."""

    def __init__(self, *, heed_robots: bool, by_hand: bool, patience: float) -> None:
        self.session = session()
        self._patience = patience
        self._heed_robots = heed_robots
        self._by_hand = by_hand
        self._turns: dict[str, hosts.Turn] = {}
        self._rests: dict[str, float] = {}
        self._last = ""

    def enter(self, url: httpx.URL) -> None:
        """Takes the turn at the address's host and asks its robots.txt, before the address is asked for."""
        host = self._last = hosts.host_of(url)
        if host not in self._turns:
            rest = self._rest(url)
            self._turns[host] = hosts.take(
                host, self._patience, step=rest + _A_REQUEST, ignore_rest=self._by_hand
            )
            self._rests[host] = rest
        if self._heed_robots:
            self._ask_robots(host, url)

    def pause(self, retry_after: int | None) -> None:
        """The host that answered last says that it is asked too often: nobody asks it for a while."""
        wait = min(_PAUSE if retry_after is None else float(retry_after), _LONGEST_PAUSE)
        self._rests[self._last] = max(self._rests.get(self._last, 0.0), wait)

    def end(self) -> None:
        """Gives all turns back."""
        for host, turn in self._turns.items():
            hosts.give_back(turn, self._rests[host])

    def _rest(self, url: httpx.URL) -> float:
        """A host that the operator lists is the operator's own, and needs no rest."""
        port = url.port or (443 if url.scheme == "https" else 80)
        return 0.0 if self.session.guard.names(url.host, port) else float(settings.FETCH_HOST_SECONDS)

    def _ask_robots(self, host: str, url: httpx.URL) -> None:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        rules = robots.rules_for(origin, self._fetch_robots)
        if rules.is_closed:
            raise Unreachable("The site's robots.txt cannot be read now, so its pages are left alone.")
        if not rules.allows(str(url)):
            raise RobotsRefused("The site's robots.txt asks robots not to read this page.")
        delay = min(rules.crawl_delay, float(settings.FETCH_LONGEST_CRAWL_DELAY))
        self._rests[host] = max(self._rests[host], delay)

    def _fetch_robots(self, url: str) -> Fetched:
        limits = replace(robots.LIMITS, total=min(robots.LIMITS.total, settings.FETCH_TIMEOUT))
        return fetch(
            url, accept="text/plain, */*;q=0.1", limits=limits, user_agent=user_agent(), session=self.session
        )
