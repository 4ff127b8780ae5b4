"""What curators do to one published event: correct it, retract it, undo the last step, set its severity.

From severity 3 on each of these needs an approver, another curator than the author, or the named permission to
override that, which the revision then says. Every function raises CurationError for a user who may not curate,
for a missing reason and for an event that the step does not start from, and FourEyesRequired.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction

from events.choices import ActVerb, Status, Verb
from events.curation import changes
from events.curation.claims import validate
from events.curation.drafts import corroborated, from_claim, from_payload
from events.curation.parties import as_published, chosen_for, require_resolved
from events.curation.rules import four_eyes, require_curator, require_reason
from events.exceptions import CurationError
from events.models.access import User
from events.models.candidates import Candidate, Decision
from events.models.record import Event, Revision
from events.models.sources import Document
from events.record import publishing
from events.record.draft import Draft, SeverityOverride
from events.record.payload import severity_inputs
from events.record.severity import severity

JSON = dict[str, Any]
MAX_SEVERITY = 5


@transaction.atomic
def correct_event(
    event_id: int,
    user: User,
    claim: JSON,
    reason: str,
    *,
    source: int | None = None,
    approver: User | None = None,
    override: bool = False,
) -> Revision:
    """Publishes a corrected claim as a new revision. Raises InvalidClaim, with the field's pointer, UnresolvedParty,
    and GradeConflict.

    The claim quotes the event's first document, or that of `source`: a candidate of a later version of a page that
    the event was read from, or an undecided one that tells more of the same fact. It then counts as the event's own,
    and the review of that change is over.
    """
    event = _begin(event_id, user, reason)
    candidate = first_candidate(event_id) if source is None else changes.successor(event_id, source)
    if candidate is None:
        raise CurationError("This event has no candidate to correct.")
    validate(claim, candidate.document.text)
    payload = publishing.latest(event_id).payload
    resolution = as_published(claim, payload)
    if source is not None:
        resolution = chosen_for(candidate, resolution)
    require_resolved(claim, resolution)
    kept = _without_earlier_versions(from_payload(payload), candidate.document)
    draft = from_claim(claim, resolution, candidate.document_id, event.case_id)
    draft = replace(_with_other_sources(draft, kept), override=kept.override)
    severe = max(event.severity, severity(severity_inputs(draft)))
    note = four_eyes(severe, user, approver, reason, override=override)
    revision = publishing.revise(event.id, draft, user, approver, note)
    if source is not None:
        changes.followed(candidate, event, user, reason)
    return _logged(revision, user, Verb.CORRECT, note)


@transaction.atomic
def retract_event(
    event_id: int, user: User, reason: str, *, approver: User | None = None, override: bool = False
) -> Revision:
    """Takes an event off the record."""
    event = _begin(event_id, user, reason)
    note = four_eyes(event.severity, user, approver, reason, override=override)
    revision = publishing.retract(event.id, user, approver, note)
    changes.moot(event, user, reason)
    return _logged(revision, user, Verb.RETRACT, note)


@transaction.atomic
def undo_event(
    event_id: int, user: User, reason: str, *, approver: User | None = None, override: bool = False
) -> Revision:
    """Puts the version before the latest back, as a revision of its own.

    What was done as one is undone as one: raises CurationError when the latest revision is part of an act.
    """
    event = _begin(event_id, user, reason)
    act = publishing.latest(event.id).act
    if act is not None and act.verb == ActVerb.UNDO.value:
        raise CurationError("The last step on this event is an undoing. Do what it undid again instead.")
    if act is not None and act.undone_by_id is None:
        raise CurationError(
            f"The last step on this event is part of act {act.pk} ({act}). Undo that as a whole."
        )
    note = four_eyes(event.severity, user, approver, reason, override=override)
    return _logged(publishing.undo(event.id, user, approver, note), user, Verb.UNDO, note)


@transaction.atomic
def set_severity(
    event_id: int,
    user: User,
    severe: int | None,
    reason: str,
    *,
    approver: User | None = None,
    override: bool = False,
) -> Revision:
    """Puts a curator's severity (0 to 5) in place of the computed one; None takes it away again.

    The computed one and the reason stand beside it in the payload. Raises CurationError for another number.
    """
    event = _begin(event_id, user, reason)
    if severe is not None and not 0 <= severe <= MAX_SEVERITY:
        raise CurationError(f"A severity is a whole number from 0 to {MAX_SEVERITY}.")
    payload = publishing.latest(event.id).payload
    own = None if severe is None else SeverityOverride(severe, reason)
    draft = replace(from_payload(payload), override=own)
    computed = severity(severity_inputs(draft))
    note = four_eyes(max(event.severity, computed, severe or 0), user, approver, reason, override=override)
    revision = publishing.revise(event.id, draft, user, approver, note, status=Status(payload["status"]))
    return _logged(revision, user, Verb.CORRECT, note)


def first_candidate(event_id: int) -> Candidate | None:
    """The candidate that an event was made of, its document with it: not one that joined it with a merge."""
    first = Revision.objects.filter(event=event_id, number=1).values_list("payload", flat=True).first()
    documents = {item["document"]["id"] for item in first["evidence"]} if first else set()
    rows = list(Candidate.objects.select_related("document").filter(event=event_id).order_by("id"))
    return next((row for row in rows if row.document_id in documents), rows[0] if rows else None)


def _with_other_sources(draft: Draft, published: Draft) -> Draft:
    """The draft with the words of other documents that still prove what it says."""
    own = {item.document_id for item in draft.evidence}
    others = tuple(item for item in published.evidence if item.document_id not in own)
    joined = corroborated(draft, replace(published, evidence=others))
    return replace(joined, confidence=draft.confidence)


def _without_earlier_versions(published: Draft, document: Document) -> Draft:
    """The draft without words that its page no longer has, or may have elsewhere now."""
    earlier = set(
        Document.objects.filter(url=document.url, version__lt=document.version).values_list("pk", flat=True)
    )
    return replace(published, evidence=tuple(e for e in published.evidence if e.document_id not in earlier))


def _begin(event_id: int, user: User, reason: str) -> Event:
    require_curator(user)
    require_reason(reason)
    event = Event.objects.select_for_update(no_key=True).filter(id=event_id).first()
    if event is None:
        raise CurationError(f"There is no event number {event_id}.")
    return event


def _logged(revision: Revision, user: User, verb: Verb, reason: str) -> Revision:
    Decision.objects.create(user=user, verb=verb.value, event_id=revision.event_id, reason=reason)
    return revision
