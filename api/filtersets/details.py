"""Filters of what events say in detail, by the names of `events.timelines.details`; the same on both clocks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django_filters import filters
from drf_spectacular.utils import extend_schema_field

from api.filters import Ids, Words
from api.filtersets.truth import Truth
from events.choices import (
    Degree,
    Metric,
    PartyType,
    PenaltyType,
    Precision,
    Qualifier,
    Role,
)
from events.models.record import DATE_FIELDS
from events.timelines.details import ANY, AT_LEAST, AT_MOST, CONTAINS, SAME, having, lacking
from events.timelines.entries import Rows

MAX_TEXT = 300
MAX_NUMBER = 10**17
_PLACES = Decimal("0.000001")
MAX_WHOLE = 2**31 - 1


class DetailWords(Words):
    """Words of a vocabulary; one of several."""

    def filter(self, qs: Rows, value: Any) -> Rows:
        """Those of which one item is one of the words."""
        return having(qs, str(self.field_name), ANY, value) if value else qs


@extend_schema_field({"type": "integer", "minimum": 1})
class DetailIds(Ids):
    """Ids."""

    def filter(self, qs: Rows, value: Any) -> Rows:
        """Those of which one item has one of the ids."""
        return having(qs, str(self.field_name), ANY, value) if value else qs


class DetailText(filters.CharFilter):
    """A text, or a part of one, whatever its case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=MAX_TEXT, **kwargs)

    def filter(self, qs: Rows, value: Any) -> Rows:
        """Those of which one item is, or holds, the text."""
        return having(qs, str(self.field_name), self.lookup_expr, value) if value else qs


class Bound(filters.Filter):
    """A bound of a number."""

    def filter(self, qs: Rows, value: Any) -> Rows:
        """Those of which one item is within the bound."""
        return qs if value is None else having(qs, str(self.field_name), self.lookup_expr, value)


class NumberField(forms.DecimalField):
    """A number of the size that figures have, to six places."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stub has an int
        """The number. Raises ValidationError."""
        number = super().to_python(value)
        if number is None:
            return None
        if not number.is_finite() or abs(number) > MAX_NUMBER:
            raise forms.ValidationError(f"Write a number from -{MAX_NUMBER:,} to {MAX_NUMBER:,}.")
        return number.quantize(_PLACES)


@extend_schema_field({"type": "number", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER})
class DetailNumber(Bound):
    """A number in units; percentages are fractions."""

    field_class = NumberField


@extend_schema_field({"type": "integer", "minimum": -MAX_WHOLE, "maximum": MAX_WHOLE})
class DetailWhole(Bound):
    """A whole number."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=-MAX_WHOLE, max_value=MAX_WHOLE, **kwargs)


class DetailTruth(Truth):
    """Whether it is so; false also where nothing is told."""

    def filter(self, qs: Rows, value: Any) -> Rows:
        """Those that are so, or those that are not."""
        if value is None:
            return qs
        return (
            having(qs, str(self.field_name), ANY, [True])
            if value
            else lacking(qs, str(self.field_name), [True])
        )


def _bounds(kind: type[Bound], what: str, name: str, field: str = "") -> dict[str, filters.Filter]:
    """`min_NAME` and `max_NAME`, both inclusive."""
    field = field or name
    return {
        f"min_{name}": kind(field_name=field, lookup_expr=AT_LEAST, help_text=f"{what}: at least"),
        f"max_{name}": kind(field_name=field, lookup_expr=AT_MOST, help_text=f"{what}: at most"),
    }


def _words(name: str, choices: list[tuple[str, str]], what: str) -> dict[str, filters.Filter]:
    return {name: DetailWords(field_name=name, choices=choices, help_text=what)}


def _ids(name: str, what: str) -> dict[str, filters.Filter]:
    """`NAME` and `NAME_id`."""
    return {
        name: DetailIds(field_name=name, help_text=f"Ids of {what}"),
        f"{name}_id": DetailIds(field_name=name, help_text=f"The same as `{name}`"),
    }


def _text(name: str, what: str, lookup: str = CONTAINS) -> dict[str, filters.Filter]:
    how = "holds this" if lookup == CONTAINS else "is this"
    return {
        name: DetailText(field_name=name, lookup_expr=lookup, help_text=f"{what} {how}, whatever the case")
    }


def _party(prefix: str, what: str) -> dict[str, filters.Filter]:
    return {
        **_ids(prefix, f"people and organizations: {what}"),
        **_words(f"{prefix}_type", PartyType.pairs(), f"What {what} is"),
        **_text(f"{prefix}_name", f"The name of {what}"),
    }


DETAIL_FILTERS: dict[str, filters.Filter] = {
    **_party("subject", "the subject"),
    **_text("title", "The subject's title"),
    **_ids("subject_organization", "organizations where the subject holds its title or belongs to"),
    **_text("subject_organization_name", "The name of the organization of the subject"),
    **_party("issuer", "who decided"),
    **_text("issuer_title", "The title of who decided"),
    **_party("participant", "who else has a part in it"),
    **_text("participant_title", "The title of who else has a part in it"),
    **_words(
        "participant_role",
        [pair for pair in Role.pairs() if pair[0] != Role.SUBJECT],
        "The part that someone has in it",
    ),
    **_bounds(DetailNumber, "Confidence", "confidence"),
    **_text("case_title", "The title of its case"),
    **_text("note", "What disagrees in it, one of the notes,"),
    **_text("ground", "One of the grounds"),
    "interim": DetailTruth(field_name="interim", help_text="Whether for the time being"),
    "min_headcount": DetailWhole(
        field_name="headcount_min",
        lookup_expr=AT_LEAST,
        help_text="People concerned: the least number told is at least",
    ),
    "max_headcount": DetailWhole(
        field_name="headcount_max",
        lookup_expr=AT_MOST,
        help_text="People concerned: the greatest number told is at most",
    ),
    **_words("penalty", PenaltyType.pairs(), "The type of one of the penalties"),
    **_words("degree", Degree.pairs(), "The degree of one of the penalties"),
    **_bounds(DetailWhole, "Levels by the source", "levels"),
    **_bounds(DetailWhole, "Steps on the ladder, negative is down", "steps"),
    **_ids("ladder", "grade ladders that a penalty was counted on"),
    **_text("grade_from", "The grade before", SAME),
    **_text("grade_to", "The grade after", SAME),
    **_bounds(DetailNumber, "The amount of a penalty", "penalty_amount"),
    **_text("penalty_currency", "The currency (ISO 4217) of a penalty", SAME),
    **_text("duration", "The duration (ISO 8601) of a penalty", SAME),
    **_words("metric", Metric.pairs(), "What one of the figures measures"),
    **_bounds(DetailNumber, "The value of a figure", "value"),
    **_words("qualifier", Qualifier.pairs(), "How exact a figure is"),
    **_text("currency", "The currency (ISO 4217) of a figure", SAME),
    **_text("period", "The period of a figure, such as 2024, FY2025 or 2025-Q3,", SAME),
    **_bounds(DetailNumber, "The change of a figure on the year, a fraction", "change"),
    **_words("change_qualifier", Qualifier.pairs(), "How exact the change is"),
    **_bounds(DetailNumber, "What a figure is held against", "threshold"),
    **_ids("document", "documents that it quotes"),
    **_text("document_url", "The address of a document that it quotes", SAME),
    **_text("quote", "One of the quotes"),
    **{
        key: item
        for name in ("date", *DATE_FIELDS)
        for key, item in _words(
            f"{name}_precision", Precision.pairs(), f"How exact the date `{name}` is"
        ).items()
    },
}
