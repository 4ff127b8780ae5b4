"""What every endpoint does the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from api.pagination import CursorPages
from api.parameters import NoParameters, as_of, check_bounds, read
from api.schema import Schema
from events.models.record import Event, Revision
from events.timelines.entries import NEWEST_FIRST, bearing_on, entries, entry
from events.timelines.keyset import Key

JSON = dict[str, Any]


class AlwaysJSON(BaseContentNegotiation):
    """Answers are JSON whatever the caller accepts (RFC 9110 lets a server do so); there is no `?format=`."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        """The parser of the body's media type, None where no body may be of it."""
        wanted = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The view's first renderer."""
        first = next(iter(renderers))
        return first, str(first.media_type)


class Endpoint(APIView):
    """A view of the API: bounded parameters, JSON, validators for caches."""

    content_negotiation_class = AlwaysJSON
    schema = Schema()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Checks the parameters' bounds, after who calls and how often."""
        super().initial(request, *args, **kwargs)
        check_bounds(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Adds the ETag, and answers 304 to a caller who has that answer already."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if (
            request.method in {"GET", "HEAD"}
            and response.status_code == 200
            and isinstance(response, Response)
        ):
            response.headers.setdefault("Cache-Control", "no-cache")
            response.add_post_render_callback(lambda rendered: conditional(request, rendered))
        return response


def conditional(request: HttpRequest | Request, response: Any) -> HttpResponseBase | None:
    """The response with its ETag, or a 304 where `If-None-Match` names it."""
    etag = quote_etag(blake2b(response.content, digest_size=16).hexdigest())
    response.headers["ETag"] = etag
    plain: HttpRequest = getattr(request, "_request", request)
    return get_conditional_response(plain, etag=etag, response=response)


class Records(Endpoint, GenericViewSet[Any]):
    """Lists and single resources, as a function of `events.timelines` gives them.

    `rows` is the list's queryset and `keys` its order; `one` gives what a single resource is looked for in.
    `show` and `show_one` turn a row into its payload.
    """

    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    keys: ClassVar[tuple[Key, ...]] = (Key("id", int),)
    rows: ClassVar[Callable[[], QuerySet[Any]]]
    show: ClassVar[Callable[[Any], JSON]]
    show_one: ClassVar[Callable[[Any], JSON]]

    def get_keys(self) -> tuple[Key, ...]:
        """The order asked for, which the filter has checked, or the list's own."""
        return self.orderings.get(self.request.query_params.get("ordering", ""), self.keys)

    def get_queryset(self) -> QuerySet[Any]:
        """The list's rows."""
        return type(self).rows()

    def get_object(self) -> Any:
        """The row of the address. Raises Http404. Filters are for lists."""
        row = self.find(self.kwargs["id"])
        if row is None:
            raise Http404("There is no such resource.")
        return row
    orderings: ClassVar[dict[str, tuple[Key, ...]]] = {}

    def find(self, pk: int) -> Any:
        """The row of an id, or None."""
        return self.get_queryset().filter(pk=pk).first()

    def list(self, request: Request) -> Response:
        """A page of the list."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([type(self).show(row) for row in rows or []])

    def retrieve(self, request: Request, id: int) -> Response:
        """One resource."""
        read(request, NoParameters)
        return Response(type(self).show_one(self.get_object()))


def timeline(view: Records, request: Request, subject: JSON, parameters: Any) -> Response:
    """A page of the entries that bear on a person or organization, newest first."""
    clocks = as_of(read(request, parameters, paged=True))
    rows = bearing_on(entries(clocks), [f"{subject['type']}:{subject['id']}"])
    pages = CursorPages()
    found: list[Event | Revision] = pages.paginate_queryset(rows, request, _Newest())
    return Response({"subject": subject} | pages.envelope([entry(row) for row in found]))


class _Newest(APIView):
    def get_keys(self) -> tuple[Key, ...]:
        return NEWEST_FIRST


def subject(kind: str, row: Model) -> JSON:
    """Whose timeline it is: type, id and name."""
    return {"type": kind, "id": row.pk, "name": str(row)}
