"""Entries a day as bars: the geometry only, the template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from events.feeds.health import Day

WIDTH, HEIGHT = 560, 120
_GAP = 0.3


@dataclass(frozen=True)
class Bar:
    """One day's bar; a day without entries has none, only its place."""

    day: date
    entries: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """The bars within WIDTH and HEIGHT, the highest day's number, and the sum."""

    bars: list[Bar]
    most: int
    total: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def busy(self) -> list[Bar]:
        """The days that brought something."""
        return [bar for bar in self.bars if bar.entries]


def day_chart(days: Sequence[Day]) -> Chart:
    """A bar for each day, side by side, as high as its entries against the highest day's."""
    most = max((day.entries for day in days), default=0)
    step = WIDTH / max(len(days), 1)
    bars = []
    for place, day in enumerate(days):
        height = round(HEIGHT * day.entries / most, 1) if most else 0.0
        x = round(place * step + step * _GAP / 2, 1)
        bars.append(
            Bar(day.day, day.entries, x, round(HEIGHT - height, 1), round(step * (1 - _GAP), 1), height)
        )
    return Chart(bars, most, sum(day.entries for day in days))
