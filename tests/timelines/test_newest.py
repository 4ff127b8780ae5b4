"""A timeline's page read by its index is the page that reading everything gives."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from events.models.organizations import Organization, OrganizationParent
from events.models.record import Bearing
from events.record import publishing
from events.timelines.clocks import AsOf
from events.timelines.entries import NEWEST_FIRST, Rows, bearing_on, entries, entry
from events.timelines.keyset import Page, paginate
from events.timelines.newest import (
    Spans,
    of_organization,
    of_subject,
    organization_spans,
    read,
    subject_spans,
)
from events.timelines.texts import entry_text
from events.timelines.units import bearing_on_organizations
from tests import scenes
from tests.timelines.conftest import Record

SIZE = 2
CLOCKS = [AsOf(), AsOf(valid_at=date(2024, 6, 3)), AsOf(valid_at=date(2000, 1, 1))]


def numbers(page: Page[Any]) -> list[int]:
    return [row.event_id for row in page.rows]


def busy(record: Record) -> Organization:
    """An organization with a unit that it lost on 4 June 2024, and events on the days around, some about both."""
    unit = Organization.objects.create(name="Northlake Retail")
    OrganizationParent.objects.create(
        child=unit,
        parent=record.organization,
        until=date(2024, 6, 4),
        until_precision="day",
        end_state="ended",
    )
    for day in range(1, 7):
        record.publish(f"2024-06-0{day}", title=f"Head {day}")
        theirs = scenes.appointment(
            record.person, unit, record.source, day=f"2024-06-0{day}", title=f"Chair {day}"
        )
        publishing.publish(theirs, record.author)
    gone = record.publish("2024-06-03", title="Nothing")
    publishing.retract(gone.event_id, record.author, None, "never was")
    return record.organization


@pytest.mark.parametrize("as_of", CLOCKS, ids=["now", "on a day", "before anything"])
@pytest.mark.parametrize("whose", ["organization", "parent", "person"])
def test_every_page_by_the_index_is_the_page_of_all_that_bears_on_it(
    record: Record, as_of: AsOf, whose: str
) -> None:
    busy(record)

    def by_index(cursor: str | None) -> Rows:
        if whose == "person":
            return of_subject(entries(as_of), f"person:{record.person.pk}", as_of, cursor, SIZE)
        return of_organization(entries(as_of), getattr(record, whose).pk, as_of, cursor, SIZE)

    def spans() -> Spans:
        if whose == "person":
            return subject_spans(f"person:{record.person.pk}")
        return organization_spans(getattr(record, whose).pk)

    def by_all() -> Rows:
        if whose == "person":
            return bearing_on(entries(as_of), [f"person:{record.person.pk}"])
        return bearing_on_organizations(entries(as_of), [getattr(record, whose).pk], as_of)

    cursor: str | None = None
    seen: list[int] = []
    while True:
        page = paginate(by_index(cursor), NEWEST_FIRST, cursor, SIZE)
        other = paginate(by_all(), NEWEST_FIRST, cursor, SIZE)
        assert (numbers(page), page.next, page.previous) == (numbers(other), other.next, other.previous)
        text = read(spans(), as_of, cursor, SIZE)
        assert (numbers(text), text.next, text.previous) == (numbers(page), page.next, page.previous)
        assert [json.loads(entry_text(row)) for row in text.rows] == [entry(row) for row in page.rows]
        if page.previous:
            back = paginate(by_index(page.previous), NEWEST_FIRST, page.previous, SIZE)
            assert numbers(back) == numbers(paginate(by_all(), NEWEST_FIRST, page.previous, SIZE))
        seen += numbers(page)
        cursor = page.next
        if cursor is None:
            break
    assert seen == [row.event_id for row in by_all().order_by("-date", "-event_id")]
    assert bool(seen) is (as_of.valid_at != date(2000, 1, 1))


def test_a_retracted_event_is_in_no_index_and_comes_back_with_its_undo(record: Record) -> None:
    subject = f"person:{record.person.pk}"
    gone = record.publish("2024-06-03")
    publishing.retract(gone.event_id, record.author, None, "never was")
    assert not Bearing.objects.filter(event=gone.event_id).exists()

    publishing.undo(gone.event_id, record.author, None, "it was")

    assert Bearing.objects.get(event=gone.event_id, subject=subject).date == date(2024, 6, 3)
