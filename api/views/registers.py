"""Ladders, cases and documents."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import parameters
from api.examples import STEPS
from api.examples_ladders import LADDER_CSV
from api.examples_registers import CASE, CASE_DETAIL, DOCUMENT, LADDER
from api.filtersets.registers import CaseFilter, DocumentFilter, LadderFilter
from api.problems import InvalidParameters
from api.serializers import registers as shapes
from api.views.base import Records
from events.exceptions import UnknownGrade
from events.models.grades import GradeLadder
from events.models.record import Case
from events.models.sources import Document
from events.record.ladder_csv import write_ladders
from events.record.ladder_versions import sheet_of
from events.timelines import cases, documents, grades
from events.timelines.keyset import Key
from events.timelines.orderings import CASES, DOCUMENTS, LADDERS


@extend_schema_view(
    list=extend_schema(
        summary="Find grade ladders",
        description="Every version of every ladder.",
        responses=shapes.Ladder(many=True),
        examples=[LADDER],
    ),
    retrieve=extend_schema(
        summary="One ladder",
        description="Its grades, highest first.",
        responses=shapes.Ladder,
        examples=[LADDER],
    ),
)
class Ladders(Records):
    """Grade ladders."""

    queryset = GradeLadder.objects.none()
    filterset_class = LadderFilter
    serializer_class = shapes.Ladder
    orderings = LADDERS
    rows = grades.ladders
    show = grades.ladder
    show_one = grades.ladder

    @extend_schema(
        summary="Steps between two grades",
        description="Negative is down. A grade that is not on the ladder is a 400 that names the ladder's grades.",
        parameters=[parameters.Steps],
        responses=shapes.StepsAnswer,
        examples=[STEPS],
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def steps(self, request: Request, id: int) -> Response:
        """The steps from one grade to another."""
        values = parameters.read(request, parameters.Steps)
        ladder = self.get_object()
        try:
            return Response(grades.steps(ladder, values["from"], values["to"]))
        except UnknownGrade as error:
            wrong = [name for name in ("from", "to") if values[name] == error.label]
            raise InvalidParameters(
                {name: [str(error)] for name in wrong}, {"grades": error.grades}
            ) from None

    @extend_schema(
        summary="A ladder as CSV",
        description=(
            "A heading and a row a grade, highest first: organization, ladder, version, from, to, rank, label, source. "
            "`manage.py ladders import` reads it. A cell that a spreadsheet would run begins with an apostrophe."
        ),
        responses={(200, "text/csv"): OpenApiTypes.STR},
        examples=[LADDER_CSV],
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def csv(self, request: Request, id: int) -> HttpResponse:
        """The ladder's file."""
        parameters.read(request, parameters.NoParameters)
        ladder = self.get_object()
        headers = {"Content-Disposition": f'attachment; filename="ladder-{ladder.pk}.csv"'}
        text = write_ladders([sheet_of(ladder)])
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@extend_schema_view(
    list=extend_schema(
        summary="Find cases",
        description="Newest first; those of which an event stands.",
        responses=shapes.Case(many=True),
        examples=[CASE],
    ),
    retrieve=extend_schema(
        summary="One case with its events",
        description="Those of its events that stand, in full.",
        responses=shapes.CaseDetail,
        examples=[CASE_DETAIL],
    ),
)
class Cases(Records):
    """Decisions that bear on several people or units."""

    queryset = Case.objects.none()
    filterset_class = CaseFilter
    serializer_class = shapes.Case
    orderings = CASES
    detail_class = shapes.CaseDetail
    keys = (Key("id", int, descending=True),)
    rows = cases.cases
    show = cases.case
    show_one = cases.case_with_entries


@extend_schema_view(
    list=extend_schema(
        summary="Find documents",
        description="Those that standing events quote, newest first.",
        responses=shapes.Document(many=True),
        examples=[DOCUMENT],
    ),
    retrieve=extend_schema(
        summary="One document",
        description="Its metadata and what standing events quote from it, never its text.",
        responses=shapes.Document,
        examples=[DOCUMENT],
    ),
)
class Documents(Records):
    """Articles: where they are and what published events quote, never their text."""

    queryset = Document.objects.none()
    filterset_class = DocumentFilter
    serializer_class = shapes.Document
    orderings = DOCUMENTS
    keys = (Key("id", int, descending=True),)
    rows = documents.documents
    show = documents.document
    show_one = documents.document
