"""A case is published, corrected, retracted and undone as one: all of its events or none."""

from __future__ import annotations

from typing import Any

import pytest

from events import curation
from events.exceptions import CurationError, FourEyesRequired, InvalidClaim
from events.models.acts import Act
from events.models.candidates import Candidate
from events.models.grades import GradeAssignment
from events.models.record import Case, Event, Revision
from tests import scenes
from tests.curation.helpers import MILD, Desk, at_once, latest, payloads

NAMES = ("Ilse van Houten", "Devon Clarke")


def candidates(desk: Desk, *, mild: bool = True, case: str = "c1", **fields: Any) -> list[Candidate]:
    """One decision about two people, read in one article."""
    made = []
    for name in NAMES:
        subject = {"type": "person", "name": name, "organization": "Northlake Cloud"}
        content = scenes.claim(
            desk.source.text, **((MILD if mild else {}) | {"case": case, "subject": subject} | fields)
        )
        made.append(scenes.candidate(desk.source, content))
    return made


@pytest.fixture
def people(desk: Desk) -> None:
    for name in NAMES:
        scenes.executive(name)


@pytest.fixture
def case(desk: Desk, people: None) -> Case:
    """A published case of two mild penalties."""
    curation.accept_case(candidates(desk)[0].pk, desk.first)
    return Case.objects.get()


def test_a_case_is_published_as_one_act(desk: Desk, case: Case) -> None:
    act = Act.objects.get()

    assert (act.verb, act.kind, act.source) == ("publish_case", "case", case.pk)
    assert [revision.operation for revision in act.revisions.all()] == ["ADD", "ADD"]
    assert {event.case_id for event in Event.objects.all()} == {case.pk}
    assert set(Candidate.objects.values_list("state", flat=True)) == {"published"}


@pytest.mark.usefixtures("people")
def test_a_severe_case_waits_for_a_second_curator_as_one(desk: Desk) -> None:
    one, _ = candidates(desk, mild=False, penalties=[{"type": "demotion", "levels": 2}])

    curation.accept_case(one.pk, desk.first)

    assert set(Candidate.objects.values_list("state", flat=True)) == {"awaiting_approval"}
    with pytest.raises(FourEyesRequired):
        curation.approve_case(one.pk, desk.first)

    curation.approve_case(one.pk, desk.second)

    revisions = Revision.objects.all()
    assert [(r.author, r.approver) for r in revisions] == [(desk.first, desk.second)] * 2


def test_nothing_of_a_case_is_published_when_one_name_is_unknown(desk: Desk) -> None:
    scenes.executive(NAMES[0])
    one, _ = candidates(desk)

    with pytest.raises(CurationError, match="not known yet"):
        curation.accept_case(one.pk, desk.first)

    assert not Revision.objects.exists()
    assert set(Candidate.objects.values_list("state", flat=True)) == {"open"}


@pytest.mark.usefixtures("people")
def test_two_candidates_of_a_case_that_join_one_event_are_refused_in_words(desk: Desk) -> None:
    grave: dict[str, Any] = {"mild": False, "penalties": [{"type": "demotion", "levels": 2}]}
    known = candidates(desk, case="c0")[0]
    event = curation.accept(known.pk, desk.first).event_id
    one, other = candidates(desk, **grave)
    for candidate in (one, other):
        curation.accept(candidate.pk, desk.first, into=event)

    with pytest.raises(CurationError, match="join the same event"):
        curation.approve_case(one.pk, desk.second)


def test_a_case_is_corrected_as_one_and_undone_as_one(desk: Desk, case: Case) -> None:
    before, title = payloads(), case.title
    change = {"title": "The October decision", "grounds": ["fraud"], "issuer": {"name": "Audit Committee"}}

    act = curation.correct_case(case.pk, desk.first, change, "misread")

    now = payloads()
    assert {p["case_title"] for p in now.values()} == {"The October decision"}
    assert {p["details"]["issuer"]["name"] for p in now.values()} == {"Audit Committee"}
    assert {(p["status"], *p["details"]["grounds"]) for p in now.values()} == {("corrected", "fraud")}

    curation.undo_act(act.pk, desk.first, "it was right")

    assert payloads() == before
    assert Case.objects.get().title == title


def test_two_events_of_a_case_may_change_places_in_one_correction(desk: Desk) -> None:
    person = scenes.executive()
    case = Case.objects.create(title="A year of demotions", key="x")
    early = desk.demote(person, day="2024-01-01", start="22A", end="22B", case_id=case.pk)
    late = desk.demote(person, day="2025-01-01", start="22B", end="22C", case_id=case.pk)

    def other(day: str, start: str, end: str) -> dict[str, Any]:
        decided = {"value": day, "precision": "day"}
        return {"dates": {"decided": decided}, "penalties": [{"type": "demotion", "from": start, "to": end}]}

    swap = {
        "events": {
            str(early.event_id): other("2025-01-01", "22B", "22C"),
            str(late.event_id): other("2024-01-01", "22A", "22B"),
        }
    }

    curation.correct_case(case.pk, desk.first, swap, "the dates were swapped", approver=desk.second)

    held = GradeAssignment.objects.order_by("until").values_list("grade__label", "start", "event")
    assert [(label, str(start), event) for label, start, event in held] == [
        ("22A", "None", late.event_id),
        ("22B", "2024-01-01", late.event_id),
        ("22C", "2025-01-01", early.event_id),
    ]


def test_a_correction_of_a_case_names_the_field_that_is_wrong(desk: Desk, case: Case) -> None:
    event = Event.objects.order_by("pk").first()
    assert event is not None
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, ""),
        ({"headline": "x"}, "/headline"),
        ({"title": " "}, "/title"),
        ({"issuer": {"id": 0}}, "/issuer/id"),
        ({"status": "retracted"}, "/status"),
        ({"events": {"0": {}}}, "/events/0"),
        ({"events": {str(event.pk): {"grounds": [1]}}}, f"/events/{event.pk}/grounds/0"),
        ({"dates": {"decided": {"value": "2025-10-18", "precision": "month"}}}, "/dates/decided"),
    ]

    for change, pointer in wrong:
        with pytest.raises(InvalidClaim) as caught:
            curation.correct_case(case.pk, desk.first, change, "misread")
        assert caught.value.pointer == pointer

    assert Revision.objects.count() == 2


def test_penalties_are_given_to_disciplinary_events_alone(desk: Desk) -> None:
    case = Case.objects.create(title="Appointments", key="x")
    event = desk.appoint(scenes.executive(), "2024").event_id
    Event.objects.filter(pk=event).update(case=case)

    with pytest.raises(InvalidClaim, match="discipline claims only"):
        curation.correct_case(
            case.pk, desk.first, {"events": {str(event): {"penalties": [{"type": "warning"}]}}}, "misread"
        )


def test_a_case_is_retracted_and_comes_back_as_one(desk: Desk, case: Case) -> None:
    before = payloads()

    act = curation.retract_case(case.pk, desk.first, "appealed")
    assert payloads() == {}
    with pytest.raises(CurationError, match="No event of this case stands"):
        curation.retract_case(case.pk, desk.first, "appealed")
    curation.undo_act(act.pk, desk.first, "the appeal failed")

    assert payloads() == before


def test_undoing_the_publication_of_a_case_retracts_all_of_it(desk: Desk, case: Case) -> None:
    undone = curation.undo_act(Act.objects.get().pk, desk.first, "too early")

    assert [revision.operation for revision in undone.revisions.all()] == ["DEL", "DEL"]
    assert payloads() == {}


def test_a_case_of_which_one_event_was_changed_since_is_not_undone(desk: Desk, case: Case) -> None:
    act = curation.correct_case(case.pk, desk.first, {"grounds": ["fraud"]}, "misread")
    event = Event.objects.order_by("pk").first()
    assert event is not None
    curation.set_severity(event.pk, desk.first, 2, "by hand")
    before = payloads()

    with pytest.raises(CurationError, match=f"Event {event.pk} was changed after that"):
        curation.undo_act(act.pk, desk.first, "it was right")

    assert payloads() == before


def test_a_merge_of_people_does_not_keep_a_case_from_being_undone(desk: Desk, case: Case) -> None:
    act = curation.correct_case(case.pk, desk.first, {"grounds": ["fraud"]}, "misread")
    event = Event.objects.order_by("pk").first()
    assert event is not None
    source = event.parties.get(role="subject").executive_id
    assert source is not None
    survivor = scenes.executive("Ilse M. van Houten")
    curation.merge_people(source, survivor.pk, desk.first, "one person")

    curation.undo_act(act.pk, desk.first, "it was right")

    now = latest(event.pk).payload
    assert (now["subject"]["id"], now["details"].get("grounds")) == (survivor.pk, None)


def test_part_of_a_case_is_not_undone_alone(desk: Desk, case: Case) -> None:
    event = Event.objects.first()
    assert event is not None

    with pytest.raises(CurationError, match="part of act"):
        curation.undo_event(event.pk, desk.first, "wrong")


@pytest.mark.django_db(transaction=True)
def test_of_two_steps_on_one_case_at_once_both_follow_one_another_or_one_is_refused() -> None:
    desk = Desk()
    for name in NAMES:
        scenes.executive(name)
    one, _ = candidates(desk)

    results = at_once(
        lambda: curation.accept_case(one.pk, desk.first), lambda: curation.accept_case(one.pk, desk.second)
    )
    refused = [result for result in results if isinstance(result, CurationError)]
    assert len(refused) == 1, results
    assert Revision.objects.count() == 2

    case = Case.objects.get()
    results = at_once(
        lambda: curation.retract_case(case.pk, desk.first, "appealed"),
        lambda: curation.correct_case(case.pk, desk.second, {"grounds": ["fraud"]}, "misread"),
        lambda: curation.retract_case(case.pk, desk.second, "appealed"),
    )
    assert all(isinstance(result, Act | CurationError) for result in results), results
    assert sum(isinstance(result, CurationError) for result in results) in (1, 2), results
    assert payloads() == {}
