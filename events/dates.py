"""Partial dates: a day, a month or a year, never more exact than the source."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from events.choices import Precision

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class DateJSON(TypedDict):
    """A partial date as claims and the API write it: first day of the period, and how exact it is."""

    value: str
    precision: str


@dataclass(frozen=True, order=True)
class PartialDate:
    """A period of one day, month or year; `value` is its first day.

    Raises ValueError when `value` is not the first day of a period of `precision`.
    """

    value: date
    precision: Precision = Precision.DAY

    def __post_init__(self) -> None:
        if self.value != first_day(self.value, self.precision):
            raise ValueError(f"{self.value} is not the first day of a {self.precision}")

    @property
    def last(self) -> date:
        """Last day of the period."""
        if self.precision is Precision.DAY:
            return self.value
        if self.precision is Precision.MONTH:
            days = calendar.monthrange(self.value.year, self.value.month)[1]
            return self.value.replace(day=days)
        return self.value.replace(month=12, day=31)

    def as_json(self) -> DateJSON:
        """The form of the claim contract: `{"value": "2025-08-01", "precision": "month"}`."""
        return {"value": self.value.isoformat(), "precision": self.precision.value}

    @classmethod
    def from_json(cls, data: DateJSON) -> PartialDate:
        """The inverse of `as_json`. Raises ValueError or KeyError for anything else."""
        return cls(date.fromisoformat(data["value"]), Precision(data["precision"]))

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Reads `2025`, `2025-08` or `2025-08-18` (ISO 8601). Raises ValueError for anything else."""
        match = _PARTIAL.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a date: write YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = match.groups()
        precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        return cls(date(int(year), int(month or 1), int(day or 1)), precision)

    def __str__(self) -> str:
        """The ISO 8601 form that is as long as the date is exact: `2025-08`."""
        return self.value.isoformat()[
            : {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        ]

    def in_words(self) -> str:
        """For English text: `18 October 2025`, `August 2025`, `2019`."""
        if self.precision is Precision.YEAR:
            return str(self.value.year)
        month = f"{calendar.month_name[self.value.month]} {self.value.year}"
        return month if self.precision is Precision.MONTH else f"{self.value.day} {month}"

    def in_chinese(self) -> str:
        """For Chinese text: `2025年10月18日`, `2025年8月`, `2019年`."""
        parts = f"{self.value.year}年"
        if self.precision is not Precision.YEAR:
            parts += f"{self.value.month}月"
        if self.precision is Precision.DAY:
            parts += f"{self.value.day}日"
        return parts


def first_day(day: date, precision: Precision) -> date:
    """First day of the period of `precision` that holds `day`."""
    if precision is Precision.DAY:
        return day
    return day.replace(day=1) if precision is Precision.MONTH else day.replace(month=1, day=1)
