"""Entries that may be the same: proposed pairs, and two that a curator names. Merged, or judged to be two, for good."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from events import curation
from events.choices import ActKind, StepVerb
from events.curation.judgements import MODELS
from events.exceptions import TrackerError
from events.models.acts import Judgement
from events.models.record import Bearing
from tracker.web import presentation
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.asking import ask, number, reason_of
from tracker.web.desk.tabs import tabs

JSON = dict[str, Any]
KINDS = {
    ActKind.PERSON: _("People"),
    ActKind.ORGANIZATION: _("Organizations"),
    ActKind.EVENT: _("Events"),
}
PAGES = {
    ActKind.PERSON: "web:person",
    ActKind.ORGANIZATION: "web:organization",
    ActKind.EVENT: "desk:event",
}
MOST = 50


@require_safe
@curators_only
def doubles(request: HttpRequest) -> HttpResponse:
    """The pairs of one kind that nobody has judged, the newest first, and what was judged lately."""
    return _page(request, _kind(request.GET.get("kind")))


@require_POST
@curators_only
def decide(request: HttpRequest) -> HttpResponse:
    """Merges one into the other, judges them to be two, or takes such a judgement back. A refusal says why and keeps
    what was typed."""
    kind = _kind(request.POST.get("kind"))
    one, other = number(request.POST.get("one")), number(request.POST.get("other"))
    try:
        if one is None or other is None:
            messages.error(request, gettext("Give the numbers of two entries."))
            return _page(request, kind, request.POST, 400)
        _decide(request, kind, one, other)
    except TrackerError as error:
        messages.error(request, str(error))
        return _page(request, kind, request.POST, 400)
    return redirect(f"{reverse('desk:doubles')}?kind={kind.value}")


def _decide(request: HttpRequest, kind: ActKind, one: int, other: int) -> None:
    verdict = request.POST.get("verdict")
    if verdict == "two":
        curation.judge(kind, one, other, False, curator(request), reason_of(request))
        messages.success(request, gettext("Remembered: they are two."))
    elif verdict == "forget":
        curation.forget(kind, one, other, curator(request))
        messages.success(request, gettext("The judgement is taken back."))
    else:
        arguments = {"kind": kind.value, "source": other, "target": one}
        ask(
            request,
            StepVerb.MERGE,
            arguments,
            gettext("Merged: the second is now an old number of the first."),
        )


def _kind(text: str | None) -> ActKind:
    """The kind that was asked for, people where it is none."""
    return next((kind for kind in KINDS if kind.value == text), ActKind.PERSON)


def _page(request: HttpRequest, kind: ActKind, typed: Any = None, status: int = 200) -> HttpResponse:
    pairs = curation.duplicates(kind, MOST)
    judged = list(Judgement.objects.filter(kind=kind.value, same=False).select_related("user")[:20])
    wanted = {pk for pair in pairs for pk in (pair.low, pair.high)}
    wanted |= {pk for row in judged for pk in (row.low, row.high)}
    shown = _entries(kind, wanted)
    context = {
        "kind": kind.value,
        "kinds": [{"value": found.value, "label": label} for found, label in KINDS.items()],
        "pairs": [
            {"one": shown[pair.low], "other": shown[pair.high], "why": pair.why}
            for pair in pairs
            if pair.low in shown and pair.high in shown
        ],
        "judged": [
            {"row": row, "one": shown[row.low], "other": shown[row.high]}
            for row in judged
            if row.low in shown and row.high in shown
        ],
        "typed": {name: typed.get(name, "")[:2000] for name in ("one", "other", "reason")} if typed else {},
        **tabs("doubles"),
    }
    return render(request, "web/desk/doubles.html", context, status=status)


def _entries(kind: ActKind, wanted: set[int]) -> dict[int, JSON]:
    """What a curator compares: name, page, other names, how many events bear on it."""
    if kind is ActKind.EVENT:
        rows = MODELS[kind].objects.filter(pk__in=wanted, head__isnull=False).select_related("head")
        return {row.pk: _entry(kind, row.pk, presentation.sentence(row.head.payload)) for row in rows}
    found = {}
    for row in MODELS[kind].objects.filter(pk__in=wanted).prefetch_related("names"):
        others = sorted({name.name for name in row.names.all()} - {row.name})
        found[row.pk] = {**_entry(kind, row.pk, row.name), "others": others}
    counted = Bearing.objects.filter(subject__in=[f"{kind.value}:{pk}" for pk in found]).values_list(
        "subject", flat=True
    )
    for subject in counted:
        found[int(subject.partition(":")[2])]["events"] += 1
    return found


def _entry(kind: ActKind, pk: int, name: str) -> JSON:
    return {"id": pk, "name": name, "url": reverse(PAGES[kind], args=[pk]), "others": [], "events": 0}
