"""What the site says of itself: about, method, corrections policy; and what changed in the record lately."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.choices import Operation
from events.models.record import Event, Revision
from events.timelines import organizations, people
from events.timelines.entries import revision_of
from tracker.web import labels, presentation
from tracker.web.public import browsing, cards, linked_data, reading
from tracker.web.public.differences import readable

PAGE = 30
MAX_DIGITS = 18


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, and who answers for it."""
    return render(request, "web/public/about.html", browsing.tracked())


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How news becomes an entry: reading, checking, severity, statuses, the two clocks."""
    return render(request, "web/public/method.html", {"scale": range(6)})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What happens when an entry is wrong, and how to say so."""
    return render(request, "web/public/corrections.html")


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The latest revisions, newest first: what came, what was corrected, what was taken off the record."""
    rows = Revision.objects.order_by("-seq")
    before = request.GET.get("before", "")
    if before:
        if not (before.isascii() and before.isdigit() and len(before) <= MAX_DIGITS):
            raise Http404
        rows = rows.filter(seq__lt=int(before))
    found: list[Any] = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    for row in shown:
        row.entry = reading.shown(row.payload)
        row.differences = readable(row.changes) if row.operation == Operation.MOD.value else []
        row.day = row.recorded_at.date()
    following = shown[-1].seq if len(found) > PAGE else None
    return render(
        request,
        "web/public/changes.html",
        {
            "revisions": shown,
            "next": following,
            "before": before,
            "page_url": linked_data.site("web:latest-changes"),
        },
    )


@require_safe
@cache_control(public=True, max_age=3600)
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The event's picture, for sites that show a link to it. A retracted event has none."""
    get_object_or_404(Event.objects.only("pk"), pk=pk, merged_into=None)
    head = revision_of(pk)
    if head is None or head.operation == Operation.DEL.value:
        raise Http404
    return _picture(cards.png(head.payload))


@require_safe
@cache_control(public=True, max_age=3600)
def person_card(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's picture: the names in both scripts, and what they hold now."""
    row = get_object_or_404(people.people(), pk=pk)
    held = "; ".join(f"{p['title']}, {p['organization']['name']}" for p in people.current_positions(row))
    return _picture(cards.named(gettext("Person"), _names(row.name, people.names_of(row)), held))


@require_safe
@cache_control(public=True, max_age=3600)
def organization_card(request: HttpRequest, pk: int) -> HttpResponse:
    """An organization's picture: the names in both scripts, and what sort of organization it is."""
    row = get_object_or_404(organizations.organizations(), pk=pk)
    what = presentation.label(labels.ORGANIZATION_TYPES, row.type)
    return _picture(cards.named(what, _names(row.name, people.names_of(row)), row.country))


def _names(name: str, names: list[dict[str, Any]]) -> list[str]:
    first, beside = reading.heading(name, names)
    return [row["name"] for row in (first, beside) if row]


def _picture(png: bytes) -> HttpResponse:
    return HttpResponse(png, content_type="image/png")
