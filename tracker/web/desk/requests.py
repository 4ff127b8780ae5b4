"""Steps that wait for a second curator, and what curators did to several entries as one, with undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from events import curation
from events.choices import RequestState, StepVerb
from events.exceptions import TrackerError
from events.models.acts import Act, StepRequest
from events.models.candidates import Decision
from events.models.record import Event
from tracker.web.desk import asked
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.asking import ask, reason_of
from tracker.web.desk.tabs import tabs

PAGE = 50


@require_safe
@curators_only
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for a second pair of eyes, the oldest first."""
    rows = StepRequest.objects.filter(state=RequestState.OPEN.value).select_related("user")
    page = Paginator(rows.order_by("id"), PAGE).get_page(request.GET.get("page", "1"))
    heads = _heads(page.object_list)
    context = {
        "page": page,
        "rows": [
            {
                "request": row,
                "mine": row.user_id == curator(request).pk,
                "events": _told(row, heads),
                "rows": asked.rows(row, heads),
                "words": asked.words(row),
            }
            for row in page.object_list
        ],
        **tabs("requests"),
    }
    return render(request, "web/desk/requests.html", context)


@require_POST
@curators_only
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Approves or declines one."""
    get_object_or_404(StepRequest.objects.only("pk"), pk=pk)
    if verb not in {"approve", "decline"}:
        raise Http404
    try:
        if verb == "approve":
            curation.approve_request(pk, curator(request))
            messages.success(request, gettext("Approved and done."))
        else:
            curation.decline_request(pk, curator(request), reason_of(request))
            messages.success(request, gettext("Declined."))
    except TrackerError as error:
        messages.error(request, str(error))
    return redirect("desk:requests")


@require_safe
@curators_only
def log(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first; what was done as one can be undone as one."""
    rows = Decision.objects.select_related("user", "candidate", "act", "event").order_by("-id")
    page = Paginator(rows.defer("candidate__original", "candidate__edited"), PAGE).get_page(
        request.GET.get("page", "1")
    )
    acts = Act.objects.select_related("user", "approver").order_by("-id")[:20]
    return render(request, "web/desk/log.html", {"page": page, "acts": acts, **tabs("log")})


@require_POST
@curators_only
def undo_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Undoes what was done as one, as one."""
    get_object_or_404(Act.objects.only("pk"), pk=pk)
    try:
        ask(request, StepVerb.UNDO_ACT, {"act": pk}, gettext("Undone as a whole."))
    except TrackerError as error:
        messages.error(request, str(error))
    return redirect("desk:log")


def _heads(rows: Any) -> dict[int, dict[str, Any]]:
    """The latest payload of each event that the requests bear on. One SQL statement."""
    wanted = {int(pk) for row in rows for pk in row.heads}
    found = Event.objects.filter(pk__in=wanted, head__isnull=False).select_related("head")
    return {row.pk: row.head.payload for row in found if row.head}


def _told(row: StepRequest, heads: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [heads[int(pk)] for pk in list(row.heads)[:10] if int(pk) in heads]
