"""WebSub (W3C Recommendation of 23 January 2018): hubs that push what a feed publishes. We are a subscriber.

A subscription is a row. Which have to be asked for, renewed or given up is a query; the hub's calls come in at
`/websub/<token>/`. Polling goes on beside it, at longer intervals, and finds whatever a hub loses.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from events.choices import FetchOutcome, PushState
from events.exceptions import FetchFailed, FetchRefused, NotAFeed
from events.feeds import hub, ledger, store, visits
from events.feeds.errors import outcome_of
from events.feeds.html import plain_text
from events.feeds.parse import ParsedFeed, parse_feed
from events.models.sources import Feed, HubSubscription
from events.net.sessions import session

log = logging.getLogger(__name__)

LEASE = timedelta(days=10)
"""How long a subscription is asked for; the hub decides."""
_LONGEST_LEASE = timedelta(days=90)
_RENEW_AFTER = 0.75
"""The part of a lease after which it is renewed."""
_SHORTEST_RENEWAL = timedelta(minutes=5)
_FIRST_RETRY = timedelta(minutes=5)
_LONGEST_RETRY = timedelta(days=1)
_AFTER_DENIAL = timedelta(days=7)
_CLAIM_FOR = timedelta(minutes=6)
_BATCH = 200
_MAX_CHALLENGE = 2_000
_METHODS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
"""Of the Recommendation's methods those that still prove anything; it lets a subscriber leave out SHA-1."""


class Receipt(Enum):
    """What became of a hub's message: taken, ignored (which the hub is not told), or for nobody (any more)."""

    TAKEN = "taken"
    IGNORED = "ignored"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """The hub's question whether we meant a request (WebSub, 5.3), or its word that it refuses (5.2).

    `mode`, `topic`, `challenge`, `lease` and `reason` are its parameters as sent, "" where there is none.
    """

    mode: str
    topic: str
    challenge: str = ""
    lease: str = ""
    reason: str = ""


def enabled() -> bool:
    """Whether hubs are asked at all: WEBSUB is on and they can reach SITE_URL safely (https; on loopback, http)."""
    parts = urlsplit(settings.SITE_URL)
    return bool(settings.WEBSUB) and (
        parts.scheme == "https" or parts.hostname in ("127.0.0.1", "::1", "localhost")
    )


def callback(token: str) -> str:
    """The address that a hub calls."""
    return f"{settings.SITE_URL}/websub/{token}/"


def noticed(feed: Feed, parsed: ParsedFeed) -> None:
    """A poll found that the feed names a hub: it is asked at the next tick, unless it has been."""
    if not enabled() or not parsed.hub or not _is_safe(parsed.hub):
        return
    fresh = {
        "hub": parsed.hub,
        "topic": parsed.topic,
        **_keys(),
        "state": PushState.PENDING.value,
        "next_attempt_at": timezone.now(),
    }
    row, is_new = HubSubscription.objects.get_or_create(feed=feed, defaults=fresh)
    if not is_new and (row.hub, row.topic) != (parsed.hub, parsed.topic):
        # Another hub must not learn the secret of the one before.
        empty = {"attempts": 0, "error": "", "lease_until": None, "claimed_until": None}
        HubSubscription.objects.filter(pk=row.pk).update(**fresh, **empty)


def _is_safe(address: str) -> bool:
    """The secret goes over TLS only (WebSub, 5.1), save to hosts that the operator lists."""
    try:
        parts = urlsplit(address)
        port = parts.port or 80
    except ValueError:
        return False
    return parts.scheme == "https" or session().guard.names(parts.hostname or "", port)


def _keys() -> dict[str, str]:
    return {"token": secrets.token_urlsafe(32), "secret": secrets.token_hex(32)}


def due_pushes(now: datetime | None = None, limit: int = _BATCH) -> list[int]:
    """Primary keys of the subscriptions whose hub is to be asked now: for the first time, again, to renew, or to end
    because the feed is not polled any more."""
    if not enabled():
        return []
    now = now or timezone.now()
    rows = _due(now).filter(_free(now)).order_by("next_attempt_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _due(now: datetime) -> QuerySet[HubSubscription]:
    wanted = Q(feed__is_active=True, next_attempt_at__lte=now)
    unwanted = Q(feed__is_active=False) & ~Q(state=PushState.ENDED.value)
    return HubSubscription.objects.filter(wanted | unwanted)


def _free(now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lt=now)


def renew_push(pk: int) -> HubSubscription | None:
    """Asks one hub what is due; the row as it then is, or None when another worker has it or nothing is due.

    Raises nothing but database errors: what goes wrong stands in the row, and is tried again later.
    """
    row = _claim(pk, timezone.now()) if enabled() else None
    if row is None:
        return None
    if row.feed.is_active:
        _subscribe(row)
    else:
        _unsubscribe(row)
    row.refresh_from_db()
    return row


def _claim(pk: int, now: datetime) -> HubSubscription | None:
    rows = HubSubscription.objects.filter(_free(now), pk=pk, pk__in=_due(now).values("pk"))
    if not rows.update(claimed_until=now + _CLAIM_FOR):
        return None
    return HubSubscription.objects.select_related("feed").get(pk=pk)


def _subscribe(row: HubSubscription) -> None:
    now = timezone.now()
    if row.state in (PushState.ENDED.value, PushState.REFUSED.value):
        # What was given up or refused is another subscription when it is asked for again.
        _mine(row).update(**_keys(), state=PushState.PENDING.value, lease_until=None)
        row = HubSubscription.objects.select_related("feed").get(pk=row.pk)
    error = _ask(row, "subscribe")
    holds = row.state == PushState.ACTIVE.value and row.lease_until is not None and row.lease_until > now
    # Some hubs ask back before they answer: then the lease is new, and the row already as it should be.
    untouched = _mine(row).filter(lease_until=row.lease_until)
    untouched.update(
        state=(PushState.ACTIVE if holds else PushState.FAILED if error else PushState.PENDING).value,
        error=error,
        attempts=row.attempts + 1,
        next_attempt_at=now + _wait(row.attempts + 1),
    )
    _mine(row).update(claimed_until=None)


def _unsubscribe(row: HubSubscription) -> None:
    """Tells the hub, once: what it sends after that is turned away, and its lease ends by itself."""
    error = _ask(row, "unsubscribe") if row.lease_until else ""
    _mine(row).update(
        state=PushState.ENDED.value, error=error, lease_until=None, attempts=0, claimed_until=None,
        next_attempt_at=timezone.now(),
    )  # fmt: skip


def _ask(row: HubSubscription, mode: str) -> str:
    """Sends a request; "" when the hub takes it, else why not, in plain words."""
    form = {"hub.callback": callback(row.token), "hub.mode": mode, "hub.topic": row.topic}
    if mode == "subscribe":
        form |= {"hub.secret": row.secret, "hub.lease_seconds": str(int(LEASE.total_seconds()))}
    try:
        answer = hub.post(
            row.hub, form, session(), visits.user_agent(), seconds=float(settings.FETCH_TIMEOUT)
        )
    except (FetchFailed, FetchRefused) as error:
        return str(error)
    if answer.accepted:
        return ""
    return f"The hub answers with an error (HTTP {answer.status}). {answer.words}".strip()


def _mine(row: HubSubscription) -> QuerySet[HubSubscription]:
    return HubSubscription.objects.filter(pk=row.pk, claimed_until=row.claimed_until)


def _wait(attempts: int) -> timedelta:
    doubled: timedelta = min(_FIRST_RETRY * 2 ** min(max(attempts, 1) - 1, 16), _LONGEST_RETRY)
    factor = random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, protects nothing
    return doubled * factor


def verify(token: str, asked: Verification) -> str | None:
    """What to answer the hub with, or None for a question about something that we did not mean.

    A subscription is confirmed only for the topic that we asked for and while we want it; an unsubscription only
    when we do not. A denial is taken down and answered with nothing.
    """
    row = HubSubscription.objects.select_related("feed").filter(token=token).first() if enabled() else None
    if row is None or not hmac.compare_digest(row.topic.encode(), asked.topic.encode("utf-8", "replace")):
        return None
    if asked.mode == "denied":
        _denied(row, asked.reason)
        return ""
    if not asked.challenge or len(asked.challenge) > _MAX_CHALLENGE:
        return None
    ended = row.state == PushState.ENDED.value or not row.feed.is_active
    if asked.mode == "unsubscribe" and ended:
        return asked.challenge
    if asked.mode == "subscribe" and not ended and row.state != PushState.REFUSED.value:
        _confirmed(row, asked.lease)
        return asked.challenge
    return None


def _confirmed(row: HubSubscription, lease: str) -> None:
    seconds = int(lease) if lease.isascii() and lease.isdigit() and len(lease) < 20 else 0
    length = timedelta(seconds=min(seconds, int(_LONGEST_LEASE.total_seconds()))) or timedelta(days=1)
    now = timezone.now()
    HubSubscription.objects.filter(pk=row.pk).update(
        state=PushState.ACTIVE.value,
        error="",
        attempts=0,
        lease_until=now + length,
        next_attempt_at=now + max(length * _RENEW_AFTER, _SHORTEST_RENEWAL),
    )


def _denied(row: HubSubscription, reason: str) -> None:
    HubSubscription.objects.filter(pk=row.pk).update(
        state=PushState.REFUSED.value,
        error=f"The hub refuses. {plain_text(reason, 300)}".strip(),
        lease_until=None,
        next_attempt_at=timezone.now() + _AFTER_DENIAL,
    )


def is_known(token: str) -> bool:
    """Whether a hub was given this token: before a message's body is read."""
    return enabled() and HubSubscription.objects.filter(token=token).exists()


def receive(token: str, body: bytes, content_type: str, signature: str) -> Receipt:
    """Takes what a hub sends, if it is signed with our secret (WebSub, 7.1); the entries go the way of polled ones."""
    row = HubSubscription.objects.select_related("feed").filter(token=token).first() if enabled() else None
    if row is None:
        return Receipt.UNKNOWN
    if row.state == PushState.ENDED.value or not row.feed.is_active:
        return Receipt.ENDED
    if not is_signed(body, signature, row.secret) or row.state != PushState.ACTIVE.value:
        log.warning("a message for subscription %s was ignored: not signed by its hub", row.pk)
        return Receipt.IGNORED
    _keep(row, body, content_type)
    return Receipt.TAKEN


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the X-Hub-Signature header `signature` ("sha256=...") proves that who knows `secret` sent `body`."""
    name, _, digest = signature.strip().partition("=")
    method = _METHODS.get(name.lower())
    if method is None:
        return False
    ours = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(ours.encode(), digest.strip().lower().encode("utf-8", "replace"))


def _keep(row: HubSubscription, body: bytes, content_type: str) -> None:
    started = timezone.now()
    try:
        parsed = parse_feed(body, content_type, row.topic)
    except NotAFeed as error:
        words = f"Pushed by the hub: {error}"
        run = ledger.new_run(started, outcome_of(error), words, feed_id=row.feed_id)
        run.size = len(body)
        run.save(force_insert=True)
        return
    new = store.add_items(row.feed, parsed.items)
    run = ledger.new_run(started, FetchOutcome.PUSHED, feed_id=row.feed_id)
    run.size, run.items_seen, run.items_new = len(body), len(parsed.items), new
    run.save(force_insert=True)
    now = timezone.now()
    HubSubscription.objects.filter(pk=row.pk).update(last_push_at=now)
    values: dict[str, object] = {"last_item_at": now} if new else {}
    if not row.feed.failures and row.feed.interval is None:
        # What a poll would find now has just come.
        values["next_poll_at"] = Greatest(F("next_poll_at"), Value(now + row.feed.rhythm))
    if values:
        Feed.objects.filter(pk=row.feed_id).update(**values)
