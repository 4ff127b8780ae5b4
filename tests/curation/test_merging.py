"""Merging: every event goes over, nothing is lost, and undoing gives back exactly what went over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from events import curation
from events.choices import ActKind, PartyType, Role
from events.exceptions import CurationError, FourEyesRequired, GradeConflict
from events.models.acts import Act
from events.models.candidates import Candidate
from events.models.grades import GradeAssignment
from events.models.organizations import Organization, OrganizationIdentifier, OrganizationParent
from events.models.people import Executive, ExecutiveIdentifier, ExecutiveName, Position
from events.models.record import Event, Revision
from events.record import publishing
from events.record.draft import DraftParty
from events.timelines.entries import revision_of
from events.timelines.finding import people_named
from tests import scenes
from tests.curation.helpers import Desk, at_once, latest, overrider, payloads


def twins(desk: Desk) -> tuple[Executive, Executive]:
    """One person under two spellings, each with an appointment on the record."""
    old, new = scenes.executive("I. van Houten"), scenes.executive()
    desk.appoint(old, "2019", "Head of Research")
    desk.appoint(new, "2021-03", "CEO")
    return old, new


def merge(desk: Desk, source: Executive, target: Executive) -> Act:
    return curation.merge_people(source.pk, target.pk, desk.first, "one person", approver=desk.second)


def test_every_standing_event_of_a_merged_person_becomes_one_of_the_survivor(desk: Desk) -> None:
    old, new = twins(desk)
    retracted = desk.appoint(old, "2015", "Analyst")
    publishing.retract(retracted.event_id, desk.first)

    act = merge(desk, old, new)

    [rewritten] = act.revisions.all()
    assert (rewritten.operation, rewritten.reason) == ("MOD", "one person")
    assert rewritten.payload["subject"]["id"] == new.pk
    assert rewritten.payload["subject"]["named"] == "I. van Houten"
    assert "Ilse van Houten" in rewritten.payload["summary"]
    assert rewritten.subjects == sorted([f"person:{new.pk}", f"organization:{desk.cloud.pk}"])
    assert latest(retracted.event_id).payload["subject"]["id"] == old.pk
    assert {p.title for p in Position.objects.filter(executive=new)} == {"Head of Research", "CEO"}
    assert not Position.objects.filter(executive=old).exists()


def test_a_participant_who_is_merged_is_the_survivor_there_too(desk: Desk) -> None:
    old, new = scenes.executive("I. van Houten"), scenes.executive()
    other = scenes.executive("Devon Clarke")
    draft = scenes.appointment(other, desk.cloud, desk.source, day="2024", title="CEO")
    draft = replace(
        draft, participants=(DraftParty(Role.PREDECESSOR, PartyType.PERSON, "I. van Houten", old.pk),)
    )
    published = publishing.publish(draft, desk.first)

    merge(desk, old, new)

    [party] = latest(published.event_id).payload["details"]["participants"]
    assert (party["id"], party["name"], party["role"]) == (new.pk, "Ilse van Houten", "predecessor")


def test_a_merged_person_is_found_under_both_names(desk: Desk) -> None:
    old, new = twins(desk)

    merge(desk, old, new)

    assert list(people_named("I. van Houten")) == [new]
    assert list(people_named("Ilse van Houten")) == [new]


def test_what_the_register_holds_goes_over_and_comes_back(desk: Desk) -> None:
    old, new = twins(desk)
    identifier = ExecutiveIdentifier.objects.create(executive=old, scheme="wikidata", value="Q1")
    declared = Position.objects.create(executive=old, organization=desk.parent, title="Trustee")

    act = merge(desk, old, new)

    identifier.refresh_from_db()
    declared.refresh_from_db()
    assert (identifier.executive, declared.executive) == (new, new)

    curation.undo_act(act.pk, desk.first, "two people after all", approver=desk.second)

    identifier.refresh_from_db()
    declared.refresh_from_db()
    assert (identifier.executive, declared.executive) == (old, old)
    assert list(ExecutiveName.objects.filter(executive=new).values_list("name", flat=True)) == [
        "Ilse van Houten"
    ]


def test_a_copied_name_that_became_the_one_shown_stays_when_the_merge_is_undone(desk: Desk) -> None:
    old, new = twins(desk)
    act = merge(desk, old, new)
    new.name = "I. van Houten"
    new.save()

    curation.undo_act(act.pk, desk.first, "two people", approver=desk.second)

    assert ExecutiveName.objects.get(executive=new, name="I. van Houten").type == "primary"


def test_histories_that_contradict_each_other_are_refused_with_the_event_named(desk: Desk) -> None:
    old, new = scenes.executive("I. van Houten"), scenes.executive()
    desk.demote(old, day="2024-05-01", start="22A", end="22B")
    known = desk.demote(new, day="2024-05-01", start="22A", end="21A")

    with pytest.raises(GradeConflict, match=f"vent {known.event_id} "):
        merge(desk, old, new)

    assert Executive.objects.get(pk=old.pk).merged_into is None
    assert (Act.objects.count(), Revision.objects.count()) == (0, 2)


def test_histories_that_follow_one_another_become_one(desk: Desk) -> None:
    old, new = scenes.executive("I. van Houten"), scenes.executive()
    desk.demote(old, day="2024-05-01", start="22A", end="22B")
    desk.demote(new, day="2025-05-01", start="22B", end="21A")

    merge(desk, old, new)

    held = GradeAssignment.objects.filter(executive=new).order_by("until")
    assert [row.grade.label for row in held] == ["22A", "22B", "21A"]


def test_the_gravest_event_decides_whether_a_merge_needs_a_second_curator(desk: Desk) -> None:
    old, new = twins(desk)
    grave = desk.demote(old)

    with pytest.raises(FourEyesRequired, match="Severity 3"):
        curation.merge_people(old.pk, new.pk, desk.first, "one person")
    with pytest.raises(FourEyesRequired):
        curation.merge_people(old.pk, new.pk, desk.first, "one person", approver=desk.first)

    publishing.retract(grave.event_id, desk.first, desk.second)
    assert curation.merge_people(old.pk, new.pk, desk.first, "one person").approver is None


def test_an_override_needs_the_permission_and_stands_in_every_revision_of_the_merge(desk: Desk) -> None:
    old, new = twins(desk)
    desk.demote(old)

    with pytest.raises(FourEyesRequired, match="permission"):
        curation.merge_people(old.pk, new.pk, desk.first, "urgent", override=True)
    act = curation.merge_people(old.pk, new.pk, overrider(), "urgent", override=True)

    reasons = set(act.revisions.values_list("reason", flat=True))
    assert reasons == {"Published without a second curator: urgent"}
    assert act.revisions.count() == 2


def test_nobody_is_merged_twice_or_into_themselves(desk: Desk) -> None:
    old, new = twins(desk)
    third = scenes.executive("Devon Clarke")
    with pytest.raises(CurationError, match="one and the same"):
        merge(desk, old, old)
    merge(desk, old, new)

    for source, target in ((old, third), (third, old), (old, new)):
        with pytest.raises(CurationError, match=f"{old.pk} was merged into number {new.pk}"):
            merge(desk, source, target)
    with pytest.raises(CurationError, match="no entry number 0"):
        curation.merge_people(0, new.pk, desk.first, "one person")


def test_those_judged_apart_are_not_merged_until_the_judgement_is_taken_back(desk: Desk) -> None:
    old, new = twins(desk)
    curation.judge(ActKind.PERSON, new.pk, old.pk, False, desk.first, "father and daughter")

    with pytest.raises(CurationError, match="not the same: father and daughter"):
        merge(desk, old, new)

    curation.forget(ActKind.PERSON, old.pk, new.pk, desk.first)
    assert merge(desk, old, new).pk


def test_a_judgement_about_an_old_number_holds_for_the_survivor(desk: Desk) -> None:
    old, new = twins(desk)
    stranger = scenes.executive("Isa van Houten")
    curation.judge(ActKind.PERSON, old.pk, stranger.pk, False, desk.first, "cousins")
    merge(desk, old, new)

    with pytest.raises(CurationError, match="cousins"):
        merge(desk, stranger, new)


def test_a_candidate_that_stood_for_the_merged_person_is_published_about_the_survivor(desk: Desk) -> None:
    old, new = scenes.executive(), scenes.executive("Ilse M. van Houten")
    waiting = desk.candidate()
    assert waiting.subject_executive == old
    merge(desk, old, new)

    published = curation.accept(waiting.pk, desk.first)

    assert published.event is not None
    assert latest(published.event.pk).payload["subject"]["id"] == new.pk


def test_a_merge_undone_at_once_leaves_every_payload_as_it_was(desk: Desk) -> None:
    old, new = twins(desk)
    desk.demote(old)
    before = payloads()
    act = merge(desk, old, new)
    assert payloads() != before

    undone = curation.undo_act(act.pk, desk.first, "two people", approver=desk.second)

    assert payloads() == before
    assert {r.operation for r in undone.revisions.all()} == {"MOD"}
    assert Executive.objects.get(pk=old.pk).merged_into is None
    assert Position.objects.filter(executive=old).exists()
    with pytest.raises(CurationError, match="undone already"):
        curation.undo_act(act.pk, desk.first, "again", approver=desk.second)


def test_undoing_a_merge_keeps_what_was_corrected_since_and_gives_back_the_identity_alone(desk: Desk) -> None:
    old, new = twins(desk)
    waiting = desk.candidate(subject={"type": "person", "name": "I. van Houten"}, grounds=["gossip"])
    event = curation.accept(waiting.pk, desk.first).event_id
    assert event is not None
    before = latest(event).payload
    act = merge(desk, old, new)
    right = {**waiting.claim, "grounds": ["misconduct"]}
    curation.correct_event(event, desk.first, right, "misread")

    curation.undo_act(act.pk, desk.first, "two people", approver=desk.second)

    now = latest(event).payload
    assert now["subject"] == before["subject"]
    assert (now["details"]["grounds"], now["status"]) == (["misconduct"], "corrected")


def test_an_event_retracted_since_stays_retracted_when_the_merge_is_undone(desk: Desk) -> None:
    old, new = twins(desk)
    event = Event.objects.get(parties__executive=old).pk
    act = merge(desk, old, new)
    curation.retract_event(event, desk.first, "wrong")

    curation.undo_act(act.pk, desk.first, "two people", approver=desk.second)

    assert latest(event).operation == "DEL"


def test_merges_in_a_row_are_undone_from_the_last_one_on(desk: Desk) -> None:
    old, new = twins(desk)
    third = scenes.executive("Ilse M. van Houten")
    identifier = ExecutiveIdentifier.objects.create(executive=old, scheme="wikidata", value="Q1")
    before = payloads()
    one = merge(desk, old, new)
    two = merge(desk, new, third)

    with pytest.raises(CurationError, match=f"merged into number {third.pk} since"):
        curation.undo_act(one.pk, desk.first, "two people", approver=desk.second)
    curation.undo_act(two.pk, desk.first, "two people", approver=desk.second)
    curation.undo_act(one.pk, desk.first, "two people", approver=desk.second)

    identifier.refresh_from_db()
    assert identifier.executive == old
    assert payloads() == before


def test_an_undoing_is_not_undone(desk: Desk) -> None:
    old, new = twins(desk)
    act = merge(desk, old, new)
    event = act.revisions.get().event_id
    undoing = curation.undo_act(act.pk, desk.first, "two people", approver=desk.second)

    with pytest.raises(CurationError, match="again instead"):
        curation.undo_act(undoing.pk, desk.first, "no", approver=desk.second)
    with pytest.raises(CurationError, match="again instead"):
        curation.undo_event(event, desk.first, "no", approver=desk.second)


def test_undoing_a_correction_after_a_merge_does_not_bring_the_old_number_back(desk: Desk) -> None:
    old, new = scenes.executive(), scenes.executive("Ilse M. van Houten")
    waiting = desk.candidate(grounds=["gossip"])
    event = curation.accept(waiting.pk, desk.first).event_id
    assert event is not None
    merge(desk, old, new)
    curation.correct_event(event, desk.first, {**waiting.claim, "grounds": ["misconduct"]}, "misread")
    merge(desk, new, scenes.executive("Ilse Maria van Houten"))

    with pytest.raises(CurationError, match="part of act"):
        curation.undo_event(event, desk.first, "it was right")


# Organizations


def test_units_ladders_cases_and_positions_of_a_merged_organization_go_over_and_come_back(desk: Desk) -> None:
    old, new = scenes.company("Lakeside"), scenes.company("Lakeside Group")
    team = scenes.unit("Lakeside Labs", old)
    ladder = scenes.ladder(old)
    person = scenes.executive()
    declared = Position.objects.create(executive=person, organization=old, title="Trustee")
    lei = OrganizationIdentifier.objects.create(organization=old, scheme="lei", value="X1")
    graded = publishing.publish(scenes.demotion(person, team, desk.source), desk.first, desk.second)
    before = payloads()

    act = curation.merge_organizations(old.pk, new.pk, desk.first, "one company", approver=desk.second)

    assert OrganizationParent.objects.get(child=team).parent == new
    for row in (ladder, declared, lei):
        row.refresh_from_db()
        assert row.organization == new
    assert set(GradeAssignment.objects.filter(event=graded.event).values_list("organization", flat=True)) == {
        new.pk
    }

    curation.undo_act(act.pk, desk.first, "two companies", approver=desk.second)

    assert OrganizationParent.objects.get(child=team).parent == old
    for row in (ladder, declared, lei):
        row.refresh_from_db()
        assert row.organization == old
    assert set(GradeAssignment.objects.filter(event=graded.event).values_list("organization", flat=True)) == {
        old.pk
    }
    assert payloads() == before


def test_an_organization_is_not_merged_with_a_unit_of_its_own(desk: Desk) -> None:
    team = scenes.unit("Cloud Team", desk.cloud)

    for source, target in ((desk.parent, team), (team, desk.parent)):
        with pytest.raises(CurationError, match="was part of"):
            curation.merge_organizations(source.pk, target.pk, desk.first, "one", approver=desk.second)

    assert not Organization.objects.exclude(merged_into=None).exists()


def test_where_a_position_is_held_is_the_survivor_after_a_merge(desk: Desk) -> None:
    old, person = scenes.company("Lakeside"), scenes.executive()
    published = desk.appoint(person, "2024", at=old)

    curation.merge_organizations(old.pk, desk.cloud.pk, desk.first, "one company")

    payload = latest(published.event_id).payload
    assert payload["subject"]["organization"]["id"] == desk.cloud.pk
    assert payload["details"]["organization"]["id"] == desk.cloud.pk
    assert Position.objects.get(executive=person).organization == desk.cloud


# Events


def same_news(desk: Desk) -> tuple[int, int, Candidate]:
    """The same warning published twice, from two articles; the second one's candidate."""
    scenes.executive()
    ours = curation.accept(desk.candidate().pk, desk.first)
    theirs = desk.candidate("Later report. " + scenes.DEMOTION_TEXT)
    curation.refresh(theirs.pk)
    second = curation.accept(theirs.pk, desk.first)
    assert ours.event_id is not None
    assert second.event_id is not None
    curation.forget(ActKind.EVENT, ours.event_id, second.event_id, desk.first)
    return ours.event_id, second.event_id, second


def test_the_evidence_of_a_merged_event_joins_the_other_and_leaves_it_again(desk: Desk) -> None:
    kept, given_up, candidate = same_news(desk)
    before = payloads()

    act = curation.merge_events(given_up, kept, desk.first, "the same warning")

    documents = {item["document"]["id"] for item in latest(kept).payload["evidence"]}
    assert len(documents) == 2
    gone = latest(given_up)
    assert (gone.operation, gone.payload["merged_into"], gone.payload["status"]) == ("DEL", kept, "retracted")
    answer = revision_of(given_up)
    assert answer is not None
    assert answer.event_id == kept
    assert Event.objects.get(pk=given_up).merged_into_id == kept
    candidate.refresh_from_db()
    assert candidate.event_id == kept

    curation.undo_act(act.pk, desk.first, "two warnings")

    assert payloads() == before
    assert latest(given_up).operation == "ADD"
    candidate.refresh_from_db()
    assert candidate.event_id == given_up


def test_undoing_a_merge_of_events_keeps_what_joined_since(desk: Desk) -> None:
    kept, given_up, _ = same_news(desk)
    act = curation.merge_events(given_up, kept, desk.first, "the same warning")
    third = desk.candidate("A third report. " + scenes.DEMOTION_TEXT)
    curation.accept(third.pk, desk.first, into=kept)

    curation.undo_act(act.pk, desk.first, "two warnings")

    found = {item["document"]["id"] for item in latest(kept).payload["evidence"]}
    assert third.document_id in found
    assert not found & {item["document"]["id"] for item in latest(given_up).payload["evidence"]}


def test_events_about_two_people_are_not_merged_before_the_people_are(desk: Desk) -> None:
    old, new = twins(desk)
    one, other = Event.objects.get(parties__executive=old), Event.objects.get(parties__executive=new)

    with pytest.raises(CurationError, match="merge them first"):
        curation.merge_events(one.pk, other.pk, desk.first, "the same")

    merge(desk, old, new)
    assert curation.merge_events(one.pk, other.pk, desk.first, "the same").target == other.pk


def test_an_event_that_was_retracted_or_merged_is_not_merged(desk: Desk) -> None:
    kept, given_up, _ = same_news(desk)
    with pytest.raises(CurationError, match="one and the same"):
        curation.merge_events(kept, kept, desk.first, "the same")
    curation.merge_events(given_up, kept, desk.first, "the same")

    with pytest.raises(CurationError, match="must stand"):
        curation.merge_events(given_up, kept, desk.first, "the same")
    with pytest.raises(CurationError, match="part of act"):
        curation.undo_event(given_up, desk.first, "no")


def test_a_candidate_accepted_into_an_event_that_was_merged_joins_the_survivor(desk: Desk) -> None:
    scenes.executive()
    grave = scenes.candidate(scenes.document(scenes.DEMOTION_TEXT))
    curation.accept(grave.pk, desk.first)
    kept = curation.approve(grave.pk, desk.second).event_id
    person = Executive.objects.get(name="Ilse van Houten")
    given_up = desk.appoint(person, "2024").event_id
    waiting = scenes.candidate(scenes.document("Again. " + scenes.DEMOTION_TEXT))
    curation.accept(waiting.pk, desk.first, into=given_up)
    assert kept is not None
    curation.merge_events(given_up, kept, desk.first, "the same", approver=desk.second)

    joined = curation.approve(waiting.pk, desk.second)

    assert joined.event_id == kept
    assert waiting.document_id in {e["document"]["id"] for e in latest(kept).payload["evidence"]}


def test_a_merged_event_is_corrected_by_the_article_that_it_was_made_of(desk: Desk) -> None:
    first, second, candidate = same_news(desk)
    curation.merge_events(first, second, desk.first, "the same warning")
    right = {**candidate.claim, "grounds": ["misconduct"]}

    revision = curation.correct_event(second, desk.first, right, "misread")

    assert revision.payload["details"]["grounds"] == ["misconduct"]
    assert len({e["document"]["id"] for e in revision.payload["evidence"]}) == 2


# At once


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_of_one_person_at_once_one_is_done_and_one_refused() -> None:
    desk = Desk()
    for number in range(4):
        old, new = scenes.executive(f"Old Name{number}"), scenes.executive(f"New Name{number}")
        desk.demote(old)

        results = at_once(
            lambda: curation.merge_people(old.pk, new.pk, desk.first, "one", approver=desk.second),  # noqa: B023
            lambda: curation.merge_people(new.pk, old.pk, desk.second, "one", approver=desk.first),  # noqa: B023
        )

        done = [result for result in results if isinstance(result, Act)]
        refused = [result for result in results if isinstance(result, CurationError)]
        assert (len(done), len(refused)) == (1, 1), results


@pytest.mark.django_db(transaction=True)
def test_what_is_published_while_a_person_is_merged_never_stands_on_the_old_number() -> None:
    desk = Desk()
    for number in range(6):
        old, new = scenes.executive(f"Old Name{number}"), scenes.executive(f"New Name{number}")
        desk.appoint(old, "2019")

        results = at_once(
            lambda: curation.merge_people(old.pk, new.pk, desk.first, "one"),  # noqa: B023
            lambda: desk.appoint(old, "2020", "CEO"),  # noqa: B023
        )

        errors = [result for result in results if isinstance(result, Exception)]
        assert all(isinstance(error, CurationError) for error in errors), results
        assert len(errors) <= 1, results
        merged = Executive.objects.get(pk=old.pk).merged_into_id is not None
        standing = Event.objects.filter(parties__executive=old)
        assert not (merged and standing.exists()), results


@pytest.mark.django_db(transaction=True)
def test_curators_who_correct_several_events_of_one_person_at_once_do_not_block_one_another() -> None:
    desk = Desk()
    person = scenes.executive()
    steps = [("22A", "22B"), ("22B", "22C"), ("22C", "21A"), ("21A", "21B")]
    events = [
        desk.demote(person, day=f"202{n}-01-01", start=start, end=end).event_id
        for n, (start, end) in enumerate(steps)
    ]

    def by_hand(event: int, severe: int) -> Callable[[], Revision]:
        return lambda: curation.set_severity(event, desk.first, severe, "by hand", approver=desk.second)

    for severe in (1, 2, 3):
        results = at_once(*[by_hand(event, severe) for event in events])
        assert all(isinstance(result, Revision) for result in results), results
