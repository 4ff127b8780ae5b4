"""English sentences of biography and comparison: what lies more than a full year back is no news."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.en import roles
from events.extraction.en.discourse import Focus


def long_ago(chart: Chart, focus: Focus) -> bool:
    """Whether all that a sentence dates lies more than a full year back: biography or comparison, not news."""
    days = [
        node.value.day["value"]
        for at, node in chart.all("date")
        if node.value.day
        and not roles.FOR_YEAR.search(chart.s[max(0, at - 40) : at])
        and not _GROUNDED.search(chart.s[max(0, at - 110) : at])
    ]
    return bool(days and focus.published) and all(int(day[:4]) < focus.published.year - 1 for day in days)  # type: ignore[union-attr]


_GROUNDED = re.compile(
    r"\b(?:for|over) (?:[a-z]+ing|failures?|breach(?:es)?|errors|events|conduct|faults|lapses|an?|the)\b[^,;]{0,90}$"
)
"""Before the date of what a penalty is for, which does not make the penalty old."""


_GOES_ON = re.compile(r"\W*(?:He|She|It|They|His|Her|Its|Their|Then|Later|Next)\b")


def tells_past(chart: Chart, focus: Focus) -> bool:
    """Whether a sentence without a date of its own goes on with a paragraph's history."""
    line = chart.text.rfind("\n", 0, chart.start) + 1
    dated = any(node.value.day for _, node in chart.all("date"))
    past = (
        long_ago(chart, focus)
        if dated
        else focus.past_line == line and bool(_GOES_ON.match(chart.text[chart.start : chart.end]))
    )
    focus.past_line = line if past else -1
    return past
