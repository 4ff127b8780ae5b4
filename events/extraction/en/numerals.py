"""English whole numbers in words."""

from __future__ import annotations

ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SPELLED = rf"(?i:(?:{'|'.join(TENS)})(?:-(?:{'|'.join(ONES[:9])}))?|{'|'.join(sorted(ONES, key=len, reverse=True))})"
"""The pattern of a number from one to ninety-nine in words."""


def spelled(text: str) -> int:
    """A whole number in digits or in words up to ninety-nine; 0 where it is neither."""
    plain = text.lower().replace(",", "")
    if plain.isdigit():
        return int(plain)
    total = 0
    for part in plain.split("-"):
        total += ONES.index(part) + 1 if part in ONES else 10 * (TENS.index(part) + 2) if part in TENS else 0
    return total
