"""Severity is computed from stored inputs by the documented rule."""

from __future__ import annotations

from typing import Any

import pytest

from events.record.severity import SeverityInputs, as_json, severity


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"kind": "product", "action": "release"}, 0),
        ({"kind": "performance", "action": "result"}, 0),
        (
            {
                "kind": "discipline",
                "action": "warning",
                "penalties": ({"type": "warning", "degree": "minor"},),
            },
            1,
        ),
        ({"kind": "discipline", "action": "warning", "penalties": ({"type": "warning"},)}, 2),
        (
            {
                "kind": "discipline",
                "action": "warning",
                "penalties": ({"type": "warning", "degree": "severe"},),
            },
            3,
        ),
        ({"kind": "discipline", "action": "pay_cut", "penalties": ({"type": "pay_cut"},)}, 2),
        (
            {
                "kind": "discipline",
                "action": "demotion",
                "penalties": ({"type": "demotion"}, {"type": "warning"}),
            },
            3,
        ),
        ({"kind": "discipline", "action": "dismissal", "penalties": ({"type": "dismissal"},)}, 3),
        (
            {
                "kind": "discipline",
                "action": "dismissal",
                "title": "CEO",
                "penalties": ({"type": "dismissal"},),
            },
            4,
        ),
        (
            {
                "kind": "discipline",
                "action": "dismissal",
                "title": "首席执行官",
                "penalties": ({"type": "dismissal"},),
            },
            4,
        ),
        ({"kind": "discipline", "action": "detention", "penalties": ({"type": "detention"},)}, 5),
        ({"kind": "discipline", "action": "fine", "regulator": True, "penalties": ({"type": "fine"},)}, 4),
        ({"kind": "discipline", "action": "fine", "penalties": ({"type": "fine"},)}, 2),
        ({"kind": "leadership", "action": "departure", "title": "CEO", "departure": "forced"}, 4),
        ({"kind": "leadership", "action": "departure", "title": "CEO", "departure": "voluntary"}, 0),
        ({"kind": "reorganization", "action": "dissolution"}, 3),
        ({"kind": "reorganization", "action": "layoff", "headcount": 999}, 2),
        ({"kind": "reorganization", "action": "layoff", "headcount": 1000}, 4),
        ({"kind": "controversy", "action": "finding"}, 3),
        ({"kind": "controversy", "action": "finding", "regulator": True}, 4),
        ({"kind": "sanction", "action": "designation"}, 5),
    ],
)
def test_severity_follows_the_scale(inputs: dict[str, Any], expected: int) -> None:
    assert severity(SeverityInputs(**inputs)) == expected


@pytest.mark.parametrize(
    ("title", "senior"), [("Scope manager", False), ("Vice President", True), ("总裁", True), ("", False)]
)
def test_senior_titles_are_of_the_first_rank(title: str, senior: bool) -> None:
    assert SeverityInputs("leadership", "departure", title).senior is senior


def test_the_inputs_are_stored_with_the_rule_and_its_version() -> None:
    stored = as_json(
        SeverityInputs("discipline", "warning", "CEO", penalties=({"type": "warning", "degree": "severe"},))
    )

    assert (stored["rule"], stored["rule_version"], stored["penalties"], stored["senior"]) == (
        "discipline/warning", 1, ["warning:severe"], True,
    )  # fmt: skip
