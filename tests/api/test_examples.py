"""The examples of the OpenAPI document: one wherever there is a body, and none that its own schema refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import jsonschema
import pytest

from tests.openapi import SCHEMA

JSON = dict[str, Any]

FORMATS = jsonschema.FormatChecker()
"""Dates and addresses as the library checks them, and what it would need other packages for."""


@FORMATS.checks("date-time", ValueError)
def is_instant(value: object) -> bool:
    """An instant with its zone."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", ValueError)
def is_address(value: object) -> bool:
    """An absolute web address."""
    return not isinstance(value, str) or all(urlsplit(value)[:2])


class Content(NamedTuple):
    """A body of an operation: `where` it stands, its media type and what the document says of it."""

    where: str
    media_type: str
    body: JSON


def contents() -> Iterator[Content]:
    """What every operation takes, and what it answers where it did what was asked."""
    for path, item in SCHEMA["paths"].items():
        for method, operation in item.items():
            parts = {"request": operation.get("requestBody", {})} | {
                status: answer for status, answer in operation["responses"].items() if status.startswith("2")
            }
            for part, said in parts.items():
                for media_type, body in said.get("content", {}).items():
                    yield Content(f"{method} {path} {part}", media_type, body)


def closed(schema: Any) -> Any:
    """The schema with no members beside those that it names, where it names any."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    named = found.get("type") == "object" and isinstance(found.get("properties"), dict)
    return {"additionalProperties": False, **found} if named else found


COMPONENTS: JSON = closed(SCHEMA["components"]["schemas"])
CONTENTS = list(contents())
BODIES = pytest.mark.parametrize("content", CONTENTS, ids=[f"{c.where} {c.media_type}" for c in CONTENTS])


@BODIES
def test_every_body_has_an_example(content: Content) -> None:
    assert content.body.get("examples")


@BODIES
def test_every_example_is_what_its_schema_says_and_has_nothing_that_it_does_not_name(
    content: Content,
) -> None:
    whole = {"components": {"schemas": COMPONENTS}, **closed(content.body["schema"])}
    validator = jsonschema.Draft202012Validator(whole, format_checker=FORMATS)

    for example in content.body.get("examples", {}).values():
        validator.validate(example["value"])


def test_operations_without_an_example_are_those_without_a_body() -> None:
    shown = {where.rpartition(" ")[0] for where, _, _ in CONTENTS if not where.endswith("request")}
    every = {f"{method} {path}" for path, item in SCHEMA["paths"].items() for method in item}

    assert every - shown == {
        "get /api/v1/reconcile/entities/{id}/",  # leads elsewhere
        "delete /api/v1/review/judgements/{id}/",
        "delete /api/v1/subscriptions/{id}/",
        "delete /api/v1/webhooks/{id}/",
    }


def test_a_list_is_shown_as_a_page() -> None:
    paged = [
        c for c in CONTENTS if c.body["schema"].get("$ref", "").rpartition("/")[2].startswith("Paginated")
    ]

    assert len(paged) > 10
    for content in paged:
        (example,) = content.body["examples"].values()
        assert example["value"].keys() == {"results", "next", "previous"}
        assert example["value"]["results"]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (
            {"$ref": "#/components/schemas/Named"},
            {"id": 4, "name": "Ilse van Houten", "alias": "I. van Houten"},
        ),
        ({"$ref": "#/components/schemas/Named"}, {"id": 4}),
        ({"type": "string", "format": "date-time"}, "2025-11-17T08:00:00"),
        ({"type": "string", "format": "date"}, "18 October 2025"),
        ({"type": "string", "format": "uri"}, "/api/v1/"),
    ],
)
def test_an_example_that_its_schema_refuses_would_be_found(schema: JSON, value: Any) -> None:
    whole = {"components": {"schemas": COMPONENTS}, **schema}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(whole, format_checker=FORMATS).validate(value)
