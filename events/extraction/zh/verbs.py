"""The words that state something: verbs.txt with its classes, and the gate that asks for any of them."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.finding import Finder
from events.extraction.lexicon import lines


@lru_cache(maxsize=1)
def classed() -> tuple[re.Pattern[str], dict[str, str]]:
    """Every word of verbs.txt as one pattern, the longest first, and the class of each."""
    classes: dict[str, str] = {}
    for line in lines("zh", "verbs"):
        name, _, body = line.partition(" = ")
        for word in body.split("|"):
            classes.setdefault(word, name)
    ordered = sorted(classes, key=lambda word: (-len(word), word))
    return re.compile("|".join(ordered)), classes


@lru_cache(maxsize=64)
def verbs_of(cls: str) -> frozenset[str]:
    """The words of a class of verbs.txt."""
    return frozenset(word for word, name in classed()[1].items() if name == cls)


@lru_cache(maxsize=1)
def _finder() -> Finder:
    return Finder(classed()[1])


def spans(s: str) -> list[tuple[int, int]]:
    """Where words of verbs.txt stand in a sentence, before it is split into words: what `classed` finds, in one pass."""
    return _finder().spans(s)


def has_trigger(s: str) -> bool:
    """Whether a sentence has a word of verbs.txt at all: the gate that spares all the rest."""
    return bool(classed()[0].search(s))


def classes_in(chart: Chart) -> set[str]:
    """The classes of the words of verbs.txt that a sentence may have, before it is split into words."""
    s, classes = chart.s, classed()[1]
    return {classes[s[start:end]] for start, end in spans(s)}


def all_verbs() -> dict[str, str]:
    """Every word of verbs.txt with its class."""
    return classed()[1]
