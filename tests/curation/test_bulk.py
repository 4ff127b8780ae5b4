"""One step on many candidates, and taking back: as one, the last first, and never over what came after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from events import curation
from events.choices import CandidateState, Verb
from events.exceptions import CurationError
from events.models.access import User
from events.models.candidates import Bulk, Candidate, Decision
from events.models.record import Event, Revision
from tests import scenes
from tests.curation.helpers import Desk, at_once


@pytest.fixture
def people(desk: Desk) -> list[str]:
    """Names of people on record."""
    names = ["Ilse van Houten", "Quill Abara", "Halvard Brekke"]
    for name in names:
        scenes.executive(name)
    return names


def candidates(desk: Desk, people: list[str], **fields: Any) -> list[Candidate]:
    """A mild clean candidate about each."""
    subject = {"type": "person", "organization": "Northlake Cloud"}
    return [desk.candidate(subject={**subject, "name": name}, **fields) for name in people]


def marked(rows: list[Candidate]) -> dict[int, int | None]:
    return {row.pk: row.version for row in rows}


def states(rows: list[Candidate]) -> list[str]:
    return [Candidate.objects.get(pk=row.pk).state for row in rows]


def tomorrow() -> Any:
    return timezone.now().astimezone(UTC).date() + timedelta(days=1)


def test_the_clean_ones_are_published_and_the_others_named_with_the_reason(
    desk: Desk, people: list[str]
) -> None:
    clean = candidates(desk, people[:2])
    unknown = desk.candidate(subject={"type": "person", "name": "Nobody Known"})

    bulk = curation.bulk_accept(marked([*clean, unknown]), desk.first, reason="seen")

    assert states([*clean, unknown]) == ["published", "published", "open"]
    assert [(row["id"], row["name"]) for row in bulk.refused] == [(unknown.pk, "Nobody Known")]
    assert "not known yet" in bulk.refused[0]["why"]
    assert {d.candidate_id for d in bulk.decisions.all()} == {row.pk for row in clean}


def test_two_of_the_marked_that_tell_the_same_are_published_once(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, [people[0], people[0]])

    bulk = curation.bulk_accept(marked(rows), desk.first)

    assert states(rows) == ["published", "open"]
    assert "may be the same" in bulk.refused[0]["why"]
    assert Event.objects.count() == 1


def test_severe_ones_wait_for_a_second_curator(desk: Desk, people: list[str]) -> None:
    [row] = candidates(desk, people[:1], action="dismissal", penalties=[{"type": "dismissal"}])

    bulk = curation.bulk_accept(marked([row]), desk.first)

    assert bulk.refused == []
    assert states([row]) == ["awaiting_approval"]
    assert not Event.objects.exists()


def test_what_changed_since_it_was_marked_is_left_alone(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people)
    seen = marked(rows)
    curation.edit(rows[1].pk, desk.second, {**rows[1].claim, "confidence": 0.5})

    bulk = curation.bulk_reject(seen, desk.first, "opinions")

    assert states(rows) == ["rejected", "open", "rejected"]
    assert "Someone changed this candidate" in bulk.refused[0]["why"]


def test_candidates_that_are_not_there_are_named(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people[:1])

    bulk = curation.bulk_reject(marked(rows) | {10**9: 1}, desk.first, "opinions")

    assert states(rows) == ["rejected"]
    assert bulk.refused == [{"id": 10**9, "name": "", "why": "There is no such candidate."}]


@pytest.mark.parametrize("count", [0, curation.MAX_BULK + 1])
def test_the_number_is_bounded(desk: Desk, count: int) -> None:
    with pytest.raises(CurationError):
        curation.bulk_reject(dict.fromkeys(range(1, count + 1)), desk.first, "opinions")
    assert not Bulk.objects.exists()


def test_whoever_may_not_curate_may_not_in_bulk(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people)
    stranger = User.objects.create_user("stranger", password="x")

    for step in (
        lambda: curation.bulk_accept(marked(rows), stranger),
        lambda: curation.bulk_reject(marked(rows), stranger, "why"),
        lambda: curation.bulk_defer(marked(rows), stranger),
        lambda: curation.bulk_assign(marked(rows), stranger, desk.first),
        lambda: curation.take_back_last(stranger),
    ):
        with pytest.raises(CurationError):
            step()
    assert states(rows) == ["open"] * 3


def test_a_bulk_is_taken_back_as_one_and_once(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people)
    curation.bulk_reject(marked(rows), desk.first, "opinions")

    done = curation.take_back_last(desk.first)

    assert (done.verb, sorted(done.candidates), done.kept) == (Verb.REJECT, sorted(r.pk for r in rows), [])
    assert states(rows) == ["open"] * 3
    with pytest.raises(CurationError, match="nothing within a day"):
        curation.take_back_last(desk.first)


def test_what_was_published_in_bulk_is_taken_off_the_record_with_a_reason(
    desk: Desk, people: list[str]
) -> None:
    rows = candidates(desk, people)
    curation.bulk_accept(marked(rows), desk.first)

    done = curation.take_back_last(desk.first)

    assert len(done.candidates) == 3
    assert states(rows) == ["open"] * 3
    assert set(Event.objects.values_list("status", flat=True)) == {"retracted"}
    last = Revision.objects.latest("seq")
    assert (last.operation, last.author, last.reason) == (
        "DEL", desk.first, "Taken back by the curator who published it",
    )  # fmt: skip


def test_taking_back_a_bulk_leaves_what_was_touched_since_and_names_it(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people)
    bulk = curation.bulk_reject(marked(rows), desk.first, "opinions")
    curation.reopen(rows[0].pk, desk.second)
    curation.defer(rows[0].pk, desk.second)

    done = curation.take_back_bulk(bulk.pk, desk.first)

    assert states(rows) == ["deferred", "open", "open"]
    assert [row["id"] for row in done.kept] == [rows[0].pk]
    with pytest.raises(CurationError, match="taken back already"):
        curation.take_back_bulk(bulk.pk, desk.second)


def test_an_event_that_changed_since_stays_published(desk: Desk, people: list[str]) -> None:
    [row] = candidates(desk, people[:1])
    event = curation.accept(row.pk, desk.first).event_id
    assert event is not None
    curation.set_severity(event, desk.second, 2, "it is graver")

    with pytest.raises(CurationError, match="has changed since"):
        curation.take_back_last(desk.first)

    assert states([row]) == ["published"]


def test_a_severe_publication_is_not_taken_back_by_one_alone(desk: Desk, people: list[str]) -> None:
    [row] = candidates(desk, people[:1], action="dismissal", penalties=[{"type": "dismissal"}])
    curation.accept(row.pk, desk.first)
    curation.approve(row.pk, desk.second)

    with pytest.raises(CurationError, match="second curator"):
        curation.take_back_last(desk.second)

    assert states([row]) == ["published"]
    assert Event.objects.get().status != "retracted"


def test_words_that_joined_an_event_are_taken_out_of_it_again(desk: Desk, people: list[str]) -> None:
    first, second = candidates(desk, [people[0], people[0]])
    event = curation.accept(first.pk, desk.first).event_id
    curation.accept(second.pk, desk.first, into=event)

    curation.take_back_last(desk.first)

    assert states([first, second]) == ["published", "open"]
    latest = Revision.objects.latest("seq")
    assert {item["document"]["id"] for item in latest.payload["evidence"]} == {first.document_id}


def test_steps_are_taken_back_one_after_the_other_the_last_first(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people)
    curation.reject(rows[0].pk, desk.first, "an opinion")
    curation.defer(rows[1].pk, desk.first, until=tomorrow())
    curation.bulk_assign(marked(rows), desk.first, desk.second)

    verbs = [curation.take_back_last(desk.first).verb for _ in range(3)]

    assert verbs == [Verb.ASSIGN, Verb.DEFER, Verb.REJECT]
    assert states(rows) == ["open"] * 3
    assert not Candidate.objects.exclude(assigned_to=None).exists()


def test_an_edit_and_a_choice_of_name_are_taken_back(desk: Desk, people: list[str]) -> None:
    [row] = candidates(desk, people[:1])
    other = scenes.executive("Someone Else")
    curation.edit(row.pk, desk.first, {**row.claim, "grounds": ["neglect"]})
    curation.resolve_party(row.pk, desk.first, "/subject", "person", other.pk)

    curation.take_back_last(desk.first)
    named = Candidate.objects.get(pk=row.pk)
    curation.take_back_last(desk.first)
    edited = Candidate.objects.get(pk=row.pk)

    assert named.subject_executive is not None
    assert named.subject_executive.name == people[0]
    assert (edited.edited, edited.claim) == (None, row.original)


def test_what_others_did_is_theirs_to_take_back(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people)
    curation.reject(rows[0].pk, desk.first, "an opinion")
    curation.reject(rows[1].pk, desk.second, "an opinion")

    curation.take_back_last(desk.first)

    assert states(rows) == ["open", "rejected", "open"]


def test_a_step_on_an_event_is_not_passed_over(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people[:2])
    curation.reject(rows[0].pk, desk.first, "an opinion")
    event = curation.accept(rows[1].pk, desk.second).event_id
    assert event is not None
    curation.set_severity(event, desk.first, 2, "it is graver")

    with pytest.raises(CurationError, match="on its own page"):
        curation.take_back_last(desk.first)

    assert states(rows[:1]) == ["rejected"]


def test_yesterdays_steps_are_not_taken_back_by_a_key(desk: Desk, people: list[str]) -> None:
    [row] = candidates(desk, people[:1])
    curation.reject(row.pk, desk.first, "an opinion")
    Decision.objects.update(created_at=timezone.now() - timedelta(hours=25))

    with pytest.raises(CurationError, match="nothing within a day"):
        curation.take_back_last(desk.first)


def test_an_assignment_makes_no_form_stale_and_is_in_the_log(desk: Desk, people: list[str]) -> None:
    [row] = candidates(desk, people[:1])

    curation.assign(row.pk, desk.first, desk.second)

    assert Candidate.objects.get(pk=row.pk).assigned_to == desk.second
    assert Decision.objects.get().verb == Verb.ASSIGN
    curation.reject(row.pk, desk.second, "an opinion", row.version)
    with pytest.raises(CurationError):
        curation.assign(row.pk, desk.first, None)


def test_nobody_is_given_work_that_he_may_not_do(desk: Desk, people: list[str]) -> None:
    rows = candidates(desk, people)
    stranger = User.objects.create_user("stranger", password="x")

    with pytest.raises(CurationError):
        curation.bulk_assign(marked(rows), desk.first, stranger)

    assert not Bulk.objects.exists()


def test_a_deferred_candidate_counts_as_open_from_the_start_of_its_day(desk: Desk, people: list[str]) -> None:
    [row] = candidates(desk, people[:1])
    day = tomorrow()
    curation.defer(row.pk, desk.first, until=day)
    kept = Candidate.objects.get(pk=row.pk)
    assert kept.deferred_until == datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert curation.state_now(kept) is CandidateState.DEFERRED
    assert list(Candidate.objects.filter(curation.listed(CandidateState.DEFERRED))) == [row]
    assert not Candidate.objects.filter(curation.listed(CandidateState.OPEN)).exists()

    Candidate.objects.filter(pk=row.pk).update(deferred_until=timezone.now())

    kept.refresh_from_db()
    assert curation.state_now(kept) is CandidateState.OPEN
    assert list(Candidate.objects.filter(curation.listed(CandidateState.OPEN))) == [row]
    assert not Candidate.objects.filter(curation.listed(CandidateState.DEFERRED)).exists()
    curation.defer(row.pk, desk.first)
    assert states([row]) == ["deferred"]


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_nothing_is_put_aside_until_a_day_that_is_past_or_far_away(
    desk: Desk, people: list[str], days: int
) -> None:
    [row] = candidates(desk, people[:1])
    day = timezone.now().astimezone(UTC).date() + timedelta(days=days)

    with pytest.raises(CurationError, match="tomorrow"):
        curation.defer(row.pk, desk.first, until=day)
    with pytest.raises(CurationError, match="tomorrow"):
        curation.bulk_defer(marked([row]), desk.first, day)

    assert states([row]) == ["open"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_back_one_bulk_at_once_one_does() -> None:
    desk = Desk()
    rows = candidates(desk, ["Ilse van Houten"])
    bulk = curation.bulk_reject(marked(rows), desk.first, "opinions")

    results = at_once(
        lambda: curation.take_back_bulk(bulk.pk, desk.first),
        lambda: curation.take_back_bulk(bulk.pk, desk.second),
    )

    assert sum(isinstance(result, CurationError) for result in results) == 1
    assert Candidate.objects.get(pk=rows[0].pk).version == 3
