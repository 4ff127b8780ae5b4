"""Whether two texts are one report: sets of word sequences, and MinHash signatures that stand for them. Pure.

Signatures and band keys are stored, so that every hash here is fixed: a change of one is a change of what is stored,
and `manage.py reprocess --stage stories` must follow it. One permutation hashing (Li, Owen and Zhang, 2012) takes one
hash a sequence instead of one for each place of the signature; places that stay empty are filled from others as
Shrivastava's optimal densification (2017) does.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

PLACES = 128
"""Values of a signature; the estimate's standard error is then at most 0.044."""
ROWS = 3
"""Values of a band: two texts that share two fifths of their sequences share one of the 42 bands nineteen times in
twenty, two that share a twentieth one time in two hundred."""
BANDS = PLACES // ROWS
MIN_SHINGLES = 12
"""Sequences below which a text is too short to be recognized by them."""
SHINGLE = 5
SAMPLE = 12_000
"""Characters of a text that are looked at."""
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]|[^\W\d_a-z\u3400-\u9fff]+")
_MASK = (1 << 64) - 1
_MIX = 0x9E3779B97F4A7C15  # 2^64 / golden ratio, odd: Knuth's multiplicative hashing
_SPREAD = 0xD6E8FEB86659FD93  # odd, of splitmix-like finishers
_PLACE_BITS = PLACES.bit_length() - 1
_EMPTY = -1
_FORMAT = f">{PLACES}I"


def title_key(title: str) -> str:
    """A title as its words in lower case; "" for one too short to tell articles apart ("Market wrap")."""
    words = _WORD.findall(title.casefold())
    length = sum(2 if word > "\u3400" else 1 for word in words)
    return " ".join(words) if length >= 4 else ""


def shingles(text: str) -> frozenset[int]:
    """64-bit hashes of the runs of five words (Chinese: characters) in the first 12,000 characters of `text`."""
    words = [_hash(word) for word in _WORD.findall(text[:SAMPLE].casefold())]
    runs = zip(*(words[at:] for at in range(SHINGLE)), strict=False)
    return frozenset(_mixed(a, b, c, d, e) for a, b, c, d, e in runs)


def overlap(a: frozenset[int], b: frozenset[int]) -> float:
    """Jaccard similarity, 0 to 1; 0 when either is empty."""
    return len(a & b) / len(a | b) if a and b else 0.0


def signature(hashes: Iterable[int]) -> bytes:
    """The MinHash signature of a set of 64-bit hashes: 128 numbers of four bytes; b"" for an empty set.

    The hash's highest bits choose the place, the next 32 are the value that counts there.
    """
    places = [_EMPTY] * PLACES
    for value in hashes:
        place = value >> (64 - _PLACE_BITS)
        rest = value >> (32 - _PLACE_BITS) & 0xFFFFFFFF
        if places[place] == _EMPTY or rest < places[place]:
            places[place] = rest
    if max(places) == _EMPTY:
        return b""
    return struct.pack(_FORMAT, *(_filled(places, place) for place in range(PLACES)))


def estimate(a: bytes, b: bytes) -> float:
    """The Jaccard similarity of two sets by their signatures, 0 to 1; 0 when either has none."""
    if len(a) != struct.calcsize(_FORMAT) or len(a) != len(b):
        return 0.0
    pairs = zip(struct.unpack(_FORMAT, a), struct.unpack(_FORMAT, b), strict=True)
    same: int = sum(left == right for left, right in pairs)
    return same / PLACES


def bands(made: bytes, period: int = 0) -> list[int]:
    """Keys (signed 64-bit) of a signature's bands: two texts that share one are worth comparing.

    `period` goes into each key, so that only texts of the same time share any.
    """
    if not made:
        return []
    values = struct.unpack(_FORMAT, made)
    groups = zip(values[0::ROWS], values[1::ROWS], values[2::ROWS], strict=False)
    return [_signed(_mixed(number, *group, period)) for number, group in enumerate(groups)]


@lru_cache(maxsize=65536)
def _hash(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"))


def _mixed(a: int, b: int, c: int, d: int, e: int) -> int:
    """One hash of five: a polynomial, then multiplied and folded so that every bit counts everywhere."""
    value = ((((a * 31 + b) * 31 + c) * 31 + d) * 31 + e) * _MIX & _MASK
    value = (value ^ value >> 32) * _SPREAD & _MASK
    return value ^ value >> 32


def _filled(places: Sequence[int], place: int) -> int:
    """The value of a place, an empty one's that of the first full place in a fixed order of its own."""
    found, tries = places[place], 0
    while found == _EMPTY:
        tries += 1
        found = places[_mixed(place, tries, 0, 0, 0) % PLACES]
    return found


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
