"""Reading what a client of the reconciliation service sends: its form, its parameters, and why they are refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NoReturn

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from rest_framework import exceptions
from rest_framework.parsers import FormParser

from api.problems import InvalidParameters
from events.reconciliation.queries import BadQuery
from events.reconciliation.vocabulary import TYPES

MAX_BODY = 256 * 1024
"""Bytes."""


class TooLarge(exceptions.APIException):
    """A batch or body that is larger than the manifest allows."""

    status_code = 413
    default_detail = f"At most {MAX_BODY} bytes."
    default_code = "too_large"


class Slow(exceptions.APIException):
    """An answer that took too long to find."""

    status_code = 503
    default_code = "slow"
    wait = 5


class BoundedForm(FormParser):
    """Form-encoded bodies, always UTF-8, of at most MAX_BODY bytes."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The fields. Raises TooLarge or ParseError."""
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise TooLarge
        try:
            return QueryDict(body, encoding="utf-8")
        except TooManyFieldsSent:
            raise exceptions.ParseError("These are too many fields.") from None


def refuse(parameter: str, error: BadQuery) -> NoReturn:
    """Raises the 400 that points into the parameter's JSON."""
    refusal = InvalidParameters({parameter: [f"{error.pointer or '/'}: {error}"]})
    refusal.errors = [{"parameter": parameter, "pointer": error.pointer, "detail": str(error)}]
    raise refusal from None


def check(sent: QueryDict, known: Collection[str], repeatable: Collection[str] = ()) -> None:
    """Refuses parameters that the endpoint does not have, and a second value where one is meant."""
    errors: dict[str, list[str]] = {}
    for name, values in sent.lists():
        if name == "callback":
            errors[name] = ["JSONP is not offered; any web page may read the plain JSON (CORS)."]
        elif name not in known:
            errors[name[:100]] = [f"This endpoint has no such parameter. It has: {', '.join(sorted(known))}."]
        elif len(values) > 1 and name not in repeatable:
            errors[name] = ["Give one value."]
    if errors:
        raise InvalidParameters(errors)


def whole(sent: QueryDict, name: str, limit: int) -> int:
    """A whole number from 0 to `limit`, 0 where none was sent. Raises InvalidParameters."""
    text = sent.get(name, "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= limit):
        raise InvalidParameters({name: [f"Write a whole number from 0 to {limit}."]})
    return int(text)


def types(sent: QueryDict) -> list[str]:
    """The types asked for, empty ones left out. Raises InvalidParameters."""
    wanted = [name for name in sent.getlist("type") if name]
    if any(name not in TYPES for name in wanted):
        raise InvalidParameters({"type": [f"There is no such type. There are: {', '.join(TYPES)}."]})
    return wanted
