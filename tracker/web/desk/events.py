"""A published event at the desk: correct it, retract it, set its severity, undo the last step; each with a reason.

Splitting and merging have a page of their own (`splitting`)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from events.choices import Operation, RequestState, StepVerb
from events.curation.claims import problems
from events.curation.corrections import first_candidate
from events.curation.drafts import from_payload, to_claim
from events.exceptions import InvalidClaim, StaleRequest, TrackerError
from events.models.acts import StepRequest
from events.models.candidates import Candidate
from events.models.record import Event, Revision
from tracker.web.desk import article
from tracker.web.desk.access import curators_only
from tracker.web.desk.asking import ask, held, number, reason_of
from tracker.web.desk.beside import facts
from tracker.web.desk.forms import ClaimForm, RawClaimForm
from tracker.web.desk.history import history
from tracker.web.desk.meanwhile import joined

JSON = dict[str, Any]


class Refused(TrackerError):
    """A step that was not taken; the forms say why where they can."""

    def __init__(self, message: str, typed: JSON, status: int = 400) -> None:
        super().__init__(message)
        self.typed = typed
        self.status = status


@require_safe
@curators_only
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """What the record says, the source beside it, the steps, and all revisions."""
    return _page(request, _event(pk))


@require_POST
@curators_only
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Takes one step. A refused one shows the page again, says why, and keeps what was typed."""
    row = _event(pk)
    steps: dict[str, Callable[[HttpRequest, Event], None]] = {
        "correct": _correct,
        "correct-raw": _correct,
        "retract": _retract,
        "undo": _undo,
        "severity": _severity,
    }
    if verb not in steps:
        raise Http404
    try:
        with transaction.atomic():
            held(row.pk, number(request.POST.get("head")))
            steps[verb](request, row)
    except Refused as refused:
        messages.error(request, str(refused))
        return _page(request, _event(pk), refused.typed, refused.status)
    except StaleRequest as error:
        messages.error(request, str(error))
        typed = _typed(request, "stale") | {"seen": number(request.POST.get("head"))}
        return _page(request, _event(pk), typed, 409)
    except TrackerError as error:
        messages.error(request, str(error))
        return _page(request, _event(pk), _typed(request, verb), 400)
    return redirect("desk:event", pk)


def _typed(request: HttpRequest, verb: str) -> JSON:
    typed: JSON = {"reason": reason_of(request), "asked_severity": request.POST.get("severity", "")[:2]}
    if verb in {"correct", "stale"} and "subject_name" in request.POST:
        typed["form"] = ClaimForm(request.POST)
    if verb in {"correct-raw", "stale"} and "claim" in request.POST:
        typed["raw_form"] = RawClaimForm(request.POST)
    return typed


def _correct(request: HttpRequest, row: Event) -> None:
    raw = "claim" in request.POST
    form = RawClaimForm(request.POST) if raw else ClaimForm(request.POST)
    typed: JSON = {"reason": reason_of(request), "raw_form" if raw else "form": form}
    candidate = first_candidate(row.pk)
    if candidate is None:
        raise Refused(gettext("This event has no source that could be read again."), typed)
    if not form.is_valid():
        raise Refused(gettext("Some fields are not right."), typed)
    text = candidate.document.text
    claim = form.with_words(form.applied_to(_claim(row, candidate)), text)
    for problem in problems(claim, text):
        form.add_problem(problem.pointer, str(problem))
    if not (form.is_right if isinstance(form, ClaimForm) else form.is_valid()):
        raise Refused(gettext("The claim is not right yet."), typed)
    try:
        ask(request, StepVerb.CORRECT, {"event": row.pk, "claim": claim}, gettext("Corrected."))
    except InvalidClaim as error:
        raise Refused(str(error), typed) from error


def _retract(request: HttpRequest, row: Event) -> None:
    ask(request, StepVerb.RETRACT, {"event": row.pk}, gettext("Retracted."))


def _undo(request: HttpRequest, row: Event) -> None:
    ask(request, StepVerb.UNDO, {"event": row.pk}, gettext("Undone."))


def _severity(request: HttpRequest, row: Event) -> None:
    chosen = request.POST.get("severity", "")
    if chosen not in {"", *map(str, range(6))}:
        raise Refused(gettext("A severity is a whole number from 0 to 5."), _typed(request, "severity"))
    severe = int(chosen) if chosen else None
    ask(request, StepVerb.SEVERITY, {"event": row.pk, "severity": severe}, gettext("The severity is set."))


def _event(pk: int) -> Event:
    rows = Event.objects.select_related("head__author", "head__approver", "case")
    return get_object_or_404(rows, pk=pk, head__isnull=False)


def _claim(row: Event, candidate: Candidate) -> JSON:
    head = row.head
    assert head is not None  # noqa: S101 - `_event` gives none without
    return to_claim(from_payload(head.payload), candidate.document_id)


def _page(request: HttpRequest, row: Event, typed: JSON | None = None, status: int = 200) -> HttpResponse:
    head, candidate = row.head, first_candidate(row.pk)
    assert head is not None  # noqa: S101 - `_event` gives none without
    gone = head.operation == Operation.DEL.value
    claim = _claim(row, candidate) if candidate and not gone else None
    context = {
        "event": row,
        "payload": head.payload,
        "head": head,
        "gone": gone,
        "history": history(row.pk),
        "asked": _waiting(row),
        "form": ClaimForm(claim=claim) if claim else None,
        "raw_form": RawClaimForm(initial=RawClaimForm.values(claim)) if claim else None,
        "levels": range(6),
        "override": head.payload["severity_inputs"].get("override"),
        **_source(candidate, claim, head.payload),
        **(typed or {}),
        **(_since(row, typed) if typed and "seen" in typed else {}),
    }
    return render(request, "web/desk/event.html", context, status=status)


def _source(candidate: Candidate | None, claim: JSON | None, payload: JSON) -> JSON:
    """The article that the event was first read in, with the words that prove it marked; quotes of others name theirs."""
    if candidate is None or claim is None:
        return {"facts": facts(payload)}
    spans = [(item["start"], item["end"]) for item in claim.get("evidence", [])]
    numbers = itertools.count()
    quotes = [
        {**item, "number": next(numbers)}
        if item["document"]["id"] == candidate.document_id
        else {**item, "elsewhere": item["document"]}
        for item in payload["evidence"]
    ]
    return {
        "candidate": candidate,
        "document": candidate.document,
        "paragraphs": article.paragraphs(candidate.document.text, spans),
        "cut": len(candidate.document.text) > article.MAX_SHOWN,
        "facts": facts({**payload, "evidence": quotes}),
    }


def _waiting(row: Event) -> StepRequest | None:
    """The request on this event, or on its case, that waits for a second curator."""
    about = Q(arguments__event=row.pk) | Q(arguments__kind="event", arguments__source=row.pk)
    about |= Q(arguments__kind="event", arguments__target=row.pk)
    if row.case_id is not None:
        about |= Q(arguments__case=row.case_id)
    return StepRequest.objects.filter(about, state=RequestState.OPEN.value).select_related("user").first()


def _since(row: Event, typed: JSON) -> JSON:
    """What others did to the event since the form was opened, and the form joined with it."""
    seen = typed.get("seen")
    if seen is None or row.head_id is None:
        return {}
    found: JSON = {"since": [step for step in history(row.pk) if step.revision.seq > seen]}
    form, base = typed.get("form"), Revision.objects.filter(event=row.pk, seq=seen).first()
    candidate = first_candidate(row.pk)
    if isinstance(form, ClaimForm) and base is not None and candidate is not None:
        was = to_claim(from_payload(base.payload), candidate.document_id)
        found["form"] = joined(form, was, _claim(row, candidate))
    return found
