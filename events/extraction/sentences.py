"""Splits a text into sentences: spans in code points, never across a line break, never longer than `LONGEST`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from events.extraction.model import Span

LONGEST = 1000
"""Code points. What is longer is cut at the last space before, which bounds every later stage's work."""

_ENGLISH_END = re.compile(r"[.!?]+[\"”’')\]]*(?=\s)")
_DATELINE = re.compile(
    r"[A-Z][A-Z'. ]{2,40}(?:, [A-Z][\w.]{1,12}){0,2}(?:, [A-Z][a-z]{2,8}\.? \d{1,2})? ?(?:\([A-Z][\w ]{1,20}\) )?(?:—|–|-{1,2}) "
)
_CHINESE_END = re.compile(r"[。！？!?；;]+[”’」』）)]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:[A-Z]|Inc|Ltd|Corp|Co|Cos|Bros|L\.P|N\.V|S\.A|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Hon|Jr|Sr|St|No|Nos"
    r"|vs|v|Art|Sec|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|U\.S|U\.K|E\.U|D\.C|e\.g|i\.e|approx|est|Ph\.D|M\.D|J\.D|D\.Phil|Esq|Messrs)$|^(?:\d{1,2}|[A-Z])$"
)


def lines(text: str) -> Iterator[Span]:
    """The non-empty lines of a text, white space at both ends left out."""
    start = 0
    for line in text.split("\n"):
        left = start + len(line) - len(line.lstrip())
        right = start + len(line.rstrip())
        if left < right:
            yield (left, right)
        start += len(line) + 1


def sentences(text: str, language: str) -> Iterator[Span]:
    """The sentences of a text, in order."""
    for start, end in lines(text):
        for left, right in _chinese(text, start, end) if language == "zh" else _english(text, start, end):
            yield from _pieces(text, left, right)


def _english(text: str, start: int, end: int) -> Iterator[Span]:
    dateline = _DATELINE.match(text, start, end)
    last = start = dateline.end() if dateline else start
    for match in _ENGLISH_END.finditer(text, start, end):
        after = text[match.end() : match.end() + 3].lstrip()[:1]
        if not after or after.islower() or _is_abbreviation(text, match):
            continue
        yield (last, match.end())
        last = match.end()
        while last < end and text[last].isspace():
            last += 1
    if last < end:
        yield (last, end)


def _is_abbreviation(text: str, match: re.Match[str]) -> bool:
    if not match[0].startswith(".") or len(match[0]) > 1:
        return False
    start = max(0, match.start() - 12)
    before = text[max(start, text.rfind("\n", start, match.start()) + 1) : match.start()].lstrip()
    return bool(_ABBREVIATION.search(before)) and not re.search(r"(?:^|\s)(?:19|20)\d\d$|[a-z]\d+$", before)


def _chinese(text: str, start: int, end: int) -> Iterator[Span]:
    last = start
    for match in _CHINESE_END.finditer(text, start, end):
        yield (last, match.end())
        last = match.end()
    if last < end:
        yield (last, end)


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST:
        cut = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in " ,，、")
        cut = cut + 1 if cut > 0 else start + LONGEST
        yield (start, cut)
        start = cut
    if start < end:
        yield (start, end)
