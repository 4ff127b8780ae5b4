"""Filters of people, organizations, ladders, cases and documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import filters
from django_filters.filterset import FilterSet
from drf_spectacular.utils import extend_schema_field

from api.filters import Day, Ids, Instant, Words, no_filter
from api.filtersets.truth import Truth
from events.choices import EndState, OrganizationType, Precision
from events.models.base import holds_on
from events.models.grades import grade_key
from events.models.people import Position
from events.timelines.documents import standing_evidence
from events.timelines.entries import entries
from events.timelines.finding import organizations_named, people_named
from events.timelines.orderings import CASES, DOCUMENTS, LADDERS, ORGANIZATIONS, PEOPLE, Orderings
from events.timelines.spellings import MAX_NAME

_NAME = "In any script, spelling or order; where nobody has it, names that hold it"


_END = {"after": "gte", "before": "lte"}
MAX_TEXT = 300


def _ranges(name: str, column: str, kind: type[filters.Filter], what: str) -> dict[str, Any]:
    """`NAME_after` and `NAME_before`, both inclusive."""
    return {
        f"{name}_{end}": kind(field_name=column, lookup_expr=lookup, help_text=f"{what}, at or {end} this")
        for end, lookup in _END.items()
    }


def _partial(name: str, column: str, what: str) -> dict[str, Any]:
    """A partial date's ranges, by its first day, and how exact it is."""
    precision = Words(
        field_name=f"{column}_precision", choices=Precision.pairs(), help_text=f"How exact: {what}"
    )
    return {**_ranges(name, column, Day, what), f"{name}_precision": precision}


def _holds(column: str, what: str) -> filters.CharFilter:
    return filters.CharFilter(
        field_name=column,
        lookup_expr="icontains",
        max_length=MAX_TEXT,
        help_text=f"{what} holds this, whatever the case",
    )


def _is(column: str, what: str) -> filters.CharFilter:
    return filters.CharFilter(
        field_name=column,
        lookup_expr="iexact",
        max_length=MAX_TEXT,
        help_text=f"{what} is this, whatever the case",
    )


OrganizationDates = type(
    "OrganizationDates",
    (FilterSet,),
    {
        **_partial("founded", "founded", "When it was founded"),
        **_partial("dissolved", "dissolved", "When it was dissolved"),
    },
)
LadderDates = type(
    "LadderDates",
    (FilterSet,),
    {**_partial("from", "start", "Since when it holds"), **_partial("to", "until", "Until when it holds")},
)
CaseDates = type("CaseDates", (FilterSet,), _partial("decided", "decided", "When it was decided"))
DocumentDates = type(
    "DocumentDates",
    (FilterSet,),
    {
        **_ranges("published", "published_at", Instant, "When it was published"),
        **_ranges("fetched", "fetched_at", Instant, "When it was fetched"),
    },
)


@extend_schema_field({"type": "integer", "minimum": 1})
class Versions(Ids):
    """Numbers of versions."""


def _ordering(known: Orderings, default: str) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(
        method=no_filter,
        choices=[(name, name) for name in known],
        empty_label=None,
        help_text=f"{default} if not given",
    )


class Related(FilterSet):
    """Filters on related rows: a row counts once, however many of them match."""

    def related(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Those that a related row with the value belongs to."""
        lookup, wanted = (f"{name}__in", value) if isinstance(value, list) else (name, value)
        return queryset.filter(
            pk__in=queryset.model._default_manager.filter(Q((lookup, wanted))).values("pk")
        )


class ExecutiveFilter(Related):
    """Finds people."""

    ordering = _ordering(PEOPLE, "name")
    executive = Ids(field_name="pk", help_text="Ids of people")
    executive_id = Ids(field_name="pk", help_text="The same as `executive`")
    name = filters.CharFilter(method="named", max_length=MAX_NAME, help_text=_NAME)
    identifier = filters.CharFilter(
        field_name="identifiers__value", method="related", max_length=100, help_text="In any scheme"
    )
    identifier_scheme = filters.CharFilter(
        field_name="identifiers__scheme__iexact",
        method="related",
        max_length=20,
        help_text="Who has one in it",
    )
    organization = Ids(
        field_name="positions__organization",
        method="related",
        help_text="Ids of organizations where they hold or held a title",
    )
    organization_id = Ids(
        field_name="positions__organization", method="related", help_text="The same as `organization`"
    )
    organization_name = filters.CharFilter(
        method="at_named", max_length=MAX_NAME, help_text=f"Where they were. {_NAME}"
    )
    title = filters.CharFilter(
        field_name="positions__title__icontains",
        method="related",
        max_length=MAX_TEXT,
        help_text="One of their titles holds this, whatever the case",
    )
    interim = Truth(
        field_name="positions__interim", method="related", help_text="Who has a position that is so"
    )
    current = Truth(method="holding", help_text="Who holds a position today, or none")
    event = Ids(
        field_name="positions__event",
        method="related",
        help_text="Ids of events that a position follows from",
    )
    event_id = Ids(field_name="positions__event", method="related", help_text="The same as `event`")

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those who have the name."""
        return queryset.filter(pk__in=people_named(value).values("pk"))

    def at_named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those who hold or held a title at an organization of the name."""
        return self.related(queryset, "positions__organization__in", organizations_named(value).values("pk"))

    def holding(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those who hold a position today, or those who do not."""
        held = Position.objects.filter(holds_on(timezone.now().date()))
        condition = Q(pk__in=held.values("executive"))
        return queryset.filter(condition if value else ~condition)


class OrganizationFilter(OrganizationDates, Related):  # type: ignore[misc, valid-type]
    """Finds organizations."""

    ordering = _ordering(ORGANIZATIONS, "name")
    organization = Ids(field_name="pk", help_text="Ids of organizations")
    organization_id = Ids(field_name="pk", help_text="The same as `organization`")
    name = filters.CharFilter(method="named", max_length=MAX_NAME, help_text=_NAME)
    type = Words(choices=OrganizationType.pairs())
    country = filters.CharFilter(lookup_expr="iexact", max_length=2, help_text="ISO 3166-1 alpha-2")
    identifier = filters.CharFilter(
        field_name="identifiers__value", method="related", max_length=100, help_text="In any scheme"
    )
    identifier_scheme = filters.CharFilter(
        field_name="identifiers__scheme__iexact",
        method="related",
        max_length=20,
        help_text="What has one in it",
    )
    parent = Ids(
        field_name="parents__parent",
        method="related",
        help_text="Ids of organizations that it is or was part of",
    )
    parent_id = Ids(field_name="parents__parent", method="related", help_text="The same as `parent`")
    parent_name = filters.CharFilter(
        method="under_named", max_length=MAX_NAME, help_text=f"What it is part of. {_NAME}"
    )
    event = Ids(
        field_name="parents__event", method="related", help_text="Ids of events that its place follows from"
    )
    event_id = Ids(field_name="parents__event", method="related", help_text="The same as `event`")

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that have the name."""
        return queryset.filter(pk__in=organizations_named(value).values("pk"))

    def under_named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that are or were part of one of the name."""
        return self.related(queryset, "parents__parent__in", organizations_named(value).values("pk"))


class LadderFilter(LadderDates, Related):  # type: ignore[misc, valid-type]
    """Finds ladders."""

    ordering = _ordering(LADDERS, "id")
    ladder = Ids(field_name="pk", help_text="Ids of ladders")
    ladder_id = Ids(field_name="pk", help_text="The same as `ladder`")
    organization = Ids(help_text="Ids of organizations")
    organization_id = Ids(field_name="organization", help_text="The same as `organization`")
    organization_name = filters.CharFilter(method="of_named", max_length=MAX_NAME, help_text=_NAME)
    name = _holds("name", "The name")
    version = Versions(help_text="Versions")
    grade = filters.CharFilter(
        method="with_grade", max_length=30, help_text="A grade on it, whatever the case"
    )
    source = _holds("source", "Where its order is taken from")
    end = Words(field_name="end_state", choices=EndState.pairs(), help_text="How its period ends")
    valid_at = Day(method="in_force", help_text="Those in force on that day")

    def of_named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those of the organizations that have the name."""
        return queryset.filter(organization__in=organizations_named(value).values("pk"))

    def with_grade(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those with the grade."""
        return self.related(queryset, "grades__key", grade_key(value))

    def in_force(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Those in force on a day."""
        return queryset.filter(holds_on(value))


class CaseFilter(CaseDates, Related):  # type: ignore[misc, valid-type]
    """Finds cases."""

    ordering = _ordering(CASES, "-id")
    case = Ids(field_name="pk", help_text="Ids of cases")
    case_id = Ids(field_name="pk", help_text="The same as `case`")
    title = _holds("title", "The title")
    issuer = Ids(help_text="Ids of organizations")
    issuer_id = Ids(field_name="issuer", help_text="The same as `issuer`")
    issuer_name = filters.CharFilter(method="by_named", max_length=MAX_NAME, help_text=_NAME)
    event = Ids(method="with_event", help_text="Ids of standing events that belong to it")
    event_id = Ids(method="with_event", help_text="The same as `event`")

    def by_named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that an organization of the name decided."""
        return queryset.filter(issuer__in=organizations_named(value).values("pk"))

    def with_event(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        """Those that one of the standing events belongs to."""
        return queryset.filter(pk__in=entries().filter(pk__in=value).values("case"))


class DocumentFilter(DocumentDates):  # type: ignore[misc, valid-type]
    """Finds documents."""

    ordering = _ordering(DOCUMENTS, "-id")
    document = Ids(field_name="pk", help_text="Ids of documents")
    document_id = Ids(field_name="pk", help_text="The same as `document`")
    url = filters.CharFilter(max_length=2000, help_text="The canonical address")
    version = Versions(help_text="Versions")
    is_latest = Truth(help_text="Whether no later version of the page was fetched")
    title = _holds("title", "The title")
    author = filters.CharFilter(
        method="written_by", max_length=200, help_text="One of the authors, as written"
    )
    event = Ids(method="quoted_by", help_text="Ids of events that quote it")
    event_id = Ids(method="quoted_by", help_text="The same as `event`")
    quote = filters.CharFilter(
        method="quoted", max_length=MAX_TEXT, help_text="A published quote holds this, whatever the case"
    )
    language = filters.CharFilter(max_length=10, help_text="BCP 47")
    text_sha256 = _is("text_sha256", "The text's SHA-256, in hexadecimal,")

    def written_by(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those by an author."""
        return queryset.filter(authors__contains=[value])

    def quoted_by(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        """Those that one of the events quotes."""
        return queryset.filter(pk__in=standing_evidence().filter(event_id__in=value).values("document"))

    def quoted(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those with words that a standing event quotes."""
        return queryset.filter(pk__in=standing_evidence().filter(quote__icontains=value).values("document"))
