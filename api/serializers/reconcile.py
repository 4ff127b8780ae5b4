"""Shapes of the Reconciliation Service API, written from its text: JSON Schema where keys are the caller's own."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

JSON = dict[str, Any]

_TEXT: JSON = {"type": "string"}
_COUNT: JSON = {"type": "integer"}
_NAMED: JSON = {"type": "object", "required": ["id", "name"], "properties": {"id": _TEXT, "name": _TEXT}}
_TYPE: JSON = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": _TEXT, "name": _TEXT, "broader": {"type": "array", "items": _NAMED}},
}
_TEMPLATE: JSON = {"type": "string", "description": "With {{id}} where the identifier goes"}
_SERVICE: JSON = {
    "type": "object",
    "required": ["service_url", "service_path"],
    "properties": {"service_url": _TEXT, "service_path": _TEXT},
}


def _object(required: JSON, **optional: JSON) -> JSON:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def _many(items: JSON) -> JSON:
    return {"type": "array", "items": items}


class Asked(serializers.Serializer[Any]):
    """A batch of queries, or a request to extend."""

    queries = serializers.CharField(required=False, help_text="JSON: queries by keys of the caller's choice")
    extend = serializers.CharField(required=False, help_text="JSON: `ids` and `properties`")


MANIFEST: JSON = _object(
    {
        "versions": _many(_TEXT),
        "name": _TEXT,
        "identifierSpace": _TEXT,
        "schemaSpace": _TEXT,
        "documentation": _TEXT,
        "defaultTypes": _many(_TYPE),
        "view": _object({"url": _TEMPLATE}),
        "preview": _object({"url": _TEMPLATE, "width": _COUNT, "height": _COUNT}),
        "suggest": _object({"entity": _SERVICE, "type": _SERVICE, "property": _SERVICE}),
        "extend": _object({"propose_properties": _SERVICE, "property_settings": _many({"type": "object"})}),
        "batchSize": _COUNT,
    }
)
CANDIDATE: JSON = _object(
    {
        "id": _TEXT,
        "name": _TEXT,
        "description": _TEXT,
        "type": _many(_TYPE),
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "features": _many(_object({"id": _TEXT, "value": {"type": ["number", "boolean"]}})),
        "match": {"type": "boolean"},
    }
)
RESULTS: JSON = {"type": "object", "additionalProperties": _object({"result": _many(CANDIDATE)})}
_VALUE: JSON = {
    "type": "object",
    "properties": {"str": _TEXT, "int": _COUNT, "date": _TEXT, "id": _TEXT, "name": _TEXT},
    "additionalProperties": False,
    "minProperties": 1,
}
EXTENSION: JSON = _object(
    {
        "meta": _many(_object({"id": _TEXT, "name": _TEXT}, type=_NAMED)),
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _many(_VALUE)},
        },
    }
)
SUGGESTIONS: JSON = _object(
    {
        "result": _many(
            _object(
                {"id": _TEXT, "name": _TEXT},
                description=_TEXT,
                notable=_many(_TYPE),
                broader=_many(_NAMED),
            )
        ),
        "prefix": _TEXT,
    },
    cursor=_COUNT,
)
PROPOSED: JSON = _object({"type": _TEXT, "properties": _many(_NAMED)}, limit=_COUNT)


def answer(*shapes: JSON) -> JSON:
    """The schema of an answer that has one of the shapes, by what was asked."""
    return {"anyOf": list(shapes)}
