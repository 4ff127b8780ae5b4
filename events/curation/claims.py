"""Whether a claim keeps the contract: `claim.schema.json`, which action goes with which kind, exact evidence."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator

from events.choices import ACTIONS, Kind
from events.curation.limits import excesses
from events.dates import PartialDate
from events.exceptions import InvalidClaim

JSON = dict[str, Any]
MAX_QUOTE = 400
"""Code points; the longest quote of one piece of evidence."""
MAX_MESSAGE = 500
"""Characters of what is wrong with a value: a validator's words repeat the value."""


@cache
def claim_schema() -> JSON:
    """The contract (JSON Schema)."""
    path = Path(__file__).with_name("claim.schema.json")
    schema: JSON = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(claim_schema())


@cache
def _quick_validator() -> jsonschema_rs.Validator:
    """Says as quickly as it matters for each claim of each document whether one is valid, in fewer words than ours."""
    return jsonschema_rs.validator_for(claim_schema())


def _schema_problems(claim: JSON) -> list[InvalidClaim]:
    try:
        if _quick_validator().is_valid(claim):
            return []
    except ValueError:  # what is no JSON, such as half a character
        pass
    errors = sorted(_validator().iter_errors(claim), key=lambda e: list(map(str, e.absolute_path)))
    return [
        InvalidClaim(error.message[:MAX_MESSAGE], "".join(f"/{part}" for part in error.absolute_path))
        for error in errors
    ]


def problems(claim: JSON, text: str) -> list[InvalidClaim]:
    """Everything wrong with a claim read in `text`; each problem points at its field."""
    found = _schema_problems(claim)
    return found or [*_rule_problems(claim), *excesses(claim), *_evidence_problems(claim, text)]


def validate(claim: JSON, text: str) -> None:
    """Raises InvalidClaim, with the first problem and its pointer, unless the claim keeps the contract."""
    for problem in problems(claim, text):
        raise problem


PARTS = ("dates", "grounds", "status", "penalties")
"""Fields of a claim that may be changed on their own, without its words."""


def validate_parts(parts: JSON, pointer: str = "") -> None:
    """Raises InvalidClaim unless each field, of those in PARTS, is as a claim has it; `pointer` is where they stand."""
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: claim_schema()["properties"][name] for name in PARTS},
        "$defs": claim_schema()["$defs"],
    }
    for error in Draft202012Validator(schema).iter_errors(parts):
        place = "".join(f"/{part}" for part in error.absolute_path)
        raise InvalidClaim(error.message[:MAX_MESSAGE], pointer + place)
    for name, value in parts.get("dates", {}).items():
        try:
            PartialDate.from_json(value)
        except ValueError as error:
            raise InvalidClaim(str(error), f"{pointer}/dates/{name}") from None
    for problem in excesses(parts):
        raise InvalidClaim(str(problem), pointer + problem.pointer)


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
        start, end = int(item["start"]), int(item["end"])  # JSON Schema takes 3.0 for a whole number, too
        if end > len(text) or text[start:end] != item["quote"]:
            found.append(InvalidClaim("the quote is not what stands at that place in the document", pointer))
        elif not 0 < len(item["quote"]) <= MAX_QUOTE:
            found.append(InvalidClaim(f"a quote has 1 to {MAX_QUOTE} characters", pointer))
    return found
