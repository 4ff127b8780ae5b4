"""Names that curators resolved are remembered for the next article."""

from __future__ import annotations

import pytest

from events import curation, intake
from events.choices import ResolutionState
from events.intake import known
from events.models.candidates import Candidate
from tests import scenes

TEXT = "Marlow Foods warned Ilse van Houten, its head of procurement, on 3 October 2025."


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_last", None)
    monkeypatch.setattr(known, "FRESH_FOR", 0.0)


def test_a_curators_choice_between_namesakes_holds_for_the_next_article(db: None) -> None:
    scenes.company("Marlow Foods")
    scenes.executive("Ilse van Houten")
    chosen = scenes.executive("Ilse Van Houten")
    first = scenes.document(TEXT)
    intake.extract_document(first.id)
    candidate = Candidate.objects.get(document=first)
    assert candidate.resolution_state == ResolutionState.AMBIGUOUS.value
    curation.resolve_party(candidate.id, scenes.curator(), "/subject", "person", chosen.id)

    second = scenes.document(TEXT + " More follows.")
    intake.extract_document(second.id)

    found = Candidate.objects.get(document=second)
    assert found.subject_executive == chosen
    assert "chosen by curators 1 time before" in found.resolution["/subject"]["options"][0]["why"]


def test_a_choice_holds_for_the_one_that_the_chosen_was_merged_into(db: None) -> None:
    scenes.company("Marlow Foods")
    kept, other, chosen = (
        scenes.executive(name) for name in ("Ilse van Houten", "Ilse Van Houten", "Ilse v Houten")
    )
    document = scenes.document(TEXT)
    intake.extract_document(document.id)
    candidate = Candidate.objects.get(document=document)
    user = scenes.curator()
    curation.resolve_party(candidate.id, user, "/subject", "person", chosen.id)

    curation.merge_people(chosen.id, kept.id, user, "one and the same")

    assert known.load_known_names().chosen_before("Ilse van Houten", "person") == {kept.id: 1}
    assert other.pk not in known.load_known_names().chosen_before("Ilse van Houten", "person")


def test_a_part_of_a_company_is_found_by_its_description(db: None) -> None:
    scenes.unit("Northlake Cloud", scenes.company("Northlake Devices"))

    names = known.load_known_names()

    unit = next(e for e in names.entities if e.names[0] == "Northlake Cloud")
    assert unit.parents == ("Northlake Devices",)
