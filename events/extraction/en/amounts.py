"""English sums of money, percentages and small numbers in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from events.extraction.chart import Chart, Pattern
from events.extraction.model import Node

_CURRENCY = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollars": "USD", "dollar": "USD", "hk$": "HKD", "a$": "AUD", "c$": "CAD",
    "nt$": "TWD", "s$": "SGD", "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR", "£": "GBP", "gbp": "GBP",
    "pounds": "GBP", "pound": "GBP", "sterling": "GBP", "¥": "JPY", "yen": "JPY", "jpy": "JPY", "rmb": "CNY",
    "cny": "CNY", "yuan": "CNY", "renminbi": "CNY", "chf": "CHF", "swiss francs": "CHF", "francs": "CHF", "won": "KRW",
    "krw": "KRW", "₩": "KRW", "rupees": "INR", "₹": "INR", "inr": "INR", "hkd": "HKD", "twd": "TWD", "sgd": "SGD",
    "kronor": "SEK", "kroner": "DKK", "sek": "SEK", "rs": "INR", "rs.": "INR", "r$": "BRL", "reais": "BRL", "rand": "ZAR", "zar": "ZAR", "ringgit": "MYR",
    "rm": "MYR", "baht": "THB", "lira": "TRY", "zloty": "PLN", "zlotys": "PLN", "shekels": "ILS", "dirhams": "AED", "riyals": "SAR",
    "naira": "NGN", "rupiah": "IDR", "nz$": "NZD", "nok": "NOK", "dkk": "DKK", "aud": "AUD", "cad": "CAD", "roubles": "RUB",
    "rubles": "RUB", "forints": "HUF", "koruna": "CZK",
}  # fmt: skip
_SCALE = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
    "crore": 1e7,
    "lakh": 1e5,
    "lakh crore": 1e12,
}
_NUMBER = r"(?<!\d)(?:\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,12})?|\d{1,18}(?:\.\d{1,12})?)(?!\d)"
_SCALES = r"hundred|thousand|million|billion|trillion|lakh crore|crore|lakh|tn\b|bn\b|mn\b|m\b|b\b|k\b"
_DIGIT = re.compile(r"\d")
_QUALIFIER = re.compile(
    r"(?:[Mm]ore than|[Oo]ver|[Ee]xceeding|[Aa]bove|[Ss]urpass(?:ed|ing)|[Aa]t least|[Uu]p to|[Aa]t most|[Ll]ess than"
    r"|[Uu]nder|[Bb]elow|[Aa]bout|[Aa]round|[Aa]pproximately|[Rr]oughly|[Nn]early|[Aa]lmost|[Ss]ome|[Cc]lose to) \Z"
)
_LONGEST_QUALIFIER = 14
_MONEY = Pattern(
    # A first look at the character spares most of them the alternatives; so below.
    rf"(?=[A-Z$€£¥₩₹\d])(?:(?P<c1>RMB|CNY|Rs\.?|RM|NOK|DKK|AUD|CAD|ZAR|R\$|NZ\$|US\$|HK\$|NT\$|A\$|C\$|S\$|USD|EUR|GBP|CHF|JPY|KRW|HKD|TWD|SGD|SEK|INR|[$€£¥₩₹]) ?(?P<n1>{_NUMBER})"
    rf"(?:[ -]?(?P<s1>{_SCALES}))?"
    rf"|(?P<n2>{_NUMBER})(?: (?P<s2>hundred|thousand|million|billion|trillion|lakh crore|crore|lakh|bn|mn|m|b))? (?P<c2>rand|reais|ringgit|baht|lira|zlotys?|shekels|dirhams|riyals|naira|rupiah|roubles|rubles|forints|koruna|yuan|renminbi|RMB|dollars|euros?|pounds|yen|won|Swiss francs|francs|rupees|kronor|kroner|CHF|USD|EUR|GBP)\b)"
)
_PERCENT = Pattern(rf"(?=\d)(?P<n>{_NUMBER})(?: ?%|pc\b| pc\b| per ?cent\b| percent\b)")
_QUALIFIERS = {
    "more than": "more_than", "over": "more_than", "exceeding": "more_than", "above": "more_than",
    "surpassed": "more_than", "surpassing": "more_than", "at least": "at_least", "up to": "at_most",
    "at most": "at_most", "less than": "less_than", "under": "less_than", "below": "less_than", "nearly": "about",
    "almost": "about", "about": "about", "around": "about", "approximately": "about", "roughly": "about",
    "some": "about", "close to": "about",
}  # fmt: skip
WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30,
}  # fmt: skip
NUMBER_WORD = r"(?:\d{1,3}(?:,\d{3})+|\d+|" + "|".join(sorted(WORDS, key=len, reverse=True)) + ")"


def number(text: str) -> int:
    """A whole number in digits or (small ones) in words; 0 where it is neither."""
    text = text.strip().lower().replace(",", "")
    return int(text) if text.isdigit() else WORDS.get(text, 0)


def find(chart: Chart) -> None:
    """Replaces sums of money and percentages by mentions; values in units of the currency, percentages as fractions."""
    if _DIGIT.search(chart.s):
        chart.replace(_found(chart, _MONEY, "money", _sum))
        chart.replace(_found(chart, _PERCENT, "percent", _share))


def _found(
    chart: Chart, pattern: Pattern, kind: str, read: Callable[[re.Match[str]], dict[str, Any]]
) -> list[tuple[int, int, Node]]:
    found: list[tuple[int, int, Node]] = []
    last = 0
    for match in pattern.finditer(chart):
        start, end = match.span()
        value = read(match)
        if qualifier := _QUALIFIER.search(chart.s, max(last, start - _LONGEST_QUALIFIER), start):
            start = qualifier.start()
            value["qualifier"] = _QUALIFIERS[qualifier[0].rstrip().lower()]
        span = chart.span(start, end)
        name = chart.text[span[0] : span[1]]
        found.append((start, end, Node(kind, *span, name=name, head=span, value=value)))
        last = end
    return found


def _sum(match: re.Match[str]) -> dict[str, Any]:
    scale = _SCALE.get((match["s1"] or match["s2"] or "").lower(), 1)
    value = float((match["n1"] or match["n2"]).replace(",", "")) * scale
    return {"value": round(value, 2), "currency": _CURRENCY[(match["c1"] or match["c2"]).lower()]}


def _share(match: re.Match[str]) -> dict[str, Any]:
    return {"value": round(float(match["n"].replace(",", "")) / 100, 8)}
