"""What the OpenAPI document says of steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from api.review.serializers import shown

_MATCH = "The ETag that the caller saw; 412, and nothing written, where it no longer stands"
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description=_MATCH)
MUST_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description=_MATCH)

WAITS = OpenApiResponse(shown.StepRequest, description="It waits for a second curator")
DONE_NOW = OpenApiResponse(shown.ReviewRevision, description="Done: the revision")
ACTED = OpenApiResponse(shown.Act, description="Done: the act")
REVISED_OR_ASKED = {200: DONE_NOW, 202: WAITS}
ACTED_OR_ASKED = {201: ACTED, 202: WAITS}
WHEN = "Where that needs a second curator, the answer is 202 with the request that another curator has to approve."


def step(
    summary: str,
    description: str,
    request: Any,
    responses: Any,
    *examples: OpenApiExample,
    matched: bool = True,
) -> Callable[[Any], Any]:
    """The documentation of a step; `matched` where it takes an `If-Match`."""
    return extend_schema(
        summary=summary,
        description=description,
        parameters=[IF_MATCH] if matched else [],
        request=request,
        responses=responses,
        examples=list(examples),
        filters=False,
    )
