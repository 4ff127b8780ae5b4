"""Rows of the curators' work as answers show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from events.choices import ActKind
from events.curation.duplicates import Pair
from events.curation.waiting import state_now
from events.models.access import User
from events.models.acts import Act, Judgement, StepRequest
from events.models.candidates import Candidate
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.proposals import Proposal
from events.models.record import Event, Revision
from events.models.sources import Document
from events.timelines.entries import instant
from events.timelines.ledger import revision

JSON = dict[str, Any]


def user_json(user: User | None) -> JSON | None:
    """A curator by id and user name, None for nobody."""
    return None if user is None else {"id": user.pk, "name": user.get_username()}


def at(moment: datetime | None) -> str | None:
    """An instant in UTC."""
    return None if moment is None else instant(moment)


def candidate_json(row: Candidate) -> JSON:
    """A candidate as the queue shows it."""
    return {
        "id": row.pk,
        "version": row.version,
        "state": state_now(row).value,
        "kind": row.kind,
        "action": row.action,
        "subject_name": row.subject_name,
        "subject_executive": row.subject_executive_id,
        "subject_organization": row.subject_organization_id,
        "severity": row.severity,
        "novelty": row.novelty,
        "confidence": row.confidence,
        "case_label": row.case_label,
        "resolution_state": row.resolution_state,
        "conflicts": row.conflicts,
        "document": document_json(row.document),
        "event": row.event_id,
        "assigned_to": user_json(row.assigned_to),
        "deferred_until": at(row.deferred_until),
        "accepted_by": user_json(row.accepted_by),
        "created_at": at(row.created_at),
        "updated_at": at(row.updated_at),
    }


def candidate_detail(row: Candidate) -> JSON:
    """A candidate with its claim: as extraction read it, as a curator edited it, and as it stands."""
    return candidate_json(row) | {
        "extractor_version": row.extractor_version,
        "original": row.original,
        "edited": row.edited,
        "claim": row.claim,
        "resolution": row.resolution,
    }


def document_json(row: Document) -> JSON:
    """The metadata of a candidate's document; not its text."""
    return {
        "id": row.pk,
        "url": row.url,
        "title": row.title,
        "language": row.language,
        "version": row.version,
        "published": at(row.published_at),
    }


def revision_json(row: Revision) -> JSON:
    """A revision with who wrote and who approved it, and the act that it is part of."""
    return revision(row) | {
        "author": user_json(row.author),
        "approver": user_json(row.approver),
        "act": row.act_id,
    }


def event_json(row: Event) -> JSON:
    """An event's latest revision and the candidates that it was made of, the first of them first."""
    head = Revision.objects.select_related("author", "approver").filter(event=row).latest("seq")
    candidates = Candidate.objects.filter(event=row).order_by("pk")
    return {
        "id": row.pk,
        "merged_into": row.merged_into_id,
        "candidates": list(candidates.values_list("pk", flat=True)),
        "revision": revision_json(head),
    }


def act_json(row: Act) -> JSON:
    """An act."""
    return {
        "id": row.pk,
        "verb": row.verb,
        "kind": row.kind,
        "source": row.source,
        "target": row.target,
        "reason": row.reason,
        "author": user_json(row.user),
        "approver": user_json(row.approver),
        "undone_by": row.undone_by_id,
        "created_at": at(row.created_at),
    }


def act_detail(row: Act) -> JSON:
    """An act with its revisions."""
    found = row.revisions.order_by("seq").values("seq", "event", "operation")
    return act_json(row) | {"revisions": list(found)}


def request_json(row: StepRequest) -> JSON:
    """A step that waits for a second curator, or was answered by one."""
    return {
        "id": row.pk,
        "verb": row.verb,
        "arguments": row.arguments,
        "reason": row.reason,
        "state": row.state,
        "asked_by": user_json(row.user),
        "created_at": at(row.created_at),
        "decided_by": user_json(row.decided_by),
        "decided_at": at(row.decided_at),
        "answer": row.answer,
    }


def approved_json(row: StepRequest, result: Act | Revision) -> JSON:
    """A request that was approved, with what came of it: a revision or an act."""
    return {
        "request": request_json(row),
        "revision": revision_json(result) if isinstance(result, Revision) else None,
        "act": act_json(result) if isinstance(result, Act) else None,
    }


def judgement_json(row: Judgement) -> JSON:
    """A judgement."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "low": row.low,
        "high": row.high,
        "same": row.same,
        "reason": row.reason,
        "author": user_json(row.user),
        "created_at": at(row.created_at),
    }


def proposal_json(row: Proposal) -> JSON:
    """What a reader sent, and what a curator answered."""
    return {
        "id": row.pk,
        "event": row.event_id,
        "revision": row.revision,
        "kind": row.kind,
        "field": row.field,
        "text": row.text,
        "source_url": row.source_url,
        "name": row.name,
        "contact": row.contact,
        "state": row.state,
        "created_at": at(row.created_at),
        "handled_by": user_json(row.handled_by),
        "handled_at": at(row.handled_at),
        "answer": row.answer,
    }


def pairs_json(kind: ActKind, pairs: Sequence[Pair]) -> list[JSON]:
    """Pairs, each entry under the name or summary that the record shows."""
    names = _names(kind, {pk for pair in pairs for pk in (pair.low, pair.high)})

    def entry(pk: int) -> JSON:
        return {"id": pk, "name": names.get(pk, "")}

    return [
        {"kind": pair.kind.value, "low": entry(pair.low), "high": entry(pair.high), "why": pair.why}
        for pair in pairs
    ]


def _names(kind: ActKind, ids: Iterable[int]) -> dict[int, str]:
    if kind is ActKind.EVENT:
        rows = Event.objects.filter(pk__in=ids).values_list("pk", "head__payload__summary")
        return {pk: summary or "" for pk, summary in rows}
    model = Executive if kind is ActKind.PERSON else Organization
    return dict(model._default_manager.filter(pk__in=ids).values_list("pk", "name"))
