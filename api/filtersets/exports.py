"""What exports can be narrowed by, and where they begin and end."""

from __future__ import annotations

from typing import Any

from django import forms
from django_filters import filters
from django_filters.filterset import FilterSet
from drf_spectacular.utils import extend_schema_field

from api.filters import MAX_ID, Day, Instant, no_filter
from api.filtersets.events import EventFilter
from api.filtersets.registers import ExecutiveFilter, OrganizationFilter


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": MAX_ID})
class Number(filters.Filter):
    """One whole number, which filters nothing."""

    field_class = forms.IntegerField

    def __init__(self, help_text: str, minimum: int = 0) -> None:
        super().__init__(method=no_filter, min_value=minimum, max_value=MAX_ID, help_text=help_text)


def _bom() -> filters.ChoiceFilter:
    return filters.ChoiceFilter(
        method=no_filter,
        choices=[("true", "true"), ("false", "false")],
        empty_label=None,
        help_text="true: begin with a byte order mark, so that Excel reads UTF-8",
    )


class Limited(FilterSet):
    """How much of a file."""

    limit = Number("At most so many records", minimum=1)


class Part(Limited):
    """Which part of a file."""

    cursor = Number("The id in the last complete line that you have; the rest follows")


class LedgerPart(FilterSet):
    """Which part of the ledger."""

    until_seq = Number("As the record was after the revision of this number; the last one if not given")
    since_seq = Number("Only what is different from the record after the revision of this number")


class EventExport(LedgerPart, Part, EventFilter):
    """The filters of the list of events."""

    ordering: Any = None  # the order is that of the ids, so that the export can be taken up again
    valid_at = Day(field_name="date", lookup_expr="lte", help_text="Only what has begun by that day")
    recorded_since = Instant(
        method=no_filter, help_text="Only what is different from the record at that instant"
    )


class EventTable(EventExport):
    """As a table."""

    bom = _bom()


class ExecutiveExport(Part, ExecutiveFilter):
    """The filters of the list of executives."""


class ExecutiveTable(ExecutiveExport):
    """As a table."""

    bom = _bom()


class OrganizationExport(Part, OrganizationFilter):
    """The filters of the list of organizations."""


class OrganizationTable(OrganizationExport):
    """As a table."""

    bom = _bom()


class EntityExport(Limited):
    """Entities are not filtered."""

    cursor = filters.CharFilter(
        method=no_filter,
        max_length=40,
        help_text="The id of the last organization, person or event that you have, such as gt-person-4",
    )
    until_seq = Number(
        "Events as the record was after the revision of this number; the last one if not given"
    )
