"""robots.txt (RFC 9309): which pages of a site a robot may fetch, and how long it rests between two.

A site's file is kept for a day (2.4), in the cache and, read, in the process. What the site answers without one
counts as the RFC says: "unavailable" (4xx) allows all (2.3.1.3), "unreachable" (5xx, no answer) allows nothing
(2.3.1.4), unless an older copy is at hand.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.cache import cache
from protego import Protego
from redis.exceptions import RedisError

from events.exceptions import FetchFailed, FetchRefused
from events.feeds.errors import HttpError, TooManyRedirects
from events.feeds.fetch import PRODUCT, Fetched, Limits

log = logging.getLogger(__name__)

LIMITS = Limits(total=10.0, connect=5.0, read=5.0, max_bytes=640_000, cut=True)
"""At least 500 KiB of a file must be read (2.5); what follows is left out."""
FRESH_FOR = 86_400.0
ASK_AGAIN = 600.0
"""Seconds after which an unreachable file is asked for again."""
KEPT_FOR = 7 * 86_400
"""Seconds for which an old copy stands in for a file that is unreachable."""
_MAX_SITES, _MAX_CHARACTERS = 1_000, 4_000_000
"""What a process keeps read, in sites and in characters of their files."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site asks of robots. `text` is its file, "" where it has none; `is_closed`: nothing may be fetched.

    `asked_at` is in seconds since 1970, the time of the answer; `checked_at` that of the last attempt.
    """

    text: str
    is_closed: bool
    asked_at: float
    checked_at: float
    _parsed: Protego = field(repr=False, compare=False)

    @classmethod
    def read(
        cls, text: str, now: float, *, is_closed: bool = False, checked_at: float | None = None
    ) -> Rules:
        """The rules of a file's text."""
        return cls(text, is_closed, now, now if checked_at is None else checked_at, Protego.parse(text))

    def allows(self, url: str) -> bool:
        """Whether the page may be fetched."""
        return not self.is_closed and bool(self._parsed.can_fetch(url, PRODUCT))

    @property
    def crawl_delay(self) -> float:
        """Seconds that the site asks to rest between two requests, 0 where it does not say."""
        delay = self._parsed.crawl_delay(PRODUCT)
        return max(float(delay), 0.0) if delay else 0.0

    def is_fresh(self, now: float) -> bool:
        """Whether the file need not be asked for again."""
        if self.is_closed or self.checked_at > self.asked_at:
            return now < self.checked_at + ASK_AGAIN
        return now < self.asked_at + FRESH_FOR


def rules_for(origin: str, ask: Callable[[str], Fetched], now: float | None = None) -> Rules:
    """The rules of the site at `origin` ("https://news.example.com"), asked for by `ask` when none are at hand.

    Raises nothing.
    """
    now = time.time() if now is None else now
    with _lock:
        rules = _read.get(origin)
    if rules is not None and rules.is_fresh(now):
        return rules
    rules = _cached(origin) or rules
    if rules is None or not rules.is_fresh(now):
        rules = _asked(origin, ask, now, rules)
        _keep(origin, rules)
    _remember(origin, rules)
    return rules


def forget() -> None:
    """Gives up what this process has read."""
    with _lock:
        _read.clear()


def _remember(origin: str, rules: Rules) -> None:
    with _lock:
        _read.pop(origin, None)
        _read[origin] = rules
        characters = sum(len(kept.text) for kept in _read.values())
        for oldest in list(_read):
            if len(_read) <= _MAX_SITES and characters <= _MAX_CHARACTERS:
                break
            characters -= len(_read.pop(oldest).text)


def _asked(origin: str, ask: Callable[[str], Fetched], now: float, old: Rules | None) -> Rules:
    try:
        answer = ask(f"{origin}/robots.txt")
    except (FetchRefused, TooManyRedirects):
        # A page of the same host is refused by itself; a file behind endless redirects is "unavailable" (2.3.1.2).
        return Rules.read("", now)
    except HttpError as error:
        # 429 is a 4xx, but says "not now", as 503 does.
        if 400 <= error.status < 500 and error.status != 429:
            return Rules.read("", now)
    except FetchFailed as error:
        log.info("robots.txt of %s: %s", origin, error)
    else:
        return Rules.read(answer.body.decode("utf-8-sig", "replace"), now)
    if old is not None and not old.is_closed and now < old.asked_at + KEPT_FOR:
        return Rules.read(old.text, old.asked_at, checked_at=now)
    return Rules.read("", now, is_closed=True)


def _cached(origin: str) -> Rules | None:
    try:
        found = cache.get(_key(origin))
    except (RedisError, OSError, RuntimeError):
        return None
    if not isinstance(found, tuple):
        return None
    text, is_closed, asked_at, checked_at = found
    return Rules.read(text, asked_at, is_closed=is_closed, checked_at=checked_at)


def _keep(origin: str, rules: Rules) -> None:
    values = (rules.text, rules.is_closed, rules.asked_at, rules.checked_at)
    try:
        cache.set(_key(origin), values, KEPT_FOR)
    except (RedisError, OSError, RuntimeError) as error:
        log.info("robots.txt of %s is kept in this process only: %s", origin, error)


def _key(origin: str) -> str:
    return "robots:" + hashlib.sha256(origin.encode("utf-8", "replace")).hexdigest()


_lock = threading.Lock()
_read: dict[str, Rules] = {}
