"""Errors as problem details (RFC 9457): `application/problem+json` with a pointer to what is wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from psycopg.errors import QueryCanceled
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"


class InvalidParameters(exceptions.APIException):
    """Query parameters that the endpoint does not know or cannot read: 400, one entry in `errors` for each."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "invalid_parameters"

    def __init__(self, errors: dict[str, list[str]], extra: dict[str, Any] | None = None) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(texts)}" for name, texts in errors.items()))
        self.errors = [
            {"parameter": name, "detail": text} for name, texts in errors.items() for text in texts
        ]
        self.extra = extra or {}


class Busy(exceptions.APIException):
    """The service has no room or time for this now: 503, with the seconds after which to ask again."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "busy"

    def __init__(self, detail: str, wait: int) -> None:
        super().__init__(detail)
        self.wait = wait


RETRY_SECONDS = 60
"""After which a question that took too long may be asked again, when the database may be less busy."""


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: a problem for what the API raises on purpose, None (a 500) for a defect."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(*[text for text in exc.args[:1] if isinstance(text, str)])
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, OperationalError) and isinstance(exc.__cause__, QueryCanceled):
        exc = Busy("This took longer than a question may take. Narrow it, or ask again later.", RETRY_SECONDS)
    if not isinstance(exc, exceptions.APIException):
        return None
    set_rollback()
    request = context.get("request")
    body = problem(exc, request.get_full_path() if request else "")
    renderer = getattr(request, "accepted_renderer", None)
    kind = None if getattr(renderer, "format", "") == "html" else CONTENT_TYPE
    return Response(body, status=exc.status_code, headers=headers_of(exc), content_type=kind)


def problem(exc: exceptions.APIException, instance: str) -> dict[str, Any]:
    """The problem's members: type, title, status, detail, instance, and errors where fields are to blame."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(exc.status_code).phrase,
        "status": int(exc.status_code),
        "detail": detail_of(exc),
        "instance": instance[:500],
        "errors": [],
    }
    if isinstance(exc, InvalidParameters):
        body |= {"errors": exc.errors, **exc.extra}
    elif isinstance(exc, exceptions.ValidationError):
        body |= {"detail": "The request is not valid.", "errors": list(pointed(exc.detail))}
    return body


def detail_of(exc: exceptions.APIException) -> str:
    """The error in words."""
    return exc.detail if isinstance(exc.detail, str) else "The request is not valid."


def headers_of(exc: exceptions.APIException) -> dict[str, str]:
    """The headers that belong to the error: the challenge of a 401, the waiting time of a 429."""
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait))
    return headers


def pointed(detail: Any, pointer: str = "") -> list[dict[str, str]]:
    """A serializer's errors, flat, each with the JSON Pointer (RFC 6901) of its field in the body."""
    if isinstance(detail, dict):
        return [e for key, value in detail.items() for e in pointed(value, f"{pointer}/{escape(str(key))}")]
    if isinstance(detail, list):
        nested = any(isinstance(value, dict | list) for value in detail)
        steps = [f"{pointer}/{index}" if nested else pointer for index in range(len(detail))]
        return [e for step, value in zip(steps, detail, strict=True) for e in pointed(value, step)]
    return [{"pointer": pointer.removesuffix("/non_field_errors"), "detail": str(detail)}]


def escape(token: str) -> str:
    """A reference token of a JSON Pointer."""
    return token.replace("~", "~0").replace("/", "~1")
