"""The public payload of an event: what a revision holds, and what every face shows as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import Any

from events.choices import PartyType, Role, Status
from events.dates import PartialDate
from events.models.organizations import Organization
from events.models.record import Case
from events.models.sources import Document
from events.record.draft import Draft, DraftParty
from events.record.ladders import check_penalty, find_ladder
from events.record.measures import recomputed
from events.record.severity import SeverityInputs, as_json, severity
from events.record.shown import shown_names
from events.record.summaries import summary_en, summary_zh

JSON = dict[str, Any]


def build(event_id: int, draft: Draft, status: Status) -> JSON:
    """The full public payload of a draft. Raises ValueError for a draft without evidence."""
    documents = Document.objects.in_bulk({item.document_id for item in draft.evidence})
    if not documents:
        raise ValueError("an event without evidence cannot be published")
    date = draft.date or _publication_date(documents)
    penalties, notes = _penalties(draft, date)
    measures, doubts = recomputed(draft, event_id)
    named = _Names(draft)
    severe, inputs = _severity(draft)
    details = _details(draft, penalties, measures, named)
    payload: JSON = {
        "event": event_id,
        "kind": draft.kind.value,
        "action": draft.action,
        "date": date.as_json(),
        "dates": {name: value.as_json() for name, value in sorted(draft.dates.items())},
        "published": _instant(
            min((d.published_at for d in documents.values() if d.published_at), default=None)
        ),
        "first_seen": _instant(min(d.fetched_at for d in documents.values())),
        "severity": severe,
        "severity_inputs": inputs,
        "status": status.value,
        "assertion": draft.assertion.value,
        "confidence": round(draft.confidence, 4),
        "case": draft.case_id,
        "case_title": Case.objects.get(id=draft.case_id).title if draft.case_id else "",
        "subject": named.party(draft.subject)
        | {"title": draft.subject.title, "organization": named.organization},
        "details": details,
        "evidence": _evidence(draft, documents),
        "notes": list(dict.fromkeys([*notes, *chain(*doubts), *draft.notes])),
    }
    return payload | {"summary": summary_en(payload), "summary_zh": summary_zh(payload)}


def _severity(draft: Draft) -> tuple[int, JSON]:
    """The severity that counts, and what it was computed from; a curator's own stands beside the computed one."""
    inputs = severity_inputs(draft)
    computed, shown = severity(inputs), as_json(inputs)
    if draft.override is None:
        return computed, shown
    override = {"severity": draft.override.severity, "computed": computed, "reason": draft.override.reason}
    return draft.override.severity, shown | {"override": override}


def severity_inputs(draft: Draft) -> SeverityInputs:
    """What the severity rule looks at in a draft."""
    issuer = draft.issuer
    regulator = bool(
        issuer
        and issuer.id
        and Organization.objects.filter(id=issuer.id, type__in=["regulator", "government"]).exists()
    )
    return SeverityInputs(
        kind=draft.kind.value,
        action=draft.action,
        title=draft.subject.title,
        departure=draft.departure,
        penalties=draft.penalties,
        headcount=int(draft.headcount.get("min") or 0),
        regulator=regulator,
    )


def _publication_date(documents: dict[int, Document]) -> PartialDate:
    """Where the source gives no date, the fact is known to hold when it was published, or else first seen."""
    return PartialDate(min(d.published_on or d.fetched_at.date() for d in documents.values()))


def _penalties(draft: Draft, date: PartialDate) -> tuple[list[JSON], list[str]]:
    """The penalties with their steps on the ladder, and what the source and the ladder disagree on."""
    graded = any(p.get("from") or p.get("to") for p in draft.penalties)
    organization = draft.organization.id if draft.organization else None
    ladder = find_ladder(organization, date.value) if graded else None
    rows, notes = [], []
    for penalty in draft.penalties:
        steps, problems = check_penalty(ladder, penalty)
        row = dict(penalty)
        if ladder and steps is not None:
            row |= {
                "from": ladder.grade(penalty["from"]).label,
                "to": ladder.grade(penalty["to"]).label,
                "steps": steps,
                "ladder": ladder.id,
            }
        rows.append(row)
        notes += problems
    return rows, notes


class _Names:
    """The parties of a draft under the names that the record shows; `named` is what the source calls them."""

    def __init__(self, draft: Draft) -> None:
        parties = [(p.type, p.id) for p in (draft.subject, *draft.participants) if p.id is not None]
        where = draft.organization
        if where and where.id is not None:
            parties.append((PartyType.ORGANIZATION, where.id))
        self._shown = shown_names(parties)
        self.organization = self._named(PartyType.ORGANIZATION, where.id, where.name) if where else None

    def party(self, party: DraftParty) -> JSON:
        """A participant, or the subject without its position."""
        title = {"title": party.title} if party.title and party.role is not Role.SUBJECT else {}
        return {"type": party.type.value} | self._named(party.type, party.id, party.name) | title

    def _named(self, kind: PartyType, pk: int | None, named: str) -> JSON:
        shown = self._shown.get((kind, pk)) if pk is not None else None
        if shown is None:
            return {"id": None, "name": named}
        extra = {"name_zh": shown.chinese} if shown.chinese else {}
        return {"id": pk, "name": shown.name} | extra | ({"named": named} if named != shown.name else {})


def _details(draft: Draft, penalties: list[JSON], measures: list[JSON], named: _Names) -> JSON:
    details: JSON = {
        "title": draft.subject.title,
        "organization": named.organization,
        "issuer": named.party(draft.issuer) if draft.issuer else None,
        "participants": [{"role": p.role.value} | named.party(p) for p in draft.participants],
        "penalties": penalties,
        "grounds": list(draft.grounds),
        "headcount": dict(draft.headcount),
        "measures": measures,
        "departure": draft.departure,
        "interim": draft.interim,
    }
    return {key: value for key, value in details.items() if value}


def _evidence(draft: Draft, documents: dict[int, Document]) -> list[JSON]:
    rows = []
    for item in sorted(draft.evidence, key=lambda e: (e.document_id, e.field, e.start, e.end)):
        document = documents[item.document_id]
        published = document.published_on
        rows.append(
            {
                "field": item.field,
                "quote": item.quote,
                "start": item.start,
                "end": item.end,
                "document": {
                    "id": document.id,
                    "url": document.url,
                    "title": document.title,
                    "published": published.isoformat() if published else None,
                },
            }
        )
    return rows


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def party_from(payload: JSON) -> list[JSON]:
    """The parties of a payload in order, each with its role and the name that the source gives; subject first."""
    subject = {"role": Role.SUBJECT.value, "title": payload["subject"].get("title"), **payload["subject"]}
    return [
        {"role": p["role"], "type": p["type"], "id": p["id"], "name": as_named(p), "title": p.get("title")}
        for p in (subject, *payload["details"].get("participants", []))
    ]


def as_named(party: JSON) -> str:
    """What the source calls a party, where that differs from the name shown."""
    return str(party.get("named") or party["name"])
