"""Steps on many candidates from the queue, taking the last step back, and the live counts."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from events import curation
from events.choices import CandidateState, Verb
from events.exceptions import TrackerError
from events.models.candidates import Bulk, Candidate
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.asking import number, reason_of
from tracker.web.desk.giving import assignee, marked, until_of
from tracker.web.desk.tabs import tabs

MAX_BACK = 2000


@require_POST
@curators_only
def step(request: HttpRequest, verb: str) -> HttpResponse:
    """Takes one step on all that are marked, and goes back to the list, which then says what came of it."""
    steps: dict[str, Callable[[HttpRequest, dict[int, int | None]], Bulk]] = {
        "accept": _accept,
        "reject": _reject,
        "defer": _defer,
        "assign": _assign,
    }
    if verb not in steps:
        raise Http404
    try:
        bulk = steps[verb](request, marked(request.POST))
    except TrackerError as error:
        messages.error(request, str(error))
        return redirect(_list(request))
    return redirect(_list(request, bulk))


@require_POST
@curators_only
def undo(request: HttpRequest) -> HttpResponse:
    """Takes back the last step of the curator, or the step on many that is named, and says what it was."""
    asked = number(request.POST.get("bulk"))
    user = curator(request)
    try:
        done = curation.take_back_last(user) if asked is None else curation.take_back_bulk(asked, user)
    except TrackerError as error:
        messages.error(request, str(error))
        return redirect(_back(request))
    messages.success(request, _told(done.verb, done.candidates))
    for row in done.kept[:20]:
        messages.warning(request, f"{row['name']} ({row['id']}): {row['why']}")
    if len(done.candidates) == 1 and asked is None:
        return redirect("desk:candidate", done.candidates[0])
    return redirect(_list(request))


@require_safe
@curators_only
def counts(request: HttpRequest) -> HttpResponse:
    """The numbers beside the lists, for a page that is open to put in place of those that it shows."""
    return render(request, "web/desk/_counts.html", tabs(""))


def outcome(request: HttpRequest) -> dict[str, object]:
    """What came of the step on many that an address names, if it was the curator's own."""
    asked = number(request.GET.get("done"))
    bulk = Bulk.objects.filter(pk=asked, user=curator(request)).first() if asked else None
    if bulk is None:
        return {}
    decisions = bulk.decisions.exclude(verb=Verb.UNDO.value)
    waiting = CandidateState.AWAITING_APPROVAL.value
    left = decisions.filter(verb=Verb.ACCEPT.value, after__state=waiting).count()
    return {"bulk": bulk, "bulk_done": decisions.count(), "bulk_waiting": left}


def _accept(request: HttpRequest, marks: dict[int, int | None]) -> Bulk:
    return curation.bulk_accept(marks, curator(request))


def _reject(request: HttpRequest, marks: dict[int, int | None]) -> Bulk:
    return curation.bulk_reject(marks, curator(request), reason_of(request))


def _defer(request: HttpRequest, marks: dict[int, int | None]) -> Bulk:
    return curation.bulk_defer(marks, curator(request), until_of(request.POST))


def _assign(request: HttpRequest, marks: dict[int, int | None]) -> Bulk:
    user = curator(request)
    return curation.bulk_assign(marks, user, assignee(request.POST, user))


def _told(verb: Verb, ids: list[int]) -> str:
    if len(ids) == 1:
        name = Candidate.objects.values_list("subject_name", flat=True).get(pk=ids[0])
        told = gettext("Taken back: %(step)s of %(name)s (candidate %(id)s).")
        return told % {"step": gettext(verb.label).lower(), "name": name, "id": ids[0]}
    told = ngettext(
        "Taken back: %(step)s of %(n)s candidate.", "Taken back: %(step)s of %(n)s candidates.", len(ids)
    )
    return told % {"step": gettext(verb.label).lower(), "n": len(ids)}


def _list(request: HttpRequest, bulk: Bulk | None = None) -> str:
    """The list that the form came from; with what came of the step."""
    query = QueryDict(request.POST.get("back", "")[:MAX_BACK], mutable=True)
    query.pop("done", None)
    if bulk is not None:
        query["done"] = str(bulk.pk)
    return f"{reverse('desk:queue')}?{query.urlencode()}" if query else reverse("desk:queue")


def _back(request: HttpRequest) -> str:
    """The page that the key was pressed on: a candidate, or else the list."""
    at = number(request.POST.get("at"))
    return reverse("desk:candidate", args=[at]) if at is not None else _list(request)
