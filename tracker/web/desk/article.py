"""The article with the words of its evidence marked: text and spans in, paragraphs of segments out.

Nothing here makes HTML; the template writes each segment escaped, whatever the article holds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MAX_SHOWN = 200_000
"""Code points; past it an article is cut, and the page says so."""


@dataclass(frozen=True)
class Segment:
    """Text that the same pieces of evidence cover, by their numbers; `begins` are those that start here. `start` is
    where it stands in the article, in code points."""

    text: str
    evidence: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    start: int = field(default=0, compare=False)

    @property
    def numbers(self) -> str:
        """The evidence's numbers as one attribute's value."""
        return " ".join(map(str, self.evidence))


Paragraph = list[Segment]


def paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> list[Paragraph]:
    """The text as paragraphs (a line each, empty ones left out), cut where a span of code points begins or ends."""
    text = text[:MAX_SHOWN]
    found: list[Paragraph] = []
    for start, end in _lines(text):
        inside = [number for number, (first, last) in enumerate(spans) if first < end and last > start]
        cuts = {start, end} | {cut for number in inside for cut in spans[number] if start < cut < end}
        found.append(list(_segments(text, sorted(cuts), spans, inside)))
    return found


def _lines(text: str) -> Iterable[tuple[int, int]]:
    place = 0
    for line in text.split("\n"):
        if line.strip():
            yield place, place + len(line)
        place += len(line) + 1


def _segments(
    text: str, cuts: Sequence[int], spans: Sequence[tuple[int, int]], inside: Sequence[int]
) -> Iterable[Segment]:
    for start, end in itertools.pairwise(cuts):
        evidence = tuple(n for n in inside if spans[n][0] < end and spans[n][1] > start)
        yield Segment(text[start:end], evidence, tuple(n for n in evidence if spans[n][0] == start), start)
