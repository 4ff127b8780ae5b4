"""Counting requests in Redis, for all processes together, mostly without asking it.

A window begins with a caller's first request. A process takes a fiftieth of the caller's limit at a time: what it
has taken counts as used, so that the limit is never exceeded; at a limit below 100 every request is counted by
itself. What is left is therefore what this process knows: at most as much as it says, and less where others took more.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from redis import Redis
from redis.exceptions import RedisError

SHARE = 50
MAX_HELD = 10_000
"""Callers whose tickets a process holds at a time."""

# One round trip, and no window without an end, whatever fails in between.
_TAKE = """
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    left = tonumber(ARGV[2])
end
return {count, left}
"""


@dataclass
class Held:
    """Tickets of one caller: those in hand, those left for others beyond them, and when the window ends."""

    tickets: int
    beyond: int
    end: float


_lock = threading.Lock()
_held: dict[tuple[str, int], Held] = {}
_clients: WeakKeyDictionary[BaseCache, Redis] = WeakKeyDictionary()


def take(key: str, limit: int, window: int) -> tuple[int, float]:
    """(requests left, seconds until the window ends), this request counted; below 0 it is one too many.

    Raises RedisError.
    """
    backend: Any = caches["default"]
    name = (backend.make_key(key), limit)
    now = time.monotonic()
    with _lock:
        held = _held.get(name)
        if held is not None and held.tickets and now < held.end:
            held.tickets -= 1
            return held.beyond + held.tickets, held.end - now
    number = max(1, limit // SHARE)
    count, seconds = _count(backend, name[0], number, window)
    # Of the last share of a window a part may be beyond the limit.
    granted = min(number, limit - (count - number))
    held = Held(max(0, granted - 1), max(0, limit - count), now + seconds)
    with _lock:
        _keep(name, held, now)
    return (held.beyond + held.tickets if granted > 0 else -1), seconds


def forget() -> None:
    """Gives up what this process holds."""
    with _lock:
        _held.clear()


def _keep(name: tuple[str, int], held: Held, now: float) -> None:
    if held.tickets:
        _held[name] = held
    else:
        _held.pop(name, None)
    if len(_held) > MAX_HELD:
        for other in [key for key, one in _held.items() if one.end <= now] or list(_held)[: MAX_HELD // 2]:
            del _held[other]


def _count(backend: Any, name: str, number: int, window: int) -> tuple[int, float]:
    """(tickets taken so far, seconds until the window ends), with these `number`."""
    client = _clients.get(backend)
    if client is None:
        client = _clients[backend] = backend._cache.get_client(None, write=True)
    try:
        count, left = client.eval(_TAKE, 1, name, number, window * 1000)
    except RedisError:
        _clients.pop(backend, None)  # an embedded server may have to be started again
        raise
    return int(count), int(left) / 1000
