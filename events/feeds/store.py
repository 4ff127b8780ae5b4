"""The rows of feeds, their polls and entries: claims, what came, health, and when to try again.

Every claim is one conditional UPDATE, so that of many workers one has it, and it runs out by itself when that
worker dies: what is due is always a query, never a message in a queue.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from events.choices import FeedState, FetchOutcome, ItemState
from events.feeds.addresses import normal_url
from events.feeds.errors import HttpError, outcome_of
from events.feeds.fetch import Fetched
from events.feeds.parse import Item, ParsedFeed
from events.feeds.schedule import after_failures, after_success, before_retry
from events.feeds.when import offset_minutes
from events.models.sources import Document, Feed, FeedItem, FetchRun

CLAIM_FOR = timedelta(minutes=6)
"""How long one worker may hold a feed or an entry; longer than a task may run."""
MAX_ITEM_ATTEMPTS = 10
"""Failed tries, over some three days, after which an entry is left to the curators."""
BATCH = 500
Row = TypeVar("Row", Feed, FeedItem)
_AHEAD = timedelta(days=1)
_TO_FETCH = (ItemState.NEW.value, ItemState.FAILED.value)


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll in the making: the feed as it was claimed, and since when (the claim is its `claimed_until`)."""

    feed: Feed
    started_at: datetime


def due_feeds(now: datetime, limit: int = BATCH) -> list[int]:
    """Primary keys of the feeds whose poll is due and that nobody holds, longest due first."""
    due = _free(Feed.objects.filter(is_active=True, next_poll_at__lte=now), now)
    return list(due.order_by("next_poll_at").values_list("pk", flat=True)[:limit])


def due_items(now: datetime, limit: int = BATCH) -> list[int]:
    """Primary keys of the entries whose article is to be fetched and that nobody holds, longest due first."""
    due = _free(FeedItem.objects.filter(state__in=_TO_FETCH, next_attempt_at__lte=now), now)
    return list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])


def _free(rows: QuerySet[Row], now: datetime) -> QuerySet[Row]:
    return rows.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))


def claim_feed(feed_id: int, now: datetime, *, force: bool = False) -> Poll | None:
    """Takes the feed for one poll; None when it is not due (`force` asks for it all the same) or another has it."""
    rows = Feed.objects.raw(
        "UPDATE events_feed SET claimed_until = %s WHERE id = %s AND (claimed_until IS NULL OR claimed_until < %s)"
        " AND (%s OR (is_active AND next_poll_at <= %s)) RETURNING *",
        [now + CLAIM_FOR, feed_id, now, force, now],
    )
    return next((Poll(feed, now) for feed in rows), None)


def claim_item(item_id: int, now: datetime, *, force: bool = False) -> FeedItem | None:
    """Takes an entry for one try to fetch its article; None when it is not due or another has it."""
    rows = FeedItem.objects.raw(
        "UPDATE events_feeditem SET claimed_until = %s, attempts = LEAST(attempts + 1, 32000)"
        " WHERE id = %s AND (claimed_until IS NULL OR claimed_until < %s)"
        " AND (%s OR (state IN ('new', 'failed') AND next_attempt_at <= %s)) RETURNING *",
        [now + CLAIM_FOR, item_id, now, force, now],
    )
    return next(iter(rows), None)


def record_items(poll: Poll, answer: Fetched, parsed: ParsedFeed) -> FetchRun:
    """Keeps what a poll brought: new entries, the run, the feed's health and its validators, in one transaction."""
    with transaction.atomic():
        new = add_items(poll.feed, parsed.items)
        outcome = FetchOutcome.NEW_ITEMS if new else FetchOutcome.UNCHANGED
        if not parsed.items:
            outcome = FetchOutcome.EMPTY
        run = _run(poll, outcome, _notice(answer, parsed))
        run.status_code, run.size = answer.status, len(answer.body)
        run.items_seen, run.items_new = len(parsed.items), new
        run.save(force_insert=True)
        values: dict[str, object] = {"etag": answer.etag, "last_modified": answer.last_modified}
        if parsed.title and not poll.feed.title:
            poll.feed.title = values["title"] = parsed.title[:300]
        _succeeded(poll, run.error, **values)
    _move(poll.feed, answer)
    return run


def record_not_modified(poll: Poll, answer: Fetched) -> FetchRun:
    """Keeps a poll that brought nothing new (HTTP 304)."""
    run = _run(poll, FetchOutcome.UNCHANGED, "")
    run.status_code = answer.status
    run.save(force_insert=True)
    _succeeded(poll, "")
    return run


def record_failure(poll: Poll, error: Exception, message: str) -> FetchRun:
    """Keeps a poll that failed, in `message`'s plain words; the entries that are there stay as they are."""
    gone = isinstance(error, HttpError) and error.status == 410
    failures = min(poll.feed.failures + 1, 1_000_000)
    retry_after = error.retry_after if isinstance(error, HttpError) else None
    run = _run(poll, outcome_of(error), message)
    run.status_code = error.status if isinstance(error, HttpError) else None
    with transaction.atomic():
        run.save(force_insert=True)
        _release(
            poll,
            state=(FeedState.GONE if gone else FeedState.FAILING).value,
            is_active=poll.feed.is_active and not gone,
            error=message,
            failures=failures,
            next_poll_at=timezone.now() + after_failures(failures, poll.feed.wait, retry_after),
        )
    return run


def add_items(feed: Feed, items: list[Item]) -> int:
    """Adds the entries that `feed` does not have yet; returns their number. Entries that are there stay."""
    rows = {key: item for item in items for key in [guid_key(item.guid)]}
    known = set(FeedItem.objects.filter(feed=feed, guid__in=list(rows)).values_list("guid", flat=True))
    now = timezone.now()
    fresh = [_row(feed, key, item, now) for key, item in rows.items() if key not in known]
    # Oldest first, so that primary keys follow the feed's own order (feeds list the newest first).
    FeedItem.objects.bulk_create(reversed(fresh), batch_size=500, ignore_conflicts=True)
    return len(fresh)


def guid_key(guid: str) -> str:
    """An entry's identifier as the database keeps it: of one length, however long the feed's is."""
    return hashlib.sha256(guid.encode("utf-8", "replace")).hexdigest()


def plausible(when: datetime | None, now: datetime) -> datetime | None:
    """`when`, unless it lies in the future by more than a day: then it is no date of publication."""
    return when if when is not None and when <= now + _AHEAD else None


def item_stored(item: FeedItem, document: Document, *, duplicate: bool, note: str = "") -> None:
    """The entry has its document; `duplicate` when that was there before, `note` what a curator should know."""
    state = ItemState.DUPLICATE if duplicate else ItemState.STORED
    _release_item(item, state=state.value, document=document, error=note)


def item_failed(item: FeedItem, message: str, retry_after: int | None = None) -> None:
    """The entry's article could not be had: it is tried again later, and in the end left to the curators."""
    dead = item.attempts >= MAX_ITEM_ATTEMPTS
    _release_item(
        item,
        state=(ItemState.DEAD if dead else ItemState.FAILED).value,
        error=message,
        next_attempt_at=timezone.now() + before_retry(item.attempts, retry_after),
    )


def revive_items(items: QuerySet[FeedItem]) -> int:
    """Has entries that failed fetched again at once; returns their number."""
    failed = items.filter(state__in=(ItemState.FAILED.value, ItemState.DEAD.value))
    return failed.update(
        state=ItemState.NEW.value, attempts=0, next_attempt_at=timezone.now(), claimed_until=None
    )


def health_in_words(feed: Feed, now: datetime) -> str:
    """One sentence on how the feed does, for a curator."""
    if feed.state == FeedState.GONE.value:
        return "Gone for good, says its site; it is no longer polled."
    if not feed.is_active:
        return "Paused; it is not polled."
    if feed.state == FeedState.NEW.value:
        return "Not polled yet."
    if feed.state == FeedState.FAILING.value:
        since = (
            "it never worked"
            if feed.last_success_at is None
            else f"last worked {feed.last_success_at:%Y-%m-%d %H:%M} UTC"
        )
        times = "once" if feed.failures == 1 else f"{feed.failures} times in a row"
        return f"Failed {times}, {since}: {feed.error}"
    return f"Healthy. {feed.error}".strip()


def _row(feed: Feed, key: str, item: Item, now: datetime) -> FeedItem:
    return FeedItem(
        feed=feed,
        guid=key,
        url=normal_url(item.url)[:2000] if item.url else "",
        title=item.title[:500],
        content=item.content_html,
        authors=[name[:200] for name in item.authors],
        context=item.context,
        published_at=plausible(item.published, now),
        published_offset=offset_minutes(item.published),
        next_attempt_at=now,
    )


def _notice(answer: Fetched, parsed: ParsedFeed) -> str:
    """What a curator should know of a poll that worked."""
    notices = []
    if not parsed.items:
        notices.append("The feed is valid but lists nothing.")
    if answer.truncated:
        notices.append("The answer broke off; the entries up to there were taken.")
    if parsed.damaged:
        notices.append("The feed is not well-formed XML; the entries that could be read were taken.")
    if parsed.dropped:
        notices.append(f"{parsed.dropped:,} entries beyond the first {len(parsed.items):,} were left out.")
    return " ".join(notices)


def _run(poll: Poll, outcome: FetchOutcome, error: str) -> FetchRun:
    return FetchRun(
        feed=poll.feed,
        started_at=poll.started_at,
        finished_at=timezone.now(),
        outcome=outcome.value,
        error=error,
    )


def _succeeded(poll: Poll, notice: str, **values: object) -> None:
    now = timezone.now()
    _release(
        poll,
        state=FeedState.HEALTHY.value,
        error=notice,
        failures=0,
        last_success_at=now,
        next_poll_at=now + after_success(poll.feed.wait),
        **values,
    )


def _release(poll: Poll, **values: object) -> None:
    """Writes the outcome, if the claim is still ours: a worker that was too slow must not undo another's."""
    mine = Feed.objects.filter(pk=poll.feed.pk, claimed_until=poll.feed.claimed_until)
    mine.update(claimed_until=None, last_polled_at=timezone.now(), **values)


def _release_item(item: FeedItem, **values: object) -> None:
    FeedItem.objects.filter(pk=item.pk, claimed_until=item.claimed_until).update(claimed_until=None, **values)


def _move(feed: Feed, answer: Fetched) -> None:
    """Follows a permanent redirect (RFC 9110, 15.4.2), unless another feed has that address."""
    target = answer.permanent_redirect_to
    if not target or target == feed.url or len(target) > 2000:
        return
    try:
        with transaction.atomic():
            Feed.objects.filter(pk=feed.pk, url=feed.url).update(url=target)
    except IntegrityError:
        Feed.objects.filter(pk=feed.pk).update(
            error="Has moved to the address of another feed; one of the two can go."
        )
