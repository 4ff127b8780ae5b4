"""Timelines by the two clocks."""

from __future__ import annotations

from datetime import date, timedelta

from events.choices import Status
from events.models.people import Executive
from events.models.record import Revision
from events.record import publishing
from events.timelines.clocks import NOW, AsOf
from events.timelines.entries import NEWEST_FIRST, bearing_on, entries, entry, revision_of
from tests import scenes
from tests.timelines.conftest import Record


def timeline(person: Executive, as_of: AsOf = NOW) -> list[int]:
    """The sequence numbers on a person's timeline, newest first."""
    rows = bearing_on(entries(as_of), [f"person:{person.pk}"])
    return [entry(row)["revision"]["seq"] for row in rows.order_by(*[key.order for key in NEWEST_FIRST])]


def before(revision: Revision) -> AsOf:
    """The instant just before a revision was written."""
    return AsOf(known_at=revision.recorded_at - timedelta(microseconds=1))


def at(revision: Revision) -> AsOf:
    """The instant at which a revision was written."""
    return AsOf(known_at=revision.recorded_at)


def test_an_entry_is_the_payload_as_it_was_written_with_its_revision(record: Record) -> None:
    (row,) = bearing_on(entries(), [f"person:{record.person.pk}"])

    shown = entry(row)
    stamp = shown.pop("revision")
    assert shown == record.revision.payload
    assert stamp["seq"] == record.revision.seq
    assert stamp["recorded_at"].endswith("Z")


def test_a_timeline_is_newest_first(record: Record) -> None:
    older, newer = record.publish("2024-01-05"), record.publish("2026-02-01", title="Chair")

    assert timeline(record.person) == [newer.seq, record.revision.seq, older.seq]


def test_a_participant_has_the_event_on_the_timeline_too(record: Record) -> None:
    organization = bearing_on(entries(), [f"organization:{record.organization.pk}"])

    assert [entry(row)["revision"]["seq"] for row in organization] == [record.revision.seq]


def test_a_correction_takes_the_place_of_what_it_corrects(record: Record) -> None:
    draft = scenes.demotion(record.person, record.organization, record.source, end="21B", levels=4)
    corrected = publishing.revise(record.revision.event_id, draft, record.author)

    assert timeline(record.person) == [corrected.seq]
    assert timeline(record.person, at(record.revision)) == [record.revision.seq]


def test_a_retracted_event_leaves_the_timeline_but_not_its_past(record: Record) -> None:
    retracted = publishing.retract(record.revision.event_id, record.author)

    assert timeline(record.person) == []
    assert timeline(record.person, at(retracted)) == []
    assert timeline(record.person, before(retracted)) == [record.revision.seq]
    latest = revision_of(record.revision.event_id)
    assert latest is not None
    assert latest.payload["status"] == Status.RETRACTED


def test_nothing_is_known_before_it_was_recorded(record: Record) -> None:
    assert timeline(record.person, before(record.revision)) == []
    assert revision_of(record.revision.event_id, before(record.revision)) is None


def test_an_event_that_is_corrected_to_someone_else_moves_to_their_timeline(record: Record) -> None:
    other = scenes.executive("Per Nyberg")
    draft = scenes.demotion(other, record.organization, record.source)
    corrected = publishing.revise(record.revision.event_id, draft, record.author)

    assert timeline(record.person) == []
    assert timeline(record.person, at(corrected)) == []
    assert timeline(other, at(corrected)) == [corrected.seq]


def test_valid_at_leaves_what_had_begun_by_that_day(record: Record) -> None:
    record.publish("2026-02-01", title="Chair")

    assert timeline(record.person, AsOf(valid_at=date(2025, 10, 18))) == [record.revision.seq]
    assert timeline(record.person, AsOf(valid_at=date(2025, 10, 17))) == []


def test_both_clocks_hold_at_once(record: Record) -> None:
    later = record.publish("2024-01-05")

    assert timeline(record.person, AsOf(date(2024, 12, 31), later.recorded_at)) == [later.seq]
    assert timeline(record.person, AsOf(date(2024, 12, 31), record.revision.recorded_at)) == []
