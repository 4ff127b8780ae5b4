"""What a curator must see before publishing: severity, novelty, and what disagrees with the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Value

from events.choices import PartyType, Role, Status
from events.curation.drafts import from_claim, from_payload
from events.curation.novelty import novelty
from events.curation.parties import chosen, overall
from events.dates import PartialDate
from events.exceptions import GradeConflict
from events.models.base import get_partial
from events.models.candidates import Candidate
from events.models.grades import GradeLadder
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
Asked = tuple[str, str, date, PartyType, int | None]
"""Kind, action, day, and the subject's type and number: what is asked for of similar events."""
Ladders = dict[tuple[int | None, date], GradeLadder | None]
_KNOWN = frozenset({PartyType.PERSON, PartyType.ORGANIZATION})
FOLLOWS = (
    "kind", "action", "subject_name", "confidence", "case_label", "severity", "resolution_state",
    "subject_executive_id", "subject_organization_id", "conflicts", "novelty",
)  # fmt: skip
"""What `assess` sets."""
SAME_NEWS = timedelta(days=62)
"""How far apart two reports may date one event: a decision, its notice and the news of it lie within two months."""


def assess(candidate: Candidate) -> None:
    """Sets what follows from a candidate's claim and resolution: severity, novelty, conflicts, subject; does not save."""
    assess_all([candidate])


def assess_all(candidates: Sequence[Candidate]) -> None:
    """`assess` of several candidates, with what is alike for them asked once."""
    drafts = []
    for candidate in candidates:
        draft = from_claim(candidate.claim, candidate.resolution, candidate.document_id)
        _describe(candidate, draft)
        drafts.append((draft, _day(candidate, draft)))
    ladders: Ladders = {}
    for candidate, (draft, day), events in zip(candidates, drafts, similar(drafts), strict=True):
        candidate.conflicts = _conflicts(draft, day, events, ladders)
        candidate.novelty = _novelty(draft, events)


def novelties(candidates: Sequence[Candidate]) -> list[float]:
    """How new each is to the record as it stands now, without a look at anything else."""
    drafts = [from_claim(row.claim, row.resolution, row.document_id) for row in candidates]
    dated = [(draft, _day(row, draft)) for row, draft in zip(candidates, drafts, strict=True)]
    return [_novelty(draft, events) for (draft, _), events in zip(dated, similar(dated), strict=True)]


def _novelty(draft: Draft, events: list[Event]) -> float:
    """To three decimals: the queue's order is not to hang on the last bits of a division."""
    return round(novelty(draft, [from_payload(e.head.payload) for e in events if e.head is not None]), 3)


def _describe(candidate: Candidate, draft: Draft) -> None:
    """Everything that takes no look at the record."""
    claim, resolution = candidate.claim, candidate.resolution
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


def _conflicts(draft: Draft, day: date, events: list[Event], ladders: Ladders) -> list[JSON]:
    """What disagrees, each as `{"code", "message"}` and, for a similar event, its id."""
    found: list[JSON] = [
        {"code": "similar_event", "event": e.id, "message": _similar_message(e)} for e in events
    ]
    ladder = _ladder(draft, day, ladders)
    for number, penalty in enumerate(draft.penalties):
        _, notes = check_penalty(ladder, penalty)
        found += [{"code": "ladder", "field": f"/penalties/{number}", "message": note} for note in notes]
    for number, doubts in enumerate(recomputed(draft)[1]):
        found += [{"code": "measure", "field": f"/measures/{number}", "message": note} for note in doubts]
    if not events:
        found += _history_conflicts(draft, day, ladder)
    if draft.date is None:
        found.append(
            {
                "code": "no_date",
                "message": "The source gives no date; the day of publication stands in for it.",
            }
        )
    return found


def _ladder(draft: Draft, day: date, ladders: Ladders) -> GradeLadder | None:
    """The ladder that a draft's penalties stand on; nobody looks at it without any."""
    if draft.organization is None or not draft.penalties:
        return None
    key = (draft.organization.id, day)
    if key not in ladders:
        ladders[key] = find_ladder(*key)
    return ladders[key]


def similar(drafts: Sequence[tuple[Draft, date]]) -> list[list[Event]]:
    """For each draft and its day the standing events that may be the same fact: same subject and action, dated
    within two months. At most four statements, however many drafts there are."""
    asked: dict[Asked, list[int]] = {}
    keys = [_asked(draft, day) for draft, day in drafts]
    for key in keys:
        if key is not None:
            asked[key] = []
    rows = [_rows(number, key) for number, key in enumerate(asked)]
    if rows:
        ids = list(asked.values())
        for number, pk in rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]:
            ids[number].append(pk)
    wanted = {pk for found in asked.values() for pk in found}
    rows_of = Event.objects.select_related("head").prefetch_related("parties", "measures")
    events = rows_of.in_bulk(wanted) if wanted else {}
    return [
        _alike(draft, [events[pk] for pk in sorted(asked[key]) if pk in events]) if key is not None else []
        for (draft, _), key in zip(drafts, keys, strict=True)
    ]


def _asked(draft: Draft, day: date) -> Asked | None:
    """What similar events have in common with a draft; None where its subject is not known yet."""
    if draft.subject.type in _KNOWN and draft.subject.id is None:
        return None
    return draft.kind.value, draft.action, day, draft.subject.type, draft.subject.id


def _rows(number: int, asked: Asked) -> QuerySet[Event, tuple[int, int]]:
    """The events that have what is asked, at most 20, each with `number`."""
    kind, action, day, type_, subject = asked
    about: JSON = {"parties__role": Role.SUBJECT.value, "parties__type": type_.value}
    if type_ in _KNOWN:
        about["parties__executive_id" if type_ is PartyType.PERSON else "parties__organization_id"] = subject
    # One call of `filter`: it must be one and the same party that is the subject and has the number.
    events = Event.objects.filter(
        kind=kind, action=action, date__range=(day - SAME_NEWS, day + SAME_NEWS), **about
    ).exclude(status=Status.RETRACTED.value)
    numbered = events.annotate(number=Value(number)).values_list("number", "id")
    return numbered.order_by("id")[:20]


def _alike(draft: Draft, events: list[Event]) -> list[Event]:
    if draft.subject.type not in _KNOWN:
        events = [e for e in events if normalize(_subject_name(e)) == normalize(draft.subject.name)]
    return [event for event in events if _same_periods(event, draft)]


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


def _history_conflicts(draft: Draft, day: date, ladder: GradeLadder | None) -> list[JSON]:
    """Whether the person's grade history would contradict itself if this were published."""
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
