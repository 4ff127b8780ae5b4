"""Geometry of the two pictures: grades over time as steps, and the rungs of a ladder between two grades.

Pure functions: numbers in, coordinates out (SVG user units). The templates draw them with presentation attributes
and classes only, so that no inline style is needed.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 56, 20, 14, 34
RUNG_HEIGHT = 38
MIN_SPAN = timedelta(days=550)
"""The shortest time that the axis shows, so that one event does not look like a century."""


@dataclass(frozen=True)
class GradeStep:
    """One grade over one period. `rank` 0 is the highest; `start` None: since when is not known."""

    label: str
    rank: int
    start: date | None
    start_words: str
    until: date | None
    until_words: str
    event: int | None
    end_known: bool = True


@dataclass(frozen=True)
class Line:
    """A segment from (x1, y1) to (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Mark:
    """A labelled point; `anchor` is the SVG text-anchor of its words."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    event: int | None = None


@dataclass
class StepChart:
    """All that the template draws, in user units of a picture of `width` by `height`."""

    width: int
    height: int
    rungs: list[Mark] = field(default_factory=list)
    held: list[Line] = field(default_factory=list)
    unsure: list[Line] = field(default_factory=list)
    drops: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    ticks: list[Mark] = field(default_factory=list)

    @property
    def right(self) -> int:
        """Where the plot ends."""
        return self.width - MARGIN_RIGHT

    @property
    def left(self) -> int:
        """Where the plot begins."""
        return MARGIN_LEFT

    @property
    def floor(self) -> int:
        """Where the time axis lies."""
        return self.height - MARGIN_BOTTOM


def step_chart(
    steps: Sequence[GradeStep], rungs: Sequence[tuple[int, str]], today: date, width: int
) -> StepChart:
    """A person's grades as steps over time; `rungs` are (rank, label) of the ladder's grades to show.

    A period whose beginning is not known is drawn from the plot's edge as an unsure line.
    """
    ranks = sorted({rank for rank, _ in rungs} | {step.rank for step in steps})
    rows = {rank: MARGIN_TOP + RUNG_HEIGHT * index + RUNG_HEIGHT / 2 for index, rank in enumerate(ranks)}
    chart = StepChart(width=width, height=MARGIN_TOP + RUNG_HEIGHT * len(ranks) + MARGIN_BOTTOM)
    begin, end = _domain(steps, today)
    scale = _Scale(begin, end, chart.left, chart.right)
    chart.rungs = [Mark(chart.left - 10, rows[rank], text, "end") for rank, text in rungs]
    chart.ticks = _ticks(begin, end, scale, chart.floor, narrow=width < 500)
    for step in steps:
        _draw(chart, step, rows[step.rank], scale)
    for before, after in itertools.pairwise(steps):
        if after.start:
            x = scale.at(after.start)
            chart.drops.append(Line(x, rows[before.rank], x, rows[after.rank]))
    return chart


def _draw(chart: StepChart, step: GradeStep, y: float, scale: _Scale) -> None:
    start = scale.at(step.start) if step.start else chart.left
    until = scale.at(step.until) if step.until else chart.right
    sure = step.start is not None and (step.until is not None or step.end_known)
    (chart.held if sure else chart.unsure).append(Line(start, y, until, y))
    if step.start:
        late = start > (chart.left + chart.right) / 2
        chart.marks.append(Mark(start, y, step.start_words, "end" if late else "start", step.event))


@dataclass(frozen=True)
class _Scale:
    begin: date
    end: date
    left: float
    right: float

    def at(self, day: date) -> float:
        """The x of a day, kept inside the plot."""
        share = (day - self.begin).days / max((self.end - self.begin).days, 1)
        return round(self.left + min(max(share, 0), 1) * (self.right - self.left), 1)


def _domain(steps: Sequence[GradeStep], today: date) -> tuple[date, date]:
    known = [day for step in steps for day in (step.start, step.until) if day]
    first, last = min(known, default=today), max([*known, today])
    begin = first - max((last - first) / 3, timedelta(days=150))
    end = last + (last - begin) / 20
    if end - begin < MIN_SPAN:
        begin = end - MIN_SPAN
    return begin, end


def _ticks(begin: date, end: date, scale: _Scale, floor: float, *, narrow: bool) -> list[Mark]:
    """Years where the span is long, else quarters; never so many that they touch."""
    months = (end.year - begin.year) * 12 + end.month - begin.month
    room = 4 if narrow else 9
    every = next((step for step in (3, 6, 12, 24, 60, 120) if months / step <= room), 240)
    ticks, index = [], begin.year * 12 + begin.month
    for month in range(index, end.year * 12 + end.month):
        if month % every == 0:
            day = date(month // 12, month % 12 + 1, 1)
            ticks.append(
                Mark(scale.at(day), floor, str(day.year) if every >= 12 else f"{day:%Y-%m}", "middle")
            )
    return ticks


@dataclass(frozen=True)
class Rung:
    """One rung of the ladder picture."""

    label: str
    y: float
    part: str
    """`from`, `to`, `between` or `outside` of the way."""


@dataclass(frozen=True)
class Hop:
    """One step of the way, drawn as an arc from rung to rung; `d` is the SVG path."""

    d: str
    number: int
    x: float
    y: float


@dataclass(frozen=True)
class LadderPicture:
    """The rungs around a way of `steps` steps (negative is down), highest first."""

    width: int
    height: int
    rungs: list[Rung]
    hops: list[Hop]
    steps: int
    start: str
    end: str


def ladder_picture(labels: Sequence[str], start: str, end: str) -> LadderPicture | None:
    """The ladder between two grades with a rung more on either side; None where one is not on it.

    `labels` are the ladder's grades, highest first.
    """
    if start not in labels or end not in labels:
        return None
    first, last = labels.index(start), labels.index(end)
    low, high = max(min(first, last) - 1, 0), min(max(first, last) + 2, len(labels))
    rungs = []
    for index in range(low, high):
        part = "from" if index == first else "to" if index == last else ""
        part = part or ("between" if min(first, last) < index < max(first, last) else "outside")
        rungs.append(Rung(labels[index], 22 + (index - low) * 36, part))
    down = 1 if last > first else -1
    hops = []
    for number, index in enumerate(range(first, last, down), start=1):
        y1, y2 = 22 + (index - low) * 36, 22 + (index + down - low) * 36
        hops.append(Hop(f"M 176 {y1} C 206 {y1} 206 {y2} 180 {y2}", number, 208, (y1 + y2) / 2))
    return LadderPicture(240, 44 + 36 * (high - low - 1), rungs, hops, first - last, start, end)


@dataclass(frozen=True)
class Bar:
    """A bar from a common zero line, in percent of the width; `zero` is where that line stands."""

    x: float
    width: float
    zero: float


def bars(values: Sequence[float]) -> list[Bar]:
    """One bar a value, all to one scale that includes zero."""
    low, high = min([0.0, *values]), max([0.0, *values])
    scale = 100 / ((high - low) or 1)
    zero = round(-low * scale, 2)
    return [
        Bar(round(zero + min(value, 0) * scale, 2), max(round(abs(value) * scale, 2), 0.6), zero)
        for value in values
    ]


STRIP_HEIGHT = 44


@dataclass
class StripChart:
    """Rows of dots over one time axis, in user units of a picture of `width` by `height`."""

    width: int
    height: int
    left: int
    rows: list[Mark] = field(default_factory=list)
    dots: list[Mark] = field(default_factory=list)
    gaps: list[Mark] = field(default_factory=list)
    spans: list[Line] = field(default_factory=list)
    ticks: list[Mark] = field(default_factory=list)

    @property
    def right(self) -> int:
        """Where the plot ends."""
        return self.width - MARGIN_RIGHT

    @property
    def floor(self) -> int:
        """Where the time axis lies."""
        return self.height - MARGIN_BOTTOM


def strips(rows: Sequence[tuple[str, Sequence[tuple[date, str]]]], today: date, width: int) -> StripChart:
    """Releases as dots, a row a product line, with the days between two where there is room for the figure.

    Each line stands above its dots, so that long names need no margin.
    """
    chart = StripChart(width, 10 + STRIP_HEIGHT * len(rows) + MARGIN_BOTTOM, left=10)
    days = [day for _, points in rows for day, _ in points]
    last = max([today, *days])
    begin = min([*days, last - MIN_SPAN]) - timedelta(days=30)
    scale = _Scale(begin, last + (last - begin) / 40, chart.left, chart.right)
    chart.ticks = _ticks(begin, scale.end, scale, chart.floor, narrow=width < 500)
    for index, (label, points) in enumerate(rows):
        y = 10 + STRIP_HEIGHT * index + 30
        chart.rows.append(Mark(chart.left, y - 18, label))
        chart.dots += [Mark(scale.at(day), y, name, "middle") for day, name in points]
        for (before, _), (after, _) in itertools.pairwise(points):
            x1, x2 = scale.at(before), scale.at(after)
            chart.spans.append(Line(x1, y, x2, y))
            if x2 - x1 > 44:
                chart.gaps.append(Mark((x1 + x2) / 2, y - 6, str((after - before).days), "middle"))
    return chart
