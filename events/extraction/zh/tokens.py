"""Where words begin and end in Chinese text: the most probable split by the frequencies of common words.

The best path through all words that a sentence could be made of (a unigram model, as in jieba), without any model of
unknown words: what no list has stays in single characters, and runs of those are what names look like.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from events.extraction.lexicon import lines, words
from events.extraction.zh.common_words import common_words

LONGEST_WORD = 6
_UNKNOWN = -19.0
_TOTAL = 17.9
"""Natural logarithm of the sum of all frequencies of the word list."""
_OWN = 7.0
_KEPT = frozenset(
    [
        "位于",
        "处于",
        "属于",
        "等于",
        "认为",
        "成为",
        "称为",
        "存在",
        "正在",
        "实在",
        "现在",
        "作为",
        "行为",
        "用于",
        "改为",
        "由于",
        "关于",
        "对于",
        "鉴于",
        "基于",
        "至于",
        "终于",
        "因为",
        "因而",
        "不在",
        "实为",
        "内在",
        "不为",
        "不被",
        "大将",
        "即将",
        "必将",
        "行将",
        "主将",
        "老将",
        "较为",
        "大为",
        "何在",
        "何为",
        "以为",
        "人为",
        "所在",
        "潜在",
        "外在",
    ]
)
"""Verbs that end in a function word; others ("大于") would eat the last character of a name before it."""


class Token(NamedTuple):
    """A word: positions [start, end) of the sentence and its part of speech ("" where unknown, "X" for a mention)."""

    start: int
    end: int
    tag: str


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, tuple[float, str]]:
    """Word to (natural logarithm of its probability, part of speech)."""
    found: dict[str, tuple[float, str]] = {}
    for word, (frequency, tag) in common_words().items():
        if len(word) != 2 or word[-1] not in "于在为将被" or word in _KEPT:
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


@lru_cache(maxsize=1)
def _prefixes() -> dict[str, float | None]:
    """Every beginning of a word, with the word's weight where it is one itself."""
    found: dict[str, float | None] = {}
    for word, (weight, _) in vocabulary().items():
        for end in range(1, len(word)):
            found.setdefault(word[:end], None)
        found[word] = weight
    return found


def _steps(s: str) -> list[int]:
    """How long the word is that starts at each position on the best path from there to the end."""
    prefixes = _prefixes()
    size = len(s)
    best = [0.0] * (size + 1)
    step = [1] * (size + 1)
    for at in range(size - 1, -1, -1):
        weight = prefixes.get(s[at], 0.0)
        choice = (weight or _UNKNOWN) + best[at + 1]
        if weight != 0.0:  # some word begins with this character
            end = at + 2
            while end <= size and (piece := s[at:end]) in prefixes:
                weight = prefixes[piece]
                if weight is not None and weight + best[end] >= choice:
                    choice, step[at] = weight + best[end], end - at
                end += 1
        best[at] = choice
    return step


def tokens(s: str) -> list[Token]:
    """The words of a sentence; mentions (private-use characters), digits and Latin words are words of their own."""
    known = vocabulary()
    size = len(s)
    step = _steps(s)
    found: list[Token] = []
    at = 0
    while at < size:
        end = at + step[at]
        char = s[at]
        if "\ue000" <= char <= "\uf8ff":
            tag = "X"
        elif char.isascii() and (char.isalnum() or char in "&+.-'"):
            while (
                end < size
                and s[end].isascii()
                and (
                    s[end].isalnum()
                    or s[end] in "&+.-'"
                    or (s[end] == "," and s[end + 1 : end + 2].isdigit())
                )
            ):
                end += 1
            tag = "eng"
        elif "\u4e00" <= char <= "\u9fff":
            entry = known.get(s[at:end])
            tag = entry[1] if entry else ""
        else:
            tag = "w"
        found.append(Token(at, end, tag))
        at = end
    return found
