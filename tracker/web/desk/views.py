"""The queue and the page of one candidate. Reading decides nothing; every step is a POST to `step`.

The list that a curator came from, with what it was narrowed by, is the one that the way from one candidate to the
next follows.

Opening a candidate brings up to date what follows from the record (names, similar events), so that a curator
decides on what holds now.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from events import curation
from events.choices import CandidateState
from events.curation.waiting import listed
from events.models.access import User
from events.models.candidates import Candidate
from tracker.web.desk import holding, showing
from tracker.web.desk import queue as waiting
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.asking import number
from tracker.web.desk.bulk import outcome
from tracker.web.desk.giving import days
from tracker.web.desk.narrowing import Narrow, colleagues
from tracker.web.desk.ranking import of_stories
from tracker.web.desk.steps import Refused, Step
from tracker.web.desk.tabs import tabs
from tracker.web.desk.trouble import trouble

LIST = "desk_list"
"""Where a session keeps the list that its curator looks through."""
_IN_BULK = (CandidateState.OPEN, CandidateState.DEFERRED, CandidateState.AWAITING_APPROVAL)


@require_safe
@curators_only
def queue(request: HttpRequest) -> HttpResponse:
    """Candidates of one state, gravest first, by document; and what went wrong on the way here."""
    asked = request.GET.get("state", CandidateState.OPEN.value)
    state = CandidateState(asked) if asked in waiting.STATES else CandidateState.OPEN
    user = curator(request)
    narrow = Narrow(request.GET, user)
    remember(request, state, narrow)
    after, before = number(request.GET.get("after")), number(request.GET.get("before"))
    page = waiting.page(state, user, narrow.query(), after=after, before=before, story=narrow.story)
    context = {
        "state": state.value,
        "narrow": narrow,
        "kept": narrow.kept(state.value),
        "back": request.GET.urlencode(),
        "page": page,
        "found": waiting.count(listed(state) & narrow.query()) if narrow.values else None,
        "bulk_steps": state in _IN_BULK,
        "days": days(),
        "trouble": trouble(),
        **outcome(request),
        **tabs(state.value),
    }
    return render(request, "web/desk/queue.html", context)


@require_safe
@curators_only
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """One candidate: the article with its words marked, the fields, the steps."""
    row, user = _shown(pk), curator(request)
    holding.hold(pk, user)
    return render(request, "web/desk/candidate.html", _context(request, row, user))


@require_POST
@curators_only
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Takes one step. A refused one shows the page again, says why, and keeps what was typed."""
    row = get_object_or_404(_candidates(), pk=pk)
    user = curator(request)
    following = waiting.following(row, remembered(request, user))
    try:
        done = Step(verb, row, user, request.POST).take()
    except Refused as refused:
        messages.error(request, str(refused))
        fresh = _shown(pk)
        typed: dict[str, Any] = {**refused.typed, "stale": refused.stale}
        context = _context(request, fresh, user, typed)
        return render(request, "web/desk/candidate.html", context, status=refused.status)
    messages.success(request, done.message)
    if done.stays:
        return redirect("desk:candidate", pk)
    if following is None:
        messages.info(request, gettext("That was the last one of this list."))
        return redirect(f"{reverse('desk:queue')}?{request.session.get(LIST, '')}")
    return redirect("desk:candidate", following)


def remember(request: HttpRequest, state: CandidateState, narrow: Narrow) -> None:
    """Notes which list the curator looks through; writes to the session only where it is another one."""
    address = narrow.address(state.value)
    if request.session.get(LIST) != address:
        request.session[LIST] = address


def remembered(request: HttpRequest, user: User) -> Q | None:
    """What the list that the curator came from is narrowed by; None where it is not."""
    address = request.session.get(LIST, "")
    if "&" not in address:  # a state alone
        return None
    narrow = Narrow(QueryDict(address), user)
    return narrow.query() & (Q() if narrow.story is None else of_stories([narrow.story]))


def _context(
    request: HttpRequest, row: Candidate, user: User, typed: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The page of a candidate, whose neighbours are those of the list that the curator came from."""
    context = showing.context(row, user, typed) | {"days": days(), "colleagues": colleagues(user)}
    narrow = remembered(request, user)
    if narrow is not None:
        context["before"], context["after"] = waiting.neighbours(row, narrow)
    return context


def _shown(pk: int) -> Candidate:
    get_object_or_404(Candidate.objects.only("pk"), pk=pk)
    curation.refresh(pk)
    return get_object_or_404(_candidates(), pk=pk)


def _candidates() -> QuerySet[Candidate]:
    return Candidate.objects.select_related(
        "document", "accepted_by", "worked_on_by", "event", "subject_executive", "subject_organization"
    ).defer("document__raw")
