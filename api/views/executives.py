"""People: who they are, their timeline, their grades."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import parameters
from api.examples import EXECUTIVE, EXECUTIVES, GRADES, TIMELINE
from api.filtersets.registers import ExecutiveFilter
from api.serializers.events import TimelinePage
from api.serializers.executives import Executive, ExecutiveDetail, GradeList
from api.views.base import Records, subject, timeline
from events.models import people as models
from events.timelines import people
from events.timelines.grades import grade_history
from events.timelines.keyset import Key
from events.timelines.orderings import PEOPLE


@extend_schema_view(
    list=extend_schema(
        summary="Find people",
        description="By the name shown. People who were merged into others are left out.",
        responses=Executive(many=True),
        examples=[EXECUTIVES],
    ),
    retrieve=extend_schema(
        summary="One person",
        description="A person who was merged into another is answered with that other.",
        responses=ExecutiveDetail,
        examples=[EXECUTIVE],
    ),
)
class Executives(Records):
    """People of the record."""

    queryset = models.Executive.objects.none()
    filterset_class = ExecutiveFilter
    serializer_class = Executive
    orderings = PEOPLE
    detail_class = ExecutiveDetail
    keys = (Key("name", str), Key("id", int))
    rows = people.people
    show = people.person
    show_one = people.person_with_grades

    def find(self, pk: int) -> models.Executive | None:
        """The person of an id, or whom they were merged into."""
        row = models.Executive.objects.filter(pk=pk).first()
        return people.survivor(row) if row else None

    @extend_schema(
        summary="A person's timeline", description="Newest first. Retracted events are left out.",
        parameters=[parameters.Clocks, *parameters.paging()], responses=TimelinePage, examples=[TIMELINE], filters=False,
    )  # fmt: skip
    @action(detail=True, pagination_class=None)
    def timeline(self, request: Request, id: int) -> Response:
        """A page of the person's timeline."""
        return timeline(self, request, subject("person", self.get_object()), parameters.Clocks)

    @extend_schema(
        summary="A person's grade history",
        description="In order of time. `from` is the first day in force, `to` the first day no longer in force.",
        parameters=[parameters.Clocks],
        responses=GradeList,
        examples=[GRADES],
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def grades(self, request: Request, id: int) -> Response:
        """The person's grades."""
        clocks = parameters.as_of(parameters.read(request, parameters.Clocks))
        return Response({"results": grade_history(self.get_object(), clocks)})
