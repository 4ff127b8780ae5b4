"""A record with a history: events published, corrected, retracted, put back, merged, over several people."""

from __future__ import annotations

from typing import Any

import pytest

from events.choices import Kind, PartyType, Role, Status
from events.dates import PartialDate
from events.exports import events as exported
from events.models.organizations import Organization
from events.models.record import Revision
from events.record import publishing
from events.record.draft import Draft, DraftParty
from tests import scenes
from tests.timelines.conftest import Record, record

__all__ = ["Record", "record"]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two events, so that a short export has several."""
    monkeypatch.setattr(exported, "PAGE", 2)


@pytest.fixture
def history(record: Record) -> Record:
    """The record after a dozen revisions of every operation; severities and organizations differ."""
    other = scenes.company("Southbay Motors")
    ids = [record.revision.event_id]
    for number, day in enumerate(("2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01")):
        person = scenes.executive(f"Person Number {number}")
        ids.append(record.publish(day, person=person, title=f"Head of unit {number}").event_id)
    ids.append(sanction(record, other).event_id)
    author = record.author
    publishing.revise(ids[1], _draft(record, "Person Fourteen", "2024-02-02"), author)
    publishing.retract(ids[2], author)
    publishing.retract(ids[3], author)
    publishing.undo(ids[3], author)
    publishing.amend(ids[4], {"status": Status.CONFIRMED.value, "severity": 4}, author)
    writer = publishing.Writer(author)
    publishing.write([publishing.retraction(ids[1], merged_into=ids[4])], writer)
    allegation(record)
    return record


def sanction(record: Record, organization: Organization, **fields: Any) -> Revision:
    """A sanctions designation of an organization, published."""
    authority = scenes.company("Office of Invented Controls", type="regulator", country="US")
    values: dict[str, Any] = {
        "kind": Kind.SANCTION,
        "action": "designation",
        "subject": DraftParty(Role.SUBJECT, PartyType.ORGANIZATION, organization.name, organization.pk),
        "participants": (DraftParty(Role.ISSUER, PartyType.ORGANIZATION, authority.name, authority.pk),),
        "dates": {"effective": PartialDate.parse("2025-05")},
        "grounds": ("invented grounds",),
        "evidence": (scenes.whole(record.source),),
    }
    return publishing.publish(Draft(**(values | fields)), record.author)


def allegation(record: Record) -> Revision:
    """An allegation against the record's person, published as one."""
    draft = Draft(
        kind=Kind.CONTROVERSY,
        action="allegation",
        subject=DraftParty(Role.SUBJECT, PartyType.PERSON, record.person.name, record.person.pk, "CEO"),
        assertion=Status.ALLEGED,
        dates={"announced": PartialDate.parse("2025-11-01")},
        evidence=(scenes.whole(record.source),),
    )
    return publishing.publish(draft, record.author)


def _draft(record: Record, name: str, day: str) -> Draft:
    return scenes.appointment(
        scenes.executive(name), record.organization, record.source, day=day, title="Treasurer"
    )
