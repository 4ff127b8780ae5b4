"""The pages of events and cases. They are read-only: every view answers GET and HEAD alone."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from events.choices import Operation, Status
from events.models.record import Case, Event
from events.timelines import ledger
from events.timelines.entries import entry, revision_of
from tracker.web import presentation
from tracker.web.public import citing, linked_data, pictures, reading
from tracker.web.public.differences import readable

MAX_REVISIONS = 20
"""Revisions of an event on one page."""
MAX_SIBLINGS = 12
MAX_RETRACTED = 200
MAX_DIGITS = 9
PER_PAGE = 30
"""Events of a case on one page."""


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
    revisions, earlier = _revisions(pk, request.GET.get("before", ""))
    numbered = citing.sources(payload)
    facts = citing.cited(presentation.facts(head.payload), numbered)
    context = {
        "payload": payload,
        "head": head,
        "retracted": head.operation == Operation.DEL.value,
        "facts": facts[: citing.MAX_FACTS],
        "more_facts": facts[citing.MAX_FACTS :],
        "sources": numbered,
        "inputs": pictures.severity_inputs(payload),
        "ladders": pictures.ladders(payload),
        "revisions": revisions,
        "earlier_revisions": earlier,
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
    """A case: one decision, and the events of all that it bears on, gravest first."""
    row = get_object_or_404(Case.objects.select_related("issuer"), pk=pk)
    page = Paginator(reading.case_rows(pk), PER_PAGE).get_page(request.GET.get("page"))
    found = [reading.shown(entry(event)) for event in page.object_list]
    retracted = Event.objects.filter(case=row, status=Status.RETRACTED.value).order_by("pk")
    context = {
        "case": row,
        "page": page,
        "entries": found,
        "count": page.paginator.count,
        "retracted": list(retracted.values_list("pk", flat=True)[:MAX_RETRACTED]),
        "linked": linked_data.case(row, found),
        "page_url": linked_data.address("web:case", pk),
    }
    return render(request, "web/public/case.html", context)


def _revisions(pk: int, before: str) -> tuple[list[Any], int | None]:
    """The newest revisions of an event, before a number where one is asked for; and where the earlier ones begin."""
    rows = ledger.revisions(pk).order_by("-seq")
    if before.isascii() and before.isdigit() and len(before) < MAX_DIGITS:
        rows = rows.filter(number__lt=int(before))
    found: list[Any] = list(rows[: MAX_REVISIONS + 1])
    for revision in found:
        revision.differences = readable(revision.changes) if revision.number > 1 else []
    shown = found[:MAX_REVISIONS]
    return shown, shown[-1].number if len(found) > MAX_REVISIONS else None


def _siblings(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """The others of the event's case, the gravest MAX_SIBLINGS of them."""
    if not payload["case"]:
        return []
    rows = reading.case_rows(payload["case"]).exclude(pk=payload["event"])
    return [entry(row) for row in rows[:MAX_SIBLINGS]]


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
