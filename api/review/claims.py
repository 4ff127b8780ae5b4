"""Claims in bodies and answers: the contract of `claim.schema.json`, as a component of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from events.curation.claims import claim_schema

JSON = dict[str, Any]
_META = frozenset({"$schema", "$defs"})


class ClaimField(serializers.DictField):
    """A claim. That it is an object is asked for here; curation checks the rest and points at what is wrong."""


class ClaimComponent(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """The contract as the component `Claim`."""

    target_class = "api.review.claims.ClaimField"

    def get_name(self) -> str:
        """The component's name."""
        return "Claim"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> JSON:
        """The contract without references, which would not hold within another document."""
        schema = claim_schema()
        found: JSON = _inlined({k: v for k, v in schema.items() if k not in _META}, schema["$defs"])
        # drf-spectacular makes a component of each vocabulary that stands in a property itself.
        properties = {
            name: {"allOf": [value]} if "enum" in value else value
            for name, value in found["properties"].items()
        }
        return found | {"properties": properties}


def _inlined(value: Any, definitions: JSON) -> Any:
    if isinstance(value, list):
        return [_inlined(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _inlined(definitions[value["$ref"].removeprefix("#/$defs/")], definitions)
    return {key: _inlined(item, definitions) for key, item in value.items()}
