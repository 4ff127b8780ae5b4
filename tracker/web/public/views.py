"""The public pages. They are read-only: every view answers GET and HEAD alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.choices import Operation
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Case, Event
from events.timelines import ledger, organizations, people
from events.timelines.entries import revision_of
from events.timelines.grades import subject_payloads
from events.timelines.units import Remembered, places_at
from tracker.web import presentation
from tracker.web.public import linked_data, pictures, reading, structure
from tracker.web.public.differences import readable


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest events, a search box, and what is tracked."""
    context = {
        "entries": reading.latest(),
        "counts": reading.counts(),
        "people": reading.most_recorded(Executive),
        "organizations": reading.most_recorded(Organization),
        "scale": range(6),
    }
    return render(request, "web/public/home.html", context)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: names, grade over time, positions, timeline with evidence, and the two clocks."""
    row = get_object_or_404(Executive.objects.prefetch_related("names", "identifiers"), pk=pk)
    if row.merged_into_id:
        return redirect("web:person", people.survivor(row).pk, permanent=True)
    clocks = reading.clocks(request.GET)
    found, cursor = reading.timeline(f"person:{pk}", clocks.as_of, request.GET.get("cursor", ""))
    said = None if clocks.as_of.known_at is None else subject_payloads(row, clocks.as_of)
    positions = reading.held_positions(row, clocks.as_of, said)
    context = {
        "person": row,
        "native": reading.native_names(row.name, row.names.all()),
        "names": row.names.all(),
        "identifiers": row.identifiers.all(),
        "positions": positions,
        "current": [position for position in positions if position["current"]],
        "entries": found,
        "next": _next(request, cursor),
        "linked": linked_data.person(row, positions),
        "page_url": linked_data.address("web:person", pk),
        **pictures.grades(row, clocks.as_of, timezone.now().date(), said),
        **_clock_context(clocks),
    }
    return render(request, "web/public/person.html", context)


@require_safe
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """An organization: where it belongs, its units, figures, people and events."""
    rows = Organization.objects.prefetch_related("names", "identifiers")
    row = get_object_or_404(rows, pk=pk)
    if row.merged_into_id:
        return redirect("web:organization", organizations.survivor(row).pk, permanent=True)
    clocks = reading.clocks(request.GET)
    places = Remembered(places_at(clocks.as_of.known_at))
    found, cursor = reading.timeline(
        f"organization:{pk}", clocks.as_of, request.GET.get("cursor", ""), places
    )
    parent, units = structure.around(row, clocks.as_of, places)
    context = {
        "organization": row,
        "native": reading.native_names(row.name, row.names.all()),
        "names": row.names.all(),
        "parent": parent,
        "units": units,
        "positions": reading.officers(row, clocks.as_of),
        "ladders": reading.ladders_of(pk),
        "figures": reading.figures(reading.measured(pk, clocks.as_of)),
        "entries": found,
        "next": _next(request, cursor),
        "linked": linked_data.organization(row, parent, units),
        "page_url": linked_data.address("web:organization", pk),
        **_clock_context(clocks),
    }
    return render(request, "web/public/organization.html", context)


@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """An event: the sentence, each field with its quotes, its revisions. A retracted one says so."""
    row = get_object_or_404(Event, pk=pk)
    if row.merged_into_id:
        return redirect("web:event", row.merged_into_id, permanent=True)
    head = revision_of(pk)
    if head is None:
        raise Http404
    payload = reading.shown(head.payload)
    revisions = list(ledger.revisions(pk).order_by("-seq"))
    for revision in revisions:
        revision.differences = readable(revision.changes) if revision.number > 1 else []  # type: ignore[attr-defined]
    context = {
        "payload": payload,
        "head": head,
        "retracted": head.operation == Operation.DEL.value,
        "facts": presentation.facts(_with_every_quote(head.payload)),
        "inputs": pictures.severity_inputs(payload),
        "ladders": pictures.ladders(payload),
        "revisions": revisions,
        "siblings": _siblings(payload),
        "follow": _follow_link(payload),
        "linked": None
        if head.operation == Operation.DEL.value
        else linked_data.event(head.payload, head.recorded_at.isoformat()),
        "page_url": linked_data.address("web:event", pk),
    }
    return render(request, "web/public/event.html", context)


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A case: one decision, and the events of all that it bears on."""
    row = get_object_or_404(Case.objects.select_related("issuer"), pk=pk)
    found = reading.of_case(pk)
    retracted = Event.objects.filter(case=row, status="retracted").values_list("pk", flat=True)
    return render(
        request, "web/public/case.html", {"case": row, "entries": found, "retracted": list(retracted[:200])}
    )


def _clock_context(clocks: reading.Clocks) -> dict[str, Any]:
    return {
        "clocks": clocks.as_of,
        "clocks_turned": clocks.turned,
        "valid_at": clocks.valid_at,
        "known_at": clocks.known_at,
        "clock_error": clocks.error,
    }


def _next(request: HttpRequest, cursor: str) -> str:
    kept = {name: request.GET[name] for name in ("valid_at", "known_at") if request.GET.get(name)}
    return f"?{urlencode({**kept, 'cursor': cursor})}#timeline" if cursor else ""


def _with_every_quote(payload: dict[str, Any]) -> dict[str, Any]:
    evidence = [
        {**item, "document": {**item["document"], "link": reading.web_link(item["document"]["url"])}}
        for item in payload["evidence"]
    ]
    return {**payload, "evidence": evidence}


def _siblings(payload: dict[str, Any]) -> list[dict[str, Any]]:
    if not payload["case"]:
        return []
    return [row for row in reading.of_case(payload["case"], 20) if row["event"] != payload["event"]]


def _follow_link(payload: dict[str, Any]) -> str:
    subject = payload["subject"]
    key = {"person": "person", "organization": "organization"}.get(subject["type"])
    if key and subject.get("id") is not None:
        return f"/subscribe/?{key}={subject['id']}"
    organization = subject.get("organization") or {}
    return (
        f"/subscribe/?organization={organization['id']}"
        if organization.get("id")
        else f"/subscribe/?kind={payload['kind']}"
    )
