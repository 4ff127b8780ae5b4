"""What was taken for one is two, and what was taken for two is one: events, people and organizations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from events.choices import ActKind, CandidateState, StepVerb
from events.curation.acts import bearing_on
from events.curation.judgements import MODELS
from events.exceptions import CurationError, StaleRequest, TrackerError
from events.models.candidates import Candidate
from events.models.record import Event
from tracker.web.desk import showing
from tracker.web.desk.access import curators_only
from tracker.web.desk.asking import ask, held, number, reason_of
from tracker.web.desk.beside import beside
from tracker.web.desk.tabs import tabs

JSON = dict[str, Any]
MAX_EVENTS = 500
NAMED = {"person": ActKind.PERSON, "organization": ActKind.ORGANIZATION}


@require_safe
@curators_only
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """The candidates that an event was made of: which of them is another fact; and another event to join it to."""
    row = _standing(pk)
    if row.merged_into_id:
        return redirect("desk:event-split", row.merged_into_id)
    return _event_page(request, row, {"into": request.GET.get("into", "")[:18]})


@require_POST
@curators_only
def split_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes one of the candidates an event of its own."""
    return _take(request, _standing(pk), _split_event)


@require_POST
@curators_only
def merge_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives the event up for another that tells the same."""
    return _take(request, _standing(pk), _merge_event)


def _take(request: HttpRequest, row: Event, act: Any) -> HttpResponse:
    try:
        with transaction.atomic():
            held(row.pk, number(request.POST.get("head")))
            act(request, row)
    except TrackerError as error:
        messages.error(request, str(error))
        typed: JSON = {"reason": reason_of(request), "into": request.POST.get("into", "")[:18]}
        typed["chosen"] = number(request.POST.get("candidate"))
        return _event_page(request, _standing(row.pk), typed, 409 if isinstance(error, StaleRequest) else 400)
    return redirect("desk:event", row.pk)


def _split_event(request: HttpRequest, row: Event) -> None:
    candidate = number(request.POST.get("candidate"))
    if candidate is None:
        raise CurationError(gettext("Choose which candidate is another fact."))
    arguments = {"kind": ActKind.EVENT.value, "source": row.pk, "candidate": candidate}
    ask(request, StepVerb.SPLIT, arguments, gettext("Split: the candidate is an event of its own now."))


def _merge_event(request: HttpRequest, row: Event) -> None:
    target = number(request.POST.get("into"))
    if target is None or target == row.pk:
        raise CurationError(gettext("Give the number of the event that stays."))
    held(target, number(request.POST.get("target_head")))
    arguments = {"kind": ActKind.EVENT.value, "source": row.pk, "target": target}
    done = gettext("Merged: event %(source)s is an old number of event %(target)s now.")
    ask(request, StepVerb.MERGE, arguments, done % {"source": row.pk, "target": target})


def _standing(pk: int) -> Event:
    return get_object_or_404(Event.objects.filter(head__isnull=False).select_related("head"), pk=pk)


def _event_page(request: HttpRequest, row: Event, typed: JSON, status: int = 200) -> HttpResponse:
    assert row.head is not None  # noqa: S101 - `_standing` gives none without
    rows = Candidate.objects.filter(event=row.pk, state=CandidateState.PUBLISHED.value)
    members = list(rows.select_related("document").defer("document__raw", "document__text").order_by("pk"))
    for place, member in enumerate(members):
        member.is_first = place == 0  # type: ignore[attr-defined]
        member.shown = showing.preview(member)  # type: ignore[attr-defined]
    context = {
        "event": row,
        "payload": row.head.payload,
        "members": members,
        **_other(row, typed["into"]),
        **typed,
        **tabs("published"),
    }
    return render(request, "web/desk/event_split.html", context, status=status)


def facts_of(payload: JSON) -> JSON:
    """The payload without its quotes: those of two events differ anyway."""
    return {**payload, "evidence": []}


def _other(row: Event, into: str) -> JSON:
    """The event that this one might be given up for, beside it."""
    pk = number(into)
    other = Event.objects.filter(pk=pk, head__isnull=False).select_related("head").first() if pk else None
    if other is None or other.head is None or row.head is None or other.pk == row.pk:
        return {"missing": bool(into)}
    return {
        "other": other,
        "other_payload": other.head.payload,
        "rows": beside(facts_of(row.head.payload), facts_of(other.head.payload)),
    }


@require_safe
@curators_only
def entry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The events about a person or an organization: which of them are about someone else."""
    return _entry_page(request, kind, pk)


@require_POST
@curators_only
def split_entry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Gives the chosen events to another entry, on record or new."""
    if kind not in NAMED:
        raise Http404
    try:
        with transaction.atomic():
            _split_entry(request, kind, pk)
    except TrackerError as error:
        messages.error(request, str(error))
        typed = {name: request.POST.get(name, "")[:300] for name in ("target", "name")}
        typed["reason"] = reason_of(request)
        chosen = [int(text) for text in request.POST.getlist("events") if number(text) is not None]
        return _entry_page(
            request, kind, pk, {**typed, "chosen": chosen}, 409 if isinstance(error, StaleRequest) else 400
        )
    return redirect("desk:entry-split", kind, pk)


def _split_entry(request: HttpRequest, kind: str, pk: int) -> None:
    events = [
        found for text in request.POST.getlist("events")[:MAX_EVENTS] if (found := number(text)) is not None
    ]
    if not events:
        raise CurationError(gettext("Choose the events that are about someone else."))
    for event in sorted(events):
        held(event, number(request.POST.get(f"head-{event}")))
    arguments: JSON = {"kind": kind, "source": pk, "events": events}
    target, name = (
        number(request.POST.get("target")),
        request.POST.get("name", "").replace("\x00", "").strip()[:300],
    )
    if (target is None) == (not name):
        raise CurationError(gettext("Give either the number of another entry or the name of a new one."))
    arguments |= {"name": name} if target is None else {"target": target}
    ask(request, StepVerb.SPLIT, arguments, gettext("Split: the chosen events are about the other now."))


def _entry_page(
    request: HttpRequest, kind: str, pk: int, typed: JSON | None = None, status: int = 200
) -> HttpResponse:
    if kind not in NAMED:
        raise Http404
    row = get_object_or_404(MODELS[NAMED[kind]]._default_manager.all(), pk=pk)
    if row.merged_into_id is not None:
        return redirect("desk:entry-split", kind, row.merged_into_id)
    wanted = bearing_on(f"{kind}:{pk}")[:MAX_EVENTS]
    events = (
        Event.objects.filter(pk__in=wanted, head__isnull=False)
        .select_related("head")
        .order_by("-date", "-pk")
    )
    context = {"kind": kind, "row": row, "events": events, "chosen": [], **(typed or {}), **tabs("doubles")}
    return render(request, "web/desk/entry_split.html", context, status=status)
