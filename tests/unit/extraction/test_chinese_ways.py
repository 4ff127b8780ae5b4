"""In how many ways Chinese newsrooms, notices and regulators tell one fact about a company, and that each is read.

`ways_zh.txt` holds them: what is to be read, "|", the text. Most names have no suffix that tells a firm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from events.extraction import Claim, extract
from events.extraction.matching import normalize, sort_of_action
from tests.unit.extraction.corpus import check

MONDAY = date(2025, 11, 17)
AT_LEAST = 0.9


class Way(NamedTuple):
    """A text, the kind, action and subjects to be read in it (no kind: nothing), and fields by name."""

    text: str
    kind: str
    action: str
    subjects: frozenset[str]
    fields: tuple[tuple[str, str], ...]


def _ways() -> Iterator[Way]:
    lines = (Path(__file__).parent / "ways_zh.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if not line or line.startswith("#"):
            continue
        wanted, _, text = line.partition(" | ")
        what, _, rest = wanted.strip().partition(" ")
        if what == "-":
            yield Way(text, "", "", frozenset(), ())
            continue
        names, *fields = re.split(r" (?=[a-z]+=)", rest)
        kind, _, action = what.partition("/")
        pairs = tuple((key, value) for key, _, value in (field.partition("=") for field in fields))
        yield Way(text, kind, action, frozenset(normalize(name) for name in names.split("+")), pairs)


WAYS = list(_ways())


def _read(text: str) -> list[Claim]:
    claims = extract(text, published=MONDAY, language="zh")
    check(text, claims)
    return claims


def _right(way: Way) -> bool:
    claims = _read(way.text)
    if not way.kind:
        return not claims
    sort = (way.kind, sort_of_action(way.kind, way.action))
    found = {
        normalize(c["subject"]["name"])
        for c in claims
        if (c["kind"], sort_of_action(c["kind"], c["action"])) == sort
    }
    heirs = {
        normalize(p["name"]) for c in claims for p in c.get("participants", []) if p["role"] == "successor"
    }
    return found - (heirs - way.subjects) == way.subjects


def _field_right(claim: Claim, name: str, value: str) -> bool:
    if name in ("occurred", "decided", "effective", "announced"):
        roles = (name,) if name == "announced" else ("occurred", "decided", "effective")
        dates = claim.get("dates", {})
        return any(role in dates and dates[role]["value"] == value for role in roles)
    if name == "organization" and claim["kind"] == "reorganization":
        return claim["subject"].get("organization") == value
    if name == "status":
        return claim["status"] == value
    if name == "type":
        return claim["subject"]["type"] == value
    if name == "headcount":
        return claim.get("headcount", {}).get("min") == int(value)
    return any(p["role"] == name and p["name"] == value for p in claim.get("participants", []))


@pytest.mark.parametrize(
    "kind", ["sanction", "listing", "controversy", "reorganization", "product", "performance", ""]
)
def test_nine_in_ten_ways_of_telling_a_fact_are_read(kind: str) -> None:
    ways = [way for way in WAYS if way.kind == kind]
    missed = [way.text for way in ways if not _right(way)]
    assert len(missed) <= (1 - AT_LEAST) * len(ways), "\n".join(missed)


def test_nine_in_ten_fields_that_those_ways_tell_are_right() -> None:
    judged = [
        (_field_right(claim, name, value), name, value, way.text)
        for way in WAYS
        if way.fields and _right(way)
        for claim in _read(way.text)
        if claim["kind"] == way.kind
        for name, value in way.fields
    ]
    wrong = [item for item in judged if not item[0]]
    assert len(wrong) <= (1 - AT_LEAST) * len(judged), wrong
