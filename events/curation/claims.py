"""Whether a claim keeps the contract: `claim.schema.json`, which action goes with which kind, exact evidence."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from events.choices import ACTIONS, Kind
from events.dates import PartialDate
from events.exceptions import InvalidClaim

JSON = dict[str, Any]
MAX_QUOTE = 400
"""Code points; the longest quote of one piece of evidence."""


@cache
def _validator() -> Draft202012Validator:
    path = Path(__file__).with_name("claim.schema.json")
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def problems(claim: JSON, text: str) -> list[InvalidClaim]:
    """Everything wrong with a claim read in `text`; each problem points at its field."""
    found = [
        InvalidClaim(error.message, "".join(f"/{part}" for part in error.absolute_path))
        for error in sorted(_validator().iter_errors(claim), key=lambda e: list(map(str, e.absolute_path)))
    ]
    return found or [*_rule_problems(claim), *_evidence_problems(claim, text)]


def validate(claim: JSON, text: str) -> None:
    """Raises InvalidClaim, with the first problem and its pointer, unless the claim keeps the contract."""
    for problem in problems(claim, text):
        raise problem


def _rule_problems(claim: JSON) -> list[InvalidClaim]:
    found = []
    if claim["action"] not in ACTIONS[Kind(claim["kind"])]:
        actions = ", ".join(ACTIONS[Kind(claim["kind"])])
        found.append(
            InvalidClaim(f"{claim['action']} is not an action of {claim['kind']}: {actions}", "/action")
        )
    for field, owner in (("departure", "leadership"), ("interim", "leadership"), ("penalties", "discipline")):
        if field in claim and claim["kind"] != owner:
            found.append(InvalidClaim(f"{field} belongs to {owner} claims only", f"/{field}"))
    for name, value in claim.get("dates", {}).items():
        try:
            PartialDate.from_json(value)
        except ValueError as error:
            found.append(InvalidClaim(str(error), f"/dates/{name}"))
    return found


def _evidence_problems(claim: JSON, text: str) -> list[InvalidClaim]:
    found = []
    for number, item in enumerate(claim["evidence"]):
        pointer = f"/evidence/{number}"
        if text[item["start"] : item["end"]] != item["quote"]:
            found.append(InvalidClaim("the quote is not what stands at that place in the document", pointer))
        elif not 0 < len(item["quote"]) <= MAX_QUOTE:
            found.append(InvalidClaim(f"a quote has 1 to {MAX_QUOTE} characters", pointer))
    return found
