"""Any saved search as a feed, for readers' programs: Atom, JSON Feed, iCalendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from api import examples_feeds as examples
from api.parameters import read
from api.permissions import is_public
from api.preconditions import conditional, etag_of
from api.serializers.wishes import WishParameters
from api.views.base import Endpoint
from events.alerts.syndication import render
from events.alerts.syndication.items import MAX_ITEMS, Item, items, latest
from events.alerts.wishes import sentence
from events.alerts.wording import words
from events.models.alerts import Subscription
from events.models.record import Revision

FORM = 1
"""Grows when the feeds' form changes, so that readers who have the old one get the new one."""
MAX_AGE = 300
"""Seconds for which a reader need not ask again."""


class Feed(Endpoint):
    """One form of the feed."""

    name: ClassVar[str]
    content_type: ClassVar[str]
    written: ClassVar[OpenApiTypes] = OpenApiTypes.STR

    def answer(self, request: Request) -> HttpResponseBase:
        """The feed, or a 304 for a reader who has it. Raises InvalidParameters."""
        values = read(request, WishParameters)
        language = values.pop("language")
        wish = Subscription(**values)
        heads = latest(wish)
        response = HttpResponse(content_type=f"{self.content_type}; charset=utf-8")
        response.headers["ETag"] = self._etag(request, heads, language)
        if heads:
            response.headers["Last-Modified"] = http_date(heads[0].recorded_at.timestamp())
        response.headers["Cache-Control"] = f"{'public' if is_public(self) else 'private'}, max-age={MAX_AGE}"
        known = conditional(request, response)
        if known is not response and known is not None:
            return known
        if request.method != "HEAD":
            said = words(language)
            head = render.Head(
                title=f"{said.site}{said.colon}{sentence(wish, said)}",
                url=self._address(values, language),
                home=f"{settings.SITE_URL}/",
                words=said,
            )
            response.content = self.write(head, items(heads, said))
        return response

    def write(self, head: render.Head, found: Sequence[Item]) -> bytes:
        """The feed's bytes, in this form."""
        raise NotImplementedError

    def _etag(self, request: Request, heads: Sequence[Revision], language: str) -> str:
        """What the feed says follows from these; the ETag is known before the feed is written."""
        asked = request.META.get("QUERY_STRING", "")
        said = ",".join(str(head.seq) for head in heads)
        return etag_of(f"{FORM} {self.name} {settings.SITE_URL} {language} {asked} {said}".encode())

    def _address(self, values: dict[str, Any], language: str) -> str:
        asked = urlencode(
            {name: getattr(value, "pk", value) for name, value in values.items()} | {"language": language}
        )
        return f"{settings.SITE_URL}/api/v1/feeds/{self.name}?{asked}"


def _documented(view: type[Feed], summary: str, example: Any) -> type[Feed]:
    """The view with its place in the schema."""
    shown = OpenApiExample("A feed", value=example, media_type=view.content_type, response_only=True)

    @extend_schema(
        summary=summary,
        description=(
            "The latest state of each event that meets every condition given, what changed last first, at most "
            f"{MAX_ITEMS}. A correction or a retraction updates its event's entry. Ask with `If-None-Match`."
        ),
        parameters=[WishParameters],
        responses={(200, view.content_type): view.written},
        examples=[shown],
        operation_id=f"feeds_{view.name.replace('.', '_')}",
        tags=["feeds"],
    )
    def get(self: Feed, request: Request) -> HttpResponseBase:
        return self.answer(request)

    get.__doc__ = Feed.answer.__doc__
    view.get = get  # type: ignore[attr-defined]
    return view


class AtomFeed(Feed):
    """Atom, RFC 4287."""

    name = "events.atom"
    content_type = "application/atom+xml"

    def write(self, head: render.Head, found: Sequence[Item]) -> bytes:
        """The feed's bytes."""
        return render.atom(head, found)


class JsonFeed(Feed):
    """JSON Feed 1.1."""

    name = "events.json"
    content_type = "application/feed+json"
    written = OpenApiTypes.OBJECT

    def write(self, head: render.Head, found: Sequence[Item]) -> bytes:
        """The feed's bytes."""
        return render.json_feed(head, found)


class CalendarFeed(Feed):
    """iCalendar, RFC 5545."""

    name = "events.ics"
    content_type = "text/calendar"

    def write(self, head: render.Head, found: Sequence[Item]) -> bytes:
        """The feed's bytes."""
        return render.ical(head, found)


VIEWS: tuple[type[Feed], ...] = (
    _documented(AtomFeed, "A saved search as an Atom feed", examples.ATOM),
    _documented(JsonFeed, "A saved search as a JSON Feed", examples.JSON),
    _documented(CalendarFeed, "A saved search as a calendar", examples.CALENDAR),
)
