"""Validators of resources (RFC 9110, 8.8 and 13): ETags, and edits that name the state that they were made on."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag
from rest_framework.exceptions import APIException
from rest_framework.request import Request


class PreconditionFailed(APIException):
    """The resource is no longer what the edit was made on: 412."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = "It was changed meanwhile. Read it again, and send the edit with its new ETag."
    default_code = "precondition_failed"


class PreconditionRequired(APIException):
    """An edit that does not say what it was made on: 428 (RFC 6585)."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = "Send the ETag of what you edit as If-Match."
    default_code = "precondition_required"


def etag_of(*parts: bytes) -> str:
    """A strong ETag, quoted, of content or of what changes whenever the content does."""
    digest = sha256()
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return quote_etag(digest.hexdigest()[:32])


def require_match(request: Request, etag: str) -> None:
    """Lets an edit pass whose `If-Match` names `etag`, quoted, which is that of the resource as it is now; or `*`.

    Weak ETags never match, as RFC 9110 has it. Raises PreconditionRequired where there is no `If-Match`,
    PreconditionFailed where it names another state.
    """
    sent = request.headers.get("If-Match", "").strip()
    if not sent:
        raise PreconditionRequired
    named = parse_etags(sent)
    if named != ["*"] and etag not in named:
        raise PreconditionFailed


def conditional(request: HttpRequest | Request, response: Any) -> HttpResponseBase | None:
    """The response with its ETag, or a 304 where `If-None-Match` names it."""
    if "ETag" not in response.headers:
        response.headers["ETag"] = etag_of(response.content)
    plain: HttpRequest = getattr(request, "_request", request)
    return get_conditional_response(plain, etag=response.headers["ETag"], response=response)
