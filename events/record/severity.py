"""Severity 0 to 5, computed by a rule from inputs that are stored with it (docs/architecture.md, "Severity").

0 neutral; 1 minor warning; 2 formal penalty without change of role; 3 demotion, severe warning, unit dissolved;
4 senior dismissal, regulator's finding, mass layoff; 5 criminal, systemic, sanctions designation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RULE_VERSION = 1
MASS_LAYOFF = 1000
"""People; the least headcount that counts as a mass layoff."""

_PENALTIES = {
    "detention": 5, "expulsion": 4, "dismissal": 3, "ban": 4, "removal": 3, "demotion": 3, "suspension": 2,
    "clawback": 2, "fine": 2, "pay_cut": 2, "reprimand": 2, "warning": 2,
}  # fmt: skip
_WARNINGS = {"minor": 1, "ordinary": 2, "severe": 3}
_ACTIONS = {
    "discipline/investigation": 2,
    "reorganization/dissolution": 3, "reorganization/layoff": 2, "reorganization/transfer": 1,
    "reorganization/merger": 1, "reorganization/split": 1, "reorganization/restructuring": 1,
    "controversy/allegation": 2, "controversy/lawsuit": 2, "controversy/settlement": 2, "controversy/finding": 3,
    "controversy/denial": 1, "product/delay": 1, "product/withdrawal": 1,
    "listing/suspended": 2, "listing/terminated": 1, "listing/delisted": 3,
    "sanction/designation": 5, "sanction/amendment": 3,
}  # fmt: skip
_SENIOR = re.compile(
    r"\bchief\b|\bc[a-z]o\b|\bpresident\b|\bchair|\bmanaging director\b|首席|总裁|總裁|董事长|董事長|总经理|總經理",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SeverityInputs:
    """What the rule looks at. `penalties` have a claim's shape; `headcount` is people, the least number given."""

    kind: str
    action: str
    title: str = ""
    departure: str = ""
    penalties: tuple[Mapping[str, Any], ...] = ()
    headcount: int = 0
    regulator: bool = False

    @property
    def senior(self) -> bool:
        """Whether the title is of the first rank: chief ... officer, president, chair, 首席 ... ."""
        return bool(_SENIOR.search(self.title))


def severity(inputs: SeverityInputs) -> int:
    """The severity, 0 to 5, that the inputs give."""
    score = _ACTIONS.get(f"{inputs.kind}/{inputs.action}", 0)
    score = max([score, *(_penalty(penalty, inputs) for penalty in inputs.penalties)])
    if inputs.kind == "leadership" and inputs.departure == "forced":
        score = max(score, 4 if inputs.senior else 2)
    if inputs.action == "layoff" and inputs.headcount >= MASS_LAYOFF:
        score = max(score, 4)
    if inputs.regulator and inputs.action in {"finding", "fine", "ban"}:
        score = max(score, 4)
    return score


def _penalty(penalty: Mapping[str, Any], inputs: SeverityInputs) -> int:
    kind = penalty.get("type", "")
    if kind == "warning":
        return _WARNINGS.get(penalty.get("degree", ""), _PENALTIES["warning"])
    if kind == "dismissal" and inputs.senior:
        return 4
    return _PENALTIES.get(kind, 0)


def as_json(inputs: SeverityInputs) -> dict[str, Any]:
    """The inputs as they are stored beside the severity, so that anyone can compute it again."""
    return {
        "rule": f"{inputs.kind}/{inputs.action}",
        "rule_version": RULE_VERSION,
        "penalties": [
            f"{p['type']}:{p['degree']}" if p.get("degree") else str(p.get("type", ""))
            for p in inputs.penalties
        ],
        "departure": inputs.departure,
        "senior": inputs.senior,
        "regulator": inputs.regulator,
        "headcount": inputs.headcount,
    }
