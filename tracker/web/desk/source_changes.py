"""Pages that changed after a curator had worked on them: a list, and a page on which one is reviewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from events.choices import CandidateState, RequestState, SourceChangeState
from events.curation import source_changes
from events.exceptions import StaleCandidate, TrackerError
from events.models.access import User
from events.models.acts import StepRequest
from events.models.candidates import SourceChange
from tracker.web.desk import textdiff
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.tabs import tabs

PAGE = 50
MAX_REASON = 2000


@require_safe
@curators_only
def changes(request: HttpRequest) -> HttpResponse:
    """The reviews that wait, the oldest first."""
    rows = (
        source_changes.open_changes()
        .select_related("candidate__document", "candidate__event__head", "successor", "document")
        .defer(*_LONG)
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "rows": [{"change": row, "facts": source_changes.what_changed(row)} for row in page.object_list],
        **tabs("changes"),
    }
    return render(request, "web/desk/changes.html", context)


@require_safe
@curators_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One review: what the page said, what it says now, and what that does to the facts."""
    return _page(request, pk)


@require_POST
@curators_only
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Decides it. A refused step shows the page again, says why, and keeps what was typed."""
    get_object_or_404(SourceChange.objects.only("pk"), pk=pk)
    reason = request.POST.get("reason", "").replace("\x00", "")[:MAX_REASON]
    steps: dict[str, Callable[[int, User, str], str]] = {
        "keep": _keep,
        "follow": _follow,
        "retract": _retract,
    }
    if verb not in steps:
        raise Http404
    try:
        message = steps[verb](pk, curator(request), reason)
    except TrackerError as error:
        messages.error(request, str(error))
        return _page(request, pk, reason, 409 if isinstance(error, StaleCandidate) else 400)
    messages.success(request, message)
    return redirect("desk:changes")


_LONG = ("candidate__document__raw", "candidate__document__text", "document__raw", "document__text")


def _keep(pk: int, user: User, reason: str) -> str:
    source_changes.keep(pk, user, reason)
    return gettext("Kept as it is.")


def _follow(pk: int, user: User, reason: str) -> str:
    done = source_changes.follow(pk, user, reason)
    if isinstance(done, StepRequest):
        return _waits(done)
    return gettext("Corrected.") if done else gettext("The new reading is in the queue.")


def _retract(pk: int, user: User, reason: str) -> str:
    done = source_changes.retract(pk, user, reason)
    return _waits(done) if isinstance(done, StepRequest) else gettext("Retracted.")


def _waits(request: StepRequest) -> str:
    return gettext("At this severity a second curator must approve it: request %(id)s.") % {"id": request.pk}


def _page(request: HttpRequest, pk: int, typed: str = "", status: int = 200) -> HttpResponse:
    rows = SourceChange.objects.select_related(
        "candidate__document", "candidate__event__head", "successor", "document", "decided_by"
    )
    row = get_object_or_404(rows.defer("candidate__document__raw", "document__raw"), pk=pk)
    old, new = row.candidate.document.text, row.document.text
    is_published = row.candidate.state == CandidateState.PUBLISHED.value
    is_open = row.state == SourceChangeState.OPEN.value
    context: dict[str, Any] = {
        "change": row,
        "candidate": row.candidate,
        "payload": _payload(row) if is_published else {},
        "facts": source_changes.what_changed(row),
        "places": textdiff.changes(old, new),
        "cut": textdiff.is_cut(old, new),
        "asked": _asked(row) if is_open else None,
        "may": {
            "keep": is_open,
            "follow": is_open and row.successor is not None,
            "retract": is_open and is_published,
        },
        "is_published": is_published,
        "typed": typed,
        "max_reason": MAX_REASON,
    }
    return render(request, "web/desk/change.html", context, status=status)


def _payload(row: SourceChange) -> dict[str, Any]:
    event = row.candidate.event
    return event.head.payload if event and event.head else {}


def _asked(row: SourceChange) -> StepRequest | None:
    """The request on this event that waits for a second curator."""
    waiting_for = StepRequest.objects.filter(
        state=RequestState.OPEN.value, arguments__event=row.candidate.event_id
    )
    return waiting_for.select_related("user").first() if row.candidate.event_id else None
