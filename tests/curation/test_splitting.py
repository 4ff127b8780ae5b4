"""Splitting: what was taken for one is two; told as a correction, undone as one."""

from __future__ import annotations

import pytest

from events import curation
from events.choices import ActKind
from events.exceptions import CurationError, FourEyesRequired
from events.models.acts import Judgement
from events.models.candidates import Candidate
from events.models.grades import GradeAssignment
from events.models.people import Executive, Position
from events.models.record import Event, Revision
from tests import scenes
from tests.curation.helpers import Desk, latest, payloads


def test_events_of_a_split_person_go_to_a_new_entry_as_corrections(desk: Desk) -> None:
    person = scenes.executive()
    stays = desk.appoint(person, "2019", "Head of Research")
    goes = desk.demote(person)

    act = curation.split_person(
        person.pk, [goes.event_id], desk.first, "her namesake", name="Ilse van Houten", approver=desk.second
    )

    other = Executive.objects.exclude(pk=person.pk).get()
    assert (act.source, act.target) == (person.pk, other.pk)
    told = latest(goes.event_id)
    assert (told.payload["subject"]["id"], told.payload["status"]) == (other.pk, "corrected")
    assert latest(stays.event_id) == stays
    assert GradeAssignment.objects.filter(executive=other).count() == 2
    assert not GradeAssignment.objects.filter(executive=person).exists()
    judgement = Judgement.objects.get()
    assert (judgement.kind, judgement.same) == ("person", False)


def test_events_of_a_split_person_may_go_to_someone_on_record(desk: Desk) -> None:
    person, other = scenes.executive(), scenes.executive("Isa van Houten")
    goes = desk.appoint(person, "2024")

    curation.split_person(person.pk, [goes.event_id], desk.first, "her sister", target=other.pk)

    assert Position.objects.get().executive == other
    assert Executive.objects.count() == 2


def test_a_split_undone_at_once_leaves_every_payload_as_it_was(desk: Desk) -> None:
    person = scenes.executive()
    goes = [desk.appoint(person, "2024").event_id, desk.appoint(person, "2020", "Analyst").event_id]
    before = payloads()
    act = curation.split_person(person.pk, goes, desk.first, "her namesake", name="Ilse van Houten")

    curation.undo_act(act.pk, desk.first, "one person after all")

    assert payloads() == before
    made = Executive.objects.get(pk=act.target or 0)
    assert made.merged_into == person
    assert not Judgement.objects.exists()


def test_undoing_a_split_keeps_what_was_corrected_since(desk: Desk) -> None:
    person = scenes.executive()
    waiting = desk.candidate()
    event = curation.accept(waiting.pk, desk.first).event_id
    assert event is not None
    act = curation.split_person(person.pk, [event], desk.first, "her namesake", name="I. van Houten")
    curation.correct_event(event, desk.first, {**waiting.claim, "grounds": ["misconduct"]}, "misread")

    curation.undo_act(act.pk, desk.first, "one person after all")

    now = latest(event).payload
    assert (now["subject"]["id"], now["details"]["grounds"]) == (person.pk, ["misconduct"])


def test_a_correction_after_a_split_does_not_give_the_event_back(desk: Desk) -> None:
    person = scenes.executive()
    waiting = desk.candidate()
    event = curation.accept(waiting.pk, desk.first).event_id
    assert event is not None
    act = curation.split_person(person.pk, [event], desk.first, "her namesake", name="I. van Houten")

    curation.correct_event(event, desk.first, {**waiting.claim, "grounds": ["misconduct"]}, "misread")

    assert latest(event).payload["subject"]["id"] == act.target


def test_who_was_merged_since_a_split_is_whom_its_undoing_gives_the_events_to(desk: Desk) -> None:
    person, survivor = scenes.executive(), scenes.executive("Ilse M. van Houten")
    event = desk.appoint(person, "2024").event_id
    act = curation.split_person(person.pk, [event], desk.first, "her namesake", name="I. van Houten")
    curation.merge_people(person.pk, survivor.pk, desk.first, "one person")

    curation.undo_act(act.pk, desk.first, "one person after all")

    assert latest(event).payload["subject"]["id"] == survivor.pk
    assert Executive.objects.get(pk=act.target or 0).merged_into == survivor


def test_only_events_on_record_about_someone_are_split_off(desk: Desk) -> None:
    person, other = scenes.executive(), scenes.executive("Devon Clarke")
    theirs, grave = desk.appoint(other, "2024").event_id, desk.demote(person).event_id

    with pytest.raises(CurationError, match=f"Event {theirs} is not on record about person {person.pk}"):
        curation.split_person(person.pk, [theirs], desk.first, "two", target=other.pk)
    with pytest.raises(CurationError, match="which events"):
        curation.split_person(person.pk, [], desk.first, "two", target=other.pk)
    with pytest.raises(CurationError, match="no other person"):
        curation.split_person(person.pk, [grave], desk.first, "two", target=person.pk)
    with pytest.raises(CurationError, match="whom the events are about"):
        curation.split_person(person.pk, [grave], desk.first, "two", approver=desk.second)
    with pytest.raises(FourEyesRequired):
        curation.split_person(person.pk, [grave], desk.first, "two", target=other.pk)


def test_events_of_a_split_organization_go_to_the_other_one(desk: Desk) -> None:
    other = scenes.company("Northlake Cloud Services")
    event = desk.appoint(scenes.executive(), "2024").event_id
    before = payloads()

    act = curation.split_organization(desk.cloud.pk, [event], desk.first, "a namesake", target=other.pk)

    assert latest(event).payload["subject"]["organization"]["id"] == other.pk
    assert Position.objects.get().organization == other

    curation.undo_act(act.pk, desk.first, "one company")

    assert payloads() == before


def joined(desk: Desk) -> tuple[int, Candidate]:
    """An event of two articles, and the candidate of the second."""
    scenes.executive()
    event = curation.accept(desk.candidate().pk, desk.first).event_id
    second = desk.candidate("Later report. " + scenes.DEMOTION_TEXT)
    curation.refresh(second.pk)
    assert event is not None
    curation.accept(second.pk, desk.first, into=event)
    return event, second


def test_a_candidate_that_joined_an_event_is_split_off_as_one_of_its_own(desk: Desk) -> None:
    event, second = joined(desk)
    before = payloads()

    act = curation.split_event(event, second.pk, desk.first, "another warning")

    assert act.target is not None
    own = latest(act.target)
    assert {e["document"]["id"] for e in own.payload["evidence"]} == {second.document_id}
    assert second.document_id not in {e["document"]["id"] for e in latest(event).payload["evidence"]}
    second.refresh_from_db()
    assert second.event_id == act.target

    curation.undo_act(act.pk, desk.first, "the same after all")

    assert payloads() == before
    assert latest(act.target).payload["merged_into"] == event
    second.refresh_from_db()
    assert second.event_id == event


def test_a_split_event_that_was_corrected_since_takes_the_words_back_when_it_is_undone(desk: Desk) -> None:
    event, second = joined(desk)
    act = curation.split_event(event, second.pk, desk.first, "another warning")
    curation.set_severity(event, desk.first, 2, "by hand")

    curation.undo_act(act.pk, desk.first, "the same after all")

    now = latest(event).payload
    assert now["severity"] == 2
    assert second.document_id in {e["document"]["id"] for e in now["evidence"]}


def test_the_candidate_that_an_event_was_made_of_is_not_split_off(desk: Desk) -> None:
    event, _ = joined(desk)
    first = Candidate.objects.filter(event=event).order_by("pk").first()
    assert first is not None

    with pytest.raises(CurationError, match="was made of this candidate"):
        curation.split_event(event, first.pk, desk.first, "two")
    with pytest.raises(CurationError, match="is not part of event"):
        curation.split_event(event, 0, desk.first, "two")


def test_the_two_of_a_split_are_not_proposed_as_one_again(desk: Desk) -> None:
    event, second = joined(desk)

    act = curation.split_event(event, second.pk, desk.first, "another warning")

    assert Event.objects.exclude(status="retracted").count() == 2
    assert curation.duplicates(ActKind.EVENT) == []
    assert act.target is not None
    with pytest.raises(CurationError, match="another warning"):
        curation.merge_events(act.target, event, desk.first, "the same")


def test_a_split_of_someone_unknown_writes_nothing(desk: Desk) -> None:
    with pytest.raises(CurationError, match="no person number 0"):
        curation.split_person(0, [1], desk.first, "two", name="Anyone")
    assert not Revision.objects.exists()
