"""What a curator must see before publishing: severity, and what disagrees with the record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from events.choices import PartyType, Role, Status
from events.curation.drafts import from_claim
from events.curation.parties import chosen, overall
from events.dates import PartialDate
from events.exceptions import GradeConflict
from events.models.base import get_partial
from events.models.candidates import Candidate
from events.models.record import Event
from events.names import normalize
from events.record.draft import Draft
from events.record.histories import GradeChange, grade_changes, grade_spells
from events.record.ladders import check_penalty, find_ladder
from events.record.measures import recomputed
from events.record.payload import severity_inputs
from events.record.projections import standing_payloads
from events.record.severity import severity

JSON = dict[str, Any]
SAME_NEWS = timedelta(days=62)
"""How far apart two reports may date one event: a decision, its notice and the news of it lie within two months."""


def assess(candidate: Candidate) -> None:
    """Sets what follows from a candidate's claim and resolution: severity, conflicts, subject; does not save."""
    claim, resolution = candidate.claim, candidate.resolution
    draft = from_claim(claim, resolution, candidate.document_id)
    candidate.kind, candidate.action = claim["kind"], claim["action"]
    candidate.subject_name = claim["subject"]["name"][:300]
    candidate.confidence = float(claim["confidence"])
    candidate.case_label = (claim.get("case") or "")[:100]
    candidate.severity = severity(severity_inputs(draft))
    candidate.resolution_state = overall(claim, resolution).value
    subject = chosen(resolution, "/subject")
    kind = claim["subject"]["type"]
    candidate.subject_executive_id = subject if kind == PartyType.PERSON.value else None
    candidate.subject_organization_id = subject if kind == PartyType.ORGANIZATION.value else None
    candidate.conflicts = conflicts(draft, _day(candidate, draft))


def conflicts(draft: Draft, day: date) -> list[JSON]:
    """What disagrees, each as `{"code", "message"}` and, for a similar event, its id."""
    found = [
        {"code": "similar_event", "event": e.id, "message": _similar_message(e)} for e in similar(draft, day)
    ]
    ladder = find_ladder(draft.organization.id if draft.organization else None, day)
    for number, penalty in enumerate(draft.penalties):
        _, notes = check_penalty(ladder, penalty)
        found += [{"code": "ladder", "field": f"/penalties/{number}", "message": note} for note in notes]
    for number, doubts in enumerate(recomputed(draft)[1]):
        found += [{"code": "measure", "field": f"/measures/{number}", "message": note} for note in doubts]
    if not any(item["code"] == "similar_event" for item in found):
        found += _history_conflicts(draft, day)
    if draft.date is None:
        found.append(
            {
                "code": "no_date",
                "message": "The source gives no date; the day of publication stands in for it.",
            }
        )
    return found


def similar(draft: Draft, day: date) -> list[Event]:
    """Standing events that may be the same fact: same subject and action, dated within two months."""
    about: JSON = {"parties__role": Role.SUBJECT.value, "parties__type": draft.subject.type.value}
    if draft.subject.type in {PartyType.PERSON, PartyType.ORGANIZATION}:
        if draft.subject.id is None:
            return []
        column = "executive_id" if draft.subject.type is PartyType.PERSON else "organization_id"
        about[f"parties__{column}"] = draft.subject.id
    # One call of `filter`: it must be one and the same party that is the subject and has the number.
    events = Event.objects.filter(
        kind=draft.kind.value,
        action=draft.action,
        date__range=(day - SAME_NEWS, day + SAME_NEWS),
        **about,
    ).exclude(status=Status.RETRACTED.value)
    found = list(events.prefetch_related("parties", "measures").order_by("id")[:20])
    if draft.subject.type in {PartyType.PRODUCT, PartyType.GROUP}:
        found = [e for e in found if normalize(_subject_name(e)) == normalize(draft.subject.name)]
    return [event for event in found if _same_periods(event, draft)]


def _same_periods(event: Event, draft: Draft) -> bool:
    """Figures of different periods are different facts."""
    ours = {row.get("period") for row in draft.measures if row.get("period")}
    theirs = {row.period for row in event.measures.all() if row.period}
    return not ours or not theirs or bool(ours & theirs)


def _subject_name(event: Event) -> str:
    return next((party.name for party in event.parties.all() if party.role == Role.SUBJECT.value), "")


def _similar_message(event: Event) -> str:
    shown = get_partial(event, "date")
    return f"Event {event.id} may be the same: {event.action} of {_subject_name(event)}, {shown}."


def _history_conflicts(draft: Draft, day: date) -> list[JSON]:
    """Whether the person's grade history would contradict itself if this were published."""
    ladder = find_ladder(draft.organization.id if draft.organization else None, day)
    if draft.subject.type is not PartyType.PERSON or draft.subject.id is None or ladder is None:
        return []
    changes = [
        GradeChange(0, ladder.id, draft.date or PartialDate(day), row["from"], row["to"])
        for row in draft.penalties
        if row.get("from") and row.get("to") and not check_penalty(ladder, row)[1]
    ]
    known = grade_changes(standing_payloads(draft.subject.id)) if changes else []
    try:
        grade_spells(sorted([*known, *changes], key=lambda c: (c.date.value, c.event_id)))
    except GradeConflict as error:
        return [
            {
                "code": "grade_history",
                "message": str(error)
                .replace("Event 0", "This candidate")
                .replace("event 0", "this candidate"),
            }
        ]
    return []


def _day(candidate: Candidate, draft: Draft) -> date:
    if draft.date:
        return draft.date.value
    document = candidate.document
    return document.published_on or document.fetched_at.date()
