"""The corpus' rules for comparing one predicted claim with one labelled claim, and for pairing them.

Pure functions on JSON-like claims. A match needs the same kind, the same sort of action and the same subject;
pairing is one to one, for the most matches and then the most right fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from events.extraction.assignment import assign

GoldClaim = Mapping[str, Any]
Document = Mapping[str, Any]

_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|prof|professor|sir|dame)\.?\s+)+|(?:先生|女士|小姐|博士|教授)$", re.IGNORECASE
)
_TRAILING_S = re.compile(r"['’]s$")
_NOT_WORD = re.compile(r"[\W_]+")
_SAME_STATUS = {"confirmed": "reported"}
_ANY_OF_THESE = ("occurred", "decided", "effective")
_DATE_LENGTH = {"day": 10, "month": 7, "year": 4}
_MATCH_WEIGHT = 1000


@lru_cache(maxsize=1024)
def normalize(name: str) -> str:
    """A name as scoring compares it: NFKC, case, punctuation, spaces, honorifics, "the" and 's left out."""
    text = unicodedata.normalize("NFKC", name).strip().casefold()
    text = _HONORIFIC.sub("", text).strip()
    text = _TRAILING_S.sub("", text)
    text = text.removeprefix("the ")
    return _NOT_WORD.sub("", text)


def sort_of_action(kind: str, action: str) -> str:
    """The sort within which two actions of a kind count as the same claim."""
    if kind == "leadership":
        return "departure" if action == "departure" else "arrival"
    if kind == "reorganization":
        return "layoff" if action == "layoff" else "unit"
    if kind == "performance":
        return action
    if (kind, action) in {("controversy", "denial"), ("sanction", "removal")}:
        return action
    return "any"


def names_of(party: Mapping[str, Any]) -> set[str]:
    """The normalized names that count as right for a gold party."""
    return {normalize(name) for name in [party["name"], *party.get("aliases", [])]}


def matches(gold: GoldClaim, claim: Mapping[str, Any]) -> bool:
    """Whether `claim` may be paired with `gold`."""
    kind = gold["kind"]
    if claim["kind"] != kind or sort_of_action(kind, claim["action"]) != sort_of_action(kind, gold["action"]):
        return False
    theirs, ours = gold["subject"], claim["subject"]
    if normalize(ours["name"]) in names_of(theirs):
        return True
    if theirs["type"] == ours["type"] == "group" and theirs.get("organization") and ours.get("organization"):
        return _contains(theirs["organization"], ours["organization"])
    return False


def _contains(gold: str, ours: str | None) -> bool:
    left, right = normalize(gold), normalize(ours or "")
    return bool(left and right) and (left in right or right in left)


def _same_date(gold: Mapping[str, str], ours: Mapping[str, str] | None) -> bool:
    if not ours:
        return False
    needed = _DATE_LENGTH[gold["precision"]]
    return _DATE_LENGTH[ours["precision"]] >= needed and ours["value"][:needed] == gold["value"][:needed]


def _date_right(role: str, gold: Mapping[str, str], dates: Mapping[str, Mapping[str, str]]) -> bool:
    roles = _ANY_OF_THESE if role in _ANY_OF_THESE else (role,)
    return any(_same_date(gold, dates.get(other)) for other in roles)


def _penalty_right(gold: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    if gold["type"] != ours["type"]:
        return False
    for key in ("from", "to", "degree"):
        if key in gold and normalize(str(gold[key])) != normalize(str(ours.get(key, ""))):
            return False
    if "levels" in gold and gold["levels"] != ours.get("levels"):
        return False
    return "amount" not in gold or _close(gold["amount"], ours.get("amount"))


def _close(gold: float, ours: float | None) -> bool:
    return ours is not None and abs(gold - ours) <= 0.005 * abs(gold)


def _measure_right(gold: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    if gold["metric"] != ours["metric"] or not _close(gold["value"], ours.get("value")):
        return False
    if any(key in gold and not _close(gold[key], ours.get(key)) for key in ("change", "threshold")):
        return False
    return all(key not in gold or gold[key] == ours.get(key) for key in ("currency", "period"))


def _take(gold: Mapping[str, Any], pool: list[Any], right: Any) -> bool:
    for index, candidate in enumerate(pool):
        if right(gold, candidate):
            del pool[index]
            return True
    return False


def _party_right(gold: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    return normalize(ours["name"]) in names_of(gold)


def _listed_fields(gold: GoldClaim, claim: Mapping[str, Any]) -> Iterable[tuple[str, bool]]:
    penalties = list(claim.get("penalties", []))
    for penalty in gold.get("penalties", []):
        yield "penalty", _take(penalty, penalties, _penalty_right)
    if "penalties" in gold and len(claim.get("penalties", [])) > len(gold["penalties"]):
        yield "penalty", False
    measures = list(claim.get("measures", []))
    for measure in gold.get("measures", []):
        yield "measure", _take(measure, measures, _measure_right)
    for role in ("issuer", "successor"):
        pool = [party for party in claim.get("participants", []) if party["role"] == role]
        for party in gold.get("participants", []):
            if party["role"] == role:
                yield role, _take(party, pool, _party_right)


def _headcount_right(gold: Mapping[str, Any], ours: Mapping[str, Any] | None) -> bool:
    if not ours:
        return False
    if "min" in gold or "max" in gold:
        return all(gold.get(key) == ours.get(key) for key in ("min", "max") if key in gold)
    return _contains(gold.get("text", ""), ours.get("text"))


def fields_of(gold: GoldClaim, claim: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """(field, right?) for each field that the gold claim has; `case` is judged by `case_fields`."""
    subject, ours = gold["subject"], claim["subject"]
    found = [("action", gold["action"] == claim["action"])]
    found += [
        (key, _contains(subject[key], ours.get(key))) for key in ("title", "organization") if key in subject
    ]
    dates = claim.get("dates", {})
    found += [
        (f"date:{role}", _date_right(role, value, dates)) for role, value in gold.get("dates", {}).items()
    ]
    if "departure" in gold:
        found.append(("departure", gold["departure"] == claim.get("departure")))
    if "interim" in gold or claim.get("interim"):
        found.append(("interim", bool(gold.get("interim")) == bool(claim.get("interim"))))
    found += _listed_fields(gold, claim)
    if "headcount" in gold:
        found.append(("headcount", _headcount_right(gold["headcount"], claim.get("headcount"))))
    if "status" in gold:
        status = claim.get("status", "reported")
        found.append(
            ("status", _SAME_STATUS.get(gold["status"], gold["status"]) == _SAME_STATUS.get(status, status))
        )
    return found


def pair(gold: Sequence[GoldClaim], claims: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """(gold index, claim index) pairs: the most matches, then the most right fields."""
    weights = [
        [_MATCH_WEIGHT + sum(right for _, right in fields_of(g, c)) if matches(g, c) else 0 for c in claims]
        for g in gold
    ]
    return assign(weights)


def case_fields(
    gold: Sequence[GoldClaim], claims: Sequence[Mapping[str, Any]], pairs: Sequence[tuple[int, int]]
) -> list[bool]:
    """For each matched gold claim with a case: do exactly the same matched claims share the predicted one?"""
    results = []
    for index, (g, c) in enumerate(pairs):
        case = gold[g].get("case")
        if case is None:
            continue
        wanted = {i for i, (other, _) in enumerate(pairs) if gold[other].get("case") == case}
        ours = claims[c].get("case")
        got = {
            i for i, (_, other) in enumerate(pairs) if ours is not None and claims[other].get("case") == ours
        }
        results.append(wanted == (got | {index}))
    return results


def spans_exact(text: str, claim: Mapping[str, Any]) -> list[bool]:
    """For each evidence span of a claim: does it say exactly what stands there, in at most 400 characters?"""
    return [
        0 <= e["start"] < e["end"] <= len(text)
        and text[e["start"] : e["end"]] == e["quote"]
        and len(e["quote"]) <= 400
        for e in claim["evidence"]
    ]


def overlaps(text: str, gold: GoldClaim, claim: Mapping[str, Any]) -> bool:
    """Whether one of the claim's spans overlaps one of the gold's quotes."""
    for evidence in gold["evidence"]:
        start = text.find(evidence["quote"])
        while start >= 0:
            end = start + len(evidence["quote"])
            if any(e["start"] < end and start < e["end"] for e in claim["evidence"]):
                return True
            start = text.find(evidence["quote"], start + 1)
    return False
