"""How many proposals one address may send. Counted in the cache; while it is away, the limit of each event remains."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from events.proposals.errors import TooManySent

logger = logging.getLogger(__name__)
HOUR, DAY = 3600, 24 * 3600
"""In seconds."""


def count(address: str) -> None:
    """Counts one proposal of an address. Raises TooManySent past PROPOSALS_PER_HOUR or PROPOSALS_PER_DAY."""
    now = int(time.time())
    who = hashlib.sha256(network(address).encode()).hexdigest()[:32]
    for window, limit in ((HOUR, settings.PROPOSALS_PER_HOUR), (DAY, settings.PROPOSALS_PER_DAY)):
        key = f"proposals:{window}:{now // window}:{who}"
        try:
            cache.add(key, 0, window)
            sent = cache.incr(key)
        except (RedisError, ValueError) as error:  # ValueError: the window ended in between
            logger.warning("proposals are not counted: %s", error)
            continue
        if sent > limit:
            raise TooManySent(
                "Too many proposals came from your address. Try again later.", window - now % window
            )


def network(address: str) -> str:
    """What one sender is known by: an IPv4 address, the /64 of an IPv6 one, whose owner has all of it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
