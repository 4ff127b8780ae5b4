"""Examples of reconciling, for the docs: the demo's facts."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import OpenApiExample

JSON = dict[str, Any]

_SITE = "https://tracker.example.org"
_BASE = "/api/v1/reconcile/"
_PERSON: JSON = {"id": "person", "name": "Person"}
_ORGANIZATION: JSON = {"id": "organization", "name": "Organization"}


def _example(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


def _service(path: str) -> JSON:
    return {"service_url": _SITE, "service_path": f"{_BASE}{path}/"}


MANIFEST = _example(
    "The manifest",
    {
        "versions": ["0.2"],
        "name": "Governance event tracker",
        "identifierSpace": f"{_SITE}{_BASE}entities/",
        "schemaSpace": f"{_SITE}{_BASE}types/",
        "documentation": f"{_SITE}/api/v1/docs/",
        "defaultTypes": [_PERSON, _ORGANIZATION],
        "view": {"url": f"{_SITE}{_BASE}entities/{{{{id}}}}/"},
        "preview": {"url": f"{_SITE}{_BASE}preview/{{{{id}}}}/", "width": 420, "height": 200},
        "suggest": {kind: _service(f"suggest/{kind}") for kind in ("entity", "type", "property")},
        "extend": {"propose_properties": _service("properties"), "property_settings": []},
        "batchSize": 25,
    },
)
_BATCH: JSON = {
    "q0": {
        "query": "张平安",
        "type": "person",
        "limit": 3,
        "properties": [{"pid": "organization", "v": "Huawei Cloud"}],
    }
}
QUERIES = OpenApiExample(
    "A person by a Chinese name",
    value={"queries": json.dumps(_BATCH, ensure_ascii=False)},
    request_only=True,
    media_type="application/x-www-form-urlencoded",
)
RESULTS = _example(
    "One certain candidate",
    {
        "q0": {
            "result": [
                {
                    "id": "person:4",
                    "name": "Zhang Ping'an",
                    "description": "CEO, Huawei Cloud",
                    "type": [_PERSON],
                    "score": 100.0,
                    "features": [
                        {"id": "name_similarity", "value": 100.0},
                        {"id": "same_name", "value": True},
                        {"id": "organization", "value": True},
                    ],
                    "match": True,
                }
            ]
        }
    },
)
SUGGESTED = _example(
    "While someone types",
    {
        "result": [
            {
                "id": "person:4",
                "name": "Zhang Ping'an",
                "description": "CEO, Huawei Cloud",
                "notable": [_PERSON],
            }
        ],
        "prefix": "zhang p",
    },
)
SUGGESTED_TYPES = _example(
    "A type",
    {
        "result": [{"id": "committee", "name": "Committee", "broader": [_ORGANIZATION]}],
        "prefix": "comm",
    },
)
SUGGESTED_PROPERTIES = _example(
    "A property",
    {
        "result": [{"id": "country", "name": "Country", "description": "ISO 3166-1 alpha-2"}],
        "prefix": "count",
    },
)
PROPOSED = _example(
    "Of organizations",
    {"type": "company", "limit": 1, "properties": [{"id": "names", "name": "Names"}]},
)
PREVIEW = OpenApiExample(
    "A person",
    value="<!doctype html><html><body><h1>Zhang Ping'an</h1><p>Person</p></body></html>",
    media_type="text/html",
)
