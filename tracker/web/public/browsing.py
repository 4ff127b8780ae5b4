"""The whole record as one timeline that a reader narrows, and the numbers of what is tracked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from events.choices import Kind
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision
from events.models.sources import Document, Feed
from events.timelines.entries import entries
from tracker.web import labels, presentation
from tracker.web.public import charts, linked_data, naming, narrowing, reading, timelines

JSON = dict[str, Any]
T = TypeVar("T")
KEPT = 60
"""Seconds for which numbers of the whole record are kept: counting it anew for each reader would cost a scan."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest events, a search box, and what is tracked."""
    most = remembered("most-recorded", _most_recorded)
    naming.localize(**most)
    context = {
        "entries": reading.latest(),
        "scale": range(6),
        "page_url": linked_data.site("web:home"),
        "linked": linked_data.website(),
        **tracked(),
        **most,
    }
    return render(request, "web/public/home.html", context)


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Everything that stands, newest first, narrowed by kind, severity, status and period."""
    narrowed, error = narrowing.narrowing(request.GET)
    found, later, earlier = timelines.everything(narrowed, request.GET.get("cursor", ""))
    given = narrowed.given

    def page(cursor: str) -> str:
        return narrowing.address(given, {"cursor": cursor}, fragment="#timeline") if cursor else ""

    context = {
        "entries": found,
        "later": page(later),
        "earlier": page(earlier),
        "narrowed": narrowed,
        "filter_error": error,
        "without_filters": "",
        "api_query": narrowed.for_api(),
        "has_feed": narrowed.has_feed,
        "page_url": linked_data.site("web:events"),
        **narrowing.choices(),
    }
    return render(request, "web/public/events.html", context)


def tracked() -> JSON:
    """How much is tracked, in words of the page's language: `counts`, `kinds` with their bars, and `changed`."""
    numbers = remembered("tracked", _numbers)
    by_kind: dict[str, int] = numbers["kinds"]
    kinds = sorted(by_kind.items(), key=lambda row: -row[1])
    bars = charts.bars([float(count) for _, count in kinds])
    return {
        "counts": _counts(sum(by_kind.values()), numbers),
        "kinds": [
            {"kind": name, "label": presentation.label(labels.KINDS, name), "count": count, "bar": bar}
            for (name, count), bar in zip(kinds, bars, strict=True)
        ],
        "changed": numbers["changed"],
    }


def _counts(total: int, numbers: JSON) -> list[JSON]:
    people, organizations, articles, feeds = (
        numbers[name] for name in ("people", "organizations", "articles", "feeds")
    )
    return [
        {"value": total, "label": ngettext("event", "events", total), "page": "web:events"},
        {"value": people, "label": ngettext("person", "people", people)},
        {"value": organizations, "label": ngettext("organization", "organizations", organizations)},
        {"value": articles, "label": ngettext("article read", "articles read", articles)},
        {"value": feeds, "label": ngettext("feed followed", "feeds followed", feeds)},
    ]


def _numbers() -> JSON:
    known = {kind.value for kind in Kind}
    kinds = entries().order_by().values_list("kind").annotate(count=Count("pk"))
    changed = Revision.objects.order_by("-seq").values_list("recorded_at", flat=True).first()
    return {
        "kinds": {name: count for name, count in kinds if name in known},
        "people": Executive.objects.filter(merged_into=None).count(),
        "organizations": Organization.objects.filter(merged_into=None).count(),
        "articles": Document.objects.filter(is_latest=True).count(),
        "feeds": Feed.objects.filter(is_active=True).count(),
        "changed": changed.isoformat() if changed else "",
    }


def _most_recorded() -> JSON:
    shown = ("id", "name", "events")
    return {
        "people": list(reading.most_recorded(Executive).values(*shown)),
        "organizations": list(reading.most_recorded(Organization).values(*shown)),
    }


def remembered(name: str, make: Callable[[], T]) -> T:
    """What `make` gives, kept for KEPT seconds; made anew each time while there is no cache."""
    key = f"public:{name}"
    try:
        found: T | None = cache.get(key)
    except (RedisError, OSError):
        return make()
    if found is None:
        found = make()
        try:
            cache.set(key, found, KEPT)
        except (RedisError, OSError):
            return found
    return found
