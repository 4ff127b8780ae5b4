"""Query parameters: bounded, known, and each read into one value or refused with its name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from api import fields
from api.problems import InvalidParameters
from events.timelines.clocks import AsOf, UnknownTime, parse_day, parse_instant
from events.timelines.keyset import MAX_CURSOR, MAX_PAGE, PAGE

PAGING = frozenset({"cursor", "page_size"})
MAX_VALUE = 500
"""Characters of one parameter's value."""
MAX_NAME = 100
MAX_VALUES = 100
"""Values in one request, all parameters together."""


def check_bounds(request: Request) -> None:
    """Refuses what no parameter can mean: NUL characters, text that is no Unicode, too much of it.

    Raises InvalidParameters.
    """
    errors: dict[str, list[str]] = {}
    count = 0
    for name, values in request.query_params.lists():
        count += len(values)
        problem = _out_of_bounds(name, MAX_NAME) or next(filter(None, (_bound(name, v) for v in values)), "")
        if problem:
            errors[name.encode("utf-8", "replace").decode()[:MAX_NAME].replace("\x00", "�")] = [problem]
    if count > MAX_VALUES:
        errors[""] = [f"More than {MAX_VALUES} values were sent."]
    if errors:
        raise InvalidParameters(errors)


def check_known(request: Request, known: Collection[str], repeatable: Collection[str] = ()) -> None:
    """Refuses parameters that the endpoint does not have, and a second value where one is meant.

    Raises InvalidParameters.
    """
    errors: dict[str, list[str]] = {}
    for name, values in request.query_params.lists():
        if name not in known:
            there = f"It has: {', '.join(sorted(known))}." if known else "It has none."
            errors[name] = [f"This endpoint has no such parameter. {there}"]
        elif len(values) > 1 and name not in repeatable:
            errors[name] = ["Give one value."]
        elif not all(value.strip() for value in values):
            errors[name] = ["Give a value."]
    if errors:
        raise InvalidParameters(errors)


def _bound(name: str, value: str) -> str:
    return _out_of_bounds(value, MAX_CURSOR if name == "cursor" else MAX_VALUE)


def _out_of_bounds(text: str, limit: int) -> str:
    if "\x00" in text:
        return "A NUL character is not text."
    if len(text) > limit:
        return f"At most {limit} characters."
    try:
        text.encode()
    except UnicodeEncodeError:
        return "This is not valid Unicode text."
    return ""


@extend_schema_field({"type": "string", "format": "date"})
class DayField(serializers.CharField):
    """A day, YYYY-MM-DD."""

    def to_internal_value(self, data: Any) -> date:  # type: ignore[override]
        """The day. Raises ValidationError."""
        try:
            return parse_day(super().to_internal_value(data))
        except UnknownTime as error:
            raise serializers.ValidationError(str(error)) from None


@extend_schema_field({"type": "string", "format": "date-time"})
class InstantField(serializers.CharField):
    """An instant, ISO 8601; a day alone stands for that day's end in UTC."""

    def to_internal_value(self, data: Any) -> datetime:  # type: ignore[override]
        """The instant, in UTC. Raises ValidationError."""
        try:
            return parse_instant(super().to_internal_value(data))
        except UnknownTime as error:
            raise serializers.ValidationError(str(error)) from None


class NoParameters(serializers.Serializer[Any]):
    """An endpoint without parameters."""


class ValidAt(serializers.Serializer[Any]):
    """The first clock."""

    valid_at = DayField(required=False, help_text="Only what holds on that day (YYYY-MM-DD)")


class Clocks(ValidAt):
    """Both clocks."""

    known_at = InstantField(
        required=False, help_text="As this record said it at that instant; a day alone means its end in UTC"
    )


class KnownAt(serializers.Serializer[Any]):
    """The second clock."""

    known_at = InstantField(
        required=False, help_text="As this record said it at that instant; a day alone means its end in UTC"
    )


class Steps(serializers.Serializer[Any]):
    """Two grades of a ladder, whatever their case."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a word of Python, so the fields are named here."""
        return {
            "from": serializers.CharField(max_length=30, help_text="The grade to start from, such as 22A"),
            "to": serializers.CharField(max_length=30, help_text="The grade to end at, such as 21A"),
        }


def read(
    request: Request,
    parameters: type[serializers.Serializer[Any]],
    *,
    paged: bool = False,
    sparse: bool = False,
) -> dict[str, Any]:
    """The values of an endpoint's parameters. Raises InvalidParameters for unknown ones and bad values."""
    form = parameters(data={name: request.query_params[name] for name in request.query_params})
    check_known(request, {*form.fields, *(PAGING if paged else ()), *([fields.NAME] if sparse else [])})
    if not form.is_valid():
        raise InvalidParameters({name: [str(text) for text in texts] for name, texts in form.errors.items()})
    return dict(form.validated_data)


def read_body(
    request: Request, shape: type[serializers.Serializer[Any]], *, partial: bool = False
) -> dict[str, Any]:
    """The values of a body; with `partial`, of the members that were sent. Raises ValidationError, with pointers;
    InvalidParameters for query parameters."""
    read(request, NoParameters)
    form = shape(data=request.data, partial=partial)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def as_of(values: dict[str, Any]) -> AsOf:
    """The two clocks among an endpoint's values."""
    return AsOf(values.get("valid_at"), values.get("known_at"))


def paging() -> list[OpenApiParameter]:
    """The parameters of a paged endpoint, for the schema."""
    return [
        OpenApiParameter("cursor", str, description="From `next` or `previous`; not to be made by hand"),
        OpenApiParameter(
            "page_size",
            {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE},
            description="At most so many results",
        ),
    ]
