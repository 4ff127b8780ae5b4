"""What every endpoint does the same way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from api import fields
from api.pagination import CursorPages
from api.parameters import NoParameters, as_of, check_bounds, read
from api.permissions import READ, is_public
from api.preconditions import conditional
from api.rendering import dumps
from api.schema import Schema
from api.serializers.events import Entry
from api.throttling import headers, noted
from events.timelines import newest
from events.timelines.clocks import AsOf
from events.timelines.entries import NEWEST_FIRST, Rows, bearing_on, entries
from events.timelines.keyset import Key
from events.timelines.newest import Spans, subject_spans
from events.timelines.texts import entry_rows, entry_text

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


class Counted(APIView):
    """A view that counts who asks before anything else, refused callers too, and says what is left."""

    def perform_authentication(self, request: Request) -> None:
        """Finds out who calls, and how often. Raises AuthenticationFailed or Throttled."""
        try:
            super().perform_authentication(request)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Nothing: the request is counted already."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Adds the rate's headers."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in headers(noted(request)).items():
            response.headers[name] = value
        return response


class Endpoint(Counted):
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
            response.headers.setdefault(
                "Cache-Control", f"{'public' if is_public(self) else 'private'}, no-cache"
            )
            response.add_post_render_callback(lambda rendered: conditional(request, rendered))
        return response


class Records(Endpoint, GenericViewSet[Any]):
    """Lists and single resources, as a function of `events.timelines` gives them.

    `rows` is the list's queryset and `keys` its order; `one` gives what a single resource is looked for in.
    `show` and `show_one` turn a row into its payload, whose shapes are `serializer_class` and `detail_class`.
    """

    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    keys: ClassVar[tuple[Key, ...]] = (Key("id", int),)
    orderings: ClassVar[dict[str, tuple[Key, ...]]] = {}
    rows: ClassVar[Callable[[], QuerySet[Any]]]
    show: ClassVar[Callable[[Any], JSON]]
    show_one: ClassVar[Callable[[Any], JSON]]
    detail_class: ClassVar[fields.Shape | None] = None

    @property
    def shape(self) -> fields.Shape | None:
        """The shape of each result of the action, whose members `fields` can name; None where it cannot.

        What only some may read is shown whole.
        """
        if getattr(self, "required_scope", READ) != READ:
            return None
        detail = self.detail_class or self.serializer_class
        shapes: dict[str, Any] = {"list": self.serializer_class, "retrieve": detail, "timeline": Entry}
        return shapes.get(getattr(self, "action", None) or "")

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

    def find(self, pk: int) -> Any:
        """The row of an id, or None."""
        return self.get_queryset().filter(pk=pk).first()

    def list(self, request: Request) -> Response:
        """A page of the list."""
        tree = self.tree(request)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([fields.pick(type(self).show(row), tree) for row in rows or []])

    def retrieve(self, request: Request, id: int) -> Response:
        """One resource."""
        read(request, NoParameters, sparse=self.shape is not None)
        tree = self.tree(request)
        return Response(fields.pick(type(self).show_one(self.get_object()), tree))

    def tree(self, request: Request) -> fields.Tree | None:
        """The members of each result that the caller asks for, None for all. Raises InvalidParameters."""
        return fields.wanted(request, self.shape) if self.shape else None


def timeline(view: Records, request: Request, subject: JSON, parameters: Any) -> Response:
    """A page of the entries that bear on a person or organization, newest first."""
    clocks = as_of(read(request, parameters, paged=True, sparse=True))
    key = f"{subject['type']}:{subject['id']}"
    if clocks.known_at is None:
        return page_of_timeline(view, request, subject_spans(key), clocks, subject=subject)
    return page_of_entries(view, request, bearing_on(entries(clocks), [key]), NEWEST_FIRST, subject=subject)


def page_of_timeline(view: Records, request: Request, spans: Spans, clocks: AsOf, **before: Any) -> Response:
    """A page of what stands now and bears on someone, newest first, read by the timelines' index."""
    pages = CursorPages()
    rows = pages.take(lambda cursor, size: newest.read(spans, clocks, cursor, size), request)
    return pages.get_text_response(_members(view, request, map(entry_text, rows)), **before)


def page_of_entries(
    view: Records, request: Request, rows: Rows, keys: tuple[Key, ...], **before: Any
) -> Response:
    """A page of entries as they were written, or of those of their members that the caller asks for."""
    pages = CursorPages()
    texts = map(entry_text, pages.paginate(entry_rows(rows, keys), keys, request))
    return pages.get_text_response(_members(view, request, texts), **before)


def _members(view: Records, request: Request, texts: Iterable[bytes]) -> Iterable[bytes]:
    """The entries, or those of their members that the caller asks for."""
    tree = view.tree(request)
    return texts if tree is None else (dumps(fields.pick(json.loads(text), tree)) for text in texts)


def subject(kind: str, row: Model) -> JSON:
    """Whose timeline it is: type, id and name."""
    return {"type": kind, "id": row.pk, "name": str(row)}
