"""Two versions of an article's text against each other: paragraphs first, then words within those that changed.

Nothing here makes HTML; the template writes each piece escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

MAX_COMPARED = 60_000
"""Code points of each version; past it the comparison ends, and the page says so."""
MAX_PARAGRAPHS = 1_000
MAX_WORDS = 1_500
"""Words of a paragraph up to which it is compared word by word: the comparison's time grows with the square of
how often a word comes again, and so it does for paragraphs."""
_WORD = re.compile(r"\s+|[㐀-鿿]|[^\s㐀-鿿]+")


@dataclass(frozen=True)
class Piece:
    """Words: `same`, only in the `old` version, or only in the `new` one."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One changed place: its pieces, and how many paragraphs before it are the same in both."""

    skipped: int
    pieces: tuple[Piece, ...]


def changes(old: str, new: str) -> list[Change]:
    """The places where two texts differ, in order; none when they differ in white space alone."""
    left, right = _paragraphs(old), _paragraphs(new)
    found: list[Change] = []
    skipped = 0
    for verb, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if verb == "equal":
            skipped += b - a
            continue
        for before, after in zip_longest(left[a:b], right[c:d], fillvalue=""):
            found.append(Change(skipped, tuple(_pieces(before, after))))
            skipped = 0
    return found


def is_cut(old: str, new: str) -> bool:
    """Whether a version is too long to be compared whole."""
    return any(len(text) > MAX_COMPARED or text.count("\n") > MAX_PARAGRAPHS for text in (old, new))


def _paragraphs(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text[:MAX_COMPARED].split("\n"))
    return [line for line in lines if line][:MAX_PARAGRAPHS]


def _pieces(before: str, after: str) -> Iterator[Piece]:
    left, right = _WORD.findall(before), _WORD.findall(after)
    if not left or not right or max(len(left), len(right)) > MAX_WORDS:
        yield from _whole(before, after)
        return
    for verb, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if verb == "equal":
            yield Piece("same", "".join(left[a:b]))
        else:
            yield from _whole("".join(left[a:b]), "".join(right[c:d]))


def _whole(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("old", before)
    if after:
        yield Piece("new", after)
