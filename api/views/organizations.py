"""Organizations: what they are, their timeline, their chart on a day."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import parameters
from api.examples_cadence import CADENCE
from api.examples_chart import CHART
from api.examples_registers import ORGANIZATION, ORGANIZATION_TIMELINE
from api.filtersets.registers import OrganizationFilter
from api.serializers.cadence import Cadence, CadenceQuestion
from api.serializers.events import TimelinePage
from api.serializers.organizations import Chart, Organization, TimelineQuestion
from api.views.base import Records, page_of_entries, page_of_timeline, subject
from events.models import organizations as models
from events.timelines import organizations
from events.timelines.cadence import cadence
from events.timelines.entries import NEWEST_FIRST, entries
from events.timelines.keyset import Key
from events.timelines.newest import organization_spans
from events.timelines.orderings import ORGANIZATIONS
from events.timelines.units import bearing_on_organizations


@extend_schema_view(
    list=extend_schema(
        summary="Find organizations",
        description="By the name shown. Organizations that were merged into others are left out.",
        responses=Organization(many=True),
        examples=[ORGANIZATION],
    ),
    retrieve=extend_schema(
        summary="One organization",
        description="An organization that was merged into another is answered with that other.",
        responses=Organization,
        examples=[ORGANIZATION],
    ),
)
class Organizations(Records):
    """Companies, divisions, units, teams, committees, regulators, exchanges."""

    queryset = models.Organization.objects.none()
    filterset_class = OrganizationFilter
    serializer_class = Organization
    orderings = ORGANIZATIONS
    keys = (Key("name", str), Key("id", int))
    rows = organizations.organizations
    show = organizations.organization
    show_one = organizations.organization

    def find(self, pk: int) -> models.Organization | None:
        """The organization of an id, or what it was merged into."""
        row = models.Organization.objects.filter(pk=pk).first()
        return organizations.survivor(row) if row else None

    @extend_schema(
        summary="An organization's timeline",
        description="Newest first, its units' events among them as of their dates. Retracted events are left out.",
        parameters=[TimelineQuestion, *parameters.paging()],
        responses=TimelinePage,
        examples=[ORGANIZATION_TIMELINE],
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def timeline(self, request: Request, id: int) -> Response:
        """A page of the organization's timeline."""
        values = parameters.read(request, TimelineQuestion, paged=True, sparse=True)
        clocks, row = parameters.as_of(values), self.get_object()
        wide = values.get("descendants", True)
        about = subject("organization", row)
        if clocks.known_at is None:
            spans = organization_spans(row.pk, descendants=wide)
            return page_of_timeline(self, request, spans, clocks, subject=about)
        rows = bearing_on_organizations(entries(clocks), [row.pk], clocks, descendants=wide)
        return page_of_entries(self, request, rows, NEWEST_FIRST, subject=about)

    @extend_schema(
        summary="An organization's chart on a day",
        description=(
            "What it was part of, the units under it, and who held office where; today if no day is given. With "
            "`known_at`, by the events that were on record at that instant; what curators declare in the register "
            "counts as it is now, on the days of which no event speaks."
        ),
        parameters=[parameters.Clocks],
        responses=Chart,
        examples=[CHART],
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def chart(self, request: Request, id: int) -> Response:
        """The organization's chart."""
        clocks = parameters.as_of(parameters.read(request, parameters.Clocks))
        day = clocks.valid_at or timezone.now().date()
        return Response(organizations.chart(self.get_object(), day, clocks.known_at))

    @extend_schema(
        summary="The cadence of an organization's releases",
        description=(
            "Days between the releases of each product line (the names without the version at their end) up to a day, "
            "beside those of peers. Releases of one day count once; those known by their year alone are left out."
        ),
        parameters=[CadenceQuestion],
        responses=Cadence,
        examples=[CADENCE],
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def cadence(self, request: Request, id: int) -> Response:
        """The organization's cadence."""
        values = parameters.read(request, CadenceQuestion)
        return Response(cadence(self.get_object(), parameters.as_of(values), values.get("peers")))
