"""How sure a claim is."""

from __future__ import annotations

from events.extraction.model import Draft

_SURE = {
    "leadership": 0.92, "discipline": 0.92, "sanction": 0.92, "listing": 0.88, "performance": 0.88,
    "reorganization": 0.84, "product": 0.8, "controversy": 0.75,
}  # fmt: skip
"""Prior of each kind: about the precision on articles that were labelled before extraction saw them."""


def confidence(text: str, draft: Draft, claims: int) -> float:
    """How sure a claim is, in 0..1, of a document with so many `claims`."""
    return prior(draft)


def prior(draft: Draft) -> float:
    """The kind's prior, less where the claim names no date, post, organization or figure."""
    value = _SURE[draft.kind]
    if draft.kind == "performance" and not any("period" in measure for measure, _ in draft.measures):
        value -= 0.15
    told = [
        draft.dates,
        draft.subject.get("title"),
        draft.subject.get("organization"),
        draft.measures,
        draft.participants,
    ]
    if not any(told):
        value -= 0.2
    return round(value, 2)
