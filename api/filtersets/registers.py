"""Filters of people, organizations, ladders, cases and documents."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import filters
from django_filters.filterset import FilterSet

from api.filters import Ids, Words
from events.choices import OrganizationType
from events.timelines.documents import standing_evidence
from events.timelines.finding import MAX_NAME, organizations_named, people_named

_NAME = "In any script, spelling or order; where nobody has it, names that hold it"


class ExecutiveFilter(FilterSet):
    """Finds people."""

    name = filters.CharFilter(method="named", max_length=MAX_NAME, help_text=_NAME)

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those who have the name."""
        return queryset.filter(pk__in=people_named(value).values("pk"))


class OrganizationFilter(FilterSet):
    """Finds organizations."""

    name = filters.CharFilter(method="named", max_length=MAX_NAME, help_text=_NAME)
    type = Words(choices=OrganizationType.pairs())
    country = filters.CharFilter(lookup_expr="iexact", max_length=2, help_text="ISO 3166-1 alpha-2")

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that have the name."""
        return queryset.filter(pk__in=organizations_named(value).values("pk"))


class LadderFilter(FilterSet):
    """Finds ladders."""

    organization = Ids(help_text="Ids of organizations")
    organization_id = Ids(field_name="organization", help_text="The same as `organization`")


class CaseFilter(FilterSet):
    """Finds cases."""

    issuer = Ids(help_text="Ids of organizations")
    issuer_id = Ids(field_name="issuer", help_text="The same as `issuer`")


class DocumentFilter(FilterSet):
    """Finds documents."""

    url = filters.CharFilter(max_length=2000, help_text="The canonical address")
    event = Ids(method="quoted_by", help_text="Ids of events that quote it")
    event_id = Ids(method="quoted_by", help_text="The same as `event`")
    language = filters.CharFilter(max_length=10, help_text="BCP 47")

    def quoted_by(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        """Those that one of the events quotes."""
        return queryset.filter(pk__in=standing_evidence().filter(event_id__in=value).values("document"))
