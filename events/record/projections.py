"""Writes what queries need of a payload: the event's row and details, grade history, positions.

Everything here is a function of the ledger. `rebuild` drops it all and makes it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from events.choices import EndState, Operation, Role, Status
from events.dates import PartialDate
from events.models.base import set_partial
from events.models.grades import Grade, GradeAssignment, GradeLadder
from events.models.people import Executive, Position
from events.models.record import (
    DATE_FIELDS,
    Bearing,
    Event,
    Evidence,
    Ground,
    Measure,
    Party,
    Penalty,
    Revision,
)
from events.record.histories import grade_changes, grade_spells, position_spells
from events.record.ledger import bears_on
from events.record.payload import party_from
from events.record.phrases.common import JSON
from events.record.structure import project_all_places
from events.record.words import search_vector

_OF_AN_EVENT = (Bearing, Party, Penalty, Ground, Measure, Evidence)


def project_event(event: Event, payload: JSON) -> None:
    """Writes an event's columns and details from its payload; the row may be new."""
    details = payload["details"]
    organization = payload["subject"].get("organization") or {}
    headcount = details.get("headcount", {})
    event.kind, event.action = payload["kind"], payload["action"]
    event.title = payload["subject"].get("title") or ""
    event.organization_id = organization.get("id")
    event.published_at = _instant(payload["published"])
    first_seen = _instant(payload["first_seen"])
    assert first_seen is not None  # noqa: S101 - every payload has it
    event.first_seen_at = first_seen
    event.status, event.assertion = payload["status"], payload["assertion"]
    event.severity, event.severity_inputs = payload["severity"], payload["severity_inputs"]
    event.confidence = payload["confidence"]
    event.departure, event.interim = details.get("departure", ""), details.get("interim", False)
    event.headcount_min, event.headcount_max = headcount.get("min"), headcount.get("max")
    event.headcount_text = headcount.get("text", "")
    event.case_id = payload["case"]
    event.merged_into_id = payload.get("merged_into")
    event.search = search_vector(payload)
    for name in DATE_FIELDS:
        stated = payload["dates"].get(name)
        set_partial(event, name, PartialDate.from_json(stated) if stated else None)
    set_partial(event, "date", PartialDate.from_json(payload["date"]))
    if event._state.adding:
        event.save(force_insert=True)
    else:
        event.save()
        for model in _OF_AN_EVENT:
            model._default_manager.filter(event=event).delete()
    _project_bearings(event, payload)
    _project_details(event, payload)


def _project_bearings(event: Event, payload: JSON) -> None:
    if event.status != Status.RETRACTED.value:
        Bearing.objects.bulk_create(
            Bearing(event=event, subject=subject, date=event.date) for subject in bears_on(payload)
        )


def _project_details(event: Event, payload: JSON) -> None:
    details = payload["details"]
    Party.objects.bulk_create(_party(event, n, row) for n, row in enumerate(party_from(payload)))
    Penalty.objects.bulk_create(_penalty(event, n, row) for n, row in enumerate(details.get("penalties", [])))
    Ground.objects.bulk_create(
        Ground(event=event, order=n, text=text) for n, text in enumerate(details.get("grounds", []))
    )
    Measure.objects.bulk_create(
        Measure(event=event, order=n, **{key: value for key, value in row.items() if key != "computed"})
        for n, row in enumerate(details.get("measures", []))
    )
    Evidence.objects.bulk_create(
        Evidence(
            event=event,
            document_id=row["document"]["id"],
            field=row["field"],
            start=row["start"],
            end=row["end"],
            quote=row["quote"],
        )
        for row in payload["evidence"]
    )


def _party(event: Event, order: int, row: JSON) -> Party:
    return Party(
        event=event,
        order=order,
        role=row["role"],
        type=row["type"],
        executive_id=row["id"] if row["type"] == "person" else None,
        organization_id=row["id"] if row["type"] == "organization" else None,
        name=row["name"],
        title=row.get("title") or "",
    )


def _penalty(event: Event, order: int, row: JSON) -> Penalty:
    grades = {g.key: g for g in Grade.objects.filter(ladder_id=row["ladder"])} if row.get("ladder") else {}
    return Penalty(
        event=event,
        order=order,
        type=row["type"],
        levels=row.get("levels"),
        from_label=row.get("from", ""),
        to_label=row.get("to", ""),
        from_grade=grades.get(row.get("from", "").casefold()),
        to_grade=grades.get(row.get("to", "").casefold()),
        steps=row.get("steps"),
        degree=row.get("degree", ""),
        amount=row.get("amount"),
        currency=row.get("currency", ""),
        duration=row.get("duration", ""),
    )


def standing_payloads(executive_id: int, written: Mapping[int, JSON | None] | None = None) -> list[JSON]:
    """The latest payloads of the events about a person, without the retracted ones.

    `written` are payloads by event that are about to be appended (None: about to be retracted): the histories
    are checked before the ledger's head is locked.
    """
    written = written or {}
    heads = Revision.objects.filter(
        event__parties__executive_id=executive_id, event__parties__role=Role.SUBJECT.value, seq=_head()
    ).exclude(operation=Operation.DEL.value)
    found = {revision.event_id: revision.payload for revision in heads.exclude(event_id__in=written)}
    found |= {
        event: payload for event, payload in written.items() if payload and _is_about(payload, executive_id)
    }
    return [found[event] for event in sorted(found)]


def _is_about(payload: JSON, executive_id: int) -> bool:
    return bool(payload["subject"]["type"] == "person" and payload["subject"]["id"] == executive_id)


def _head() -> F:
    """The ledger's number of an event's latest revision."""
    return F("event__head_id")


def lock_person(executive_id: int) -> None:
    """Holds a person's row, so that two publications about one person follow one another."""
    Executive.objects.select_for_update(no_key=True).get(id=executive_id)


def project_person(executive_id: int, written: Mapping[int, JSON | None] | None = None) -> None:
    """Makes a person's grade history and positions anew from the standing events.

    Raises GradeConflict, naming the events, when they contradict each other.
    """
    payloads = standing_payloads(executive_id, written)
    _project_grades(executive_id, payloads)
    _project_positions(executive_id, payloads)


def _project_grades(executive_id: int, payloads: list[JSON]) -> None:
    GradeAssignment.objects.filter(executive_id=executive_id).delete()
    changes = grade_changes(payloads)
    ladders = GradeLadder.objects.prefetch_related("grades").in_bulk({change.ladder_id for change in changes})
    for organization_id in sorted({ladder.organization_id for ladder in ladders.values()}):
        spells = grade_spells([c for c in changes if ladders[c.ladder_id].organization_id == organization_id])
        for spell in spells:
            ladder = ladders[spell.ladder_id]
            row = GradeAssignment(
                executive_id=executive_id,
                organization_id=organization_id,
                ladder=ladder,
                grade=ladder.grade(spell.grade),
                event_id=spell.event_id,
            )
            _save_period(row, spell.start, spell.until)


def _project_positions(executive_id: int, payloads: list[JSON]) -> None:
    Position.objects.filter(executive_id=executive_id, event__isnull=False).delete()
    for spell in position_spells(payloads):
        row = Position(
            executive_id=executive_id,
            organization_id=spell.organization_id,
            title=spell.title,
            interim=spell.interim,
            event_id=spell.event_id,
        )
        _save_period(row, spell.start, spell.until)


def _save_period(
    row: GradeAssignment | Position, start: PartialDate | None, until: PartialDate | None
) -> None:
    set_partial(row, "start", start)
    set_partial(row, "until", until)
    row.end_state = (EndState.ENDED if until else EndState.OPEN).value
    row.save()


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Drops every projection and makes it again from the ledger, in one transaction. Gives the events' number.

    `progress` is called with (done, all) after each event.
    """
    with transaction.atomic():
        GradeAssignment.objects.all().delete()
        Position.objects.filter(event__isnull=False).delete()
        heads = Revision.objects.filter(seq=_head()).order_by("event_id")
        total = heads.count()
        for done, revision in enumerate(heads.select_related("event").iterator(chunk_size=500), 1):
            project_event(revision.event, revision.payload)
            if progress:
                progress(done, total)
        project_all_places()
        for executive_id in Executive.objects.order_by("id").values_list("id", flat=True):
            project_person(executive_id)
    return total


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
