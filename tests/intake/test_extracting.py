"""From document to candidates: can be run again, loses nothing, hides nothing, and touches no curator's work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events import curation, intake
from events.choices import CandidateState, DocumentState
from events.intake import extracting, keeping, known, proposing
from events.models.candidates import Candidate
from events.models.people import ExecutiveName
from events.models.sources import Document
from tests import scenes

TEXT = (
    "On October 18, Northlake's Conduct Committee issued penalties for data fabrication.\n\n"
    "Northlake Cloud CEO Ilse van Houten was demoted three levels and issued a severe warning, "
    "dropping from Level 22a to 21a.\n\n"
    "In August, Northlake Cloud dissolved the Delivery Tools Team.\n"
)


@pytest.fixture
def source(db: None) -> Document:
    return scenes.document(TEXT)


def demotion_of(source: Document) -> Candidate:
    return Candidate.objects.get(document=source, action="demotion")


def test_a_document_gives_candidates_with_exact_evidence(source: Document) -> None:
    found = intake.extract_document(source.id)

    assert [c.action for c in found if c.subject_name == "Ilse van Houten"] == ["demotion"]
    for candidate in found:
        for span in candidate.original["evidence"]:
            assert TEXT[span["start"] : span["end"]] == span["quote"]
    source.refresh_from_db()
    assert (source.state, source.extractor_version != "") == (DocumentState.EXTRACTED.value, True)


def test_known_people_are_resolved_and_unknown_ones_are_said_to_be(source: Document) -> None:
    person = scenes.executive()
    intake.extract_document(source.id)

    known = demotion_of(source)
    assert (known.resolution_state, known.subject_executive) == ("resolved", person)


def test_two_people_of_one_name_stay_open(source: Document) -> None:
    scenes.executive("Ilse van Houten")
    scenes.executive("Ilse Van Houten")
    intake.extract_document(source.id)

    assert demotion_of(source).resolution_state == "ambiguous"
    assert demotion_of(source).subject_executive is None


def again(source: Document) -> list[Candidate]:
    Document.objects.filter(id=source.id).update(state=DocumentState.FETCHED.value)
    return intake.extract_document(source.id)


def test_extraction_run_again_adds_nothing_twice(source: Document) -> None:
    first = [c.id for c in intake.extract_document(source.id)]

    assert [c.id for c in again(source)] == first


def test_extraction_run_again_leaves_what_a_curator_decided(source: Document) -> None:
    intake.extract_document(source.id)
    mine = scenes.curator()
    curation.reject(demotion_of(source).id, mine, "a test")

    again(source)

    assert demotion_of(source).state == CandidateState.REJECTED.value


def test_a_claim_that_is_no_longer_proposed_is_set_aside(
    source: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake.extract_document(source.id)
    monkeypatch.setattr(proposing, "extract", lambda *args, **kwargs: [])

    again(source)

    assert set(Candidate.objects.values_list("state", flat=True)) == {CandidateState.SUPERSEDED.value}


def test_a_document_without_text_says_so(db: None) -> None:
    empty = scenes.document(" \n ")

    assert intake.extract_document(empty.id) == []
    empty.refresh_from_db()
    assert (empty.state, empty.error) == (DocumentState.NO_TEXT.value, "The document has no text.")


def test_a_language_that_is_not_read_is_said_not_guessed(db: None) -> None:
    french = scenes.document("Le directeur a été limogé.", language="fr")

    assert intake.extract_document(french.id) == []
    french.refresh_from_db()
    assert french.state == DocumentState.UNSUPPORTED.value


def test_a_document_that_makes_extraction_fail_is_tried_again_then_shown(
    source: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> list[Any]:
        raise RuntimeError("poison")

    monkeypatch.setattr(proposing, "extract", fail)
    for _ in range(extracting.MAX_ATTEMPTS):
        Document.objects.filter(id=source.id).update(claimed_until=None)
        intake.extract_document(source.id)

    source.refresh_from_db()
    assert (source.state, "poison" in source.error) == (DocumentState.FAILED.value, True)
    assert intake.due_documents() == []


def test_a_document_that_another_worker_holds_is_left_to_it(source: Document) -> None:
    Document.objects.filter(id=source.id).update(claimed_until=timezone.now() + timedelta(minutes=1))

    assert intake.due_documents() == []
    assert intake.extract_document(source.id) == []


def test_the_document_of_a_worker_that_died_is_taken_over(source: Document) -> None:
    Document.objects.filter(id=source.id).update(claimed_until=timezone.now() - timedelta(seconds=1))

    assert intake.due_documents() == [source.id]
    assert intake.extract_document(source.id) != []


def test_claims_alike_within_a_document_keep_names_of_their_own() -> None:
    claim = scenes.claim("x")

    names = [name for name, _ in keeping.fingerprints([claim, claim, claim])]

    assert len(set(names)) == 3
    assert names == [name for name, _ in keeping.fingerprints([claim, claim, claim])]


def test_names_are_read_once_for_many_documents(
    source: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scenes.executive()
    known.known_names()

    with django_assert_num_queries(1):
        known.known_names()


def test_a_person_added_meanwhile_is_known_at_once(source: Document) -> None:
    known.known_names()
    person = scenes.executive()

    intake.extract_document(source.id)

    assert demotion_of(source).subject_executive == person


def test_names_that_were_changed_are_read_again_after_a_while(
    source: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = scenes.executive("Ilse van Houtten")
    known.known_names()
    ExecutiveName.objects.filter(executive=person).update(name="Ilse van Houten")
    monkeypatch.setattr(known, "FRESH_FOR", -1)

    assert known.known_names().has("Ilse van Houten", "person")


def test_yesterday_counts_on_the_calendar_of_the_source_not_of_utc(db: None) -> None:
    """At 00:30 on 20 October in Shanghai it is still the 19th in UTC; "昨日" is the 19th all the same."""
    text = "远岭光学昨日公告，任命沈若溪为首席财务官。"
    told = scenes.document(
        text, language="zh", published_at=datetime(2025, 10, 19, 16, 30, tzinfo=UTC), published_offset=480
    )

    intake.extract_document(told.id)

    [candidate] = Candidate.objects.all()
    assert {date["value"] for date in candidate.original["dates"].values()} == {"2025-10-19"}


def test_what_a_feed_says_of_a_filing_goes_to_extraction(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def noted(*args: Any, **options: Any) -> list[Any]:
        asked.append(options["context"])
        return []

    monkeypatch.setattr(proposing, "extract", noted)
    filing = scenes.document(TEXT, context={"form": "8-K", "items": ["5.02"], "company": "Northlake Corp"})
    article = scenes.document(TEXT)

    intake.extract_document(filing.id)
    intake.extract_document(article.id)

    assert [(c.form, c.items, c.company) if c else None for c in asked] == [
        ("8-K", ("5.02",), "Northlake Corp"),
        None,
    ]
