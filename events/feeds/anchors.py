"""What a report names that any language writes alike: people, figures, days, grades, codes. Pure.

Two independent reports of one decision share few words, and in two languages none; but both name its people, its sums
and its day. Each anchor is a short text: a letter for its kind, a colon, and the value in one spelling.

| kind | what | example |
| --- | --- | --- |
| `n` | a name of several words, or a Chinese person's, in the alphabet's order | `n:brekke halvard`, `n:pingan zhang` |
| `w` | a name of one word, or the first word of a longer one | `w:huawei` |
| `x` | a word with a digit, a security's number | `x:qwen2.5`, `x:688931` |
| `g` | a grade of a ladder | `g:22a` |
| `m` | a sum of money, four digits of it | `m:38520000000` |
| `p` | a percentage | `p:8.5` |
| `c` | a count of 100 or more, a number with decimals | `c:11300` |
| `d` | a day, without its year | `d:10-18` |
| `t` | the whole title | `t:orrin freight warns its sales chief over rebates` |
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from events.feeds import figures
from events.feeds.chinese_names import chinese_names
from events.feeds.latin_names import latin_names
from events.feeds.similar import SAMPLE, title_key

MAX_ANCHORS = 60
"""Of one document: those that weigh most."""
MAX_LENGTH = 60
_CODE = re.compile(
    r"(?<![\w.-])(?=[\w.-]{0,60}[A-Za-z])(?=[\w.-]{0,60}\d)[A-Za-z0-9][\w.-]{0,60}\w(?!\w)", re.ASCII
)
_SECURITY = re.compile(r"(?<![\d.,])(\d{6})(?:\.(?:SH|SZ|BJ))?(?![\d.,]?\d)|(?<!\d)(\d{4,5})\.HK\b")
_GRADE = re.compile(r"(?<![\w.-])(\d{2}[A-F])(?![\w.-]*\w)", re.ASCII)
_MEASURED = re.compile(r"\d[\d.,]*[a-z]{3,}")  # "50-day", "12-inch": a measure, no name
_SECURITY_WEIGHT = 0.3
_WEIGHTS = {"n": 1.0, "w": 0.5, "x": 0.9, "g": 0.6, "d": 0.35, "t": 1.6}


def anchors(title: str, text: str) -> list[str]:
    """The anchors of an article, at most 60, the weightiest first, then in the text's order."""
    whole = f"{title}\n{text[:SAMPLE]}"
    found = dict.fromkeys(anchor[:MAX_LENGTH] for anchor in _all(title, whole))
    return sorted(found, key=weight, reverse=True)[:MAX_ANCHORS]


def weight(anchor: str) -> float:
    """How much an anchor tells by itself, 0 to 1.6: a figure the more, the more digits it has that count. A security's
    number says no more than its company's name does."""
    kind, _, value = anchor.partition(":")
    if kind in "mpc":
        digits = len(value.replace(".", "").strip("0"))
        return (0.25, 0.5, 0.8, 0.9)[min(max(digits, 1), 4) - 1]
    if kind == "x" and value.isdigit():
        return _SECURITY_WEIGHT
    return _WEIGHTS.get(kind, 0.0)


def _all(title: str, whole: str) -> Iterator[str]:
    key = title_key(title)
    if key:
        yield f"t:{key}"
    yield from chinese_names(whole)
    yield from latin_names(whole)
    numbers = figures.around_digits(whole)
    yield from (f"g:{grade.lower()}" for grade in _GRADE.findall(numbers))
    yield from _codes(numbers)
    yield from figures.sums(numbers)
    yield from figures.percentages(numbers)
    yield from figures.counts(numbers)
    yield from figures.days(numbers)


def _codes(whole: str) -> Iterator[str]:
    for match in _CODE.finditer(whole):
        code = match[0].casefold().replace("-", "").replace("_", "")
        is_other = _GRADE.fullmatch(match[0]) or figures.is_figure(code) or _MEASURED.fullmatch(code)
        if len(code) > 2 and not is_other and not _SECURITY.match(code.upper()):
            yield f"x:{code}"
    for match in _SECURITY.finditer(whole):
        yield f"x:{match[1] or match[2].zfill(5)}"
