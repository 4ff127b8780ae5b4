"""Cases at the desk: all candidates of one decision accepted as one, all its events corrected or retracted as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from events import curation
from events.choices import ActKind, CandidateState, RequestState, Status, StepVerb
from events.curation.rules import FOUR_EYES_FROM
from events.exceptions import InvalidClaim, StaleCandidate, StaleRequest, TrackerError
from events.models.acts import Act, StepRequest
from events.models.candidates import Candidate
from events.models.record import DATE_FIELDS, Case, Event
from tracker.web import labels, presentation
from tracker.web.desk import fields, showing
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.asking import ask, number, reason_of
from tracker.web.desk.members import LIVE, WAITING, of_case, siblings
from tracker.web.desk.tabs import tabs

JSON = dict[str, Any]
PAGE = 50


class CaseForm(forms.Form):
    """What the events of a case share. Only what was changed is sent on."""

    title = forms.CharField(max_length=500, required=False, label=_("Title"))
    issuer = forms.CharField(
        max_length=300,
        required=False,
        label=_("Decided by"),
        help_text=_("A name, or an organization's number"),
    )
    status = forms.ChoiceField(
        choices=lambda: [fields.EMPTY, *fields.statuses()], required=False, label=_("Status")
    )
    grounds = fields.GroundsField(label=_("Grounds, one a line"))

    def __init__(self, data: Any = None, *, initial: JSON | None = None) -> None:
        super().__init__(data, initial=initial)
        for name in DATE_FIELDS:
            self.fields[f"date_{name}"] = fields.PartialDateField(label=labels.DATES[name])

    def change(self) -> JSON:
        """What `curation.correct_case` takes: each input that says something else than what the events share."""
        data = self.cleaned_data
        changed = {name for name in self.changed_data if data[name]}
        found: JSON = {name: data[name] for name in ("title", "status", "grounds") if name in changed}
        if "issuer" in changed:
            pk = number(data["issuer"])
            found["issuer"] = {"name": data["issuer"]} if pk is None else {"id": pk}
        dates = {name: data[f"date_{name}"] for name in DATE_FIELDS if f"date_{name}" in changed}
        return found | ({"dates": dates} if dates else {})

    def add_problem(self, pointer: str, message: str) -> None:
        """Shows a problem at its input."""
        parts = pointer.split("/")[1:]
        name = f"date_{parts[1]}" if parts[:1] == ["dates"] and len(parts) > 1 else (parts or [""])[0]
        self.add_error(name if name in self.fields else None, message)


@require_safe
@curators_only
def cases(request: HttpRequest) -> HttpResponse:
    """Cases with candidates that wait, the gravest first; and those on record, the newest first."""
    waiting = (
        Candidate.objects.filter(state__in=(*LIVE, WAITING))
        .exclude(case_label="")
        .values("document_id", "document__title", "case_label")
        .annotate(first=Max("pk"), members=Count("pk"), severity=Max("severity"))
        .order_by("-severity", "document_id", "case_label")[:PAGE]
    )
    standing = Count("events", filter=~Q(events__status=Status.RETRACTED.value))
    rows = Case.objects.annotate(members=Count("events"), standing=standing).order_by("-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page", "1"))
    return render(
        request,
        "web/desk/cases.html",
        {"waiting": waiting, "page": page, "rows": page.object_list, **tabs("cases")},
    )


@require_safe
@curators_only
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """All candidates of a candidate's case: accepted or approved as one."""
    return _open_page(request, _candidate(pk))


@require_POST
@curators_only
def open_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Accepts or approves the case, as it was seen."""
    row, user = _candidate(pk), curator(request)
    acts = {"accept": curation.accept_case, "approve": curation.approve_case}
    if verb not in acts:
        raise Http404
    try:
        with transaction.atomic():
            _require_seen(request, row)
            done = acts[verb](pk, user, reason=reason_of(request))
    except TrackerError as error:
        messages.error(request, str(error))
        stale = isinstance(error, StaleCandidate)
        return _open_page(request, _candidate(pk), {"reason": reason_of(request)}, 409 if stale else 400)
    event = done[0].event
    if event is not None and done[0].state == CandidateState.PUBLISHED.value:
        messages.success(request, gettext("Published as one case."))
        case = event.case_id or Event.objects.values_list("case_id", flat=True).get(pk=event.pk)
        return redirect("desk:case", case) if case else redirect("desk:queue")
    messages.success(request, gettext("Accepted as one. At this severity a second curator must approve it."))
    return redirect("desk:candidate-case", pk)


def _require_seen(request: HttpRequest, row: Candidate) -> None:
    """Raises StaleCandidate unless the members are those that were seen, in the versions that were seen."""
    rows = of_case(row).select_for_update(of=("self",))
    now = ",".join(f"{pk}:{version}" for pk, version in rows.values_list("pk", "version"))
    if request.POST.get("seen", "") != now:
        raise StaleCandidate(gettext("The case has changed since you opened it. Look at it again."))


def _candidate(pk: int) -> Candidate:
    rows = Candidate.objects.select_related("document").defer("document__raw", "document__text")
    row = get_object_or_404(rows, pk=pk)
    if not row.case_label:
        raise Http404
    return row


def _open_page(
    request: HttpRequest, row: Candidate, typed: JSON | None = None, status: int = 200
) -> HttpResponse:
    user = curator(request)
    members = siblings(row)
    for member in members:
        if member.state in LIVE:
            curation.refresh(member.pk)
    members = siblings(row)
    for member in members:
        member.shown = showing.preview(member)  # type: ignore[attr-defined]
    waiting = [m for m in members if m.state == WAITING]
    undecided = [m for m in members if m.state in LIVE]
    context = {
        "candidate": row,
        "document": row.document,
        "members": members,
        "undecided": undecided,
        "waiting": waiting,
        "seen": ",".join(f"{m.pk}:{m.version}" for m in members),
        "four_eyes": any(m.severity >= FOUR_EYES_FROM for m in undecided),
        "may_approve": bool(waiting) and all(m.accepted_by_id != user.pk for m in waiting),
        **(typed or {}),
        **tabs("cases"),
    }
    return render(request, "web/desk/case_open.html", context, status=status)


@require_safe
@curators_only
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A case on record: its events, what to correct or retract of all, and what was done to it as one."""
    return _page(request, get_object_or_404(Case.objects.select_related("issuer"), pk=pk))


@require_POST
@curators_only
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Corrects, retracts or undoes as one. A refused step says why and keeps what was typed."""
    row = get_object_or_404(Case.objects.select_related("issuer"), pk=pk)
    steps: dict[str, Callable[[HttpRequest, Case, CaseForm], None]] = {
        "correct": _correct,
        "retract": _retract,
        "undo": _undo,
    }
    if verb not in steps:
        raise Http404
    form = CaseForm(request.POST if verb == "correct" else None, initial=_shared(_events(row)) | _row(row))
    try:
        with transaction.atomic():
            _require_heads(request, row)
            steps[verb](request, row, form)
    except TrackerError as error:
        if isinstance(error, InvalidClaim):
            form.add_problem(error.pointer, str(error))
        messages.error(request, str(error))
        typed: JSON = {"reason": reason_of(request), "verb": verb}
        if verb == "correct":
            typed["form"] = form
        return _page(request, row, typed, 409 if isinstance(error, StaleRequest) else 400)
    return redirect("desk:case", pk)


def _correct(request: HttpRequest, row: Case, form: CaseForm) -> None:
    if not form.is_valid():
        raise InvalidClaim(gettext("Some fields are not right."))
    change = form.change()
    if not change:
        raise InvalidClaim(gettext("Nothing was changed."))
    ask(request, StepVerb.CORRECT_CASE, {"case": row.pk, "change": change}, gettext("Corrected as one."))


def _retract(request: HttpRequest, row: Case, form: CaseForm) -> None:
    ask(request, StepVerb.RETRACT_CASE, {"case": row.pk}, gettext("Retracted as one."))


def _undo(request: HttpRequest, row: Case, form: CaseForm) -> None:
    act = number(request.POST.get("act"))
    known = Act.objects.filter(kind=ActKind.CASE.value, source=row.pk)
    if act is None or not known.filter(pk=act).exists():
        raise TrackerError(gettext("There is no such step on this case."))
    ask(request, StepVerb.UNDO_ACT, {"act": act}, gettext("Undone as a whole."))


def _require_heads(request: HttpRequest, row: Case) -> None:
    """Raises StaleRequest unless every event says what it said when the page was opened."""
    events = Event.objects.select_for_update(of=("self",), no_key=True).filter(
        case=row.pk, head__isnull=False
    )
    now = ",".join(f"{pk}:{head}" for pk, head in events.order_by("pk").values_list("pk", "head_id"))
    if request.POST.get("heads", "") != now:
        raise StaleRequest(
            gettext("The case has changed since you opened it. Look at what it says now, then send again.")
        )


def _events(row: Case) -> list[Event]:
    return list(
        Event.objects.filter(case=row.pk, head__isnull=False).select_related("head").order_by("pk")[:500]
    )


def _row(row: Case) -> JSON:
    return {"title": row.title}


def _shared(events: list[Event]) -> JSON:
    """What all standing events of the case say alike, as first values."""
    payloads = [e.head.payload for e in events if e.head and e.status != Status.RETRACTED.value]
    found: JSON = {}
    for name in DATE_FIELDS:
        found[f"date_{name}"] = _common([payload["dates"].get(name) for payload in payloads])
    found["status"] = _common([payload["assertion"] for payload in payloads])
    found["grounds"] = "\n".join(
        _common([payload["details"].get("grounds", []) for payload in payloads]) or []
    )
    found["issuer"] = _common([_issuer(payload) for payload in payloads])
    dates = {name: _date(value) for name, value in found.items() if name.startswith("date_")}
    return {name: value or "" for name, value in (found | dates).items()}


def _common(values: list[Any]) -> Any:
    return values[0] if values and all(value == values[0] for value in values) else None


def _date(value: JSON | None) -> str:
    return presentation.date_machine(value) if value else ""  # type: ignore[arg-type]


def _issuer(payload: JSON) -> str:
    parties = payload["details"].get("participants", [])
    return next((str(p["name"]) for p in parties if p["role"] == "issuer"), "")


def _page(request: HttpRequest, row: Case, typed: JSON | None = None, status: int = 200) -> HttpResponse:
    events = _events(row)
    acts = Act.objects.filter(kind=ActKind.CASE.value, source=row.pk).select_related(
        "user", "approver", "undone_by"
    )
    asked = StepRequest.objects.filter(state=RequestState.OPEN.value, arguments__case=row.pk).select_related(
        "user"
    )
    context = {
        "case": row,
        "events": events,
        "standing": [event for event in events if event.status != Status.RETRACTED.value],
        "severe": any(event.severity >= FOUR_EYES_FROM for event in events),
        "heads": ",".join(f"{event.pk}:{event.head_id}" for event in events),
        "acts": acts.order_by("-pk")[:20],
        "asked": asked.first(),
        "form": CaseForm(initial=_shared(events) | _row(row)),
        **(typed or {}),
        **tabs("cases"),
    }
    return render(request, "web/desk/case.html", context, status=status)
