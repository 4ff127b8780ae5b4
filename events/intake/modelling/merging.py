"""Two readings of one document, the built-in extractor's and the model's, as one list of proposals.

They agree where the corpus' rules would pair them: same kind, same sort of action, same subject. What both propose is
surer; where they differ in a field the built-in one stands; what it left open the model may fill, with its words.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from events.choices import Proposer
from events.curation.claims import problems
from events.extraction.matching import matches, normalize, pair

JSON = dict[str, Any]
Proposed = tuple[JSON, Proposer]

SUREST = 0.99
_ONE_DAY = ("occurred", "decided", "effective")
"""Roles of dates that articles do not always tell apart: where one is known, another would say it twice."""
_FILLED = ("penalties", "grounds", "measures", "headcount", "departure", "interim")


def merge(own: Sequence[JSON], asked: Sequence[JSON], text: str) -> list[Proposed]:
    """Proposals of both: the built-in extractor's in their order, then those of the model alone.

    The order keeps the names of the built-in ones the same whatever the model adds.
    """
    pairs = _pairs(own, asked)
    cases = _cases(own, asked, pairs)
    found: list[Proposed] = []
    for number, claim in enumerate(own):
        if number in pairs:
            found.append((_together(claim, asked[pairs[number]], text), Proposer.BOTH))
        else:
            found.append((dict(claim), Proposer.RULES))
    agreed = set(pairs.values())
    for number, claim in enumerate(asked):
        if number not in agreed and not any(_repeats(claim, other) for other, _ in found):
            found.append((_labelled(claim, cases), Proposer.MODEL))
    return found


def _pairs(own: Sequence[JSON], asked: Sequence[JSON]) -> dict[int, int]:
    """Which claim of the model's each built-in one agrees with; only those that have one are weighed, as a long text may
    have thousands."""
    some = [number for number, claim in enumerate(own) if any(matches(claim, other) for other in asked)]
    return {some[mine]: theirs for mine, theirs in pair([own[number] for number in some], asked)}


def agreement(one: float, other: float) -> float:
    """How sure two readings that agree are together: as sure as that not both are wrong, were they independent."""
    return round(min(1 - (1 - one) * (1 - other), max(SUREST, one)), 2)


def _together(claim: JSON, other: JSON, text: str) -> JSON:
    filled = copy.deepcopy(claim)
    _fill(filled, other)
    both = claim if problems(filled, text) else filled
    return {**both, "confidence": agreement(claim["confidence"], other["confidence"])}


def _fill(claim: JSON, other: JSON) -> None:
    for name in ("title", "organization"):
        if name in other["subject"] and name not in claim["subject"]:
            claim["subject"][name] = other["subject"][name]
            _cite(claim, other, f"/subject/{name}", f"/subject/{name}")
    for role, value in other.get("dates", {}).items():
        have = claim.get("dates", {})
        if role not in have and not (role in _ONE_DAY and any(name in have for name in _ONE_DAY)):
            claim["dates"] = {**have, role: value}
            _cite(claim, other, f"/dates/{role}", f"/dates/{role}")
    for name in _FILLED:
        if name in other and name not in claim and (name != "departure" or claim["action"] == "departure"):
            claim[name] = other[name]
            _cite(claim, other, f"/{name}", f"/{name}")
    _fill_participants(claim, other)


def _fill_participants(claim: JSON, other: JSON) -> None:
    """Those whose role nobody has yet, and who do not stand in the claim under another one."""
    roles = {party["role"] for party in claim.get("participants", [])}
    names = {normalize(party["name"]) for party in [claim["subject"], *claim.get("participants", [])]}
    for number, party in enumerate(other.get("participants", [])):
        if party["role"] not in roles and normalize(party["name"]) not in names:
            have = claim.get("participants", [])
            claim["participants"] = [*have, party]
            _cite(claim, other, f"/participants/{number}", f"/participants/{len(have)}")


def _cite(claim: JSON, other: JSON, told: str, pointer: str) -> None:
    """Takes over the evidence of a field and of what is in it."""
    for item in other["evidence"]:
        if item["field"] == told or item["field"].startswith(f"{told}/"):
            claim["evidence"] = [*claim["evidence"], {**item, "field": pointer + item["field"][len(told) :]}]


def _repeats(claim: JSON, other: JSON) -> bool:
    """Whether a claim that is left over tells, in the same words, what is proposed already."""
    return matches(other, claim) and any(
        one["start"] < two["end"] and two["start"] < one["end"]
        for one in claim["evidence"]
        if one["field"] == ""
        for two in other["evidence"]
        if two["field"] == ""
    )


def _cases(own: Sequence[JSON], asked: Sequence[JSON], pairs: Mapping[int, int]) -> dict[str, str]:
    """What the model's case labels are called here: as the built-in extractor calls the case, if it has one."""
    named: dict[str, str] = {}
    for mine, theirs in pairs.items():
        label, ours = asked[theirs].get("case"), own[mine].get("case")
        if label and ours:
            named.setdefault(label, ours)
    for claim in asked:
        if claim.get("case") and claim["case"] not in named:
            named[claim["case"]] = f"m{len(named) + 1}"
    return named


def _labelled(claim: JSON, cases: Mapping[str, str]) -> JSON:
    case = claim.get("case")
    return {**claim, "case": cases[case]} if case else dict(claim)
