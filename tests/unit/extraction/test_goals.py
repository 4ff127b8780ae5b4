"""What an evaluation says of its goals and of confidence: each figure from its own documents, none from nothing."""

from __future__ import annotations

from typing import Any

import pytest

from events.extraction.goals import Goal, goals
from events.extraction.scoring import bins, brier, calibration_error, score

JSON = dict[str, Any]


def claim(name: str, *, confidence: float = 0.9) -> JSON:
    quote = f"{name} resigned"
    return {
        "kind": "leadership",
        "action": "departure",
        "subject": {"type": "person", "name": name},
        "confidence": confidence,
        "evidence": [{"field": "", "start": 0, "end": len(quote), "quote": quote}],
    }


def document(*names: str, source: str = "", language: str = "en") -> JSON:
    text = "; ".join(f"{name} resigned" for name in names)
    gold = [claim(name) for name in names]
    return {"id": "d", "language": language, "source": source, "text": text, "claims": gold, "optional": []}


def goal(name: str, *scored: tuple[JSON, list[JSON]]) -> Goal:
    [found] = [goal for goal in goals(score(scored)) if goal.name == name]
    return found


def test_filings_are_told_by_their_source_and_count_for_their_own_goal() -> None:
    filing = document("Ada Quill", source="SEC 8-K item 5.02, TAMARACK PAPER CO")
    news = document("Ben Marsh")

    scored = [(filing, [claim("Ada Quill")]), (news, [])]

    assert goal("F1, 8-K", *scored).value == 1.0
    assert goal("F1, news en", *scored).value == 0.0


def test_a_goal_without_anything_to_measure_is_neither_reached_nor_missed() -> None:
    found = goal("F1, news zh", (document("Ada Quill"), [claim("Ada Quill")]))

    assert (found.value, found.is_reached, found.of) == (None, None, 0)


def test_a_goal_is_reached_at_its_bound_and_not_below() -> None:
    assert Goal("x", 0.9, 0.9, 1).is_reached is True
    assert Goal("x", 0.9, 0.899, 1).is_reached is False
    assert Goal("x", 0.1, 0.1, 1, is_most=True).is_reached is True
    assert Goal("x", 0.1, 0.101, 1, is_most=True).is_reached is False


def test_wrong_claims_are_counted_by_document_without_claims() -> None:
    empty = [(document(), [claim("Ada Quill"), claim("Ben Marsh")]), (document(), [])]

    found = goal("wrong claims per document without claims", *empty)

    assert (found.value, found.of, found.is_reached) == (1.0, 2, False)


def test_a_tenth_holds_the_confidences_from_its_lower_bound_on() -> None:
    found = bins([(0.7, True), (0.79, False), (0.8, True), (1.0, True), (0.9, False), (0.29, True)])

    assert {name: (tenth.count, tenth.right) for name, tenth in found.items()} == {
        "0.2-0.3": (1, 1), "0.7-0.8": (2, 1), "0.8-0.9": (1, 1), "0.9-1.0": (2, 1),
    }  # fmt: skip


def test_the_calibration_error_is_what_confidence_differs_from_the_share_that_is_right() -> None:
    exact = [(0.75, True)] * 3 + [(0.75, False)]
    boastful = [(0.95, True), (0.95, False)]

    assert calibration_error(exact) == pytest.approx(0)
    assert calibration_error(boastful) == pytest.approx(0.45)
    assert calibration_error([*exact, *boastful]) == pytest.approx(0.45 * 2 / 6)
    assert calibration_error([]) == 0


def test_the_brier_score_is_the_mean_square_of_what_confidence_misses() -> None:
    assert brier([(1.0, True), (0.0, False)]) == 0
    assert brier([(0.8, True), (0.6, False)]) == pytest.approx((0.04 + 0.36) / 2)


def test_only_claims_that_count_are_judged() -> None:
    """An optional claim is neither right nor wrong, so that it says nothing of confidence."""
    source = document("Ada Quill")
    source["optional"] = [claim("Ben Marsh")]

    report = score(
        [
            (
                source,
                [claim("Ada Quill", confidence=0.8), claim("Ben Marsh"), claim("Cleo Day", confidence=0.3)],
            )
        ]
    )

    assert sorted(report.judged) == [(0.3, False), (0.8, True)]
