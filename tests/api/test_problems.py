"""Errors are problem details that name what is wrong; no parameter makes a 500."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.db import OperationalError, connection, transaction

from api.problems import exception_handler
from api.throttling import AnonymousRate
from tests.api.conftest import Caller, Record
from tests.openapi import SCHEMA

OPERATIONS = [
    (path, [p["name"] for p in item["get"].get("parameters", []) if p["in"] == "query"])
    for path, item in SCHEMA["paths"].items()
    if "get" in item and not path.endswith("/schema/") and {} in item["get"].get("security", [{}])
]
"""What anyone may ask; to callers without a key the others answer 401 whatever the parameters."""
NASTY = {
    "nul": "a%00b",
    "nul alone": "%00",
    "long": "9" * 5000,
    "huge": "9" * 400,
    "past 64 bits": str(2**63),
    "negative": "-1",
    "exponent": "1e999999",
    "infinity": "Infinity",
    "not utf-8": "%ff%fe",
    "surrogate": "%ed%a0%80",
    "far day": "9999-12-31",
    "first day": "0001-01-01",
    "first instant": "0001-01-01T00:00:00%2B14:00",
    "arabic digits": quote("٣"),
    "superscript": quote("²"),
    "like": "%25_%5c",
    "quotes": quote("'\"; --"),
    "json": quote('{"$gt": ""}'),
    "empty": "",
    "commas": ",,,,",
}


@pytest.mark.parametrize(("path", "names"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_no_value_of_any_parameter_makes_a_server_error(
    api: Caller, record: Record, path: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnonymousRate, "THROTTLE_RATES", {"anonymous": "100000/min"})
    for name in [*names, "%00", quote("x" * 3000), "format"]:
        for value in NASTY.values():
            response = api.get(f"{path.format(id=1, receipt='none')}?{name}={value}")
            assert response.status_code in {200, 400, 404}, (name, value)


@pytest.mark.parametrize(("path", "names"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_an_unknown_parameter_is_refused_everywhere(
    api: Caller, record: Record, path: str, names: list[str]
) -> None:
    numbers = {"executives": record.person.pk, "organizations": record.organization.pk, "ladders": record.ladder.pk,
               "events": record.revision.event_id, "documents": record.source.pk}  # fmt: skip
    path = path.removeprefix("/api/v1/").format(id=numbers.get(path.split("/")[3], 1), receipt="none")

    assert "colour" in api.refused(path, colour="blue")


@pytest.mark.parametrize(
    ("path", "parameters", "blamed"),
    [
        ("events/", {"kind": "sport"}, "kind"),
        ("events/", {"severity": "6"}, "severity"),
        ("events/", {"min_severity": "high"}, "min_severity"),
        ("events/", {"executive": "Ilse"}, "executive"),
        ("events/", {"executive": "9" * 400}, "executive"),
        ("events/", {"date_after": "2025-02-30"}, "date_after"),
        ("events/", {"known_at": "yesterday"}, "known_at"),
        ("events/", {"valid_at": "2025"}, "valid_at"),
        ("events/", {"ordering": "summary"}, "ordering"),
        ("events/", {"status": "retracted"}, "status"),
        ("events/", {"cursor": "x"}, "cursor"),
        ("events/", {"page_size": "0"}, "page_size"),
        ("events/", {"page_size": "201"}, "page_size"),
        ("executives/", {"name": "x" * 501}, "name"),
        ("executives/", {"name": "Ilse\x00"}, "name"),
        ("executives/", {"name": ""}, "name"),
        ("organizations/", {"type": "club"}, "type"),
        ("changes/", {"cursor": "-1"}, "cursor"),
        ("changes/", {"cursor": "9" * 400}, "cursor"),
    ],
)
def test_a_bad_value_is_refused_with_its_parameter(
    api: Caller, path: str, parameters: dict[str, str], blamed: str
) -> None:
    assert api.refused(path, **parameters) == {blamed}


def test_one_value_is_meant_where_one_is_meant(api: Caller) -> None:
    response = api.get("/api/v1/events/?date_after=2025-01-01&date_after=2025-02-01")

    assert response.status_code == 400


def test_a_problem_has_the_members_of_rfc_9457(api: Caller) -> None:
    problem = api.read("events/", 400, kind="sport")

    assert problem["status"] == 400
    assert problem["title"] == "Bad Request"
    assert problem["type"] == "about:blank"
    assert problem["instance"] == "/api/v1/events/?kind=sport"
    assert problem["detail"]
    assert set(problem["errors"][0]) == {"parameter", "detail"}


@pytest.mark.parametrize(
    "path",
    ["executives/0/", "executives/999999999999999999/", "executives/99999999999999999999/", "executives/x/", "events/0/",
     "events/0/revisions/", "events/0/evidence/", "organizations/0/chart/", "cases/0/", "documents/0/", "ladders/0/",
     "nowhere/", "executives/1/nothing/", "%00/", "executives/%0A/"],
)  # fmt: skip
def test_what_is_not_there_is_a_404_problem(api: Caller, path: str) -> None:
    problem: dict[str, Any] = api.read(path, 404)

    assert problem["status"] == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["executives/", "events/1/", "changes/"])
def test_a_method_that_is_not_there_is_a_405_problem(api: Caller, path: str, method: str) -> None:
    response = getattr(api, method)(f"/api/v1/{path}", {}, format="json")

    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "GET" in response.headers["Allow"]


def test_a_question_that_takes_too_long_is_a_503_problem_that_says_when_to_ask_again(db: None) -> None:
    def ask() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(20)")

    with pytest.raises(OperationalError) as slow:
        ask()
    response = exception_handler(slow.value, {})

    assert response is not None
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert response.data["title"] == "Service Unavailable"


def test_another_failure_of_the_database_stays_a_defect(db: None) -> None:
    assert exception_handler(OperationalError("the server went away"), {}) is None
