"""Rules of a feed's health: its figures, and the notices that staff gets of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import tasks
from events.choices import DocumentState, FeedState, FetchOutcome, NoticeKind
from events.feeds import store
from events.feeds.health import by_day, figures, health_in_words
from events.feeds.notices import EMPTY_FROM, LOOKED_AT, raise_notices, see_to, tell
from events.models.sources import Feed, FeedItem, FetchRun, Notice
from tests import scenes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def feed(name: str = "a", **fields: Any) -> Feed:
    values: dict[str, Any] = {
        "url": f"https://feeds.example.com/{name}",
        "state": FeedState.HEALTHY.value,
        "last_success_at": NOW,
        "last_polled_at": NOW,
    }
    made = Feed.objects.create(**(values | fields))
    Feed.objects.filter(pk=made.pk).update(created_at=NOW - 100 * DAY)
    made.refresh_from_db()
    return made


def arrivals(made: Feed, times: list[datetime]) -> None:
    start = FeedItem.objects.count()
    for number, when in enumerate(sorted(times), start):
        item = FeedItem.objects.create(feed=made, guid=store.guid_key(str(number)))
        FeedItem.objects.filter(pk=item.pk).update(created_at=when)
    Feed.objects.filter(pk=made.pk).update(last_item_at=max(times))


def open_notices() -> list[tuple[int, str]]:
    return sorted(Notice.objects.filter(closed_at=None).values_list("feed_id", "kind"))


def articles(made: Feed, empty: int, full: int, start: int = 0) -> None:
    for number in range(empty + full):
        state = DocumentState.NO_TEXT if number < empty else DocumentState.EXTRACTED
        scenes.document(
            "x", url=f"https://news.example.com/{made.pk}/{start + number}", feed=made, state=state.value
        )


def test_a_feed_that_is_quiet_much_longer_than_usual_is_silent() -> None:
    made = feed()
    arrivals(made, [NOW - 4 * DAY - timedelta(hours=6 * n) for n in range(40)])

    assert raise_notices(NOW) == (1, 0)

    [notice] = Notice.objects.all()
    assert (notice.feed, notice.kind) == (made, NoticeKind.SILENT.value)
    assert notice.text == "No new entry for 4 days; usually one comes every 6 hours."


@pytest.mark.parametrize(
    ("gap", "silence"),
    [
        (timedelta(hours=1), timedelta(hours=70)),  # a weekend
        (timedelta(days=7), timedelta(days=20)),  # a weekly
    ],
)
def test_a_feed_that_is_quiet_as_usual_is_not_silent(gap: timedelta, silence: timedelta) -> None:
    arrivals(feed(), [NOW - silence - gap * n for n in range(8)])

    assert raise_notices(NOW) == (0, 0)


def test_a_feed_that_has_been_quiet_as_long_before_is_not_silent() -> None:
    times = [NOW - 5 * DAY - timedelta(hours=n) for n in range(5)]
    arrivals(feed(), [*times, *(when - 6 * DAY for when in times)])

    assert raise_notices(NOW) == (0, 0)


def test_a_feed_of_no_known_rhythm_is_silent_after_a_month() -> None:
    arrivals(feed("early"), [NOW - 29 * DAY])
    late = feed("late")
    arrivals(late, [NOW - 31 * DAY])
    never = feed("never")

    raise_notices(NOW)

    assert open_notices() == [(late.pk, "silent"), (never.pk, "silent")]


def test_silence_ends_with_the_next_entry_and_the_notice_with_it() -> None:
    made = feed()
    arrivals(made, [NOW - 40 * DAY])
    raise_notices(NOW)

    arrivals(made, [NOW - timedelta(hours=1)])

    assert raise_notices(NOW) == (0, 1)
    notice = Notice.objects.get()
    assert (notice.closed_at, notice.closed_by) == (NOW, None)


def test_what_a_person_has_seen_to_is_not_told_again_until_it_has_ended_once() -> None:
    made = feed()
    arrivals(made, [NOW - 40 * DAY])
    raise_notices(NOW)
    curator = scenes.curator()
    assert see_to(Notice.objects.get().pk, curator)
    Notice.objects.update(closed_at=NOW)

    assert raise_notices(NOW + DAY) == (0, 0)

    arrivals(made, [NOW + 2 * DAY])
    assert raise_notices(NOW + 3 * DAY) == (0, 0)
    assert raise_notices(NOW + 90 * DAY) == (1, 0)


def test_a_feed_that_fails_for_a_day_raises_a_notice_and_one_that_stumbled_does_not() -> None:
    failing: dict[str, Any] = {"state": FeedState.FAILING.value, "error": "HTTP 503: the server is busy."}
    day = feed("day", failures=6, last_success_at=NOW - 2 * DAY, **failing)
    feed("hour", failures=6, last_success_at=NOW - timedelta(hours=1), **failing)
    feed("once", failures=1, last_success_at=NOW - 2 * DAY, **failing)
    feed("off", failures=9, last_success_at=NOW - 9 * DAY, is_active=False, **failing)

    raise_notices(NOW)

    assert open_notices() == [(day.pk, "failing")]
    assert (
        Notice.objects.get().text == "Has failed for 2 days, 6 times in a row: HTTP 503: the server is busy."
    )


def test_a_feed_that_works_again_closes_its_notice() -> None:
    made = feed(state=FeedState.FAILING.value, failures=6, last_success_at=NOW - 2 * DAY)
    raise_notices(NOW)

    Feed.objects.filter(pk=made.pk).update(
        state=FeedState.HEALTHY.value, failures=0, last_success_at=NOW, last_item_at=NOW
    )

    assert raise_notices(NOW + timedelta(hours=1)) == (0, 1)


def test_a_feed_that_is_gone_raises_a_notice_though_it_is_no_longer_polled() -> None:
    made = feed(state=FeedState.GONE.value, is_active=False)

    raise_notices(NOW)

    assert open_notices() == [(made.pk, "gone")]


def test_a_feed_whose_articles_have_no_text_raises_a_notice_that_outlasts_one_good_article() -> None:
    made, good = feed("bare", last_item_at=NOW), feed("good", last_item_at=NOW)
    articles(made, empty=round(LOOKED_AT * EMPTY_FROM), full=LOOKED_AT - round(LOOKED_AT * EMPTY_FROM))
    articles(good, empty=2, full=18)

    raise_notices(NOW)

    assert open_notices() == [(made.pk, "empty_texts")]
    assert Notice.objects.get().text.startswith("10 of its last 20 articles have no text")

    articles(made, empty=0, full=4, start=100)
    assert raise_notices(NOW) == (0, 0)
    articles(made, empty=0, full=16, start=200)
    assert raise_notices(NOW) == (0, 1)


def test_few_articles_say_nothing_of_a_feed() -> None:
    articles(feed(last_item_at=NOW), empty=5, full=0)

    assert raise_notices(NOW) == (0, 0)


def test_raising_again_changes_nothing_and_costs_the_same_for_many_feeds() -> None:
    statements = []
    for number in (1, 30):
        for n in range(number):
            feed(f"{number}-{n}", state=FeedState.FAILING.value, failures=9, last_success_at=NOW - 3 * DAY)
            arrivals(feed(f"{number}-{n}-quiet"), [NOW - 40 * DAY])
        with CaptureQueriesContext(connection) as queries:
            opened, closed = raise_notices(NOW)
        assert (opened, closed) == (2 * number, 0)
        statements.append(len(queries))
    assert statements[0] == statements[1]
    assert raise_notices(NOW) == (0, 0)


def test_a_feed_that_moved_onto_another_is_told_once_also_after_a_person_has_seen_to_it() -> None:
    made = feed()
    for _ in range(2):
        tell(made, NoticeKind.MOVED, "Has moved.")
    assert Notice.objects.count() == 1

    assert see_to(Notice.objects.get().pk, scenes.curator())
    tell(made, NoticeKind.MOVED, "Has moved.")

    assert Notice.objects.filter(closed_at=None).count() == 0
    tell(made, NoticeKind.MOVED, "Has moved elsewhere.")
    assert Notice.objects.filter(closed_at=None).count() == 1


def test_only_one_of_two_curators_closes_a_notice() -> None:
    tell(feed(), NoticeKind.MOVED, "Has moved.")
    first, second = scenes.curator(), scenes.curator()
    number = Notice.objects.get().pk

    assert [see_to(number, first), see_to(number, second)] == [True, False]
    assert Notice.objects.get().closed_by == first


def test_the_workers_watch_feeds_by_themselves() -> None:
    feed(state=FeedState.GONE.value, is_active=False)

    tasks.watch_feeds()

    assert Notice.objects.count() == 1
    assert django_settings.CELERY_BEAT_SCHEDULE["watch_feeds"]["task"] == tasks.watch_feeds.name


def test_a_feeds_week_is_held_against_the_median_of_its_earlier_weeks() -> None:
    made, young = feed(), feed("young")
    Feed.objects.filter(pk=young.pk).update(created_at=NOW - 5 * DAY)
    week = timedelta(days=7)
    arrivals(made, [NOW - DAY] * 14 + [NOW - DAY - n * week for n in (1, 2, 3, 4) for _ in range(7 * n)])

    found = figures([made.pk, young.pk], NOW)

    assert (found[made.pk].per_day, found[made.pk].usual) == (2.0, 2.5)
    assert (found[young.pk].per_day, found[young.pk].usual) == (0.0, None)


def test_latency_is_the_median_of_the_last_answered_polls() -> None:
    made = feed()
    item = FeedItem.objects.create(feed=made, guid=store.guid_key("1"))
    for number, elapsed in enumerate([9000] * 5 + [100, 200, 300] * 6 + [150, 250]):
        FetchRun.objects.create(
            feed=made, started_at=NOW + timedelta(minutes=number), elapsed=elapsed, outcome=FetchOutcome.UNCHANGED.value, status_code=304,
        )  # fmt: skip
    FetchRun.objects.create(
        feed=made, item=item, elapsed=7000, outcome=FetchOutcome.NEW_ITEMS.value, status_code=200
    )

    assert figures([made.pk], NOW)[made.pk].latency == 200


def test_days_without_entries_are_counted_as_none() -> None:
    made = feed()
    arrivals(made, [NOW - DAY, NOW - DAY, NOW - 40 * DAY])

    days = by_day(made.pk, NOW, days=3)

    assert [(day.day.isoformat(), day.entries) for day in days] == [
        ("2026-03-10", 0),
        ("2026-03-11", 2),
        ("2026-03-12", 0),
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "new"}, "Not polled yet."),
        ({"state": "healthy"}, "Healthy."),
        ({"state": "healthy", "error": "100% new."}, "Healthy. 100% new."),
        ({"state": "healthy", "is_active": False}, "Paused; it is not polled."),
        ({"state": "gone", "is_active": False}, "Gone for good, says its site; it is no longer polled."),
        (
            {"state": "failing", "failures": 3, "error": "HTTP 503: busy."},
            "Failed 3 times in a row, last worked 2026-03-12 12:00 UTC: HTTP 503: busy.",
        ),
        (
            {"state": "failing", "failures": 1, "error": "No connection.", "last_success_at": None},
            "Failed once, it never worked: No connection.",
        ),
    ],
)
def test_a_feeds_health_is_one_sentence(fields: dict[str, Any], words: str) -> None:
    assert health_in_words(feed(**fields), timezone.now()) == words
