"""The rows of feeds, their polls and entries: claims, what came, health, and when to try again.

Every claim is one conditional UPDATE, so that of many workers one has it, and it runs out by itself when that
worker dies: what is due is always a query, never a message in a queue.
"""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from events.choices import DocumentState, FeedState, FetchOutcome, ItemState, NoticeKind
from events.feeds import ledger
from events.feeds.addresses import normal_url
from events.feeds.documents import FEED_CONTENT_TYPE
from events.feeds.errors import HttpError, outcome_of
from events.feeds.fetch import Fetched
from events.feeds.notices import tell
from events.feeds.parse import Item, ParsedFeed
from events.feeds.schedule import (
    Bounds,
    after_failures,
    after_success,
    before_retry,
    calm_time,
    outside_skips,
    quiet_rhythm,
    rhythm,
)
from events.feeds.when import offset_minutes
from events.models.sources import Document, Feed, FeedItem, FetchRun

CLAIM_FOR = timedelta(minutes=6)
"""How long one worker may hold a feed or an entry; longer than a task may run."""
_DOUBLINGS = 8
"""A feed whose workers ended again and again is held for a day at most."""
SAME_PAGE = timedelta(hours=12)
"""Within this time a page that another feed brought is not fetched a second time."""
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


@dataclass(slots=True)
class Attempt:
    """One try to fetch the article of an entry. `answer` and `failure` are what its request gave; without either,
    nothing was asked, and no run is written."""

    item: FeedItem
    started_at: datetime
    answer: Fetched | None = field(default=None, repr=False)
    failure: Exception | None = None


def due_feeds(now: datetime, limit: int = BATCH) -> list[int]:
    """Primary keys of the feeds whose poll is due and that nobody holds, longest due first."""
    due = _free(Feed.objects.filter(is_active=True, next_poll_at__lte=now), now)
    return list(due.order_by("next_poll_at").values_list("pk", flat=True)[:limit])


def due_items(now: datetime, limit: int = BATCH, feed_id: int | None = None) -> list[int]:
    """Primary keys of the entries (of one feed) whose article is to be fetched and that nobody holds, longest due
    first."""
    due = _free(FeedItem.objects.filter(state__in=_TO_FETCH, next_attempt_at__lte=now), now)
    due = due if feed_id is None else due.filter(feed_id=feed_id)
    return list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])


def _free(rows: QuerySet[Row], now: datetime) -> QuerySet[Row]:
    return rows.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))


def claim_feed(feed_id: int, now: datetime, *, force: bool = False) -> Poll | None:
    """Takes the feed for one poll; None when it is not due (`force` asks for it all the same) or another has it.

    A claim that was never given back is of a worker that ended, and counts as a failure. The next one lasts twice as
    long each time: a feed that ends its readers has them read it less and less often.
    """
    rows = Feed.objects.raw(
        "UPDATE events_feed SET claimed_until = %s + CASE WHEN claimed_until IS NULL THEN interval '0'"
        " ELSE %s * (2 ^ LEAST(failures + 1, %s) - 1) END,"
        " failures = CASE WHEN claimed_until IS NULL THEN failures ELSE LEAST(failures + 1, 1000000) END"
        " WHERE id = %s AND (claimed_until IS NULL OR claimed_until < %s)"
        " AND (%s OR (is_active AND next_poll_at <= %s)) RETURNING *,"
        " EXISTS (SELECT FROM events_hubsubscription push WHERE push.feed_id = events_feed.id"
        " AND push.state = 'active' AND push.lease_until > %s) AS is_pushed",
        [now + CLAIM_FOR, CLAIM_FOR, _DOUBLINGS, feed_id, now, force, now, now],
    )
    return next((Poll(feed, now) for feed in rows), None)


def claim_item(item_id: int, now: datetime, *, force: bool = False) -> FeedItem | None:
    """Takes an entry for one try to fetch its article; None when it is not due or another has it.

    Its feed comes along, with address and language only, and `known_id`: the document of an entry without one, when
    another feed's entry had the same page fetched lately, with a text of its own.
    """
    rows = FeedItem.objects.raw(
        "UPDATE events_feeditem item SET claimed_until = %s, attempts = LEAST(attempts + 1, 32000)"
        " FROM events_feed feed"
        " WHERE item.id = %s AND feed.id = item.feed_id"
        " AND (item.claimed_until IS NULL OR item.claimed_until < %s)"
        " AND (%s OR (item.state IN ('new', 'failed') AND item.next_attempt_at <= %s))"
        " RETURNING item.*, feed.url AS feed_url, feed.language AS feed_language,"
        " (SELECT known.id FROM events_document known WHERE item.document_id IS NULL AND item.url <> ''"
        " AND known.url = item.url AND known.is_latest AND known.fetched_at >= %s AND known.content_type <> %s"
        " AND known.text <> '') AS known_id",
        [now + CLAIM_FOR, item_id, now, force, now, now - SAME_PAGE, FEED_CONTENT_TYPE],
    )
    item: Any = next(iter(rows), None)
    if item is not None:
        values = [item.feed_id, item.feed_url, item.feed_language]
        item.feed = Feed.from_db(connection.alias, ["id", "url", "language"], values)
    return item  # type: ignore[no-any-return]


def bounds() -> Bounds:
    """Between two polls of a feed without an interval of its own, as the deployment sets it."""
    shortest = timedelta(minutes=max(settings.FEED_SHORTEST_MINUTES, 1))
    return Bounds(shortest, max(timedelta(hours=settings.FEED_LONGEST_HOURS), shortest))


def record_items(poll: Poll, answer: Fetched, parsed: ParsedFeed) -> FetchRun:
    """Keeps what a poll brought: new entries, the run, the feed's health, rhythm and validators.

    A poll that brings nothing new takes two statements here.
    """
    fresh = _fresh_rows(poll.feed, parsed.items)
    together: AbstractContextManager[object] = transaction.atomic() if fresh else nullcontext()
    with together:
        FeedItem.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
        outcome = FetchOutcome.NEW_ITEMS if fresh else FetchOutcome.UNCHANGED
        if not parsed.items:
            outcome = FetchOutcome.EMPTY
        run = _run(poll, outcome, _notice(answer, parsed), answer)
        run.items_seen, run.items_new = len(parsed.items), len(fresh)
        values = _read_off(poll, answer, parsed, grew=bool(fresh))
        _succeeded(poll, run, **values)
    _move(poll.feed, answer)
    return run


def record_not_modified(poll: Poll, answer: Fetched) -> FetchRun:
    """Keeps a poll that brought nothing new (HTTP 304), in one statement."""
    run = _run(poll, FetchOutcome.UNCHANGED, "", answer)
    calm = calm_time(None, answer.headers.get("cache-control", ""))
    poll.feed.rhythm = quiet_rhythm(poll.feed.rhythm, bounds(), calm)
    _succeeded(poll, run, rhythm=poll.feed.rhythm)
    _move(poll.feed, answer)
    return run


def record_failure(poll: Poll, error: Exception, message: str) -> FetchRun:
    """Keeps a poll that failed, in `message`'s plain words; the entries that are there stay as they are."""
    status = error.status if isinstance(error, HttpError) else None
    retry_after = error.retry_after if isinstance(error, HttpError) else None
    failures = min(poll.feed.failures + 1, 1_000_000)
    now = timezone.now()
    run = ledger.new_run(poll.started_at, outcome_of(error), message, feed_id=poll.feed.pk, status=status)
    run.feed = poll.feed
    gone = status == 410
    values: dict[str, object] = {
        "state": (FeedState.GONE if gone else FeedState.FAILING).value,
        "is_active": poll.feed.is_active and not gone,
        "error": message,
        "failures": failures,
        "last_polled_at": now,
        "next_poll_at": now + after_failures(failures, poll.feed.wait, retry_after),
    }
    ledger.close(poll.feed, values, run)
    return run


def put_off_feed(poll: Poll, seconds: float) -> None:
    """The feed's host is busy: the poll is due again in so many seconds, and nothing has failed."""
    ledger.close(poll.feed, {"next_poll_at": timezone.now() + timedelta(seconds=seconds)})


def add_items(feed: Feed, items: list[Item]) -> int:
    """Adds the entries that `feed` does not have yet; returns their number. Entries that are there stay."""
    fresh = _fresh_rows(feed, items)
    FeedItem.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(fresh)


def _fresh_rows(feed: Feed, items: list[Item]) -> list[FeedItem]:
    rows = {guid_key(item.guid): item for item in items}
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT guid FROM events_feeditem WHERE feed_id = %s AND guid = ANY(%s)", [feed.pk, list(rows)]
        )
        known = {guid for (guid,) in cursor}
    now = timezone.now()
    # Oldest first, so that primary keys follow the feed's own order (feeds list the newest first).
    return [_row(feed, key, item, now) for key, item in reversed(rows.items()) if key not in known]


def guid_key(guid: str) -> str:
    """An entry's identifier as the database keeps it: of one length, however long the feed's is."""
    return hashlib.sha256(guid.encode("utf-8", "replace")).hexdigest()


def plausible(when: datetime | None, now: datetime) -> datetime | None:
    """`when`, unless it lies in the future by more than a day: then it is no date of publication."""
    return when if when is not None and when <= now + _AHEAD else None


def item_stored(attempt: Attempt, document: Document, *, duplicate: bool, note: str = "") -> None:
    """The entry has its document; `duplicate` when that was there before, `note` what a curator should know."""
    state = ItemState.DUPLICATE if duplicate else ItemState.STORED
    outcome = FetchOutcome.UNCHANGED if duplicate else FetchOutcome.NEW_ITEMS
    if document.state == DocumentState.NO_TEXT.value:
        outcome = FetchOutcome.EMPTY
    run = _item_run(attempt, outcome, note)
    if run is not None and attempt.failure is None:
        run.items_seen, run.items_new = 1, int(outcome is FetchOutcome.NEW_ITEMS)
    ledger.close(attempt.item, {"state": state.value, "document_id": document.pk, "error": note}, run)


def item_failed(attempt: Attempt, message: str, retry_after: int | None = None) -> None:
    """The entry's article could not be had: it is tried again later, and in the end left to the curators."""
    item = attempt.item
    dead = item.attempts >= MAX_ITEM_ATTEMPTS
    values: dict[str, object] = {
        "state": (ItemState.DEAD if dead else ItemState.FAILED).value,
        "error": message,
        "next_attempt_at": timezone.now() + before_retry(item.attempts, retry_after),
    }
    ledger.close(item, values, _item_run(attempt, FetchOutcome.FAILED, message))


def put_off_item(item: FeedItem, seconds: float) -> None:
    """The host of the entry's page is busy: it is due again in so many seconds, and nothing was tried."""
    due = timezone.now() + timedelta(seconds=seconds)
    ledger.close(item, {"next_attempt_at": due, "attempts": max(item.attempts - 1, 0)})


def revive_items(items: QuerySet[FeedItem]) -> int:
    """Has entries that failed fetched again at once; returns their number."""
    failed = items.filter(state__in=(ItemState.FAILED.value, ItemState.DEAD.value))
    return failed.update(
        state=ItemState.NEW.value, attempts=0, next_attempt_at=timezone.now(), claimed_until=None
    )


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


def _read_off(poll: Poll, answer: Fetched, parsed: ParsedFeed, *, grew: bool) -> dict[str, object]:
    """What the answer says of the feed itself: validators, title, kind, and how often to ask."""
    feed, now = poll.feed, timezone.now()
    values: dict[str, object] = {"etag": answer.etag, "last_modified": answer.last_modified}
    if parsed.title and not feed.title:
        feed.title = values["title"] = parsed.title[:300]
    if parsed.kind.value != feed.kind:
        feed.kind = values["kind"] = parsed.kind.value
    if grew:
        feed.last_item_at = values["last_item_at"] = now
    feed.rhythm = rhythm(
        [item.published for item in parsed.items if item.published],
        now,
        feed.rhythm,
        bounds(),
        grew=grew,
        calm=calm_time(parsed.hints, answer.headers.get("cache-control", "")),
    )
    values["rhythm"] = feed.rhythm
    values["next_poll_at"] = now + after_success(feed.wait)
    if feed.interval is None:
        values["next_poll_at"] = outside_skips(now + after_success(feed.wait), parsed.hints)
    return values


def _run(poll: Poll, outcome: FetchOutcome, error: str, answer: Fetched) -> FetchRun:
    run = ledger.new_run(poll.started_at, outcome, error, feed_id=poll.feed.pk, answer=answer)
    run.feed = poll.feed
    return run


def _item_run(attempt: Attempt, outcome: FetchOutcome, error: str) -> FetchRun | None:
    """The run of the request that the attempt made; None when it made none."""
    failure = attempt.failure
    if attempt.answer is None and failure is None:
        return None
    return ledger.new_run(
        attempt.started_at,
        outcome if failure is None else outcome_of(failure),
        error,
        feed_id=attempt.item.feed_id,
        item_id=attempt.item.pk,
        answer=attempt.answer,
        status=failure.status if isinstance(failure, HttpError) else None,
    )


def _succeeded(poll: Poll, run: FetchRun, **values: object) -> None:
    now = timezone.now()
    healthy: dict[str, object] = {
        "state": FeedState.HEALTHY.value,
        "error": run.error,
        "failures": 0,
        "last_success_at": now,
        "last_polled_at": now,
        "next_poll_at": now + after_success(poll.feed.wait),
    }
    ledger.close(poll.feed, healthy | values, run)


def _move(feed: Feed, answer: Fetched) -> None:
    """Follows a permanent redirect (RFC 9110, 15.4.2), unless another feed has that address: staff is told then."""
    target = answer.permanent_redirect_to
    if not target or target == feed.url or len(target) > 2000:
        return
    try:
        with transaction.atomic():
            Feed.objects.filter(pk=feed.pk, url=feed.url).update(url=target)
    except IntegrityError:
        told = "Has moved to the address of another feed; one of the two can go."
        Feed.objects.filter(pk=feed.pk).update(error=told)
        tell(feed, NoticeKind.MOVED, f"{told} The address is {target}")
