"""Another article tells more of a published fact: the claim that brings the event up to date.

`corrections.correct_event` publishes it, with the candidate as its `source`.
"""

from __future__ import annotations

from typing import Any

from events.curation.drafts import from_payload, to_claim
from events.curation.parties import chosen, of_survivors
from events.exceptions import CurationError
from events.models.candidates import Candidate
from events.models.record import Event

JSON = dict[str, Any]
_OWN = frozenset({"subject", "participants", "dates", "evidence", "case", "status", "confidence"})
"""Members that are joined one by one."""


def updated_claim(event_id: int, candidate: Candidate) -> JSON:
    """What the candidate tells, and of what it says nothing about what the event says already.

    The subject stays as published. Raises CurationError for an event that does not stand.
    """
    event = Event.objects.select_related("head").filter(pk=event_id, head__isnull=False).first()
    if event is None or event.head is None or event.head.payload["status"] == "retracted":
        raise CurationError(f"There is no standing event number {event_id}.")
    payload, told = event.head.payload, candidate.claim
    known = to_claim(from_payload(payload), candidate.document_id)
    new = {name: value for name, value in (known | told).items() if name not in _OWN}
    new["subject"] = dict(known["subject"])
    if "title" not in new["subject"] and told["subject"].get("title"):
        new["subject"]["title"] = told["subject"]["title"]
    roles = {party["role"] for party in told.get("participants", [])}
    others = [party for party in known.get("participants", []) if party["role"] not in roles]
    new["participants"] = [*told.get("participants", []), *others]
    new["dates"] = known.get("dates", {}) | told.get("dates", {})
    new["status"] = told.get("status") or known["status"]
    new["confidence"] = max(known["confidence"], told["confidence"])
    new["evidence"] = [item for item in told["evidence"] if _proves(item["field"], new, payload, candidate)]
    return {name: value for name, value in new.items() if value not in ([], {})}


def _proves(pointer: str, new: JSON, payload: JSON, candidate: Candidate) -> bool:
    """Whether words that the candidate has for a field prove what the event will say there."""
    told = candidate.claim["subject"]
    if pointer.startswith("/subject/title"):
        return str(told.get("title", "")).casefold() == str(new["subject"].get("title", "")).casefold()
    if pointer.startswith("/subject/organization"):
        where = payload["subject"].get("organization") or {}
        known = chosen(of_survivors(candidate.resolution), "/subject/organization")
        return known is not None and known == where.get("id")
    return True
