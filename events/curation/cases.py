"""Cases: one decision that bears on several people or units."""

from __future__ import annotations

from events.choices import CandidateState
from events.models.base import set_partial
from events.models.candidates import Candidate
from events.models.record import Case
from events.record.draft import Draft


def case_of(candidate: Candidate, draft: Draft) -> Case | None:
    """The case that a candidate belongs to, made when its first fact is published; None without a case label.

    When another fact of the same document's case already stands in a case, perhaps because it corroborates an
    event from another document, that case is taken.
    """
    if not candidate.case_label:
        return None
    published = Candidate.objects.filter(
        document_id=candidate.document_id,
        case_label=candidate.case_label,
        state=CandidateState.PUBLISHED.value,
        event__case__isnull=False,
    ).select_related("event__case")
    sibling = published.order_by("id").first()
    if sibling and sibling.event and sibling.event.case:
        return sibling.event.case
    case = Case(
        key=f"{candidate.document_id}#{candidate.case_label}",
        title=_title(draft),
        issuer_id=draft.issuer.id if draft.issuer else None,
    )
    set_partial(case, "decided", draft.date)
    found, _ = Case.objects.get_or_create(
        key=case.key,
        defaults={
            "title": case.title,
            "issuer_id": case.issuer_id,
            "decided": case.decided,
            "decided_precision": case.decided_precision,
        },
    )
    return found


def _title(draft: Draft) -> str:
    where = draft.organization.name if draft.organization else draft.subject.name
    what = f"Decision of {draft.issuer.name}" if draft.issuer else f"{draft.kind.label} at {where}"
    return f"{what}, {draft.date.in_words()}" if draft.date else what
