"""How feeds do: in one sentence, and in figures for a list or a page of the desk."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext

from events.choices import FeedState
from events.models.sources import Feed

DAYS = 28
"""Earlier days, in weeks, against which the last seven are held."""
_WEEK = timedelta(days=7)
_RUNS = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What a feed has done lately. `per_day`: entries a day over the last seven days; `usual`: the same of the median
    of the four weeks before, None for a feed younger than two weeks; `latency`: milliseconds that its polls took,
    the median of the last twenty, None without any."""

    per_day: float = 0.0
    usual: float | None = None
    latency: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """Entries that came on one day (UTC)."""

    day: date
    entries: int


def health_in_words(feed: Feed, now: datetime) -> str:
    """One sentence on how the feed does, for a curator."""
    if feed.state == FeedState.GONE.value:
        return gettext("Gone for good, says its site; it is no longer polled.")
    if not feed.is_active:
        return gettext("Paused; it is not polled.")
    if feed.state == FeedState.NEW.value:
        return gettext("Not polled yet.")
    if feed.state == FeedState.FAILING.value:
        return _failure(feed)
    return f"{gettext('Healthy.')} {feed.error}".strip()


def figures(feeds: Sequence[int], now: datetime) -> dict[int, Figures]:
    """The figures of each feed by its primary key, in two statements for however many."""
    weeks, made, latency = _weeks(feeds, now), _ages(feeds), _latencies(feeds)
    found: dict[int, Figures] = {}
    for feed in feeds:
        counts = weeks.get(feed, {})
        age = (now - made[feed]) // _WEEK if feed in made else 0
        earlier = [counts.get(week, 0) for week in range(1, min(age, DAYS // 7 + 1))]
        usual = statistics.median(earlier) / 7 if earlier else None
        found[feed] = Figures(counts.get(0, 0) / 7, usual, latency.get(feed))
    return found


def by_day(feed: int, now: datetime, days: int = DAYS) -> list[Day]:
    """Entries of each of the last `days` days, today's included, oldest first."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (created_at AT TIME ZONE 'UTC')::date, count(*) FROM events_feeditem"
            " WHERE feed_id = %s AND created_at >= %s GROUP BY 1",
            [feed, datetime(first.year, first.month, first.day, tzinfo=UTC)],
        )
        counts = dict(cursor.fetchall())
    return [Day(day, counts.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


def _failure(feed: Feed) -> str:
    error = {"error": feed.error}
    if feed.failures <= 1 and feed.last_success_at is None:
        return gettext("Failed once, it never worked: %(error)s") % error
    if feed.failures <= 1:
        words = gettext("Failed once, last worked %(when)s UTC: %(error)s")
    elif feed.last_success_at is None:
        words = gettext("Failed %(times)s times in a row, it never worked: %(error)s")
    else:
        words = gettext("Failed %(times)s times in a row, last worked %(when)s UTC: %(error)s")
    when = f"{feed.last_success_at:%Y-%m-%d %H:%M}" if feed.last_success_at else ""
    return words % {**error, "times": feed.failures, "when": when}


def _weeks(feeds: Sequence[int], now: datetime) -> dict[int, dict[int, int]]:
    """Entries by feed and by how many weeks ago they came, 0 to 4."""
    found: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT feed_id, floor(extract(epoch FROM %s - created_at) / 604800)::int AS ago, count(*)"
            " FROM events_feeditem WHERE feed_id = ANY(%s) AND created_at > %s AND created_at <= %s GROUP BY 1, 2",
            [now, list(feeds), now - timedelta(days=DAYS + 7), now],
        )
        for feed, ago, count in cursor:
            found.setdefault(feed, {})[ago] = count
    return found


def _ages(feeds: Sequence[int]) -> dict[int, datetime]:
    return dict(Feed.objects.filter(pk__in=feeds).values_list("pk", "created_at"))


def _latencies(feeds: Sequence[int]) -> dict[int, int]:
    """The median time of each feed's last polls that were answered, in milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT feed, percentile_disc(0.5) WITHIN GROUP (ORDER BY run.elapsed)
            FROM unnest(%s::bigint[]) AS feed CROSS JOIN LATERAL (
                SELECT elapsed FROM events_fetchrun
                WHERE feed_id = feed AND item_id IS NULL AND status_code IS NOT NULL
                ORDER BY started_at DESC LIMIT %s
            ) run GROUP BY feed
            """,
            [list(feeds), _RUNS],
        )
        return dict(cursor.fetchall())
