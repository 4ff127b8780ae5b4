"""Common Chinese words with how often they come: the dictionary that jieba brings, without names and rare words.

Read from the installed package and not copied here; jieba itself is not imported, since it would hold all of its
350,000 words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from events.extraction.lexicon import lines

_LONGEST = 4
_NAMES = ("nr", "nz", "nt")
_FREQUENT = {"v", "vn", "d", "t", "l", "i", "r", "c", "p"}
"""Of these, words of two characters are kept from a lower frequency on: they are what clauses are told by."""
_CLASSES = {
    "zg": "z", "nr": "n", "ng": "n", "g": "n", "vg": "v", "o": "n", "x": "n", "nz": "n", "ag": "a", "mq": "m", "an": "a",
    "e": "n", "nrt": "n", "tg": "t", "nt": "n", "vd": "v", "dg": "d", "nrfg": "n", "vq": "v", "vi": "v", "ud": "u", "ug": "u",
    "uj": "u", "ul": "u", "uv": "u", "uz": "u", "rr": "r", "rz": "r", "df": "d", "rg": "r", "mg": "m", "yg": "y",
}  # fmt: skip
"""Parts of speech that are taken for broader ones."""


@lru_cache(maxsize=1)
def common_words() -> dict[str, tuple[float, str]]:
    """Word to (natural logarithm of its frequency in jieba's corpus, rounded; part of speech), simplified.

    Raises RuntimeError where jieba is not installed.
    """
    found = {
        word: (float(round(math.log(count))), _CLASSES.get(tag, tag)) for word, count, tag in _dictionary()
    }
    for line in lines("zh", "own_words"):
        tag, frequency, *entries = line.split(" ")
        found.update((word, (float(frequency), tag)) for word in entries)
    return {word: entry for word, entry in found.items() if entry[1] != "-"}


def _dictionary() -> Iterator[tuple[str, int, str]]:
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("Reading Chinese needs the package jieba for its dictionary.")
    path = Path(next(iter(spec.submodule_search_locations))) / "dict.txt"
    with path.open(encoding="utf-8") as file:
        for line in file:
            word, count, tag = line.rstrip("\n").split(" ")
            if len(word) <= _LONGEST and _is_common(word, int(count), tag):
                yield word, int(count), tag


def _is_common(word: str, count: int, tag: str) -> bool:
    if len(word) == 1:
        return count >= 200
    if tag.startswith(_NAMES):
        return False
    if len(word) == 2:
        return count >= (20 if tag in _FREQUENT else 60)
    return count >= (100 if len(word) == 4 and tag not in ("i", "l", "v", "d") else 60)
