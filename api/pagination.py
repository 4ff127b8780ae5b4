"""Lists by cursor: `results`, `next`, `previous`; rows added meanwhile shift nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.problems import InvalidParameters
from api.rendering import page
from events.timelines.keyset import MAX_PAGE, PAGE, BadCursor, Key, Page, paginate

if TYPE_CHECKING:  # at run time it would be a circle: DRF's views read the settings that name this module
    from rest_framework.views import APIView

BY_ID = (Key("pk", int),)


class CursorPages(BasePagination):
    """Keyset pages in the order of the view's `get_keys()` (by primary key where it has none)."""

    request: Request
    page: Page[Any]

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """The page's rows. Raises InvalidParameters for a bad cursor or size."""
        keys = view.get_keys() if view is not None and hasattr(view, "get_keys") else BY_ID
        if not isinstance(queryset, QuerySet):
            raise TypeError("pages are made of a query, so that only their rows are read")
        return self.paginate(queryset, keys, request)

    def paginate(self, rows: QuerySet[Any, Any], keys: Sequence[Key], request: Request) -> list[Any]:
        """The page's rows, in the order of `keys`. Raises InvalidParameters for a bad cursor or size."""
        return self.take(lambda cursor, size: paginate(rows, keys, cursor, size), request)

    def take(self, find: Callable[[str | None, int], Page[Any]], request: Request) -> list[Any]:
        """The rows of the page that `find` gives for the request's cursor and size. Raises InvalidParameters."""
        self.request = request
        try:
            self.page = find(request.query_params.get("cursor"), page_size(request))
        except BadCursor as error:
            raise InvalidParameters({"cursor": [str(error)]}) from None
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """The answer."""
        return Response(self.envelope(data))

    def get_text_response(self, results: Iterable[bytes], **before: Any) -> Response:
        """The answer, of results that are JSON text already."""
        return Response(page(results, before=before, **self.links()))

    def envelope(self, results: Any) -> dict[str, Any]:
        """The results with the addresses of the pages beside them."""
        return {"results": results, **self.links()}

    def links(self) -> dict[str, str | None]:
        """The addresses of the pages beside this one."""
        return {"next": self._url(self.page.next), "previous": self._url(self.page.previous)}

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The answer's schema."""
        url = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": url, "previous": url},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The parameters' schemas."""
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE}
        cursor = "From `next` or `previous`; not to be made by hand"
        return [
            _parameter("cursor", {"type": "string"}, cursor),
            _parameter("page_size", size, "At most so many results"),
        ]

    def _url(self, cursor: str | None) -> str | None:
        if not cursor:
            return None
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", cursor))


def page_size(request: Request) -> int:
    """The page's size, 1 to MAX_PAGE. Raises InvalidParameters."""
    text = request.query_params.get("page_size", str(PAGE))
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= MAX_PAGE):
        raise InvalidParameters({"page_size": [f"Write a whole number from 1 to {MAX_PAGE}."]})
    return int(text)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
