"""Whose turn it is at a host: one request at a time, and a rest after each, for all workers together.

Redis holds a lease for each host that is being asked, with a token of its holder and an end of its own: a worker
that dies gives its turn back by itself. While Redis is away, or when it was emptied, each process still keeps to the
rule for itself: what this module does not know makes it slower or ruder by one request, never wrong.
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import httpx
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from redis import Redis
from redis.exceptions import RedisError

from events.feeds.errors import HostBusy
from events.net.guard import port_of

log = logging.getLogger(__name__)

LEASE = 120.0
"""Seconds for which a turn may be held: longer than any request, its redirects and robots.txt may take."""
LONGEST_WAIT = 3600.0
"""Seconds ahead to which what cannot be asked now is put off."""
_LOOK_AGAIN = 0.05
_AWAY = 5.0
"""Seconds for which Redis is not asked after it failed."""
_MAX_HELD = 10_000

# An empty value says that the host is at rest, another one is the token of whoever asks it.
_TAKE = """
local held = redis.call('GET', KEYS[1])
if held and (held ~= '' or ARGV[3] == '0') then
    return {held == '' and 1 or 2, redis.call('PTTL', KEYS[1])}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {0, 0}
"""
_GIVE_BACK = """
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) > 0 then
    redis.call('SET', KEYS[1], '', 'PX', ARGV[2])
else
    redis.call('DEL', KEYS[1])
end
return 1
"""
# Whoever is sent away gets a time of its own, so that all do not come back at once.
_LATER = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local slot = math.max(now + ARGV[1], tonumber(redis.call('GET', KEYS[1]) or 0) + ARGV[2])
slot = math.min(slot, now + ARGV[3])
redis.call('SET', KEYS[1], string.format('%.0f', slot), 'PX', string.format('%.0f', slot - now + 1000))
return slot - now
"""
_FREE, _RESTING, _HELD = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to ask `host`, until it is given back or runs out."""

    host: str
    token: str


def host_of(url: httpx.URL) -> str:
    """What counts as one host: the name, with the port where that is no usual one of the web."""
    port = port_of(url)
    return url.host.lower() if port in (80, 443) else f"{url.host.lower()}:{port}"


def take(host: str, patience: float, *, step: float = 1.0, ignore_rest: bool = False) -> Turn:
    """The turn at `host`, after at most `patience` seconds.

    `step` is the seconds between the times that are given to those who are sent away. Raises HostBusy, with the
    time to come again, when the turn is not free by then; `ignore_rest` takes it from a host that is only at rest.
    """
    turn = Turn(host, secrets.token_hex(8))
    end = time.monotonic() + patience
    while True:
        state, wait = _try(turn, ignore_rest)
        left = end - time.monotonic()
        if state == _FREE:
            return turn
        if left <= 0 or (state == _RESTING and wait > left):
            raise HostBusy(host, _later(host, wait if state == _RESTING else step, step))
        time.sleep(wait if state == _RESTING else min(left, _LOOK_AGAIN * random.uniform(0.5, 1.5)))  # noqa: S311


def give_back(turn: Turn, rest: float = 0.0) -> None:
    """Ends the turn and leaves the host at rest for so many seconds; nothing happens when it has run out."""
    _here.give_back(turn, rest)
    _shared(lambda client, key: client.eval(_GIVE_BACK, 1, key, turn.token, round(rest * 1000)), turn.host)


def forget() -> None:
    """Gives up what this process knows, and asks Redis again at once."""
    global _away_until  # noqa: PLW0603 - one a process is the point
    _away_until = 0.0
    _here.held.clear()


def _try(turn: Turn, ignore_rest: bool) -> tuple[int, float]:
    state, wait = _here.take(turn, ignore_rest)
    if state != _FREE:
        return state, wait
    answer = _shared(
        lambda client, key: client.eval(_TAKE, 1, key, turn.token, round(LEASE * 1000), int(ignore_rest)),
        turn.host,
    )
    if answer is None or int(answer[0]) == _FREE:
        return _FREE, 0.0
    _here.give_back(turn, 0.0)
    return int(answer[0]), max(int(answer[1]), 1) / 1000


def _later(host: str, wait: float, step: float) -> float:
    times = [round(seconds * 1000) for seconds in (wait, step, LONGEST_WAIT)]
    answer = _shared(lambda client, key: client.eval(_LATER, 1, f"{key}:slot", *times), host)
    if answer is None:
        return min(wait + step * random.uniform(1, 20), LONGEST_WAIT)  # noqa: S311 - spreads load
    return int(answer) / 1000


class _Here:
    """The same rule within this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.held: dict[str, tuple[str, float]] = {}

    def take(self, turn: Turn, ignore_rest: bool) -> tuple[int, float]:
        now = time.monotonic()
        with self._lock:
            token, end = self.held.get(turn.host, ("", 0.0))
            if end > now and (token or not ignore_rest):
                return (_HELD if token else _RESTING), end - now
            self.held[turn.host] = (turn.token, now + LEASE)
            if len(self.held) > _MAX_HELD:
                self.held = {host: entry for host, entry in self.held.items() if entry[1] > now}
        return _FREE, 0.0

    def give_back(self, turn: Turn, rest: float) -> None:
        with self._lock:
            if self.held.get(turn.host, ("", 0.0))[0] != turn.token:
                return
            if rest > 0:
                self.held[turn.host] = ("", time.monotonic() + rest)
            else:
                del self.held[turn.host]


_here = _Here()
_clients: WeakKeyDictionary[BaseCache, Redis] = WeakKeyDictionary()
_away_until = 0.0


def _shared(ask: Callable[[Redis, str], Any], host: str) -> Any:
    """Redis' answer, or None while it is away."""
    global _away_until  # noqa: PLW0603 - one a process is the point
    if time.monotonic() < _away_until:
        return None
    backend: Any = caches["default"]
    try:
        client = _clients.get(backend)
        if client is None:
            client = _clients[backend] = backend._cache.get_client(None, write=True)
        return ask(client, backend.make_key(f"host:{host}"))
    except (RedisError, OSError, RuntimeError) as error:  # RuntimeError: the embedded server does not start
        log.warning("turns at hosts are kept within this process only: %s", error)
        _clients.pop(backend, None)
        _away_until = time.monotonic() + _AWAY
        return None
