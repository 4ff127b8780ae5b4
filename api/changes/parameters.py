"""Where in the stream a reader is, and how long they wait."""

from __future__ import annotations

from dataclasses import dataclass

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.parameters import check_known
from api.problems import InvalidParameters

MAX_SEQ = 2**63 - 1
LAST_EVENT_ID = "Last-Event-ID"


@dataclass(frozen=True)
class Whole:
    """A parameter that is a whole number."""

    minimum: int
    maximum: int
    default: int
    description: str

    def read(self, text: str | None) -> int | None:
        """The number, the default where there is none; None for anything else."""
        if text is None:
            return self.default
        digits = text.strip()
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 20
        number = int(digits) if is_number else -1
        return number if self.minimum <= number <= self.maximum else None

    def schema(self, name: str) -> OpenApiParameter:
        """As OpenAPI has it."""
        schema = {
            "type": "integer",
            "minimum": self.minimum,
            "maximum": self.maximum,
            "default": self.default,
        }
        return OpenApiParameter(name, schema, description=self.description)


KNOWN = {
    "cursor": Whole(0, MAX_SEQ, 0, "`cursor` of the last answer; 0 at first"),
    "page_size": Whole(1, 1000, 50, "At most so many revisions"),
    "wait": Whole(0, 60, 0, "Where there is nothing past the cursor: seconds to wait for the next revision"),
}
RESUME = OpenApiParameter(
    LAST_EVENT_ID,
    OpenApiTypes.INT64,
    OpenApiParameter.HEADER,
    description="For a stream of events: the id of the last one seen; stands above `cursor`",
)
SCHEMA = [*(known.schema(name) for name, known in KNOWN.items()), RESUME]


def place(request: Request) -> tuple[int, int, int]:
    """(cursor, page size, seconds to wait). Raises InvalidParameters."""
    check_known(request, KNOWN)
    values = {name: known.read(request.query_params.get(name)) for name, known in KNOWN.items()}
    wrong = {
        name: [f"Write a whole number from {KNOWN[name].minimum} to {KNOWN[name].maximum}."]
        for name, value in values.items()
        if value is None
    }
    if wrong:
        raise InvalidParameters(wrong)
    return values["cursor"] or 0, values["page_size"] or 0, values["wait"] or 0


def resumed(request: Request, cursor: int) -> int:
    """Where a stream goes on: past the last event that the client has, by its header, else past the cursor.

    Raises InvalidParameters.
    """
    sent = request.headers.get(LAST_EVENT_ID)
    seq = Whole(0, MAX_SEQ, cursor, "").read(sent or None)
    if seq is None:
        raise InvalidParameters({LAST_EVENT_ID: ["This is not the id of an event of this stream."]})
    return seq
