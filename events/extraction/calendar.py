"""Dates against the day of publication: pure functions that both languages share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from events.extraction.model import DateValue

Precision = Literal["day", "month", "year"]


@dataclass(frozen=True)
class When:
    """A date as read: what the words fix, and the reporting period that they name ("FY2025", "2025-H1"), if any."""

    day: DateValue | None = None
    period: str = ""
    words: str = ""


def make(year: int, month: int = 0, day: int = 0) -> DateValue | None:
    """A date of the precision that is given; None where no such day exists."""
    try:
        value = date(year, month or 1, day or 1)
    except ValueError:
        return None
    return {"value": value.isoformat(), "precision": "day" if day else "month" if month else "year"}


def on(day: date) -> DateValue:
    """A single day."""
    return {"value": day.isoformat(), "precision": "day"}


def month_of(day: date, back: int = 0) -> DateValue:
    """The month of a day, or the one `back` months before it."""
    months = day.year * 12 + day.month - 1 - back
    return {"value": date(months // 12, months % 12 + 1, 1).isoformat(), "precision": "month"}


def nearest(month: int, day: int, published: date | None, *, ahead: bool) -> DateValue | None:
    """A month (and day, or 0) without a year: the last one up to publication, or the next one where `ahead`."""
    if published is None:
        return None
    start = month_of(published)["value"] if not day else published.isoformat()
    years = (published.year, published.year + 1) if ahead else (published.year, published.year - 1)
    for year in years:
        found = make(year, month, day)
        if found and (found["value"] >= start if ahead else found["value"] <= start):
            return found
    return None


def closest(month: int, day: int, published: date | None) -> DateValue | None:
    """The day of a month without a year that lies nearest to publication, before or after it."""
    if published is None:
        return None
    found = [value for year in (-1, 0, 1) if (value := make(published.year + year, month, day))]
    return min(
        found, key=lambda value: abs((date.fromisoformat(value["value"]) - published).days), default=None
    )


def weekday(number: int, published: date | None, *, strictly_before: bool = False) -> DateValue | None:
    """The last such weekday (Monday is 0) up to publication; with `strictly_before`, not the day itself."""
    if published is None:
        return None
    back = (published.weekday() - number) % 7
    return on(published - timedelta(days=back or (7 if strictly_before else 0)))


def shift(published: date | None, days: int) -> DateValue | None:
    """The day `days` after publication (negative: before)."""
    return on(published + timedelta(days=days)) if published else None
