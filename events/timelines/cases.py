"""Cases: one decision that bears on several people or units."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from events.choices import Status
from events.models.base import get_partial
from events.models.record import Case, Event
from events.timelines.entries import entry

JSON = dict[str, Any]


def cases() -> QuerySet[Case]:
    """Every case of which at least one event stands, with what `case` reads."""
    standing = Event.objects.filter(head__isnull=False).exclude(status=Status.RETRACTED.value)
    events = Prefetch("events", queryset=standing.order_by("date", "id").select_related("head"))
    return (
        Case.objects.filter(Exists(standing.filter(case=OuterRef("pk"))))
        .select_related("issuer")
        .prefetch_related(events)
    )


def case(row: Case) -> JSON:
    """A case with the ids of its events that stand, in order of time."""
    decided = get_partial(row, "decided")
    return {
        "id": row.pk,
        "title": row.title,
        "issuer": {"id": row.issuer.pk, "name": row.issuer.name} if row.issuer else None,
        "decided": decided.as_json() if decided else None,
        "events": [event.pk for event in row.events.all()],
    }


def case_with_entries(row: Case) -> JSON:
    """A case with its events in full."""
    return case(row) | {"entries": [entry(event.head) for event in row.events.all() if event.head]}
