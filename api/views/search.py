"""Search over events, people and organizations."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param

from api.examples_search import SEARCH
from api.filtersets.search import SearchFilter, is_of_events
from api.pagination import page_size
from api.parameters import paging
from api.problems import InvalidParameters
from api.rendering import Text, dumps, page
from api.serializers.search import SearchPage
from api.views.base import Endpoint
from events.models.record import Event
from events.searching.hits import MAX_RANKED, TYPES
from events.searching.results import PAGE, Found, search
from events.searching.showing import Result
from events.timelines.entries import entries
from events.timelines.keyset import MAX_PAGE, BadCursor

_PAGE_SIZE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE},
    description="At most so many results",
)


class Search(Endpoint, GenericAPIView[Event]):
    """Everything on record, by words and names."""

    queryset = Event.objects.none()
    filterset_class = SearchFilter
    serializer_class = SearchPage
    pagination_class = None

    @extend_schema(
        summary="Search events, people and organizations",
        description=(
            "People and organizations by name in any script, spelling or order, with one or two typos; then events by "
            "their words, English ones in any form, Chinese ones as written. All words must be there; "
            '`"quoted words"` in that order, `-excluded` ones not. Events that fit alike come newest first; of more '
            f"than {MAX_RANKED} the newest are ranked. With a filter of events, people and organizations are left out."
        ),
        parameters=[*paging()[:1], _PAGE_SIZE],
        responses=SearchPage,
        examples=[SEARCH],
        operation_id="search",
        filters=True,
    )
    def get(self, request: Request) -> Response:
        """A page of results."""
        rows = self.filter_queryset(entries())
        asked = request.query_params
        types = {part.strip() for text in asked.getlist("type") for part in text.split(",")}
        size = page_size(request) if "page_size" in asked else PAGE
        try:
            found = search(
                asked["q"], rows, types=types, named=not is_of_events(set(asked)), cursor=asked.get("cursor"),
                size=size,
            )  # fmt: skip
        except BadCursor as error:
            raise InvalidParameters({"cursor": [str(error)]}) from None
        return Response(_answer(request, found))


def _answer(request: Request, found: Found) -> Text:
    """The answer; an event's entry stands in it as it was published."""
    lists = {name: reverse(f"api:{name}-list", request=request) for name in TYPES}

    def beside(cursor: str | None) -> str | None:
        return str(replace_query_param(request.build_absolute_uri(), "cursor", cursor)) if cursor else None

    def text(result: Result) -> bytes:
        body = dumps(result.body | {"url": f"{lists[result.body['type']]}{result.body['id']}/"})
        return b'%b,"entry":%b}' % (body[:-1], result.text.encode()) if result.text else body

    return page(
        map(text, found.results),
        facets=found.facets,
        suggestions=found.suggestions,
        next=beside(found.next),
        previous=beside(found.previous),
    )
