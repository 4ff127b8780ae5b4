"""What an English clause leaves open: possibility, question, demand, fear and condition are no statement of fact."""

from __future__ import annotations

import re
import sys

from events.extraction.chart import Chart
from events.extraction.lexicon import any_of

_BREAK = re.compile(
    r"[;:]|, (?:and|but|while|although|though|yet|so) |[.,][”\"] | (?:but|while|although|after|before|because) |— | – "
)
_QUESTION = re.compile(r"\?[”\"’')\]]*$")
_TALK = re.compile(
    r"\W*(?:Talk|Fears?|Hopes?|Speculation|Rumou?rs?|Calls|Chances|Prospects?|Suggestions|Whispers|Questions?) (?:of|that|about|for|over)\b"
)


def open_question(sentence: str) -> bool:
    """Whether a sentence asks, or only tells of talk."""
    asks = "?" in sentence and _QUESTION.search(sentence.rstrip())
    return bool(asks or _TALK.match(sentence))


def uncertain(chart: Chart, start: int, end: int, near: int = sys.maxsize) -> bool:
    """Whether the clause up to the end of positions [start, end) says that this may be, rather than that it is.

    No more than `near` characters before `start` are looked at."""
    patterns = any_of("en", "uncertain", re.IGNORECASE).awake(chart)
    if not patterns:
        return False
    left = max(0, start - near)
    for mark in _BREAK.finditer(chart.s, 0, start):
        left = mark.end()
    return any(one.search(chart.s, left, end) for one in patterns)
