"""What there is to do, asked of PostgreSQL: a fixed number of statements, none of which reads more than MOST rows but
those that are marked `slow`, which are asked seldom.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import Error
from django.db.backends.utils import CursorWrapper

from events.choices import CandidateState, FeedState
from tracker.seeing.questions import Question, reading

log = logging.getLogger(__name__)

MOST = 100_000
"""Rows that are counted: a larger number is told as this one."""
RECENT = 5_000
"""Deliveries whose times tell how long an alert takes."""
STATEMENT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
SLOW_FACTOR = 12

_WAITING = (
    CandidateState.OPEN.value,
    CandidateState.DEFERRED.value,
    CandidateState.AWAITING_APPROVAL.value,
)
_SENDING = ("pending", "sending")
Row = tuple[str, float]


@dataclass(frozen=True)
class Figure:
    """One metric: a gauge. `sql` gives its value, or with a `label` rows of a label's value and the metric's.

    `always` are the label's values that are told as 0 where no row has them.
    """

    name: str
    says: str
    sql: str
    label: str = ""
    always: Sequence[str] = ()
    slow: bool = False


def _count(rows: str) -> str:
    return f"SELECT count(*) FROM (SELECT FROM {rows} LIMIT {MOST}) counted"  # noqa: S608 - our own


def _age(column: str, rows: str) -> str:
    """Seconds since `column` of the first row; 0 without one. Not negative, whichever clock is behind."""
    return f"SELECT greatest(extract(epoch FROM now() - (SELECT {column} FROM {rows} LIMIT 1)), 0)"  # noqa: S608 - our own


def _outbox(table: str, what: str, name: str) -> list[Figure]:
    unsettled = f"{table} WHERE state IN ('pending', 'sending')"
    return [
        Figure(
            f"tracker_{name}_waiting",
            f"{what} that are not settled, by state",
            f"SELECT state, count(*) FROM (SELECT state FROM {unsettled} LIMIT {MOST}) counted GROUP BY 1",  # noqa: S608
            label="state",
            always=_SENDING,
        ),
        Figure(
            f"tracker_{name}_overdue_seconds",
            f"For how long the longest due of the {what.lower()} could have been sent",
            _age("next_attempt_at", f"{unsettled} AND next_attempt_at <= now() ORDER BY next_attempt_at, id"),
        ),
        Figure(
            f"tracker_{name}_outbox_age_seconds",
            f"Age of the oldest of the {what.lower()} that are not settled, retries included",
            f"SELECT extract(epoch FROM now() - min(created_at)) FROM (SELECT created_at FROM {unsettled} LIMIT {MOST}) old",  # noqa: S608
            slow=True,
        ),
    ]


_DUE_FEED = "events_feed WHERE is_active AND next_poll_at <= now()"
_DUE_ITEM = "events_feeditem WHERE state IN ('new', 'failed') AND next_attempt_at <= now()"
_DUE_DELIVERY = "events_delivery WHERE state = 'pending' AND mail_id IS NULL AND frequency = 'instant' AND due_at <= now()"
FIGURES: tuple[Figure, ...] = (
    Figure(
        "tracker_feeds",
        "Feeds by state",
        "SELECT CASE WHEN state = 'gone' THEN state WHEN is_active THEN state ELSE 'paused' END, count(*)"
        " FROM events_feed GROUP BY 1",
        label="state",
        always=[state.value for state in FeedState],
        slow=True,
    ),
    Figure("tracker_feeds_due", "Feeds whose poll is due", _count(_DUE_FEED)),
    Figure(
        "tracker_feed_lag_seconds",
        "For how long the longest due feed could have been polled",
        _age("next_poll_at", f"{_DUE_FEED} ORDER BY next_poll_at"),
    ),
    Figure("tracker_feed_items_waiting", "Feed entries whose article is to be fetched now", _count(_DUE_ITEM)),
    Figure(
        "tracker_feed_item_lag_seconds",
        "For how long the longest due feed entry could have been fetched",
        _age("next_attempt_at", f"{_DUE_ITEM} ORDER BY next_attempt_at"),
    ),
    Figure(
        "tracker_documents_waiting",
        "Documents that wait for extraction",
        _count("events_document WHERE state = 'fetched'"),
    ),
    Figure(
        "tracker_document_lag_seconds",
        "Age of the oldest document that waits for extraction",
        _age("fetched_at", "events_document WHERE state = 'fetched' ORDER BY id"),
    ),
    Figure(
        "tracker_candidates_waiting",
        "Candidates that wait for a curator, by state",
        f"SELECT waiting, (SELECT count(*) FROM (SELECT FROM events_candidate WHERE state = waiting LIMIT {MOST}) c)"  # noqa: S608
        f" FROM unnest(ARRAY{[*_WAITING]}) waiting",
        label="state",
        always=_WAITING,
    ),
    Figure(
        "tracker_candidate_oldest_seconds",
        "Age of the oldest candidate that waits for a curator, by state",
        "SELECT waiting, extract(epoch FROM now() - (SELECT min(created_at) FROM"  # noqa: S608
        f" (SELECT created_at FROM events_candidate WHERE state = waiting LIMIT {MOST}) c))"
        f" FROM unnest(ARRAY{[*_WAITING]}) waiting",
        label="state",
        always=_WAITING,
        slow=True,
    ),
    Figure(
        "tracker_revisions_unmatched",
        "Revisions that subscribers have not been matched with",
        _count("events_matching WHERE state <> 'done'"),
    ),
    Figure(
        "tracker_revision_unmatched_seconds",
        "Age of the oldest revision that subscribers have not been matched with",
        _age(
            "recorded_at",
            "events_matching m JOIN events_revision r ON r.seq = m.revision_id WHERE m.state <> 'done'"
            " ORDER BY m.revision_id",
        ),
    ),
    Figure(
        "tracker_alerts_waiting",
        "Instant alerts that are due and in no mail yet",
        _count(_DUE_DELIVERY),
    ),
    Figure(
        "tracker_publish_to_alert_seconds",
        "Time from a revision's publication to the mail that told of it: quantiles of the day's latest instant alerts",
        # Alerts that the reader's quiet hours have put off are late by wish.
        f"""
        WITH recent AS (
            SELECT d.sent_at - r.recorded_at AS took
            FROM events_delivery d JOIN events_revision r ON r.seq = d.revision_id
            WHERE d.id > (SELECT max(id) - {RECENT} FROM events_delivery) AND d.state = 'sent'
            AND d.frequency = 'instant' AND d.due_at <= d.created_at + interval '5 seconds'
            AND d.sent_at > now() - interval '1 day'
        )
        SELECT quantile::text, (
            SELECT extract(epoch FROM percentile_disc(quantile) WITHIN GROUP (ORDER BY took)) FROM recent
        ) FROM unnest(ARRAY[0.5, 0.95, 0.99]::float[]) quantile
        """,  # noqa: S608
        label="quantile",
    ),
    *_outbox("events_mail", "Mails", "mail"),
    *_outbox("events_webhookmessage", "Messages to webhooks", "webhook"),
    Figure("tracker_ledger_sequence", "Number of the ledger's last revision", "SELECT max(seq) FROM events_ledgerhead"),
)  # fmt: skip


class Kept:
    """Rows of some figures, asked anew when they are older than so many seconds."""

    def __init__(self, figures: Sequence[Figure], factor: int) -> None:
        self._figures = figures
        self._factor = factor
        self._lock = threading.Lock()
        self._question = Question(self._ask)
        self._found: dict[str, list[Row]] = {}
        self._until = 0.0

    def rows(self) -> dict[str, list[Row]]:
        """The rows by the figure's name. Raises django.db.Error, TimeoutError."""
        with self._lock:
            if time.monotonic() < self._until:
                return self._found
        found = self._question.answer(ANSWER_SECONDS)
        with self._lock:
            self._found = found
            self._until = time.monotonic() + settings.METRICS_CACHE_SECONDS * self._factor
        return found

    def _ask(self) -> dict[str, list[Row]]:
        with reading(STATEMENT_SECONDS) as cursor:
            return {figure.name: ask(cursor, figure) for figure in self._figures}


_QUICK = Kept([figure for figure in FIGURES if not figure.slow], 1)
_SLOW = Kept([figure for figure in FIGURES if figure.slow], SLOW_FACTOR)


def ask(cursor: CursorWrapper, figure: Figure) -> list[Row]:
    """A figure's rows: label's value and number; the label's value is empty where the figure has none."""
    cursor.execute(figure.sql)
    if not figure.label:
        return [("", float(row[0] or 0)) for row in cursor.fetchall()]
    found = {str(label): float(number) for label, number in cursor.fetchall() if number is not None}
    return [*(dict.fromkeys(figure.always, 0.0) | found).items()]


def all_rows() -> tuple[dict[str, list[Row]], bool]:
    """The rows of all figures that could be had, and whether those are all."""
    found: dict[str, list[Row]] = {}
    complete = True
    sources: tuple[Callable[[], dict[str, list[Row]]], ...] = (_QUICK.rows, _SLOW.rows)
    for rows in sources:
        try:
            found |= rows()
        except (Error, TimeoutError) as error:
            log.warning("figures of the database are missing: %s", type(error).__name__)
            complete = False
    return found, complete
