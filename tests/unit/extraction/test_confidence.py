"""Confidence: what more often goes with right claims makes a claim surer, and the same articles give the same fit."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from events.extraction import confidence
from events.extraction.confidence import LEAST, MOST, Fit, Surroundings
from events.extraction.model import Draft
from events.extraction.scoring import calibration_error
from events.extraction.training import calibrate
from events.extraction.training.logistic import Example, fit, solve
from tests.unit.extraction.corpus import OWN, claims_of, documents

TEXT = "Marlow Foods appointed Ada Quill in 2025. It had lost Ben Marsh in 2019."


def examples(number: int = 600, *, seed: int = 7) -> list[Example]:
    """Claims of which those with a title are right nine times in ten, the others six times."""
    chance = random.Random(seed)  # noqa: S311
    made = []
    for index in range(number):
        has_title = index % 2 == 0
        features = {"title": 1.0} if has_title else {}
        noise = {"noise": 1.0} if chance.random() < 0.5 else {}
        right = chance.random() < (0.9 if has_title else 0.6)
        made.append(Example(features | noise, right, 1.0, f"document {index // 3}"))
    return made


def draft(name: str = "Ada Quill", **fields: Any) -> Draft:
    start = TEXT.index(name)
    made = Draft("leadership", "appointment", {"type": "person", "name": name}, (0, 41))
    made.spans["/subject/name"] = (start, start + len(name))
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def test_a_fit_gives_back_the_shares_that_it_was_shown() -> None:
    model = Fit(*fit(examples(6000), ridge=1.0))

    assert model.confidence({"title": 1.0}) == pytest.approx(0.9, abs=0.03)
    assert model.confidence({}) == pytest.approx(0.6, abs=0.03)


def test_what_goes_with_right_claims_makes_a_claim_surer() -> None:
    _, weights = fit(examples(), ridge=1.0)

    assert weights["title"] > 0.5 > abs(weights["noise"])


def test_a_stronger_ridge_trusts_the_features_less() -> None:
    sizes = [abs(fit(examples(), ridge=ridge)[1]["title"]) for ridge in (0.5, 8.0, 128.0)]

    assert sizes == sorted(sizes, reverse=True)


def test_an_example_of_weight_two_counts_as_two() -> None:
    once = examples(60)
    twice = [Example(e.features, e.right, 2.0, e.document) for e in once]

    assert fit(twice, 1.0)[0] == pytest.approx(fit([*once, *once], 1.0)[0])


def test_a_feature_that_always_goes_with_right_claims_stays_within_bounds() -> None:
    always = [Example({"title": 1.0}, True), Example({}, False)] * 50

    model = Fit(*fit(always, ridge=0.001))

    assert (model.confidence({"title": 1.0}), model.confidence({})) == (MOST, LEAST)


def test_without_wrong_claims_there_is_nothing_to_fit() -> None:
    with pytest.raises(ValueError, match="claims that are wrong"):
        fit([Example({"title": 1.0}, True)] * 5, 1.0)


def test_equations_are_solved_whatever_their_order() -> None:
    assert solve([[0.0, 2.0], [4.0, 1.0]], [2.0, 9.0]) == pytest.approx([2.0, 1.0])
    with pytest.raises(ValueError, match="no single solution"):
        solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0])


def test_training_checks_itself_on_documents_that_it_did_not_see() -> None:
    told = calibrate.train(examples())

    assert told["checked"]["claims"] == 600
    assert told["checked"]["expected_calibration_error"] < 0.08
    assert told["checked"]["brier_score"] < told["checked"]["brier_score_of_the_mean"]
    assert set(told["weights"]) == {"title", "noise"}


def test_articles_that_rules_were_written_with_are_not_what_it_is_checked_on() -> None:
    seen = [Example({}, True, 0.1, f"seen {number}") for number in range(500)]

    told = calibrate.train([*examples(), *seen])

    assert (told["claims"], told["checked"]["claims"]) == (1100, 600)
    assert told["checked"]["expected_calibration_error"] < 0.08


def test_that_known_articles_are_read_better_makes_no_claim_of_a_new_one_surer() -> None:
    known = [Example(e.features, True, 0.5, f"known {number}") for number, e in enumerate(examples())]

    alone, both = calibrate.train(examples()), calibrate.train([*examples(), *known])

    sure = [Fit(told["intercept"], told["weights"]).confidence({}) for told in (alone, both)]
    assert sure[1] == pytest.approx(sure[0], abs=0.03)
    assert set(both["weights"]) == {"title", "noise"}


def test_the_same_articles_give_the_same_file_and_it_can_be_loaded(tmp_path: Path) -> None:
    corpus = tmp_path / "labelled.jsonl"
    rows = documents(OWN / "en.jsonl")
    for row in rows[::3]:
        row["claims"] = []  # so that some claims count as wrong
    corpus.write_text("\n".join(json.dumps(row) for row in rows))
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for out in files:
        calibrate.main([f"{corpus}=1", "--date", "2025-11-17", "--data", "our own", "--out", str(out)])

    one, two = (out.read_text() for out in files)
    told = json.loads(one)
    assert one == two
    assert (told["fitted"], told["data"], told["claims"] > 50) == ("2025-11-17", "our own", True)
    assert confidence.load(files[0]) == Fit(told["intercept"], told["weights"])


@pytest.mark.parametrize(
    "words",
    [
        "",
        "{",
        "[]",
        '{"intercept": 1}',
        '{"intercept": "x", "weights": {}}',
        '{"intercept": NaN, "weights": {}}',
    ],
)
def test_a_file_that_is_no_fit_is_none(tmp_path: Path, words: str) -> None:
    path = tmp_path / "confidence.json"
    path.write_text(words)

    assert confidence.load(path) is None
    assert confidence.load(tmp_path / "nowhere.json") is None


def test_without_a_fit_the_prior_of_its_kind_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence, "fitted", lambda: None)
    bare, full = (
        draft(),
        draft(participants=[({"role": "organization", "name": "x", "type": "organization"}, (0, 1))]),
    )

    assert confidence.confidence(TEXT, bare, Surroundings(TEXT, [bare])) == 0.72
    assert confidence.confidence(TEXT, full, Surroundings(TEXT, [full])) == 0.92


def test_what_is_seen_of_a_claim_is_between_nothing_and_one() -> None:
    for name in ("en.jsonl", "zh.jsonl"):
        for document in documents(OWN / name):
            assert all(0 < claim["confidence"] < 1 for claim in claims_of(document))
    other = draft("Ben Marsh", kind="discipline", sentence=0)
    around = Surroundings(TEXT, [draft(), other])

    seen = confidence.features(TEXT, other, around)

    assert all(0 <= value <= 1 for value in seen.values())
    assert {"several in sentence", "several kinds in sentence", "name elsewhere"} <= set(seen)
    assert "subject of several" not in seen


def test_a_statement_of_an_earlier_year_is_told_from_one_of_the_newest() -> None:
    around = Surroundings(TEXT, [])

    assert "past year" not in confidence.features(TEXT, draft(), around)
    assert "past year" in confidence.features(TEXT, draft("Ben Marsh", span=(42, len(TEXT))), around)


def test_calibration_is_judged_by_shares_not_by_single_claims() -> None:
    judged = [(0.9, index % 10 != 0) for index in range(100)]

    assert calibration_error(judged) == pytest.approx(0)
