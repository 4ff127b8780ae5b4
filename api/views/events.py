"""Events, their revisions and evidence."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import fields, parameters
from api.examples import ENTRY
from api.examples_events import EVIDENCE, REVISIONS
from api.filtersets.events import EventFilter
from api.pagination import CursorPages
from api.problems import InvalidParameters
from api.serializers.events import Entry, EvidenceList, RevisionPage
from api.views.base import Records, page_of_entries
from events.models.record import Event, Revision
from events.timelines import ledger
from events.timelines.clocks import AsOf
from events.timelines.entries import NEWEST_FIRST, ORDERINGS, Rows, entries, entry, revision_of
from events.timelines.keyset import Key
from events.timelines.texts import SEQ, revision_rows


@extend_schema_view(
    list=extend_schema(
        summary="Find events",
        description=(
            "Newest first unless `ordering` says otherwise. Retracted events are left out; `known_at` asks for the "
            "record as it was. Lists take several values, with commas or repeated; ranges are inclusive."
        ),
        responses=Entry(many=True),
        examples=[ENTRY],
    ),
)
class Events(Records):
    """Governance facts, each with the words that prove it."""

    queryset = Event.objects.none()
    filterset_class = EventFilter
    serializer_class = Entry

    def get_keys(self) -> tuple[Key, ...]:
        """The order asked for; the filter has checked that it is one."""
        return ORDERINGS.get(self.request.query_params.get("ordering", ""), NEWEST_FIRST)

    def get_queryset(self) -> Rows:
        """The entries by the two clocks."""
        return entries(clocks(self.request))

    def list(self, request: Request) -> Response:
        """A page of entries."""
        return page_of_entries(self, request, self.filter_queryset(self.get_queryset()), self.get_keys())

    @extend_schema(
        summary="One event",
        description="A retracted event stays here, with the status `retracted`.",
        parameters=[parameters.KnownAt],
        responses=Entry,
        examples=[ENTRY],
        filters=False,
    )
    def retrieve(self, request: Request, id: int) -> Response:
        """The event's latest revision, or the one at `known_at`."""
        tree = self.tree(request)
        return Response(fields.pick(entry(self._revision(request, id, sparse=True)), tree))

    @extend_schema(
        summary="An event's revisions",
        description="Oldest first.",
        parameters=parameters.paging(),
        responses=RevisionPage,
        examples=[REVISIONS],
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def revisions(self, request: Request, id: int) -> Response:
        """A page of the event's revisions."""
        parameters.read(request, parameters.NoParameters, paged=True)
        if not Event.objects.filter(pk=id).exists():
            raise Http404("There is no such event.")
        pages = CursorPages()
        rows = pages.paginate(revision_rows(ledger.revisions(id)), SEQ, request)
        return pages.get_text_response(row.text.encode() for row in rows)

    @extend_schema(
        summary="An event's evidence",
        description="Each field with the words that prove it.",
        parameters=[parameters.KnownAt],
        responses=EvidenceList,
        examples=[EVIDENCE],
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def evidence(self, request: Request, id: int) -> Response:
        """The event's evidence."""
        return Response({"results": self._revision(request, id).payload["evidence"]})

    def _revision(self, request: Request, id: int, *, sparse: bool = False) -> Revision:
        values = parameters.read(request, parameters.KnownAt, sparse=sparse)
        revision = revision_of(id, parameters.as_of(values))
        if revision is None:
            raise Http404("There is no such event, or it was not on record yet.")
        return revision


def clocks(request: Request) -> AsOf:
    """The two clocks of a list's question. Raises InvalidParameters."""
    sent = {name: value for name in ("valid_at", "known_at") if (value := request.query_params.get(name, ""))}
    form = parameters.Clocks(data=sent)
    if not form.is_valid():
        raise InvalidParameters({name: [str(text) for text in texts] for name, texts in form.errors.items()})
    return parameters.as_of(form.validated_data)
