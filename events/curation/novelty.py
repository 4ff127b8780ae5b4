"""How much of a candidate the record does not say yet: 0 where a published event says the same, 1 where none is alike.

Alike is a standing event of the same kind, action and subject, dated within two months. Of the facts that a candidate
states (how firmly it is told, each date, the title, the organization, each penalty, participant, ground and measure,
headcount, kind of departure, interim), some stand in that event with the same value. That subject and action agree
counts as one fact more that both state: novelty is 1 - (told + 1) / (facts + 1), for the event that tells most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from events.choices import PartyType
from events.curation.drafts import pointer_in
from events.record.draft import Draft

_LISTS = ("penalties", "participants", "grounds", "measures")
_VALUES = ("headcount", "departure", "interim")
_SUBJECTS = {
    PartyType.PERSON.value: "subject_executive",
    PartyType.ORGANIZATION.value: "subject_organization",
}
MOST_ALIKE = 50
"""Candidates of one subject and action that are looked at again once one of them is published."""


def novelty(told: Draft, known: Sequence[Draft]) -> float:
    """From 0 (some event of `known` states all that `told` states) to 1 (`known` is empty)."""
    return min((1 - _likeness(told, draft) for draft in known), default=1.0)


def alike(payload: Mapping[str, Any]) -> Q:
    """The candidates that may tell what a published event tells: the same kind, action and subject; none where the
    subject is nobody known."""
    subject = payload["subject"]
    column = _SUBJECTS.get(subject["type"])
    if column is None or subject["id"] is None:
        return Q(pk__in=[])
    return Q(**{"kind": payload["kind"], "action": payload["action"], column: subject["id"]})


def _likeness(told: Draft, known: Draft) -> float:
    pointers = _facts(told)
    same = sum(pointer_in(known, told, pointer) is not None for pointer in pointers)
    firm = told.assertion is known.assertion
    return (same + firm + 1) / (len(pointers) + 2)


def _facts(draft: Draft) -> list[str]:
    """A JSON Pointer for each fact that a draft states beside its subject, its action and how firmly it is told."""
    return [
        *(f"/dates/{name}" for name in draft.dates),
        *(["/subject/title"] if draft.subject.title else []),
        *(["/subject/organization"] if draft.organization else []),
        *(f"/{name}/{number}" for name in _LISTS for number in range(len(getattr(draft, name)))),
        *(f"/{name}" for name in _VALUES if getattr(draft, name)),
    ]
