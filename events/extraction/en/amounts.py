"""English sums of money, percentages and small numbers in words."""

from __future__ import annotations

import re

from events.extraction.chart import Chart, simple

_CURRENCY = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollars": "USD", "dollar": "USD", "hk$": "HKD", "a$": "AUD", "c$": "CAD",
    "nt$": "TWD", "s$": "SGD", "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR", "£": "GBP", "gbp": "GBP",
    "pounds": "GBP", "pound": "GBP", "sterling": "GBP", "¥": "JPY", "yen": "JPY", "jpy": "JPY", "rmb": "CNY",
    "cny": "CNY", "yuan": "CNY", "renminbi": "CNY", "chf": "CHF", "swiss francs": "CHF", "francs": "CHF", "won": "KRW",
    "krw": "KRW", "₩": "KRW", "rupees": "INR", "₹": "INR", "inr": "INR", "hkd": "HKD", "twd": "TWD", "sgd": "SGD",
    "kronor": "SEK", "sek": "SEK",
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
}
_NUMBER = r"(?<!\d)(?:\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,12})?|\d{1,18}(?:\.\d{1,12})?)(?!\d)"
_SCALES = r"hundred|thousand|million|billion|trillion|bn\b|mn\b|m\b|b\b|k\b"
_QUALIFIER = (
    r"(?P<q>(?:[Mm]ore than|[Oo]ver|[Ee]xceeding|[Aa]bove|[Ss]urpass(?:ed|ing)|[Aa]t least|[Uu]p to|[Aa]t most|[Ll]ess than"
    r"|[Uu]nder|[Bb]elow|[Aa]bout|[Aa]round|[Aa]pproximately|[Rr]oughly|[Nn]early|[Aa]lmost|[Ss]ome|[Cc]lose to) )?"
)
_MONEY = re.compile(
    rf"{_QUALIFIER}(?:(?P<c1>RMB|CNY|US\$|HK\$|NT\$|A\$|C\$|S\$|USD|EUR|GBP|CHF|JPY|KRW|HKD|TWD|SGD|SEK|INR|[$€£¥₩₹]) ?(?P<n1>{_NUMBER})"
    rf"(?:[ -]?(?P<s1>{_SCALES}))?"
    rf"|(?P<n2>{_NUMBER})(?: (?P<s2>hundred|thousand|million|billion|trillion|bn|mn|m|b))? (?P<c2>yuan|renminbi|RMB|dollars|euros?|pounds|yen|won|Swiss francs|francs|rupees|kronor|CHF|USD|EUR|GBP)\b)"
)
_DIGIT = re.compile(r"\d")
_PERCENT = re.compile(rf"{_QUALIFIER}(?P<n>{_NUMBER})(?: ?%| per ?cent\b| percent\b)")
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
    if not _DIGIT.search(chart.s):
        return
    found = []
    for match in _MONEY.finditer(chart.s):
        value = float((match["n1"] or match["n2"]).replace(",", "")) * _SCALE.get(
            (match["s1"] or match["s2"] or "").lower(), 1
        )
        currency = _CURRENCY[(match["c1"] or match["c2"]).lower()]
        measure = {"value": round(value, 2), "currency": currency, **_qualifier(match["q"])}
        found.append((match.start(), match.end(), simple(chart, match, "money", measure)))
    chart.replace(found)
    found = []
    for match in _PERCENT.finditer(chart.s):
        share = {"value": round(float(match["n"].replace(",", "")) / 100, 8), **_qualifier(match["q"])}
        found.append((match.start(), match.end(), simple(chart, match, "percent", share)))
    chart.replace(found)


def _qualifier(words: str | None) -> dict[str, str]:
    return {"qualifier": _QUALIFIERS[words.strip().lower()]} if words else {}
