"""A wish before it is saved: its sentence, and what it would have told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from psycopg.errors import QueryCanceled

from events.alerts.wishes import latest, sentences, since_last
from events.alerts.wording import words
from events.models.alerts import Subscription
from events.timelines.entries import entry
from tracker.web.public.reading import shown

TIMEOUT_MS = 3000
"""Of looking for what a wish has found; the wish can be saved without."""


@dataclass(frozen=True)
class Preview:
    """A wish in the page's language, its last events as entries (None: there was no time to look for them all), and for
    a wish of silence since when there is one."""

    sentence: str
    entries: list[dict[str, Any]] | None
    since: datetime | None = None

    @property
    def silent_days(self) -> int | None:
        """Whole days since the last event."""
        return (timezone.now() - self.since).days if self.since else None


def preview(wish: Subscription) -> Preview:
    """What a reader sees of a wish before it is saved."""
    said = said_of([wish])[0]
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MS}")
            entries = [shown(entry(row)) for row in latest(wish)]
            since = since_last(wish) if wish.silent_days else None
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return Preview(said, None)
        raise
    return Preview(said, entries, since)


def said_of(wishes: Sequence[Subscription]) -> list[str]:
    """Wishes as sentences in the page's language."""
    return sentences(wishes, words(get_language() or "en"))
