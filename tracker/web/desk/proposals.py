"""What readers propose, for the curators: a list by state, and a page on which one is answered.

Taking one up says that it was taken up; the event itself is corrected by its own correction.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from events.choices import ProposalKind, ProposalState
from events.models.proposals import Proposal
from events.models.record import Revision
from events.proposals.answering import MAX_ANSWER, answer
from events.proposals.errors import InvalidProposal, NotAnswerable
from tracker.web import presentation
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.tabs import tabs
from tracker.web.public.proposals import STATES
from tracker.web.public.reading import web_link

PAGE = 50
KINDS = {ProposalKind.CORRECTION.value: _("Correction"), ProposalKind.REPLY.value: _("Reply")}


@require_safe
@curators_only
def proposals(request: HttpRequest) -> HttpResponse:
    """The proposals of one state, the oldest first while they wait, else the latest answered first."""
    asked = request.GET.get("state", ProposalState.OPEN.value)
    state = asked if asked in STATES else ProposalState.OPEN.value
    page = Paginator(_rows(state), PAGE).get_page(request.GET.get("page", "1"))
    found = dict(Proposal.objects.values_list("state").annotate(Count("id")).order_by())
    context = {
        "proposal_state": state,
        "page": page,
        "rows": _shown(page),
        "states": [
            {"state": name, "label": label, "count": found.get(name, 0)} for name, label in STATES.items()
        ],
        **tabs("proposals"),
    }
    return render(request, "web/desk/proposals.html", context)


@require_safe
@curators_only
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal, beside what the event says."""
    return _page(request, pk)


@require_POST
@curators_only
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers it. A refused answer shows the page again, says why, and keeps what was typed."""
    get_object_or_404(Proposal.objects.only("pk"), pk=pk)
    asked, text = request.POST.get("state", ""), request.POST.get("answer", "")
    try:
        state = ProposalState(asked) if asked in STATES else ProposalState.OPEN
        answer(pk, curator(request), state, text)
    except NotAnswerable:
        messages.error(request, gettext("Another curator has answered this meanwhile. Nothing was written."))
        return _page(request, pk, text, 409)
    except InvalidProposal as error:
        messages.error(request, str(error))
        return _page(request, pk, text, 400)
    messages.success(request, gettext("Answered. Whoever sent it reads your answer with the receipt."))
    return redirect("desk:proposals")


def _rows(state: str) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(state=state).select_related("event__head", "handled_by")
    return rows.order_by("id") if state == ProposalState.OPEN.value else rows.order_by("-handled_at", "-id")


def _shown(page: Page[Proposal]) -> list[dict[str, Any]]:
    return [
        {"row": row, "kind": KINDS[row.kind], "payload": row.event.head.payload if row.event.head else {}}
        for row in page.object_list
    ]


def _page(request: HttpRequest, pk: int, typed: str = "", status: int = 200) -> HttpResponse:
    row = get_object_or_404(Proposal.objects.select_related("event__head", "handled_by"), pk=pk)
    seen = Revision.objects.get(seq=row.revision)
    context = {
        "proposal": row,
        "kind": KINDS[row.kind],
        "state": STATES[row.state],
        "payload": row.event.head.payload if row.event.head else seen.payload,
        "seen": seen,
        "changed_since": row.event.head_id != seen.seq,
        "part": presentation.pointer_words(row.field) if row.field else "",
        "source": web_link(row.source_url),
        "typed": typed[:MAX_ANSWER],
        "max_answer": MAX_ANSWER,
    }
    return render(request, "web/desk/proposal.html", context, status=status)
