"""The run ledger: every request for a feed or an article, written with what became of its row, in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from events.choices import FetchOutcome
from events.feeds.fetch import Fetched
from events.models.sources import Feed, FeedItem, FetchRun

_COLUMNS = (
    "feed_id",
    "item_id",
    "started_at",
    "finished_at",
    "elapsed",
    "outcome",
    "status_code",
    "size",
    "items_seen",
    "items_new",
    "error",
)
_LONGEST_ERROR = 2_000
_MAX_ELAPSED = 86_400_000


def new_run(
    started_at: datetime,
    outcome: FetchOutcome,
    error: str = "",
    *,
    feed_id: int,
    item_id: int | None = None,
    answer: Fetched | None = None,
    status: int | None = None,
) -> FetchRun:
    """A run that ends now, not yet written. Without an answer it took all the time since `started_at`."""
    now = timezone.now()
    elapsed = answer.elapsed if answer else (now - started_at).total_seconds()
    return FetchRun(
        feed_id=feed_id,
        item_id=item_id,
        started_at=started_at,
        finished_at=now,
        elapsed=min(max(round(elapsed * 1000), 0), _MAX_ELAPSED),
        outcome=outcome.value,
        status_code=answer.status if answer else status,
        size=len(answer.body) if answer else 0,
        error=_storable(error),
    )


def close(row: Feed | FeedItem, values: Mapping[str, Any], run: FetchRun | None = None) -> None:
    """Gives up the claim on `row` and sets these columns, if the claim is still ours: a worker that was too slow must
    not undo another's work. Writes `run` in any case."""
    changed = {"claimed_until": None, **values}
    sets = ", ".join(f'"{column}" = %s' for column in changed)
    # Names of tables and columns are ours; values are parameters.
    update = f'UPDATE "{row._meta.db_table}" SET {sets} WHERE id = %s AND claimed_until = %s'  # noqa: S608
    parameters = [*map(_storable, changed.values()), row.pk, row.claimed_until]
    with connection.cursor() as cursor:
        if run is None:
            cursor.execute(update, parameters)
            return
        marks = ", ".join(["%s"] * len(_COLUMNS))
        cursor.execute(
            f"WITH closed AS ({update})"  # noqa: S608 - as above
            f" INSERT INTO events_fetchrun ({', '.join(_COLUMNS)}) VALUES ({marks}) RETURNING id",
            [*parameters, *(getattr(run, column) for column in _COLUMNS)],
        )
        run.pk = cursor.fetchone()[0]
        run._state.adding, run._state.db = False, connection.alias


def _storable(value: Any) -> Any:
    """Words without what PostgreSQL cannot store, and no longer than a curator reads."""
    return value.replace("\0", "\ufffd")[:_LONGEST_ERROR] if isinstance(value, str) else value
