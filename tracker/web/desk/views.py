"""The queue and the page of one candidate. Reading decides nothing; every step is a POST to `step`.

Opening a candidate brings up to date what follows from the record (names, similar events), so that a curator
decides on what holds now.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from events import curation
from events.choices import CandidateState
from events.models.candidates import Candidate
from tracker.web.desk import holding, showing
from tracker.web.desk import queue as waiting
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.narrowing import Narrow
from tracker.web.desk.steps import Refused, Step
from tracker.web.desk.tabs import tabs


@require_safe
@curators_only
def queue(request: HttpRequest) -> HttpResponse:
    """Candidates of one state, gravest first, by document; and what went wrong on the way here."""
    asked = request.GET.get("state", CandidateState.OPEN.value)
    state = CandidateState(asked) if asked in waiting.STATES else CandidateState.OPEN
    narrow = Narrow(request.GET)
    page = waiting.page(state, request.GET.get("page", "1"), narrow.query())
    context = {
        "state": state.value,
        "narrow": narrow,
        "kept": narrow.kept(state.value),
        "page": page,
        "groups": waiting.groups(page, curator(request)),
        "trouble": waiting.trouble(),
        **tabs(state.value),
    }
    return render(request, "web/desk/queue.html", context)


@require_safe
@curators_only
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """One candidate: the article with its words marked, the fields, the steps."""
    row = _shown(pk)
    holding.hold(pk, curator(request))
    return render(request, "web/desk/candidate.html", showing.context(row, curator(request)))


@require_POST
@curators_only
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Takes one step. A refused one shows the page again, says why, and keeps what was typed."""
    row = get_object_or_404(_candidates(), pk=pk)
    user = curator(request)
    before, after = waiting.neighbours(row)
    try:
        done = Step(verb, row, user, request.POST).take()
    except Refused as refused:
        messages.error(request, str(refused))
        fresh = _shown(pk)
        typed: dict[str, Any] = {**refused.typed, "stale": refused.stale}
        return render(
            request, "web/desk/candidate.html", showing.context(fresh, user, typed), status=refused.status
        )
    messages.success(request, done.message)
    if done.stays:
        return redirect("desk:candidate", pk)
    following = after or before
    if following is None:
        messages.info(request, gettext("That was the last one of this list."))
        return redirect("desk:queue")
    return redirect("desk:candidate", following)


def _shown(pk: int) -> Candidate:
    get_object_or_404(Candidate.objects.only("pk"), pk=pk)
    curation.refresh(pk)
    return get_object_or_404(_candidates(), pk=pk)


def _candidates() -> QuerySet[Candidate]:
    return Candidate.objects.select_related(
        "document", "accepted_by", "worked_on_by", "event", "subject_executive", "subject_organization"
    ).defer("document__raw")
