"""Before a candidate is decided: how an edit would read, and whether a similar event is the same, newer, or another."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from events import curation
from events.choices import CandidateState, StepVerb
from events.curation.assess import assess
from events.curation.claims import problems
from events.curation.parties import carried_over
from events.curation.updating import updated_claim
from events.exceptions import CurationError, InvalidClaim, StaleCandidate, StaleRequest, TrackerError
from events.models.acts import StepRequest
from events.models.candidates import Candidate
from tracker.web.desk import queue, showing
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.asking import ask, held, number, reason_of
from tracker.web.desk.beside import Row, beside, numbered
from tracker.web.desk.conflicts import Conflict, disagreements
from tracker.web.desk.forms import ClaimForm
from tracker.web.desk.parts import asks_for_part
from tracker.web.desk.views import remembered

JSON = dict[str, Any]


@dataclass(frozen=True)
class Trial:
    """An edit that is not saved: how it would be published, what it changes, what then disagrees."""

    preview: JSON
    severity: int
    rows: list[Row] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    is_right: bool = True


@require_POST
@curators_only
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The public sentence after the edit as typed. Writes nothing. Without a script the whole page, with it."""
    row = showing.fresh(pk)
    form = ClaimForm(request.POST)
    shown = trial(row, form)
    if asks_for_part(request, "preview"):
        return render(request, "web/desk/_trial.html", {"trial": shown})
    typed = {"form": form, "editing": True, "trial": shown}
    return render(request, "web/desk/candidate.html", showing.context(row, curator(request), typed))


def trial(candidate: Candidate, form: ClaimForm) -> Trial:
    """What would become of the candidate; problems are shown at the form's inputs."""
    if not form.is_valid():
        return Trial({"problem": gettext("See the marked fields.")}, candidate.severity, is_right=False)
    text = candidate.document.text
    claim = form.with_words(form.applied_to(candidate.claim), text)
    for problem in problems(claim, text):
        form.add_problem(problem.pointer, str(problem))
    if not form.is_right:
        return Trial({"problem": gettext("See the marked fields.")}, candidate.severity, is_right=False)
    tried = copy.copy(candidate)
    tried.edited, tried.resolution = claim, carried_over(claim, candidate.resolution)
    assess(tried)
    changed = [row for row in beside(numbered(candidate.claim), numbered(claim)) if row.differs]
    return Trial(showing.preview(tried), tried.severity, changed, disagreements(tried))


@require_POST
@curators_only
def similar(request: HttpRequest, pk: int) -> HttpResponse:
    """Decides what a candidate is to an event that looks like it: the same, newer news of it, or another fact."""
    row, user = showing.fresh(pk), curator(request)
    following = queue.following(row, user, remembered(request, user))
    choice = request.POST.get("choice", "")
    event = number(request.POST.get("event"))
    try:
        _decide(request, row, choice, event)
    except TrackerError as error:
        messages.error(request, str(error))
        stale = isinstance(error, StaleCandidate)
        typed = {
            "choice": choice, "chosen_event": event, "reason_similar": reason_of(request), "stale": stale,
            "seen": number(request.POST.get("version")),
        }  # fmt: skip
        context = showing.context(showing.fresh(pk), user, typed)
        status = 409 if isinstance(error, StaleCandidate | StaleRequest) else 400
        return render(request, "web/desk/candidate.html", context, status=status)
    return redirect("desk:candidate", following) if following else redirect("desk:queue")


def _decide(request: HttpRequest, row: Candidate, choice: str, event: int | None) -> None:
    user, version = curator(request), number(request.POST.get("version")) or 0
    if choice not in {"same", "update", "new"} or (choice != "new" and event is None):
        raise CurationError(gettext("Say whether it is the same, an update, or another fact."))
    if choice == "update" and event is not None:
        _update(request, row, event, version)
        return
    done = curation.accept(row.pk, user, version, into=event if choice == "same" else None)
    if done.state == CandidateState.AWAITING_APPROVAL.value:
        messages.success(request, gettext("Accepted. At this severity a second curator must approve it."))
    elif choice == "same":
        messages.success(request, gettext("Added to event %(id)s as evidence.") % {"id": done.event_id})
    else:
        messages.success(request, gettext("Published as event %(id)s.") % {"id": done.event_id})


@transaction.atomic
def _update(request: HttpRequest, row: Candidate, event: int, version: int) -> None:
    """Corrects the event by what the candidate tells, on the versions of both that the curator saw."""
    locked = Candidate.objects.select_for_update(of=("self",)).only("version").get(pk=row.pk)
    if locked.version != version:
        raise StaleCandidate(gettext("Someone changed this candidate since you opened it. Look at it again."))
    if _asked(row.pk):
        raise CurationError(gettext("This was asked for already and waits for a second curator."))
    held(event, number(request.POST.get(f"head-{event}")))
    arguments = {"event": event, "claim": updated_claim(event, row), "source": row.pk}
    try:
        ask(request, StepVerb.CORRECT, arguments, gettext("Event %(id)s is updated.") % {"id": event})
    except InvalidClaim as error:
        raise CurationError(f"{error.pointer}: {error}") from error


def _asked(candidate: int) -> bool:
    return StepRequest.objects.filter(
        state="open", verb=StepVerb.CORRECT.value, arguments__source=candidate
    ).exists()
