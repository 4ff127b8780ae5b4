"""What curators do to published events: correct, retract, undo, alone or a case at a time.

From severity 3 on each of these needs an approver, another curator than the author.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from events.choices import Status, Verb
from events.curation.claims import validate
from events.curation.drafts import from_claim
from events.curation.parties import carried_over, require_resolved
from events.curation.steps import FOUR_EYES_FROM, require_curator
from events.exceptions import CurationError, FourEyesRequired
from events.models.access import User
from events.models.candidates import Candidate, Decision
from events.models.record import Case, Event, Revision
from events.record import publishing
from events.record.payload import severity_inputs
from events.record.severity import severity

JSON = dict[str, Any]


@transaction.atomic
def correct_event(
    event_id: int, user: User, claim: JSON, reason: str, *, approver: User | None = None
) -> Revision:
    """Publishes a corrected claim of the event's first document as a new revision; other documents' words stay
    where they prove a field that did not change. Raises InvalidClaim, UnresolvedParty, FourEyesRequired."""
    event = _begin(event_id, user, reason)
    candidate = Candidate.objects.select_related("document").filter(event=event).order_by("id").first()
    if candidate is None:
        raise CurationError("This event has no candidate to correct.")
    validate(claim, candidate.document.text)
    resolution = carried_over(claim, candidate.resolution)
    require_resolved(claim, resolution)
    draft = from_claim(claim, resolution, candidate.document_id, event.case_id)
    _four_eyes(max(event.severity, severity(severity_inputs(draft))), user, approver)
    revision = publishing.revise(event.id, draft, user, approver, reason)
    _log(event, user, Verb.CORRECT, reason)
    return revision


@transaction.atomic
def retract_event(event_id: int, user: User, reason: str, *, approver: User | None = None) -> Revision:
    """Takes an event off the record."""
    event = _begin(event_id, user, reason)
    _four_eyes(event.severity, user, approver)
    revision = publishing.retract(event.id, user, approver, reason)
    _log(event, user, Verb.RETRACT, reason)
    return revision


@transaction.atomic
def undo_event(event_id: int, user: User, reason: str, *, approver: User | None = None) -> Revision:
    """Puts the version before the latest back, as a revision of its own."""
    event = _begin(event_id, user, reason)
    _four_eyes(event.severity, user, approver)
    revision = publishing.undo(event.id, user, approver, reason)
    _log(event, user, Verb.UNDO, reason)
    return revision


@transaction.atomic
def retract_case(case_id: int, user: User, reason: str, *, approver: User | None = None) -> list[Revision]:
    """Takes every standing event of a case off the record, all or none."""
    case = Case.objects.select_for_update().get(id=case_id)
    standing = case.events.exclude(status=Status.RETRACTED.value).order_by("id").values_list("id", flat=True)
    return [retract_event(event_id, user, reason, approver=approver) for event_id in standing]


def _begin(event_id: int, user: User, reason: str) -> Event:
    require_curator(user)
    if not reason.strip():
        raise CurationError("Say why; the reason stands in the revision.")
    return Event.objects.select_for_update().get(id=event_id)


def _four_eyes(severe: int, user: User, approver: User | None) -> None:
    if approver is not None:
        require_curator(approver)
        if approver.pk == user.pk:
            raise FourEyesRequired("Nobody approves their own draft.")
    elif severe >= FOUR_EYES_FROM:
        raise FourEyesRequired(f"Severity {severe} needs a second curator's approval.")


def _log(event: Event, user: User, verb: Verb, reason: str) -> None:
    Decision.objects.create(user=user, verb=verb.value, event=event, reason=reason)
