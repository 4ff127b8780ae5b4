"""What the domain refuses, as an answer: the one place where its errors get their status."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import APIException, PermissionDenied, ValidationError

from api.preconditions import PreconditionFailed
from events.exceptions import FourEyesRequired, InvalidClaim, StaleCandidate, TrackerError
from events.proposals.errors import InvalidProposal


class Unprocessable(ValidationError):
    """A body of the right form whose content the record's rules refuse: 422, with the pointer of the field."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY


class Conflict(APIException):
    """A step that does not start from how things stand: 409."""

    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"


def refusal(error: TrackerError, *, at: str | None, conditional: bool) -> APIException:
    """The answer to what the domain refused.

    `at` is the pointer of the body's member that an InvalidClaim points into, None where the body has none;
    `conditional` says whether the request named the version that it was about.
    """
    if isinstance(error, InvalidClaim) and at is not None:
        return Unprocessable(_placed(f"{at}{error.pointer}", str(error)))
    if isinstance(error, InvalidProposal):
        return Unprocessable({error.field: [str(error)]})
    if isinstance(error, FourEyesRequired):
        return PermissionDenied(str(error))
    if isinstance(error, StaleCandidate) and conditional:
        return PreconditionFailed(str(error))
    return Conflict(_in_words(error))


def _in_words(error: TrackerError) -> str:
    pointer = error.pointer if isinstance(error, InvalidClaim) else ""
    return f"{pointer}: {error}" if pointer else str(error)


def _placed(pointer: str, message: str) -> Any:
    """A message at a JSON Pointer, as serializers nest their errors."""
    detail: Any = [message]
    for token in reversed(pointer.split("/")[1:]):
        detail = {token.replace("~1", "/").replace("~0", "~"): detail}
    return detail
