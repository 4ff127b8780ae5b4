"""Figures and days as news writes them in English and Chinese, each in one spelling. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

_NUMBER = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?"
_SCALES = {
    "thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12, "tn": 12,
    "万亿": 12, "亿": 8, "百万": 6, "万": 4, "千": 3, "萬億": 12, "億": 8, "百萬": 6, "萬": 4,
}  # fmt: skip
_SCALE = r"(?:thousand|million|billion|trillion|mn|bn|tn|[kmb])(?![a-z])|万亿|萬億|百万|百萬|[亿億万萬千]"
_SIGN = r"RMB|CNY|USD|EUR|GBP|HKD|HK\$|US\$|C\$|A\$|NT\$|[$€£¥]"
_UNIT = (
    r"(?:yuan|renminbi|(?:us |hong kong )?dollars?|euros?|pounds?|yen|francs?|kron(?:or|er))(?![a-z])"
    r"|人民币|人民幣|[美港欧歐日]?元|英[镑鎊]|[欧歐]元"
)
_MONEY = re.compile(
    rf"(?P<sign>{_SIGN})\s?(?P<a>{_NUMBER})(?:\s?-?(?P<b>{_SCALE}))?"
    rf"|(?<![\d.,])(?P<c>{_NUMBER})(?:\s?-?(?P<d>{_SCALE}))?[ -]?(?:{_UNIT})",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"(?<![\d.,])({_NUMBER})\s?(?:%|％|per ?cent\b|个百分点)|百分之({_NUMBER})", re.IGNORECASE
)
_COUNT = re.compile(
    rf"(?<![A-Za-z0-9_.,$€£¥-])({_NUMBER})(?:\s?({_SCALE}))?(?![\d.,]*\d)(?![A-Za-z]*-|[A-Za-z])(?!\s?[%％年月日号號])",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"[\d.,]+(?:st|nd|rd|th|s|k|m|mn|b|bn|tn|x|pp|pc)|(?:us|hk|rmb|cny|usd|eur|gbp)[\d.,]+\w*"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAYS = (
    re.compile(
        rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? ?\d{{3}}\b|[.,:]\d)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b", re.IGNORECASE),
    re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]"),
    re.compile(r"(?<!\d)(?:19|20)\d\d-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
)
_DIGITS = re.compile(r"\d+")
_LEFT, _RIGHT = 24, 24
_SIGNIFICANT = 4
_LEAST_COUNT = 100


def around_digits(text: str) -> str:
    """The parts of a text in which figures, days and codes can stand, a line each: most of a text has no digit."""
    parts: list[list[int]] = []
    for match in _DIGITS.finditer(text):
        start, end = max(match.start() - _LEFT, 0), match.end() + _RIGHT
        if parts and start <= parts[-1][1]:
            parts[-1][1] = end
        else:
            parts.append([start, end])
    return "\n".join(text[start:end] for start, end in parts)


def sums(text: str) -> Iterator[str]:
    """`m:` and the whole units of each sum of money, whatever the currency's sign; four digits count."""
    for match in _MONEY.finditer(text):
        number = match["a"] or match["c"]
        value = _value(number, match["b"] or match["d"])
        if value is not None and value >= 1:
            yield f"m:{_rounded(value)}"


def percentages(text: str) -> Iterator[str]:
    """`p:` and each percentage, without zeros that do not count."""
    for match in _PERCENT.finditer(text):
        value = _value(match[1] or match[2])
        if value is not None:
            yield f"p:{_rounded(value)}"


def counts(text: str) -> Iterator[str]:
    """`c:` and each number of 100 or more, or with decimals, that is neither money nor a share nor looks like a year."""
    bare = _PERCENT.sub(" ", _MONEY.sub(" ", text))
    for match in _COUNT.finditer(bare):
        value = _value(match[1], match[2])
        is_year = match[2] is None and re.fullmatch(r"(?:19|20)\d\d", match[1])
        is_code = match[2] is None and re.fullmatch(r"0\d*|\d{6,}", match[1])
        is_exact = "." in match[1] or (value is not None and value >= _LEAST_COUNT)
        if value is not None and is_exact and not is_year and not is_code:
            yield f"c:{_rounded(value)}"


def days(text: str) -> Iterator[str]:
    """`d:MM-DD` for each day named with its month."""
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            named = match["month"].lower()
            month, day = _MONTHS.get(named) or int(named), int(match["day"])
            if 1 <= month <= 12 and 1 <= day <= 31:
                yield f"d:{month:02}-{day:02}"


def is_figure(word: str) -> bool:
    """Whether a word with digits and letters is a figure ("4.7m", "21st") and no name."""
    return _FIGURE.fullmatch(word) is not None


def _value(number: str, scale: str | None = None) -> Decimal | None:
    try:
        value = Decimal(number.replace(",", ""))
    except InvalidOperation:
        return None
    return value.scaleb(_SCALES[scale.lower()]) if scale else value


def _rounded(value: Decimal) -> str:
    return f"{value.normalize():.{_SIGNIFICANT}g}" if value < 1 else _plain(value)


def _plain(value: Decimal) -> str:
    shift = value.adjusted() - _SIGNIFICANT + 1
    rounded = value.quantize(Decimal(1).scaleb(shift)) if shift > 0 else value
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
