"""Merged events and people on both clocks: an old number answers with the one that stands."""

from __future__ import annotations

from datetime import date, timedelta

from events import curation
from events.models.organizations import Organization, OrganizationParent
from events.record import publishing
from events.timelines import ledger
from events.timelines.clocks import AsOf
from events.timelines.entries import bearing_on, entries, revision_of, surviving
from events.timelines.units import bearing_on_organizations
from tests import scenes
from tests.timelines.conftest import Record


def merged(record: Record) -> tuple[int, int, AsOf, AsOf]:
    """Two appointments that are one: the numbers given up and kept, and the instants before and after the merge."""
    given_up, kept = record.publish("2024-05"), record.publish("2024-05-02")
    act = curation.merge_events(given_up.event_id, kept.event_id, record.author, "the same")
    at = act.revisions.latest("seq").recorded_at
    return given_up.event_id, kept.event_id, AsOf(known_at=at - timedelta(microseconds=1)), AsOf(known_at=at)


def test_a_merged_event_answers_with_the_one_that_stands(record: Record) -> None:
    given_up, kept, before, after = merged(record)

    answers = [revision_of(given_up, as_of) for as_of in (AsOf(), after, before)]

    assert [answer.event_id if answer else None for answer in answers] == [kept, kept, given_up]
    assert {row.event_id for row in ledger.revisions(given_up)} == {kept}
    assert surviving(given_up) == surviving(kept) == kept


def test_a_merged_event_is_in_no_list_from_then_on(record: Record) -> None:
    given_up, kept, before, after = merged(record)

    for as_of, listed in ((AsOf(), False), (after, False), (before, True)):
        found = {row.event_id for row in entries(as_of).order_by("event_id")}
        assert kept in found
        assert (given_up in found) is listed


def test_events_merged_in_a_row_answer_with_the_last_one(record: Record) -> None:
    given_up, kept, _, _ = merged(record)
    last = record.publish("2024-05-03").event_id
    act = curation.merge_events(kept, last, record.author, "the same again")
    answer = revision_of(given_up)
    assert answer is not None
    assert answer.event_id == last

    curation.undo_act(act.pk, record.author, "two")

    answer = revision_of(given_up)
    assert answer is not None
    assert answer.event_id == kept


def test_the_timeline_of_a_survivor_knew_its_events_before_the_merge(record: Record) -> None:
    other = scenes.executive("Ilse M. van Houten")
    theirs = record.publish("2024-05", person=other)
    curation.merge_people(other.pk, record.person.pk, record.author, "one person")

    rows = bearing_on(entries(AsOf(known_at=theirs.recorded_at)), [f"person:{record.person.pk}"])

    assert {row.event_id for row in rows} == {record.revision.event_id, theirs.event_id}


def test_an_organization_knew_the_events_of_its_units_before_one_was_merged(record: Record) -> None:
    parent = scenes.company("Harbour Group")
    kept, given_up = (Organization.objects.create(name=name) for name in ("Harbour Sea", "Harbour Sea Ltd"))
    OrganizationParent.objects.create(
        child=kept, parent=parent, start=date(2020, 1, 1), start_precision="day"
    )
    theirs = scenes.appointment(
        scenes.executive("Devon Clarke"), given_up, record.source, day="2024-05", title="CFO"
    )
    published = publishing.publish(theirs, record.author)
    curation.merge_organizations(given_up.pk, kept.pk, record.author, "one company")

    for as_of in (AsOf(), AsOf(known_at=published.recorded_at)):
        rows = bearing_on_organizations(entries(as_of), [parent.pk], as_of)
        assert [row.event_id for row in rows] == [published.event_id]
