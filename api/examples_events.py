"""Examples of an event's revisions and evidence, and of the change stream, for the docs: the demo's facts."""

from __future__ import annotations

import json

from drf_spectacular.utils import OpenApiExample

from api.examples import CHANGES, ENTRY, JSON

_REVISION: JSON = CHANGES.value["results"][0]


def _example(name: str, value: JSON) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


REVISIONS = _example("The first revision", {"results": [_REVISION], "next": None, "previous": None})
EVIDENCE = _example("The words for a penalty", {"results": ENTRY.value["evidence"]})
STREAM = OpenApiExample(
    "A revision as a Server-Sent Event",
    value=(
        f"id: {_REVISION['seq']}\nevent: {_REVISION['operation']}\n"
        f"data: {json.dumps(_REVISION, ensure_ascii=False)}\n\n"
    ),
    response_only=True,
    status_codes=["200"],
    media_type="text/event-stream",
)
