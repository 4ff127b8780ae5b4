"""Where words begin and end in Chinese text: the most probable split by the frequencies of common words.

The best path through all words that a sentence could be made of (a unigram model, as in jieba), without any model of
unknown words: what no list has stays in single characters, and runs of those are what names look like.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from events.extraction.lexicon import lines, words
from events.extraction.zh.common_words import common_words

LONGEST_WORD = 6
_UNKNOWN = -190
"""The weight of a character that no list has."""
_NO_WORD = -(10**9)
_TOTAL = 17.9
"""Natural logarithm of the sum of all frequencies of the word list."""
_OWN = 7.0


class Token(NamedTuple):
    """A word: positions [start, end) of the sentence and its part of speech ("" where unknown, "X" for a mention)."""

    start: int
    end: int
    tag: str


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, tuple[float, str]]:
    """Word to (natural logarithm of its probability, part of speech)."""
    found: dict[str, tuple[float, str]] = {}
    kept = words("zh", "kept_words")
    for word, (frequency, tag) in common_words().items():
        if len(word) != 2 or word[-1] not in "于在为将被" or word in kept:
            found[word] = (frequency - _TOTAL, tag)
    for name, tag in (
        ("titles", "n"),
        ("org_suffixes", "n"),
        ("unit_suffixes", "n"),
        ("descriptors", "n"),
        ("trades", "n"),
        ("breaks", "d"),
    ):
        for word in words("zh", name):
            if len(word) > 1:
                found.setdefault(word, (_OWN - _TOTAL, tag))
    for line in lines("zh", "verbs"):
        for word in line.partition(" = ")[2].split("|"):
            if 1 < len(word) <= LONGEST_WORD:
                found[word] = (max(_OWN - _TOTAL, found.get(word, (-99.0, ""))[0]), "v")
    return found


def tag_of(word: str) -> str:
    """The part of speech of a word; "" where no list has it."""
    entry = vocabulary().get(word)
    return entry[1] if entry else ""


def weight_of(word: str) -> float:
    """Natural logarithm of a word's frequency in general text; 0 where no list has it."""
    entry = vocabulary().get(word)
    return entry[0] + _TOTAL if entry else 0.0


class _Weights(NamedTuple):
    """Tenths of the natural logarithm of each word's probability: whole numbers, so that sums of equal terms are equal."""

    single: dict[str, int]
    """Words of one character."""
    pairs: dict[str, int]
    """Beginnings of two characters: the weight of the word of two, `_NO_WORD` where there is none."""
    longer: dict[str, int | None]
    """Beginnings of three characters or more, with the word's weight where it is one itself."""
    open: frozenset[str]
    """Beginnings of two characters that words of three or more have."""


@lru_cache(maxsize=1)
def _weights() -> _Weights:
    single: dict[str, int] = {}
    pairs: dict[str, int] = {}
    longer: dict[str, int | None] = {}
    for word, (weight, _) in vocabulary().items():
        tenths = round(weight * 10)
        if len(word) < 3:
            (single if len(word) == 1 else pairs)[word] = tenths
            continue
        pairs.setdefault(word[:2], _NO_WORD)
        for end in range(3, len(word)):
            longer.setdefault(word[:end], None)
        longer[word] = tenths
    return _Weights(single, pairs, longer, frozenset(word[:2] for word in longer))


def _steps(s: str) -> list[int]:
    """How long the word is that starts at each position on the best path from there to the end."""
    single, pairs, longer, open_ = _weights()
    size = len(s)
    best = [0] * (size + 2)
    step = [1] * size
    for at in range(size - 1, -1, -1):
        choice = single.get(s[at], _UNKNOWN) + best[at + 1]
        pair = s[at : at + 2]
        weight = pairs.get(pair)
        if weight is not None:  # some word begins with these two characters
            if weight + best[at + 2] >= choice:
                choice, step[at] = weight + best[at + 2], 2
            if pair in open_:
                end = at + 3
                while end <= size and (piece := s[at:end]) in longer:
                    weight = longer[piece]
                    if weight is not None and weight + best[end] >= choice:
                        choice, step[at] = weight + best[end], end - at
                    end += 1
        best[at] = choice
    return step


_MARK = re.compile("([\ue000-\uf8ff\u2010-\u2027\u3000-\u301f\uff01-\uff0f\uff1a-\uff20])")
"""Mentions and marks that no word has: what stands between them is split by itself, the same wherever it stands."""


@lru_cache(maxsize=512)
def tokens(s: str) -> tuple[Token, ...]:
    """The words of a sentence; mentions (private-use characters), digits and Latin words are words of their own."""
    new, found, at = tuple.__new__, list[Token](), 0
    for number, piece in enumerate(_MARK.split(s)):
        if number & 1:
            found.append(new(Token, (at, at + 1, "X" if piece >= "\ue000" and piece <= "\uf8ff" else "w")))
            at += 1
        elif piece:
            found += [new(Token, (at + start, at + end, tag)) for start, end, tag in _words(piece)]
            at += len(piece)
    return tuple(found)


@lru_cache(maxsize=512)
def _words(s: str) -> tuple[tuple[int, int, str], ...]:
    """The words of a piece without marks: where each starts and ends, and its part of speech."""
    known = vocabulary()
    size = len(s)
    step = _steps(s)
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < size:
        end = at + step[at]
        char = s[at]
        if "\u4e00" <= char <= "\u9fff":
            entry = known.get(s[at:end])
            tag = entry[1] if entry else ""
        elif char.isascii() and (char.isalnum() or char in "&+.-'"):
            end, tag = _latin_end(s, end), "eng"
        else:
            tag = "w"
        found.append((at, end, tag))
        at = end
    return tuple(found)


def _latin_end(s: str, end: int) -> int:
    """Where a word of Latin letters and digits ends that goes on at least to `end`."""
    size = len(s)
    while (
        end < size
        and s[end].isascii()
        and (s[end].isalnum() or s[end] in "&+.-'" or (s[end] == "," and s[end + 1 : end + 2].isdigit()))
    ):
        end += 1
    return end
