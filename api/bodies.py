"""Bodies of requests: JSON of bounded size and depth, each member known and of its own type."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 20
"""Arrays and objects in one another."""
MAX_INTEGER = 2**63 - 1


class TooLarge(APIException):
    """A body of more bytes than the setting DATA_UPLOAD_MAX_MEMORY_SIZE allows: 413."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class BoundedJSONParser(BaseParser):
    """Reads JSON (RFC 8259) that the database can keep: no NUL, no lone surrogate, no number out of range.

    It is none of DRF's JSONParser, for which DRF reads the body itself, and a large one is no problem document.
    """

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value. Raises TooLarge, ParseError, or ValidationError with the pointer of what cannot be kept."""
        most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 2**20
        data = stream.read(most + 1)
        if len(data) > most:
            raise TooLarge(f"A body has at most {most} bytes.")
        try:
            value = json.loads(data.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The body is not JSON: {_said(error)}.") from None
        problem = _unfit(value)
        if problem:
            raise ValidationError(_nested(*problem))
        return value


def _said(error: Exception) -> str:
    return f"{error.msg} (character {error.pos})" if isinstance(error, json.JSONDecodeError) else "unreadable"


def _unfit(value: Any) -> tuple[tuple[str, ...], str] | None:
    """Where the first part is that cannot be kept, and why; walked without recursion."""
    left: list[tuple[tuple[str, ...], Any]] = [((), value)]
    while left:
        place, part = left.pop()
        problem = _problem(part)
        if problem or len(place) > MAX_DEPTH:
            return place[:MAX_DEPTH], problem or f"At most {MAX_DEPTH} levels."
        if isinstance(part, dict):
            bad = next((name for name in part if _problem(name)), None)
            if bad is not None:
                return place, f"The name of a member: {_problem(bad)}"
            left += [((*place, name), item) for name, item in part.items()]
        elif isinstance(part, list):
            left += [((*place, str(index)), item) for index, item in enumerate(part)]
    return None


def _problem(part: Any) -> str:
    if isinstance(part, str):
        if "\x00" in part:
            return "A NUL character is not text."
        return "" if _is_unicode(part) else "This is not valid Unicode text."
    if isinstance(part, float) and not math.isfinite(part):
        return "This number is out of range."
    if isinstance(part, int) and abs(part) > MAX_INTEGER:
        return "This number is out of range."
    return ""


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _nested(place: tuple[str, ...], message: str) -> Any:
    detail: Any = [message]
    for name in reversed(place):
        detail = {name: detail}
    return detail


class Whole(serializers.IntegerField):
    """A whole number: a JSON number, never text or a boolean."""

    def to_internal_value(self, data: Any) -> int:
        """The number. Raises ValidationError."""
        whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
        if not whole or isinstance(data, bool):
            self.fail("invalid")
        return int(data)


class Id(Whole):
    """The id of a resource."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"min_value": 1, "max_value": MAX_INTEGER} | kwargs))


class Flag(serializers.BooleanField):
    """true or false, never text or a number."""

    def to_internal_value(self, data: Any) -> bool:
        """The value. Raises ValidationError."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Text(serializers.CharField):
    """Text: a JSON string."""

    def to_internal_value(self, data: Any) -> str:
        """The text, without spaces around it. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Word(serializers.ChoiceField):
    """A word of a vocabulary: a JSON string."""

    def to_internal_value(self, data: Any) -> Any:
        """The word. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Body(serializers.Serializer[Any]):
    """The members that a body may have; another is refused, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """The values. Raises ValidationError, which names unknown members."""
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                known = ", ".join(self.fields) or "none"
                raise ValidationError(
                    {str(name): [f"There is no such member; there are: {known}."] for name in unknown}
                )
        return super().to_internal_value(data)
