"""Small closed classes of English words (classes.txt)."""

from __future__ import annotations

from functools import lru_cache

from events.extraction.lexicon import lines


@lru_cache(maxsize=1)
def _all() -> dict[str, frozenset[str]]:
    pairs = (line.partition(" = ") for line in lines("en", "classes"))
    return {name: frozenset(words.split()) for name, _, words in pairs}


def classes(name: str) -> frozenset[str]:
    """The words of a class. Raises KeyError for one that the file does not have."""
    return _all()[name]
