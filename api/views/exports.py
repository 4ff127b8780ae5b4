"""The record as files, streamed. They need the scope "export": a whole record is more than a reader asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django_filters.filterset import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from api import examples_exports as examples
from api.filters import Several, StrictFilterBackend
from api.filtersets import exports as filtersets
from api.parameters import check_known
from api.problems import InvalidParameters
from api.views.base import Endpoint
from events.exports.files import FILES, File, Wanted
from events.exports.ftm import UnknownEntity
from events.exports.spans import Span, UnknownSpan, span
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Event

SEND_SECONDS = 60
"""A reader who takes no chunk for so long is gone: the thread that serves them is needed."""
LEDGER = (
    " The header `Ledger-Seq` tells the revision after which the record is told: give it as `until_seq` to go on "
    "after an interruption, as `since_seq` for the next increment, or as `cursor` to `changes/`."
)
INCREMENTS = (
    " With `since_seq` or `recorded_since`, only what has changed since; events that you were given before and that "
    "no longer stand come with the status `retracted`, those that your filters no longer let pass with `unmatched`."
)

View = TypeVar("View", bound="type[Export]")


class Export(Endpoint):
    """One file. The answer is made while it is read; it ends with a complete line."""

    required_scope = "export"
    filter_backends = (StrictFilterBackend,)
    queryset: ClassVar[QuerySet[Any]]
    filterset_class: ClassVar[type[FilterSet]]
    file: ClassVar[File]

    def answer(self, request: Request) -> HttpResponseBase:
        """The file, or, to HEAD, its headers. Raises InvalidParameters."""
        form = self._checked(request)
        values = form.form.cleaned_data
        told = _span(values) if self.file.is_of_ledger else Span(0)
        cursor, limit = values["cursor"], values["limit"]
        wanted = Wanted(
            told,
            after=cursor if isinstance(cursor, int) else 0,
            after_entity=cursor if isinstance(cursor, str) else "",
            limit=limit,
            narrow=form.filter_queryset,
            bom=values.get("bom") == "true",
        )
        try:
            chunks = self.file.chunks(wanted)
        except UnknownEntity as error:
            raise InvalidParameters({"cursor": [str(error)]}) from None
        response = self._response(request, chunks)
        if self.file.is_of_ledger:
            response.headers["Ledger-Seq"] = str(told.until)
        return response

    def _checked(self, request: Request) -> FilterSet:
        declared = self.filterset_class.base_filters
        check_known(request, declared, {name for name, item in declared.items() if isinstance(item, Several)})
        form = self.filterset_class(request.query_params, queryset=self.queryset, request=request)
        if not form.is_valid():
            raise InvalidParameters({name: [str(e) for e in errors] for name, errors in form.errors.items()})
        return form

    def _response(self, request: Request, chunks: Any) -> HttpResponseBase:
        name = f"{self.file.kind}-{timezone.now():%Y-%m-%d}.{self.file.format}"
        headers = {
            "Content-Type": self.file.content_type,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Accel-Buffering": "no",
        }
        if request.method == "HEAD":
            return HttpResponse(headers=headers)
        # Of our servers, gunicorn gives the socket. Without a bound, one who stops reading would hold a thread for ever.
        if (socket := request.META.get("gunicorn.socket")) is not None:
            socket.settimeout(SEND_SECONDS)
        return StreamingHttpResponse(chunks, headers=headers)


def _span(values: dict[str, Any]) -> Span:
    names = ("known_at", "until_seq", "recorded_since", "since_seq")
    try:
        return span(**{name: values.get(name) for name in names})
    except UnknownSpan as error:
        given = "since_seq" if values.get("since_seq") is not None else "recorded_since"
        raise InvalidParameters({given: [str(error)]}) from None


def _documented(summary: str, description: str, example: str) -> Callable[[View], View]:
    """A view with its place in the schema; the file's first lines are the example."""

    def decorate(view: View) -> View:
        media = view.file.content_type
        shown = OpenApiExample("The first lines", value=example, media_type=media, response_only=True)

        @extend_schema(
            summary=summary,
            description=f"{description} Needs the scope `export`.",
            responses={(200, media): OpenApiTypes.STR},
            examples=[shown],
            operation_id=f"export_{view.file.name.replace('.', '_')}",
            tags=["export"],
            filters=True,
        )
        def get(self: Export, request: Request) -> HttpResponseBase:
            return self.answer(request)

        get.__doc__ = Export.answer.__doc__
        view.get = get  # type: ignore[attr-defined]
        return view

    return decorate


@_documented(
    "All events as NDJSON",
    "An entry a line, as the list of events gives it, in the order of ids." + INCREMENTS + LEDGER,
    examples.EVENT_LINES,
)
class EventLines(Export):
    """Events, an entry a line."""

    queryset = Event.objects.none()
    filterset_class = filtersets.EventExport
    file = FILES["events.ndjson"]


@_documented(
    "All events as CSV",
    "A row an event, in the order of ids; the columns are in docs/exports.md." + INCREMENTS + LEDGER,
    examples.EVENT_ROWS,
)
class EventRows(Export):
    """Events, a row each."""

    queryset = Event.objects.none()
    filterset_class = filtersets.EventTable
    file = FILES["events.csv"]


@_documented(
    "All executives as NDJSON",
    "A person a line, with names, identifiers and positions, in the order of ids.",
    examples.EXECUTIVE_LINES,
)
class ExecutiveLines(Export):
    """People, one a line."""

    queryset = Executive.objects.none()
    filterset_class = filtersets.ExecutiveExport
    file = FILES["executives.ndjson"]


@_documented(
    "All executives as CSV",
    "A row a person, in the order of ids; the columns are in docs/exports.md.",
    examples.EXECUTIVE_ROWS,
)
class ExecutiveRows(Export):
    """People, a row each."""

    queryset = Executive.objects.none()
    filterset_class = filtersets.ExecutiveTable
    file = FILES["executives.csv"]


@_documented(
    "All organizations as NDJSON",
    "An organization a line, with names, identifiers and what it is or was part of, in the order of ids.",
    examples.ORGANIZATION_LINES,
)
class OrganizationLines(Export):
    """Organizations, one a line."""

    queryset = Organization.objects.none()
    filterset_class = filtersets.OrganizationExport
    file = FILES["organizations.ndjson"]


@_documented(
    "All organizations as CSV",
    "A row an organization, in the order of ids; the columns are in docs/exports.md.",
    examples.ORGANIZATION_ROWS,
)
class OrganizationRows(Export):
    """Organizations, a row each."""

    queryset = Organization.objects.none()
    filterset_class = filtersets.OrganizationTable
    file = FILES["organizations.csv"]


@_documented(
    "The record as FollowTheMoney entities",
    "An entity a line: organizations, people, events, each after the links that hang on it. Only what is reported or "
    "confirmed; docs/exports.md has the mapping." + LEDGER,
    examples.ENTITY_LINES,
)
class Entities(Export):
    """FollowTheMoney entities, one a line."""

    queryset = Event.objects.none()
    filterset_class = filtersets.EntityExport
    file = FILES["entities.ftm.json"]


VIEWS: tuple[type[Export], ...] = (
    EventLines,
    EventRows,
    ExecutiveLines,
    ExecutiveRows,
    OrganizationLines,
    OrganizationRows,
    Entities,
)
