"""How much one network, and everyone together, may ask for by forms that have mail sent.

What one address is sent is bounded besides, by what is in the outbox (`events.alerts.subscriptions`); that holds also
while Redis is away, by which these are counted.
"""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from redis.exceptions import RedisError

from api import tickets
from api.throttling import AnonymousRate
from events.proposals.limits import DAY, HOUR, network

if TYPE_CHECKING:
    from rest_framework.request import Request

log = logging.getLogger(__name__)
OF_NETWORK = ((20, HOUR), (60, DAY))
"""Requests of one IPv4 address or IPv6 /64: (how many, within how many seconds)."""
OF_ALL = ((2000, HOUR),)
OF_RECIPIENT = ((3, DAY),)
"""Changes of address to one new address, whoever asks."""


def allowed(request: HttpRequest) -> bool:
    """Counts one request; False when the sender's network or everyone together has asked too often."""
    sender = network(AnonymousRate().get_ident(cast("Request", request)))
    return _counted("network", sender, OF_NETWORK) and _counted("all", "", OF_ALL)


def allowed_to(email: str) -> bool:
    """Counts one mail that a subscriber has sent to an address that is not theirs yet; False for one too many."""
    return _counted("recipient", email.strip().lower(), OF_RECIPIENT)


def _counted(what: str, who: str, limits: tuple[tuple[int, int], ...]) -> bool:
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    left = 0
    for limit, window in limits:
        try:
            left = min(left, tickets.take(f"alerts:{what}:{window}:{digest}", limit, window)[0])
        except RedisError as error:
            log.warning("requests for alerts are not counted: %s", error)
    return left >= 0
