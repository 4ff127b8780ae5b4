"""A page that changes: its candidates go back to review, and nothing that a curator did is lost or reset."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from events import curation, intake
from events.choices import CandidateState, SourceChangeState, StepVerb
from events.curation import source_changes
from events.exceptions import CurationError
from events.intake import proposing
from events.models.acts import StepRequest
from events.models.candidates import Candidate, SourceChange
from events.models.record import Event
from events.models.sources import Document
from tests import scenes

FIRST = "Marlow Foods warned Ilse van Houten, its head of procurement, on 3 October 2025."
SECOND = "Marlow Foods warned Ilse van Houten, its head of purchasing, on 3 October 2025. This report was corrected."
GONE = "Marlow Foods had nothing to say. An earlier version of this report was wrong."


@pytest.fixture
def page(db: None) -> Document:
    scenes.company("Marlow Foods")
    scenes.executive("Ilse van Houten")
    made = scenes.document(FIRST)
    intake.extract_document(made.id)
    return made


def changed(page: Document, text: str) -> Document:
    """The page's next version, extracted."""
    Document.objects.filter(url=page.url).update(is_latest=False)
    newest = Document.objects.filter(url=page.url).count() + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = scenes.document(text, url=page.url, version=newest, text_sha256=digest)
    intake.extract_document(made.id)
    return made


def only(page: Document) -> Candidate:
    return Candidate.objects.get(document=page)


def state_of(page: Document) -> str:
    return only(page).state


def published(page: Document) -> Event:
    done = curation.accept(only(page).id, scenes.curator())
    assert done.event is not None
    return done.event


def test_work_that_nobody_touched_moves_to_the_new_version(page: Document) -> None:
    newer = changed(page, SECOND)

    assert (state_of(page), state_of(newer)) == (CandidateState.SUPERSEDED.value, CandidateState.OPEN.value)
    assert not SourceChange.objects.exists()


def test_a_published_candidate_gets_a_review_with_what_changed(page: Document) -> None:
    published(page)

    newer = changed(page, SECOND)

    change = SourceChange.objects.get()
    assert (change.candidate, change.document, change.successor) == (only(page), newer, only(newer))
    assert source_changes.what_changed(change) == [
        {"field": "/subject/title", "old": "head of procurement", "new": "head of purchasing"}
    ]
    assert state_of(page) == CandidateState.PUBLISHED.value
    assert state_of(newer) == CandidateState.SUPERSEDED.value, "the queue has one row for one claim"


def test_a_claim_that_the_page_no_longer_makes_is_reviewed_too(page: Document) -> None:
    published(page)

    changed(page, GONE)

    change = SourceChange.objects.get()
    assert change.successor is None
    assert {row["new"] for row in source_changes.what_changed(change)} == {None}


def test_following_the_page_corrects_the_event_in_its_new_words(page: Document) -> None:
    event = published(page)
    newer = changed(page, SECOND)

    source_changes.follow(SourceChange.objects.get().id, scenes.curator(), "the paper corrected itself")

    event.refresh_from_db()
    assert event.head is not None
    assert event.head.payload["subject"]["title"] == "head of purchasing"
    title = next(e for e in event.head.payload["evidence"] if e["field"] == "/subject/title")
    assert title["document"]["id"] == newer.id
    assert SECOND[title["start"] : title["end"]] == title["quote"]
    assert SourceChange.objects.get().state == SourceChangeState.CORRECTED.value
    assert (only(newer).event, state_of(newer)) == (event, CandidateState.PUBLISHED.value)


def test_a_page_that_changes_twice_asks_about_its_newest_version(page: Document) -> None:
    event = published(page)
    changed(page, SECOND)
    source_changes.follow(SourceChange.objects.get().id, scenes.curator(), "the paper corrected itself")

    third = changed(page, FIRST)
    change = SourceChange.objects.get(document=third)
    source_changes.follow(change.id, scenes.curator(), "and corrected that")

    event.refresh_from_db()
    assert event.head is not None
    assert event.head.payload["subject"]["title"] == "head of procurement"


def test_keeping_leaves_the_record_alone(page: Document) -> None:
    event = published(page)
    changed(page, SECOND)

    source_changes.keep(SourceChange.objects.get().id, scenes.curator(), "a slip of theirs")

    event.refresh_from_db()
    assert event.head is not None
    assert event.head.number == 1
    assert not source_changes.open_changes().exists()
    with pytest.raises(CurationError, match="no open review"):
        source_changes.keep(SourceChange.objects.get().id, scenes.curator())


def test_retracting_the_event_ends_its_reviews(page: Document) -> None:
    event = published(page)
    changed(page, GONE)

    source_changes.retract(SourceChange.objects.get().id, scenes.curator(), "its source took it back")

    event.refresh_from_db()
    assert event.status == "retracted"
    assert SourceChange.objects.get().state == SourceChangeState.RETRACTED.value


def test_a_grave_change_waits_for_a_second_curator_and_is_over_once_approved(
    page: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = published(page)
    Event.objects.filter(id=event.id).update(severity=3)
    changed(page, SECOND)

    asked = source_changes.follow(
        SourceChange.objects.get().id, scenes.curator(), "the paper corrected itself"
    )

    assert isinstance(asked, StepRequest)
    assert (asked.verb, SourceChange.objects.get().state) == (StepVerb.CORRECT.value, "open")
    curation.approve_request(asked.id, scenes.curator())
    assert SourceChange.objects.get().state == SourceChangeState.CORRECTED.value


def test_a_correction_cannot_quote_a_decided_candidate_of_another_page(page: Document) -> None:
    event = published(page)
    stranger = scenes.candidate(scenes.document(SECOND), scenes.claim(SECOND))
    curation.reject(stranger.id, scenes.curator(), "another fact")

    with pytest.raises(CurationError, match="no later reading"):
        curation.correct_event(event.id, scenes.curator(), stranger.original, "mistaken", source=stranger.id)


def test_what_a_curator_has_edited_stays_and_asks(page: Document) -> None:
    mine = only(page)
    curation.edit(mine.id, scenes.curator(), mine.original | {"grounds": ["late payments"]})

    newer = changed(page, SECOND)

    assert (state_of(page), only(page).edited is not None) == (CandidateState.OPEN.value, True)
    assert state_of(newer) == CandidateState.SUPERSEDED.value
    source_changes.follow(SourceChange.objects.get().id, scenes.curator(), "start again from the new text")
    assert (state_of(page), state_of(newer)) == (CandidateState.SUPERSEDED.value, CandidateState.OPEN.value)


def test_what_waits_for_a_second_curator_goes_back_to_review(page: Document) -> None:
    Candidate.objects.filter(document=page).update(severity=3)
    waiting = only(page)
    Candidate.objects.filter(pk=waiting.pk).update(
        state=CandidateState.AWAITING_APPROVAL.value, accepted_by=scenes.curator()
    )

    changed(page, SECOND)

    assert (state_of(page), only(page).accepted_by) == (CandidateState.OPEN.value, None)
    assert SourceChange.objects.get().state == SourceChangeState.OPEN.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [(FIRST + " Its shares were flat.", CandidateState.SUPERSEDED), (SECOND, CandidateState.OPEN)],
)
def test_a_rejection_holds_until_page_and_claim_have_both_changed(
    page: Document, text: str, expected: CandidateState
) -> None:
    curation.reject(only(page).id, scenes.curator(), "a duplicate")

    newer = changed(page, text)

    assert state_of(page) == CandidateState.REJECTED.value
    assert state_of(newer) == expected.value


def test_reading_an_older_version_again_does_not_bring_its_candidates_back(page: Document) -> None:
    newer = changed(page, SECOND)
    Document.objects.filter(id=page.id).update(state="fetched")
    Candidate.objects.update(extractor_version="0")

    intake.extract_document(page.id)

    assert (state_of(page), state_of(newer)) == (CandidateState.SUPERSEDED.value, CandidateState.OPEN.value)


def read_again(page: Document) -> None:
    Document.objects.filter(id=page.id).update(state="fetched")
    intake.extract_document(page.id)


def test_a_newer_extraction_stands_beside_what_a_curator_decided(
    page: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = published(page)
    before = only(page)
    newer = before.original | {"grounds": ["late payments"]}
    monkeypatch.setattr(proposing, "extract", lambda *args, **kwargs: [newer])

    read_again(page)

    after = only(page)
    assert (after.state, after.original, after.event) == (before.state, before.original, event)
    assert after.newer == newer
    monkeypatch.undo()
    read_again(page)
    assert only(page).newer is None, "it reads the same again"


def test_a_newer_extraction_that_no_longer_reads_it_says_so(
    page: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(page)
    monkeypatch.setattr(proposing, "extract", lambda *args, **kwargs: [])

    read_again(page)

    assert (state_of(page), only(page).newer) == (CandidateState.PUBLISHED.value, {})


def test_a_surer_reading_of_the_same_facts_is_no_difference(
    page: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    curation.reject(only(page).id, scenes.curator(), "a duplicate")
    surer: dict[str, Any] = only(page).original | {"confidence": 0.99, "status": "reported"}
    monkeypatch.setattr(proposing, "extract", lambda *args, **kwargs: [surer])

    read_again(page)

    assert only(page).newer is None
