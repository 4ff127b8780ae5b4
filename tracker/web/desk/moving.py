"""Evidence follows its field when rows of a claim are added, taken out or moved. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

JSON = dict[str, Any]
Places = Mapping[str, Mapping[int, int]]
"""By list of the claim (`penalties`): where each row went; a row that is not there was taken out."""


def moved(pointer: str, places: Places) -> str:
    """The pointer after the rows have moved; words of a row that is gone stand for the claim as a whole ("")."""
    parts = pointer.split("/")
    rows = places.get(parts[1]) if len(parts) > 2 and parts[2].isdecimal() else None
    if rows is None:
        return pointer
    place = rows.get(int(parts[2]))
    return "" if place is None else "/".join(["", parts[1], str(place), *parts[3:]])


def follow(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Where each of the old texts stands among the new ones: the same text, else the one that took its place."""
    places: dict[int, int] = {}
    for number, text in enumerate(old):
        if text in new:
            places[number] = new.index(text)
        elif number < len(new) and new[number] not in old:
            places[number] = number
    return places


def span_of(quote: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a quote stands in the text, in code points: at the place given, else where it is found first.

    White space counts as one blank: what was typed or copied rarely keeps an article's line breaks.
    """
    words = quote.split()
    if not words:
        return None
    if 0 <= start < end <= len(text) and text[start:end].split() == words:
        return start, end
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return (found.start(), found.end()) if found else None
