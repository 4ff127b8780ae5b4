"""Finds any of many names in a text in one pass, however many they are."""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, MatchKind


class Finder:
    """The names of a document, looked for at once; of those that start at a place the longest one counts."""

    def __init__(self, names: Iterable[str]) -> None:
        known = sorted({name for name in names if name})
        self._automaton = AhoCorasick(known, matchkind=MatchKind.LeftmostLongest) if known else None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where names stand, (start, end) in order, none overlapping."""
        if self._automaton is None:
            return []
        return [(start, end) for _, start, end in self._automaton.find_matches_as_indexes(text)]
