"""What search engines may find: every public page that stands, and where they are told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.choices import Status
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Case, Event

if TYPE_CHECKING:
    _Sitemap = Sitemap[Any]
else:  # generic in the stubs alone
    _Sitemap = Sitemap

PER_FILE = 10_000
"""Addresses in one file; the protocol allows 50,000."""


class Pages(_Sitemap):
    """The pages of one sort, by id, under the site's own address."""

    limit = PER_FILE
    page = ""
    rows: QuerySet[Any]

    def get_protocol(self, protocol: str | None = None) -> str:
        """http or https, as SITE_URL has it."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """The host of SITE_URL: what a caller names as host does not count."""
        return urlsplit(settings.SITE_URL).netloc

    def items(self) -> QuerySet[Any]:
        """The rows, in an order that later ones do not change."""
        return self.rows.order_by("pk")

    def location(self, item: Model) -> str:
        """The page's path."""
        return reverse(f"web:{self.page}", args=[item.pk])


class People(Pages):
    """People who stand for themselves."""

    page = "person"
    rows = Executive.objects.filter(merged_into=None).only("pk")


class Organizations(Pages):
    """Organizations that stand for themselves."""

    page = "organization"
    rows = Organization.objects.filter(merged_into=None).only("pk")


class Events(Pages):
    """Events on the record: what was retracted keeps its page, which asks not to be found."""

    page = "event"
    rows = (
        Event.objects.filter(head__isnull=False, merged_into=None)
        .exclude(status=Status.RETRACTED.value)
        .select_related("head")
        .only("pk", "head__recorded_at")
    )

    def lastmod(self, item: Event) -> Any:
        """When the event's latest revision was written."""
        return item.head.recorded_at if item.head else None


class Cases(Pages):
    """Cases."""

    page = "case"
    rows = Case.objects.only("pk")


class Fixed(Pages):
    """Pages that there is one of."""

    def items(self) -> Any:
        """Their names."""
        return ["home", "events", "latest-changes", "about", "method", "corrections"]

    def location(self, item: Any) -> str:
        """The page's path."""
        return reverse(f"web:{item}")


SITEMAPS: dict[str, type[Pages]] = {
    "pages": Fixed,
    "people": People,
    "organizations": Organizations,
    "events": Events,
    "cases": Cases,
}


@require_safe
@cache_control(public=True, max_age=3600)
def index(request: HttpRequest) -> HttpResponse:
    """The list of the files, under the site's own address: Django's view takes the host that a caller names."""
    files = []
    for section, pages in SITEMAPS.items():
        path = reverse("web:sitemap", args=[section])
        count = pages().paginator.num_pages
        files += [
            f"{settings.SITE_URL}{path}{f'?p={number}' if number > 1 else ''}"
            for number in range(1, count + 1)
        ]
    context = {"sitemaps": [SitemapIndexItem(file) for file in files]}
    return render(request, "sitemap_index.xml", context, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What programs may fetch: all that is public, but no search and nobody's own pages."""
    closed = ("/desk/", "/admin/", "/subscribe/", "/subscriptions/", "/search/", "/api/", "/mail/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse(
        "\n".join([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]),
        content_type="text/plain; charset=utf-8",
    )
