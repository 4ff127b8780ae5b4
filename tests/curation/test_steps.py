"""Curation: the sole writer of the record, four eyes, stale forms, nothing guessed."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from events import curation
from events.choices import CandidateState
from events.exceptions import CurationError, FourEyesRequired, InvalidClaim, StaleCandidate, UnresolvedParty
from events.models.access import User
from events.models.candidates import Candidate, Decision
from events.models.grades import GradeAssignment
from events.models.people import Executive
from events.models.record import Event, Revision
from tests import scenes


def set_up() -> dict[str, Any]:
    parent = scenes.company()
    scenes.unit("Northlake Cloud", parent)
    scenes.ladder(parent)
    source = scenes.document(scenes.DEMOTION_TEXT)
    person = scenes.executive()
    return {
        "parent": parent,
        "person": person,
        "source": source,
        "candidate": scenes.candidate(source),
        "first": scenes.curator(),
        "second": scenes.curator(),
    }


@pytest.fixture
def scene(db: None) -> dict[str, Any]:
    return set_up()


MILD = {"action": "warning", "penalties": [{"type": "warning", "degree": "minor"}]}


def test_a_mild_candidate_is_published_by_one_curator(scene: dict[str, Any]) -> None:
    mild = scenes.candidate(scene["source"], scenes.claim(scene["source"].text, **MILD))

    published = curation.accept(mild.id, scene["first"])

    assert published.state == CandidateState.PUBLISHED.value
    revision = Revision.objects.get()
    assert (revision.event_id, revision.author, revision.approver) == (
        published.event_id,
        scene["first"],
        None,
    )


def test_severity_three_waits_for_a_second_curator(scene: dict[str, Any]) -> None:
    waiting = curation.accept(scene["candidate"].id, scene["first"])

    assert (waiting.severity, waiting.state) == (3, CandidateState.AWAITING_APPROVAL.value)
    assert not Event.objects.exists()

    curation.approve(waiting.id, scene["second"])

    revision = Revision.objects.get()
    assert (revision.author, revision.approver) == (scene["first"], scene["second"])


def test_nobody_approves_what_they_accepted(scene: dict[str, Any]) -> None:
    curation.accept(scene["candidate"].id, scene["first"])

    with pytest.raises(FourEyesRequired):
        curation.approve(scene["candidate"].id, scene["first"])

    assert not Event.objects.exists()


def test_nobody_approves_a_draft_that_they_edited(scene: dict[str, Any]) -> None:
    edited = scenes.claim(scene["source"].text, grounds=["misconduct"])
    curation.edit(scene["candidate"].id, scene["second"], edited)
    curation.accept(scene["candidate"].id, scene["first"])

    with pytest.raises(FourEyesRequired, match="their own draft"):
        curation.approve(scene["candidate"].id, scene["second"])


def test_nobody_approves_a_draft_whose_names_they_resolved(scene: dict[str, Any]) -> None:
    curation.resolve_party(scene["candidate"].id, scene["second"], "/subject", "person", scene["person"].id)
    curation.accept(scene["candidate"].id, scene["first"])

    with pytest.raises(FourEyesRequired, match="their own draft"):
        curation.approve(scene["candidate"].id, scene["second"])


def test_a_superuser_alone_does_not_get_round_four_eyes_by_accident(scene: dict[str, Any]) -> None:
    root = User.objects.create_superuser("root", password="x")

    assert curation.accept(scene["candidate"].id, root).state == CandidateState.AWAITING_APPROVAL.value


def test_an_override_needs_the_permission_and_stands_in_the_revision(scene: dict[str, Any]) -> None:
    with pytest.raises(FourEyesRequired):
        curation.accept(scene["candidate"].id, scene["first"], override=True, reason="urgent")
    root = User.objects.create_superuser("root", password="x")

    curation.accept(scene["candidate"].id, root, override=True, reason="the other curator is ill")

    assert Revision.objects.get().reason == "Published without a second curator: the other curator is ill"


def test_who_may_not_curate_can_do_nothing(scene: dict[str, Any]) -> None:
    stranger = User.objects.create_user("stranger", password="x", is_staff=True)

    with pytest.raises(CurationError, match="permission"):
        curation.accept(scene["candidate"].id, stranger)


def test_a_stale_form_writes_nothing(scene: dict[str, Any]) -> None:
    seen = scene["candidate"].version
    curation.defer(scene["candidate"].id, scene["second"], seen)

    with pytest.raises(StaleCandidate):
        curation.reject(scene["candidate"].id, scene["first"], "a duplicate", seen)

    assert Candidate.objects.get().state == CandidateState.DEFERRED.value


def test_the_original_stays_beside_the_edit(scene: dict[str, Any]) -> None:
    original = scene["candidate"].original
    edited = scenes.claim(scene["source"].text, grounds=["misconduct"])

    curation.edit(scene["candidate"].id, scene["first"], edited)

    stored = Candidate.objects.get()
    assert (stored.original, stored.edited) == (original, edited)
    log = Decision.objects.get()
    assert (log.verb, log.before, log.after) == ("edit", original, edited)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"confidence": 2}, "/confidence"),
        ({"action": "release"}, "/action"),
        ({"dates": {"announced": {"value": "2025-10-18", "precision": "month"}}}, "/dates/announced"),
        ({"evidence": [{"field": "", "start": 0, "end": 3, "quote": "xyz"}]}, "/evidence/0"),
        ({"interim": True}, "/interim"),
        ({"surprise": 1}, ""),
    ],
)
def test_an_edit_that_breaks_the_contract_is_refused_with_its_pointer(
    scene: dict[str, Any], change: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidClaim) as refused:
        curation.edit(scene["candidate"].id, scene["first"], scenes.claim(scene["source"].text, **change))

    assert refused.value.pointer == pointer
    assert Candidate.objects.get().edited is None


def test_an_unknown_subject_is_never_published(scene: dict[str, Any]) -> None:
    subject = {"type": "person", "name": "Nobody Known", "organization": "Northlake Cloud"}
    stranger = scenes.candidate(scene["source"], scenes.claim(scene["source"].text, subject=subject))

    assert stranger.resolution_state == "unknown"
    with pytest.raises(UnresolvedParty, match="Nobody Known"):
        curation.accept(stranger.id, scene["first"])

    made = curation.create_party(stranger.id, scene["first"], "/subject")
    assert made.subject_executive == Executive.objects.get(name="Nobody Known")


def test_a_name_that_two_people_bear_stays_open_for_the_curator(scene: dict[str, Any]) -> None:
    namesake = scenes.executive("Ilse Van Houten")
    both = scenes.candidate(scene["source"])

    assert both.resolution_state == "ambiguous"
    assert {o["id"] for o in both.resolution["/subject"]["options"]} == {scene["person"].id, namesake.id}
    with pytest.raises(UnresolvedParty, match="may be any of"):
        curation.accept(both.id, scene["first"])

    curation.resolve_party(both.id, scene["first"], "/subject", "person", namesake.id)
    assert Candidate.objects.get(id=both.id).subject_executive == namesake


def test_a_party_cannot_stand_for_someone_who_does_not_exist(scene: dict[str, Any]) -> None:
    with pytest.raises(CurationError, match="no person number 999999"):
        curation.resolve_party(scene["candidate"].id, scene["first"], "/subject", "person", 999999)


def test_a_rejection_needs_a_reason(scene: dict[str, Any]) -> None:
    with pytest.raises(CurationError, match="Say why"):
        curation.reject(scene["candidate"].id, scene["first"], "  ")


def test_a_rejected_candidate_can_be_reopened(scene: dict[str, Any]) -> None:
    curation.reject(scene["candidate"].id, scene["first"], "a duplicate")

    assert curation.reopen(scene["candidate"].id, scene["first"]).state == CandidateState.OPEN.value


def approve_all(scene: dict[str, Any], candidate: Candidate, into: int | None = None) -> Candidate:
    curation.accept(candidate.id, scene["first"], into=into)
    return curation.approve(candidate.id, scene["second"])


def test_a_second_source_joins_the_evidence_of_the_event_and_makes_no_second_one(
    scene: dict[str, Any],
) -> None:
    known = approve_all(scene, scene["candidate"])
    other = scenes.document("Later report. " + scenes.DEMOTION_TEXT)
    again = scenes.candidate(other)
    assert again.conflicts[0]["code"] == "similar_event"
    assert again.conflicts[0]["event"] == known.event_id

    joined = approve_all(scene, again, into=known.event_id)

    assert joined.event_id == known.event_id
    assert Event.objects.count() == 1
    latest = Revision.objects.latest("seq")
    assert (latest.operation, latest.payload["status"]) == ("MOD", "reported")
    assert {e["document"]["id"] for e in latest.payload["evidence"]} == {scene["source"].id, other.id}
    assert GradeAssignment.objects.count() == 2


def test_an_event_published_meanwhile_is_seen_before_a_twin_is_published(scene: dict[str, Any]) -> None:
    other = scenes.candidate(scenes.document("Later report. " + scenes.DEMOTION_TEXT))
    approve_all(scene, scene["candidate"])

    with pytest.raises(StaleCandidate, match="perhaps the same"):
        curation.accept(other.id, scene["first"])

    assert [c["code"] for c in curation.refresh(other.id).conflicts] == ["similar_event"]


def test_a_name_that_was_unknown_is_found_once_the_person_is_known(scene: dict[str, Any]) -> None:
    subject = {"type": "person", "name": "Nobody Known", "organization": "Northlake Cloud"}
    stranger = scenes.candidate(scene["source"], scenes.claim(scene["source"].text, subject=subject))
    person = scenes.executive("Nobody Known")

    assert curation.refresh(stranger.id).subject_executive == person


def test_what_is_edited_while_it_is_put_aside_is_held_against_the_record(scene: dict[str, Any]) -> None:
    candidate = curation.defer(scene["candidate"].id, scene["first"])
    claim = candidate.claim | {"penalties": [{"type": "demotion", "levels": 2, "from": "22A", "to": "21A"}]}

    edited = curation.edit(candidate.id, scene["first"], claim)

    assert (edited.state, [c["code"] for c in edited.conflicts]) == ("deferred", ["ladder"])


def test_looking_again_writes_nothing_where_the_record_says_what_it_said(scene: dict[str, Any]) -> None:
    other = scenes.candidate(scenes.document("Later report. " + scenes.DEMOTION_TEXT))
    approve_all(scene, scene["candidate"])

    written = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            curation.refresh(other.id)
        written.append(sum(query["sql"].startswith("UPDATE") for query in asked.captured_queries))

    assert written == [1, 0]


def test_ladder_steps_that_disagree_are_a_conflict_that_the_curator_sees(scene: dict[str, Any]) -> None:
    wrong = [{"type": "demotion", "levels": 2, "from": "22A", "to": "21A"}]
    made = scenes.candidate(scene["source"], scenes.claim(scene["source"].text, penalties=wrong))

    assert [c["code"] for c in made.conflicts] == ["ladder"]


def test_a_grade_off_the_ladder_is_a_conflict_that_names_the_grades(scene: dict[str, Any]) -> None:
    wrong = [{"type": "demotion", "from": "29A", "to": "21A"}]
    made = scenes.candidate(scene["source"], scenes.claim(scene["source"].text, penalties=wrong))

    assert "22A, 22B" in made.conflicts[0]["message"]


def test_people_of_one_decision_share_a_case(scene: dict[str, Any]) -> None:
    content = scenes.claim(scene["source"].text, case="c1")
    scenes.executive("Devon Clarke")
    other = scenes.claim(
        scene["source"].text,
        case="c1",
        subject={"type": "person", "name": "Devon Clarke", "organization": "Northlake Cloud"},
        penalties=[{"type": "demotion", "levels": 2}],
    )
    one = approve_all(scene, scenes.candidate(scene["source"], content))
    two = approve_all(scene, scenes.candidate(scene["source"], other))

    assert one.event is not None
    assert two.event is not None
    assert one.event.case is not None
    assert one.event.case == two.event.case


def test_a_case_is_retracted_as_one(scene: dict[str, Any]) -> None:
    test_people_of_one_decision_share_a_case(scene)
    case = Event.objects.first().case  # type: ignore[union-attr]
    assert case is not None

    act = curation.retract_case(case.id, scene["first"], "appealed", approver=scene["second"])

    assert [r.operation for r in act.revisions.all()] == ["DEL", "DEL"]
    assert set(Event.objects.values_list("status", flat=True)) == {"retracted"}


def test_a_severe_event_is_not_retracted_alone(scene: dict[str, Any]) -> None:
    known = approve_all(scene, scene["candidate"])
    assert known.event_id is not None

    with pytest.raises(FourEyesRequired):
        curation.retract_event(known.event_id, scene["first"], "withdrawn")
    curation.retract_event(known.event_id, scene["first"], "withdrawn", approver=scene["second"])

    assert Event.objects.get().status == "retracted"


def test_a_correction_is_a_new_revision_with_the_reason(scene: dict[str, Any]) -> None:
    known = approve_all(scene, scene["candidate"])
    assert known.event_id is not None
    right = scenes.claim(
        scene["source"].text, penalties=[{"type": "demotion", "levels": 4, "from": "22A", "to": "21B"}]
    )

    curation.correct_event(known.event_id, scene["first"], right, "misread", approver=scene["second"])

    latest = Revision.objects.latest("seq")
    assert (latest.number, latest.reason, latest.payload["status"]) == (2, "misread", "corrected")
    assert [g.grade.label for g in GradeAssignment.objects.order_by("until")] == ["22A", "21B"]


@pytest.mark.django_db(transaction=True)
def test_two_curators_who_approve_at_once_publish_once() -> None:
    scene = set_up()
    curation.accept(scene["candidate"].id, scene["first"])
    approvers = [scene["second"], scenes.curator()]
    outcomes: list[str] = []

    def work(user: User) -> None:
        try:
            curation.approve(scene["candidate"].id, user)
            outcomes.append("published")
        except CurationError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(user,)) for user in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["published", "refused"]
    assert Revision.objects.count() == 1


def test_an_event_in_which_someone_only_has_a_part_is_not_taken_for_one_about_them(
    scene: dict[str, Any],
) -> None:
    issuer = scenes.company("Northlake Conduct Committee", type="committee")
    other = scenes.company("Northlake Retail")
    text = "Northlake Retail was reprimanded by Northlake Conduct Committee on October 18."
    about_the_issuer = scenes.claim(
        text,
        action="warning",
        subject={"type": "organization", "name": issuer.name},
        penalties=[{"type": "warning", "degree": "ordinary"}],
    )
    by_the_issuer = about_the_issuer | {
        "subject": {"type": "organization", "name": other.name},
        "participants": [{"role": "issuer", "type": "organization", "name": issuer.name}],
    }
    curation.accept(scenes.candidate(scenes.document(text), by_the_issuer).id, scene["first"])

    candidate = scenes.candidate(scenes.document(text), about_the_issuer)

    assert [item["code"] for item in candidate.conflicts if item["code"] == "similar_event"] == []
