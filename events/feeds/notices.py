"""What staff is told of feeds without having asked: a feed that fell silent, that fails, that is gone, that yields no text.

A notice is opened once, closes by itself when what it says is over, and is not opened again while that which a person
has seen to goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from events.choices import NoticeKind
from events.models.access import User
from events.models.sources import Feed, Notice

SILENT_AFTER = timedelta(days=3)
"""No feed is called silent sooner, whatever its rhythm: news rests on weekends."""
SILENT_WITHOUT_USUAL = timedelta(days=30)
"""Where a feed has brought too little to know its usual gap."""
SILENT_GAPS, SILENT_LONGEST = 6, 1.5
"""A feed is silent after so many of its usual gaps, and so many times the longest of the eight weeks before."""
FAILING_AFTER = timedelta(hours=24)
FAILING_POLLS = 3
"""A feed fails when as many polls in a row did, and for a day: most faults pass sooner."""
LOOKED_AT = 20
ENOUGH = 8
"""Documents of a feed that are looked at, and how many of them it takes to judge."""
EMPTY_FROM, EMPTY_UNTIL = 0.5, 0.25
"""Share without a text from which a notice is opened, and below which it closes: not each article opens and closes it."""
_RECENT_DOCUMENTS = 50_000
_LOCK = 0x6E6F7469636573  # "notices"; any constant of our own
_WATCHED = tuple(
    kind.value for kind in (NoticeKind.SILENT, NoticeKind.FAILING, NoticeKind.GONE, NoticeKind.EMPTY_TEXTS)
)

_ARRIVALS = """
WITH quiet AS (
    SELECT id, last_item_at, coalesce(last_item_at, created_at) AS since FROM events_feed
    WHERE is_active AND state = 'healthy' AND coalesce(last_item_at, created_at) < %(before)s
), arrival AS (
    SELECT DISTINCT quiet.id, date_trunc('hour', item.created_at) AS came
    FROM quiet JOIN events_feeditem item ON item.feed_id = quiet.id
    WHERE item.created_at > quiet.last_item_at - interval '56 days'
), gap AS (
    SELECT id, came - lag(came) OVER (PARTITION BY id ORDER BY came) AS gap FROM arrival
)
SELECT quiet.id, quiet.since, count(gap.gap), percentile_cont(0.5) WITHIN GROUP (ORDER BY gap.gap), max(gap.gap)
FROM quiet LEFT JOIN gap ON gap.id = quiet.id GROUP BY quiet.id, quiet.since
"""
_EMPTY = """
WITH latest AS (
    SELECT feed_id, fetched_at, state = 'no_text' AS is_empty,
        row_number() OVER (PARTITION BY feed_id ORDER BY id DESC) AS place
    FROM events_document
    WHERE id > (SELECT coalesce(max(id), 0) - %(recent)s FROM events_document) AND feed_id IS NOT NULL
)
SELECT latest.feed_id, count(*), count(*) FILTER (WHERE is_empty), min(latest.fetched_at)
FROM latest JOIN events_feed feed ON feed.id = latest.feed_id AND feed.is_active
WHERE place <= %(looked_at)s GROUP BY latest.feed_id HAVING count(*) >= %(enough)s AND bool_or(is_empty)
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What holds of a feed now: its kind, in words, and since when."""

    feed: int
    kind: NoticeKind
    text: str
    since: datetime


def raise_notices(now: datetime | None = None) -> tuple[int, int]:
    """Opens the notices that are due and closes those that are over; gives the numbers of both.

    The same once more changes nothing. Seven statements, however many feeds there are.
    """
    now = now or timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        notices = Notice.objects.filter(kind__in=_WATCHED)
        open_now = {
            (feed, kind): pk
            for pk, feed, kind in notices.filter(closed_at=None).values_list("pk", "feed_id", "kind")
        }
        holds = {
            (finding.feed, finding.kind.value): finding
            for finding in _findings(
                now, {feed for feed, kind in open_now if kind == NoticeKind.EMPTY_TEXTS.value}
            )
        }
        fresh = [finding for key, finding in holds.items() if key not in open_now]
        opened = _open(fresh)
        over = [pk for key, pk in open_now.items() if key not in holds]
        closed = Notice.objects.filter(pk__in=over).update(closed_at=now) if over else 0
    return opened, closed


def tell(feed: Feed, kind: NoticeKind, text: str) -> None:
    """Opens a notice, unless one of its kind is open, or a person has seen to one that said the same."""
    seen = Notice.objects.filter(feed=feed, kind=kind.value, text=text, closed_by__isnull=False)
    if not seen.exists():
        Notice.objects.bulk_create([Notice(feed=feed, kind=kind.value, text=text)], ignore_conflicts=True)


def see_to(notice_id: int, user: User) -> bool:
    """Closes a notice in a person's name; False when it is closed already or not there."""
    rows = Notice.objects.filter(pk=notice_id, closed_at=None)
    return bool(rows.update(closed_at=timezone.now(), closed_by=user))


def _open(findings: list[Finding]) -> int:
    """Writes those that no person has seen to since they began."""
    seen: dict[tuple[int, str], datetime] = {}
    if findings:
        closed = Notice.objects.filter(
            feed_id__in={finding.feed for finding in findings},
            closed_by__isnull=False,
            closed_at__isnull=False,
        )
        for feed, kind, when in closed.order_by("closed_at").values_list("feed_id", "kind", "closed_at"):
            if when is not None:
                seen[feed, kind] = when
    fresh = [
        Notice(feed_id=finding.feed, kind=finding.kind.value, text=finding.text)
        for finding in findings
        if (finding.feed, finding.kind.value) not in seen
        or seen[finding.feed, finding.kind.value] < finding.since
    ]
    Notice.objects.bulk_create(fresh, batch_size=1000, ignore_conflicts=True)
    return len(fresh)


def _findings(now: datetime, known_empty: set[int]) -> Iterator[Finding]:
    yield from _silent(now)
    yield from _failing(now)
    yield from _empty(known_empty)


def _silent(now: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVALS, {"before": now - SILENT_AFTER})
        rows = cursor.fetchall()
    for feed, since, gaps, usual, longest in rows:
        bound = SILENT_WITHOUT_USUAL
        if gaps >= 2:
            bound = max(SILENT_AFTER, SILENT_GAPS * usual, SILENT_LONGEST * longest)
        if now - since <= bound:
            continue
        text = f"No new entry for {_words(now - since)}"
        text += f"; usually one comes every {_words(usual)}." if gaps >= 2 else "."
        yield Finding(feed, NoticeKind.SILENT, text, since)


def _failing(now: datetime) -> Iterator[Finding]:
    rows = Feed.objects.filter(state__in=("failing", "gone")).values_list(
        "pk", "state", "is_active", "failures", "error", "last_success_at", "last_polled_at", "created_at"
    )
    for feed, state, is_active, failures, error, success, polled, created in rows:
        since = success or created
        if state == "gone":
            text = "Gone for good, says its site; it is no longer polled. Look for its new address, or remove it."
            yield Finding(feed, NoticeKind.GONE, text, since)
        elif is_active and failures >= FAILING_POLLS and (polled or now) - since > FAILING_AFTER:
            text = f"Has failed for {_words(now - since)}, {failures} times in a row: {error}"
            yield Finding(feed, NoticeKind.FAILING, text[:2000], since)


def _empty(known: set[int]) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY, {"recent": _RECENT_DOCUMENTS, "looked_at": LOOKED_AT, "enough": ENOUGH})
        rows = cursor.fetchall()
    for feed, seen, empty, since in rows:
        if empty / seen >= (EMPTY_UNTIL if feed in known else EMPTY_FROM):
            text = f"{empty} of its last {seen} articles have no text: the pages may need a sign-in, or a browser."
            yield Finding(feed, NoticeKind.EMPTY_TEXTS, text, since)


def _words(span: timedelta) -> str:
    """A length of time as people say it: "3 days", "5 hours", "40 minutes"."""
    minutes = max(round(span.total_seconds() / 60), 1)
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= 2 * size or size == 1:
            count = round(minutes / size)
            return f"{count} {name}" + ("s" if count != 1 else "")
    return ""
