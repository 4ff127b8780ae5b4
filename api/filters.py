"""Filters of lists: what is not known is refused, never ignored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django_filters import filters
from django_filters.filterset import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from api import fields
from api.parameters import PAGING, check_bounds, check_known
from api.problems import InvalidParameters
from events.timelines.clocks import UnknownTime, parse_day, parse_instant

if TYPE_CHECKING:  # at run time it would be a circle: DRF's views read the settings that name this module
    from rest_framework.views import APIView

MAX_ID = 2**63 - 1


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, but an unknown parameter or a bad value is a 400 that names the parameter."""

    def filter_queryset(  # type: ignore[override]  # it is only ever given DRF's requests
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        """The rows that the parameters leave. Raises InvalidParameters."""
        check_bounds(request)
        filterset: FilterSet | None = self.get_filterset(request, queryset, view)
        declared = filterset.filters if filterset is not None else {}
        many = {name for name, item in declared.items() if isinstance(item, Several)}
        sparse = [fields.NAME] if getattr(view, "shape", None) else []
        check_known(request, {*declared, *PAGING, *sparse}, many)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise InvalidParameters(
                {name: [str(e) for e in errors] for name, errors in filterset.errors.items()}
            )
        return filterset.qs


class ListWidget(forms.Widget):
    """Several values: the parameter repeated, or one with commas."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The values, in order."""
        sent: Iterable[str] = (
            data.getlist(name) if hasattr(data, "getlist") else [data[name]] if name in data else []
        )
        return [value.strip() for text in sent for value in text.split(",")] if sent else []


class WordsField(forms.MultipleChoiceField):
    """Words of a vocabulary."""

    widget = ListWidget


class NumbersField(forms.Field):
    """Whole numbers in a range."""

    widget = ListWidget

    def __init__(self, *, minimum: int = 1, maximum: int = MAX_ID, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.minimum, self.maximum = minimum, maximum

    def to_python(self, value: Any) -> list[int]:
        """The numbers. Raises ValidationError."""
        numbers = [
            int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1 for text in value or []
        ]
        if any(not self.minimum <= number <= self.maximum for number in numbers):
            raise forms.ValidationError(f"Write whole numbers from {self.minimum} to {self.maximum}.")
        return numbers


class DayFormField(forms.CharField):
    """A day."""

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        """The day. Raises ValidationError."""
        try:
            return parse_day(value) if value not in self.empty_values else None
        except UnknownTime as error:
            raise forms.ValidationError(str(error)) from None


class InstantFormField(forms.CharField):
    """An instant."""

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]
        """The instant. Raises ValidationError."""
        try:
            return parse_instant(value) if value not in self.empty_values else None
        except UnknownTime as error:
            raise forms.ValidationError(str(error)) from None


class Several(filters.MultipleChoiceFilter):
    """A filter that takes several values; a row passes with any of them."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows whose column is one of the values; a list without values filters nothing."""
        return qs.filter(Q((f"{self.field_name}__in", value))) if value else qs


class Words(Several):
    """Words of a closed vocabulary."""

    field_class = WordsField


@extend_schema_field({"type": "integer", "minimum": 1})
class Ids(Several):
    """Ids."""

    field_class = NumbersField


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 5})
class Severities(Several):
    """Severities, 0 to 5."""

    field_class = NumbersField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, minimum=0, maximum=5, **kwargs)


@extend_schema_field({"type": "string", "format": "date"})
class Day(filters.Filter):
    """A day, to compare a column of days with."""

    field_class = DayFormField


@extend_schema_field({"type": "string", "format": "date-time"})
class Instant(filters.Filter):
    """An instant, to compare a column of instants with; a day alone stands for its end in UTC."""

    field_class = InstantFormField


def no_filter(queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
    """For parameters that are read elsewhere and stand among the filters to be known, checked and documented."""
    return queryset
