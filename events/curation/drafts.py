"""From a claim and its resolution to a draft of an event, and from a published payload back to a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from events.choices import Kind, PartyType, Role, Status
from events.curation.parties import chosen
from events.dates import PartialDate
from events.record.draft import Draft, DraftEvidence, DraftOrganization, DraftParty, SeverityOverride
from events.record.payload import as_named

JSON = dict[str, Any]


def from_claim(claim: JSON, resolution: JSON, document_id: int, case_id: int | None = None) -> Draft:
    """The draft that a claim of one document makes."""
    subject = claim["subject"]
    where = subject.get("organization")
    return Draft(
        kind=Kind(claim["kind"]),
        action=claim["action"],
        subject=_party(Role.SUBJECT, subject, chosen(resolution, "/subject")),
        organization=DraftOrganization(where, chosen(resolution, "/subject/organization")) if where else None,
        participants=tuple(
            _party(Role(party["role"]), party, chosen(resolution, f"/participants/{number}"))
            for number, party in enumerate(claim.get("participants", []))
        ),
        dates={name: PartialDate.from_json(value) for name, value in claim.get("dates", {}).items()},
        assertion=Status(claim.get("status", Status.REPORTED.value)),
        confidence=float(claim["confidence"]),
        penalties=tuple(claim.get("penalties", [])),
        grounds=tuple(claim.get("grounds", [])),
        measures=tuple(claim.get("measures", [])),
        headcount=claim.get("headcount", {}),
        departure=claim.get("departure", ""),
        interim=claim.get("interim", False),
        case_id=case_id,
        evidence=tuple(
            DraftEvidence(document_id, e["field"], e["start"], e["end"], e["quote"])
            for e in claim["evidence"]
        ),
    )


def from_payload(payload: JSON) -> Draft:
    """The draft that would be published as this payload."""
    details = payload["details"]
    where = payload["subject"].get("organization")
    return Draft(
        kind=Kind(payload["kind"]),
        action=payload["action"],
        subject=_published(Role.SUBJECT, payload["subject"]),
        organization=DraftOrganization(as_named(where), where["id"]) if where else None,
        participants=tuple(_published(Role(p["role"]), p) for p in details.get("participants", [])),
        dates={name: PartialDate.from_json(value) for name, value in payload["dates"].items()},
        assertion=Status(payload["assertion"]),
        confidence=float(payload["confidence"]),
        penalties=tuple(
            {k: v for k, v in row.items() if k not in {"steps", "ladder"}}
            for row in details.get("penalties", [])
        ),
        grounds=tuple(details.get("grounds", [])),
        measures=tuple(
            {k: v for k, v in row.items() if k != "computed"} for row in details.get("measures", [])
        ),
        headcount=details.get("headcount", {}),
        departure=details.get("departure", ""),
        interim=details.get("interim", False),
        case_id=payload["case"],
        evidence=tuple(
            DraftEvidence(e["document"]["id"], e["field"], e["start"], e["end"], e["quote"])
            for e in payload["evidence"]
        ),
        override=_override(payload),
    )


def to_claim(draft: Draft, document_id: int) -> JSON:
    """The claim of one document that would make this draft: the words of other documents stay out of it."""
    claim: JSON = {
        "kind": draft.kind.value,
        "action": draft.action,
        "subject": _claimed(draft.subject),
        "status": draft.assertion.value,
        "confidence": draft.confidence,
        "participants": [{"role": p.role.value, **_claimed(p)} for p in draft.participants],
        "dates": {name: value.as_json() for name, value in draft.dates.items()},
        "penalties": list(draft.penalties),
        "grounds": list(draft.grounds),
        "measures": list(draft.measures),
        "headcount": dict(draft.headcount),
        "departure": draft.departure,
        "interim": draft.interim,
        "evidence": [
            {"field": e.field, "start": e.start, "end": e.end, "quote": e.quote}
            for e in draft.evidence
            if e.document_id == document_id
        ],
    }
    if draft.organization:
        claim["subject"]["organization"] = draft.organization.name
    return {name: value for name, value in claim.items() if value not in ([], {}, "", False)}


def _claimed(party: DraftParty) -> JSON:
    return {"type": party.type.value, "name": party.name, **({"title": party.title} if party.title else {})}


def _override(payload: JSON) -> SeverityOverride | None:
    found = payload["severity_inputs"].get("override")
    return SeverityOverride(found["severity"], found["reason"]) if found else None


def corroborated(known: Draft, told: Draft) -> Draft:
    """`known` with the evidence of another document's draft that tells the same.

    Words that prove a field on which the two differ are left out: they would stand beside another value.
    """
    extra = []
    for item in told.evidence:
        pointer = pointer_in(known, told, item.field)
        if pointer is not None:
            extra.append(replace(item, field=pointer))
    fresh = [item for item in extra if item not in known.evidence]
    return replace(
        known, evidence=(*known.evidence, *fresh), confidence=max(known.confidence, told.confidence)
    )


def pointer_in(known: Draft, told: Draft, pointer: str) -> str | None:
    """Where the field that `pointer` names in `told` stands, with the same value, in `known`."""
    parts = pointer.split("/")[1:]
    if not parts:
        return pointer
    if parts[0] == "subject":
        return pointer if _same_of_subject(known, told, parts[1:]) else None
    if parts[0] == "dates":
        name = "/".join(parts[1:2])
        same_dates = known.dates == told.dates if not name else known.dates.get(name) == told.dates.get(name)
        return pointer if same_dates else None
    if (
        parts[0] in {"penalties", "participants", "grounds", "measures"}
        and len(parts) > 1
        and parts[1].isdecimal()
    ):
        return _index_in(getattr(known, parts[0]), getattr(told, parts[0]), parts)
    same = getattr(known, parts[0], None) == getattr(told, parts[0], None)
    return pointer if parts[0] in {"headcount", "departure", "interim", "action", "kind"} and same else None


def _same_of_subject(known: Draft, told: Draft, field: list[str]) -> bool:
    """Whether both say the same of their subject's title or organization; of one person, any name proves the name."""
    if field[:1] == ["title"]:
        return known.subject.title.casefold() == told.subject.title.casefold()
    if field[:1] == ["organization"]:
        return _whose(known) == _whose(told)
    return True


def _whose(draft: Draft) -> int | str | None:
    where = draft.organization
    return None if where is None else where.id if where.id is not None else where.name.casefold()


def _index_in(known: tuple[Any, ...], told: tuple[Any, ...], parts: list[str]) -> str | None:
    number = int(parts[1])
    if number >= len(told):
        return None
    wanted = _identity(told[number])
    place = next((n for n, row in enumerate(known) if _identity(row) == wanted), None)
    return None if place is None else "/" + "/".join([parts[0], str(place), *parts[2:]])


def _identity(row: Any) -> Any:
    """What two sources must agree on for one's words to prove the other's field."""
    if isinstance(row, DraftParty):
        return (row.role, row.type, row.id if row.id is not None else row.name.casefold())
    if isinstance(row, dict):
        return {
            key: str(value).casefold()
            for key, value in row.items()
            if key not in {"qualifier", "change_qualifier"}
        }
    return str(row).casefold()


def _party(role: Role, party: JSON, pk: int | None) -> DraftParty:
    return DraftParty(role, PartyType(party["type"]), party["name"], pk, party.get("title") or "")


def _published(role: Role, party: JSON) -> DraftParty:
    return DraftParty(role, PartyType(party["type"]), as_named(party), party["id"], party.get("title") or "")
