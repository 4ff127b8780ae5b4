"""One event corrected, retracted, weighed by hand, undone: who may, and what the revision says."""

from __future__ import annotations

from typing import Any

import pytest

from events import curation
from events.exceptions import CurationError, FourEyesRequired, InvalidClaim
from events.models.candidates import Candidate
from events.models.record import Event
from events.record import publishing
from tests import scenes
from tests.curation.helpers import Desk, latest, overrider


@pytest.fixture
def mild(desk: Desk) -> Candidate:
    """A published minor warning."""
    scenes.executive()
    return curation.accept(desk.candidate().pk, desk.first)


def event_of(candidate: Candidate) -> int:
    assert candidate.event_id is not None
    return candidate.event_id


def test_a_severity_by_hand_stands_beside_the_computed_one_with_its_reason(
    desk: Desk, mild: Candidate
) -> None:
    revision = curation.set_severity(event_of(mild), desk.first, 2, "a pattern of warnings")

    assert revision.payload["severity"] == Event.objects.get().severity == 2
    assert revision.payload["severity_inputs"]["override"] == {
        "severity": 2, "computed": 1, "reason": "a pattern of warnings",
    }  # fmt: skip
    assert revision.payload["status"] == "reported"


def test_a_severity_by_hand_outlives_a_correction_and_can_be_taken_back(desk: Desk, mild: Candidate) -> None:
    event = event_of(mild)
    curation.set_severity(event, desk.first, 2, "a pattern of warnings")
    corrected = curation.correct_event(event, desk.first, {**mild.claim, "grounds": ["fraud"]}, "misread")
    assert corrected.payload["severity"] == 2

    back = curation.set_severity(event, desk.first, None, "the rule is right")

    assert back.payload["severity"] == 1
    assert "override" not in back.payload["severity_inputs"]


@pytest.mark.parametrize("severe", [-1, 6])
def test_a_severity_is_from_0_to_5(desk: Desk, mild: Candidate, severe: int) -> None:
    with pytest.raises(CurationError, match="0 to 5"):
        curation.set_severity(event_of(mild), desk.first, severe, "by hand")


def test_neither_raising_nor_lowering_a_grave_severity_is_done_alone(desk: Desk, mild: Candidate) -> None:
    grave = desk.demote(scenes.executive("Devon Clarke")).event_id

    with pytest.raises(FourEyesRequired):
        curation.set_severity(event_of(mild), desk.first, 3, "by hand")
    with pytest.raises(FourEyesRequired):
        curation.set_severity(grave, desk.first, 1, "by hand")
    curation.set_severity(grave, desk.first, 1, "by hand", approver=desk.second)
    with pytest.raises(FourEyesRequired):
        curation.set_severity(grave, desk.first, None, "back to what is computed: 3")


def test_an_override_of_four_eyes_is_written_in_the_revision(desk: Desk) -> None:
    grave = desk.demote(scenes.executive()).event_id

    with pytest.raises(FourEyesRequired, match="permission"):
        curation.retract_event(grave, desk.first, "withdrawn", override=True)
    revision = curation.retract_event(grave, overrider(), "withdrawn", override=True)

    assert revision.reason == "Published without a second curator: withdrawn"


def test_a_correction_keeps_the_words_of_other_sources_that_still_prove_it(
    desk: Desk, mild: Candidate
) -> None:
    event = event_of(mild)
    fields: dict[str, Any] = {"grounds": ["gossip"]}
    text = "A second report. " + scenes.DEMOTION_TEXT
    spans = [("/subject", 0, 40), ("/grounds/0", 0, 10), ("", 0, 60)]
    fields["evidence"] = [{"field": f, "start": a, "end": b, "quote": text[a:b]} for f, a, b in spans]
    second = desk.candidate(text, **fields)
    curation.refresh(second.pk)
    curation.accept(second.pk, desk.first, into=event)

    revision = curation.correct_event(event, desk.first, {**mild.claim, "grounds": ["fraud"]}, "misread")

    theirs = {e["field"] for e in revision.payload["evidence"] if e["document"]["id"] == second.document_id}
    assert theirs == {"", "/subject"}


def test_a_correction_is_checked_against_the_article_field_by_field(desk: Desk, mild: Candidate) -> None:
    wrong = {**mild.claim, "evidence": [{"field": "", "start": 0, "end": 5, "quote": "no on"}]}

    with pytest.raises(InvalidClaim) as caught:
        curation.correct_event(event_of(mild), desk.first, wrong, "misread")

    assert caught.value.pointer == "/evidence/0"


def test_a_step_needs_a_reason_an_event_and_the_permission_to_curate(desk: Desk, mild: Candidate) -> None:
    event = event_of(mild)
    desk.second.user_permissions.clear()
    stranger = type(desk.second)._default_manager.get(pk=desk.second.pk)

    with pytest.raises(CurationError, match="Say why"):
        curation.retract_event(event, desk.first, " ")
    with pytest.raises(CurationError, match="no event number 0"):
        curation.retract_event(0, desk.first, "wrong")
    with pytest.raises(CurationError, match="permission"):
        curation.retract_event(event, stranger, "wrong")
    with pytest.raises(CurationError, match="permission"):
        curation.retract_event(event, desk.first, "wrong", approver=stranger)


def test_undoing_puts_the_version_before_back_and_undoing_that_the_later_one(
    desk: Desk, mild: Candidate
) -> None:
    event = event_of(mild)
    first = latest(event).payload
    second = curation.correct_event(event, desk.first, {**mild.claim, "grounds": ["x"]}, "misread").payload

    assert curation.undo_event(event, desk.first, "it was right").payload == first
    assert curation.undo_event(event, desk.first, "it was not").payload == second


def test_undoing_the_only_version_takes_the_event_off_the_record(desk: Desk, mild: Candidate) -> None:
    revision = curation.undo_event(event_of(mild), desk.first, "too early")

    assert (revision.operation, revision.payload["status"]) == ("DEL", "retracted")
    with pytest.raises(CurationError, match="was retracted"):
        curation.correct_event(event_of(mild), desk.first, mild.claim, "misread")


def test_a_retraction_undone_names_whom_someone_was_merged_into_meanwhile(desk: Desk) -> None:
    person, survivor = scenes.executive(), scenes.executive("Ilse M. van Houten")
    event = desk.appoint(person, "2024").event_id
    curation.retract_event(event, desk.first, "withdrawn")
    curation.merge_people(person.pk, survivor.pk, desk.first, "one person")

    restored = curation.undo_event(event, desk.first, "it was right")

    assert (restored.operation, restored.payload["subject"]["id"]) == ("ADD", survivor.pk)


def test_nothing_is_published_about_an_entry_that_was_merged(desk: Desk) -> None:
    person, survivor = scenes.executive(), scenes.company("Lakeside")
    curation.merge_organizations(desk.cloud.pk, survivor.pk, desk.first, "one company")
    draft = scenes.appointment(person, desk.cloud, desk.source, day="2024", title="CFO")

    with pytest.raises(CurationError, match="Northlake Cloud was merged into another"):
        publishing.publish(draft, desk.first)
