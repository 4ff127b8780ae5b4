"""The queue and the page of one candidate. Reading decides nothing; every step is a POST to `step`.

The list that a curator came from, with what it was narrowed by, is the one that the way from one candidate to the
next follows.

Opening a candidate brings up to date what follows from the record (names, similar events), so that a curator
decides on what holds now.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

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
from tracker.web.desk.narrowing import Narrow
from tracker.web.desk.parts import asks_for_part
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
    """One candidate: the article with its words marked, the fields, the steps; with `?edit` the form that edits it,
    which a script asks for alone."""
    if asks_for_part(request, "edit"):
        return render(request, "web/desk/_edit.html", showing.editor(_candidate(pk)))
    row = showing.fresh(pk)
    holding.hold(pk, curator(request))
    return _page(request, row, {"editing": "edit" in request.GET})


@require_safe
@curators_only
def beside(request: HttpRequest, pk: int, *, forward: bool) -> HttpResponse:
    """Goes on to the candidate after or before one, in the list that the curator came from; at its end says so."""
    row, user = _candidate(pk), curator(request)
    find = waiting.after if forward else waiting.before
    found = find(row, user, remembered(request, user))
    if found is None:
        end = (
            gettext("This is the last one of this list.")
            if forward
            else gettext("This is the first one of this list.")
        )
        messages.info(request, end)
    return redirect("desk:candidate", found or pk)


@require_POST
@curators_only
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Takes one step. A refused one shows the page again, says why, and keeps what was typed."""
    row, user = _candidate(pk), curator(request)
    taken = Step(verb, row, user, request.POST)
    following = waiting.following(row, user, remembered(request, user)) if taken.leaves else None
    try:
        done = taken.take()
    except Refused as refused:
        messages.error(request, str(refused))
        typed: dict[str, Any] = {**refused.typed, "stale": refused.stale}
        return _page(request, showing.fresh(pk), typed, refused.status)
    messages.success(request, done)
    if not taken.leaves:
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


def _candidate(pk: int) -> Candidate:
    """A candidate of which most steps need no more than its place; the rest is read where it is asked for."""
    return get_object_or_404(Candidate.objects.select_related("document").defer(*waiting.HEAVY), pk=pk)


def _page(request: HttpRequest, row: Candidate, typed: dict[str, Any], status: int = 200) -> HttpResponse:
    context = showing.context(row, curator(request), typed)
    return render(request, "web/desk/candidate.html", context, status=status)
