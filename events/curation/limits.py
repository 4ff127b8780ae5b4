"""What a claim's values may be at most, so that each fits its column; the contract itself bounds few of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from events.exceptions import InvalidClaim

JSON = dict[str, Any]
MAX_NAME = 300
MAX_GROUND = 500
MAX_ITEMS = 200
"""Entries of one list of a claim."""
MAX_POINTER = 100
MAX_LEVELS = 100
MAX_PEOPLE = 2**31 - 1
LARGEST, SMALLEST = 1e17, 1e-6
"""Figures have 24 digits, 6 of them after the point."""
EARLIEST, LATEST = 1800, 2200
"""Years. Corporate governance lies between; days are compared with others up to months away."""

_TEXTS = {
    "from": 30,
    "to": 30,
    "currency": 3,
    "duration": 20,
    "period": 10,
    "name": MAX_NAME,
    "title": MAX_NAME,
    "organization": MAX_NAME,
    "field": MAX_POINTER,
}
_FIGURES = ("amount", "value", "change", "threshold")
_LISTS = ("participants", "penalties", "grounds", "measures", "evidence")


def excesses(claim: JSON) -> Iterator[InvalidClaim]:
    """What of a claim, or of a part of one, that keeps the contract's form the record has no room for."""
    for name in _LISTS:
        rows = claim.get(name, [])
        if len(rows) > MAX_ITEMS:
            yield InvalidClaim(f"At most {MAX_ITEMS} entries.", f"/{name}")
        for number, row in enumerate(rows[:MAX_ITEMS]):
            yield from _row(row, f"/{name}/{number}")
    yield from _row(claim.get("subject", {}), "/subject")
    yield from _headcount(claim.get("headcount", {}))
    for name, value in claim.get("dates", {}).items():
        yield from _day(value, f"/dates/{name}")


def _row(row: Any, pointer: str) -> Iterator[InvalidClaim]:
    if isinstance(row, str):
        if len(row) > MAX_GROUND:
            yield InvalidClaim(f"At most {MAX_GROUND} characters.", pointer)
        return
    for name, most in _TEXTS.items():
        if len(row.get(name) or "") > most:
            yield InvalidClaim(f"At most {most} characters.", f"{pointer}/{name}")
    for name in _FIGURES:
        value = row.get(name)
        if value and not SMALLEST <= abs(value) < LARGEST:
            yield InvalidClaim(f"Figures lie between {SMALLEST:g} and {LARGEST:g}.", f"{pointer}/{name}")
    if row.get("levels", 0) > MAX_LEVELS:
        yield InvalidClaim(f"At most {MAX_LEVELS} levels.", f"{pointer}/levels")


def _headcount(row: JSON) -> Iterator[InvalidClaim]:
    for name in ("min", "max"):
        if not 0 <= row.get(name, 0) <= MAX_PEOPLE:
            yield InvalidClaim(f"From 0 to {MAX_PEOPLE} people.", f"/headcount/{name}")
    if "min" in row and "max" in row and row["min"] > row["max"]:
        yield InvalidClaim("The least is more than the most.", "/headcount/max")
    if len(row.get("text", "")) > 200:
        yield InvalidClaim("At most 200 characters.", "/headcount/text")


def _day(value: JSON, pointer: str) -> Iterator[InvalidClaim]:
    try:
        year = date.fromisoformat(value["value"]).year
    except ValueError:
        return  # told elsewhere: it is no day at all
    if not EARLIEST <= year <= LATEST:
        yield InvalidClaim(f"Years lie between {EARLIEST} and {LATEST}.", pointer)
