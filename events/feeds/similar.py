"""Whether two articles tell the same news. Pure; a first version: titles and shared word sequences."""

from __future__ import annotations

import re
from itertools import zip_longest

SHINGLE_THRESHOLD = 0.4
"""Share of common word sequences above which two texts are one report, edited."""
TITLE_THRESHOLD = 0.3
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]|[^\W\d_a-z\u3400-\u9fff]+")
_SAMPLE = 8_000


def title_key(title: str) -> str:
    """A title as its words in lower case; "" for one too short to tell articles apart ("Market wrap")."""
    words = _WORD.findall(title.casefold())
    length = sum(2 if word > "\u3400" else 1 for word in words)
    return " ".join(words) if length >= 4 else ""


def title_words(title: str) -> frozenset[str]:
    """The words of a title; for Chinese, its pairs of characters."""
    words = _WORD.findall(title.casefold())
    return frozenset(
        word if word < "\u3400" else word + following
        for word, following in zip_longest(words, words[1:], fillvalue="")
    )


def shingles(text: str, size: int = 5) -> frozenset[int]:
    """Hashes of the runs of `size` words (Chinese: characters) in the first part of `text`."""
    words = _WORD.findall(text[:_SAMPLE].casefold())
    return frozenset(hash(tuple(words[i : i + size])) for i in range(max(len(words) - size + 1, 0)))


def overlap(a: frozenset[object], b: frozenset[object]) -> float:
    """Jaccard similarity, 0 to 1; 0 when either is empty."""
    return len(a & b) / len(a | b) if a and b else 0.0
