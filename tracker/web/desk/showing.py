"""What the page of one candidate shows, from the candidate and the forms that were typed into."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext

from events import curation
from events.choices import CandidateState
from events.curation.comparing import changed_facts
from events.curation.drafts import from_claim
from events.curation.parties import parties
from events.curation.rules import FOUR_EYES_FROM
from events.exceptions import TrackerError
from events.models.access import User
from events.models.candidates import Candidate, Decision
from events.record import payload
from tracker.web.desk import article, holding, meanwhile, story
from tracker.web.desk.beside import Row, beside, facts, numbered
from tracker.web.desk.conflicts import disagreements, likenesses
from tracker.web.desk.forms import ClaimForm, RawClaimForm
from tracker.web.desk.giving import days
from tracker.web.desk.members import siblings
from tracker.web.desk.narrowing import colleagues

JSON = dict[str, Any]
_UNDECIDED = (CandidateState.OPEN.value, CandidateState.DEFERRED.value)


def fresh(pk: int) -> Candidate:
    """The candidate with what follows from the record brought up to date. Raises Http404."""
    try:
        return curation.refresh(pk)
    except Candidate.DoesNotExist as error:
        raise Http404 from error


def context(candidate: Candidate, user: User, typed: JSON | None = None) -> JSON:
    """All that the template needs; `typed` holds bound forms and texts that a refused step must keep."""
    claim, text = candidate.claim, candidate.document.text
    typed = dict(typed or {})
    evidence = claim.get("evidence", [])
    shown = preview(candidate)
    if typed.get("stale"):
        typed |= meanwhile.told(candidate, typed)
    return {
        "candidate": candidate,
        "document": candidate.document,
        "paragraphs": article.paragraphs(text, [(item["start"], item["end"]) for item in evidence]),
        "cut": len(text) > article.MAX_SHOWN,
        "facts": facts(numbered(claim)),
        "preview": shown,
        "resolution": resolution(candidate),
        "edits": edits(candidate),
        "newer": changed_facts(candidate.original, candidate.newer) if candidate.newer else [],
        "decisions": Decision.objects.filter(candidate=candidate).select_related("user")[:50],
        **(editor(candidate) if typed.get("editing") else {}),
        "may": allowed(candidate, user),
        "four_eyes": candidate.severity >= FOUR_EYES_FROM,
        "conflicts": disagreements(candidate),
        "likenesses": likenesses(candidate, shown),
        "case": siblings(candidate),
        "story": story.told_elsewhere(candidate.document),
        "holder": holding.holder(candidate, user),
        "days": days(),
        "colleagues": colleagues(user),
        **typed,
    }


def editor(candidate: Candidate) -> JSON:
    """The forms that edit a candidate, as it stands: with more inputs than the rest of the page together, they come
    when they are asked for."""
    claim = candidate.claim
    return {
        "candidate": candidate,
        "form": ClaimForm(claim=claim),
        "raw_form": RawClaimForm(initial=RawClaimForm.values(claim)),
    }


def edits(candidate: Candidate) -> list[Row]:
    """Every field as extraction read it and as the curator has it; nothing where nobody has edited."""
    if candidate.edited is None or candidate.edited == candidate.original:
        return []
    return beside(numbered(candidate.original), numbered(candidate.edited))


def preview(candidate: Candidate) -> JSON:
    """The public payload as it would be published now; where that cannot be made, `problem` says why."""
    try:
        draft = from_claim(candidate.claim, candidate.resolution, candidate.document_id)
        return payload.build(0, draft, draft.assertion)
    except (TrackerError, ValueError, KeyError) as error:
        return {"problem": str(error) or gettext("The claim is not complete.")}


def resolution(candidate: Candidate) -> list[JSON]:
    """Every party that may be someone known, with its state, its options and what is chosen."""
    rows = []
    for number, (pointer, (kind, name)) in enumerate(parties(candidate.claim).items()):
        entry = candidate.resolution.get(pointer, {})
        chosen = entry.get("chosen")
        rows.append(
            {
                "number": number,
                "pointer": pointer,
                "type": kind,
                "name": name,
                "state": entry.get("state", "unknown"),
                "chosen": chosen,
                "options": [
                    {**option, "chosen": option["id"] == chosen} for option in entry.get("options", [])
                ],
                "chosen_name": next((o["name"] for o in entry.get("options", []) if o["id"] == chosen), ""),
            }
        )
    return rows


def allowed(candidate: Candidate, user: User) -> JSON:
    """Which buttons the page offers; the rules themselves stand in curation, which is asked again."""
    state = candidate.state
    waiting = state == CandidateState.AWAITING_APPROVAL.value
    return {
        "edit": state in _UNDECIDED,
        "accept": state in _UNDECIDED,
        "approve": waiting and candidate.accepted_by_id != user.pk,
        "wait": waiting and candidate.accepted_by_id == user.pk,
        "reject": state in _UNDECIDED or waiting,
        "defer": state == CandidateState.OPEN.value,
        "reopen": waiting or state in {CandidateState.DEFERRED.value, CandidateState.REJECTED.value},
    }
