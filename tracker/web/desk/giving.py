"""What forms of the queue give: which candidates are marked, until which day, to whom."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from events.exceptions import CurationError
from events.models.access import User
from tracker.web.desk.asking import number
from tracker.web.desk.narrowing import MINE, NOBODY

MAX_MARKS = 20_000
"""Characters of the marks of one form; more than a page of the queue can give."""


def marked(data: QueryDict) -> dict[int, int | None]:
    """Candidates with the version that was seen of each, from boxes that hold `number:version` once or several times.

    Raises CurationError for anything else.
    """
    words = " ".join(data.getlist("mark"))
    if len(words) > MAX_MARKS:
        raise CurationError(gettext("These are too many at a time."))
    found: dict[int, int | None] = {}
    for word in words.split():
        pk, version = (number(part) for part in word.partition(":")[::2])
        if pk is None or version is None:
            raise CurationError(gettext("The marks cannot be read. Load the page again."))
        found[pk] = version
    return found


def until_of(data: QueryDict) -> date | None:
    """The day until which something is put aside; None for no day. Raises CurationError for what is no day."""
    text = data.get("until", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise CurationError(gettext("Give a day as year-month-day, such as 2026-03-31.")) from None


def days() -> dict[str, date]:
    """Days to choose from, UTC: tomorrow and a week from now."""
    today = timezone.now().astimezone(UTC).date()
    return {"tomorrow": today + timedelta(days=1), "next_week": today + timedelta(days=7)}


def assignee(data: QueryDict, user: User) -> User | None:
    """Whom something is given to. Raises CurationError for somebody who is not there."""
    to = data.get("to", "")
    if to in {MINE, NOBODY}:
        return user if to == MINE else None
    found = User.objects.filter(pk=number(to) or 0, is_active=True, is_staff=True).first()
    if found is None:
        raise CurationError(gettext("Choose to whom."))
    return found
