"""Exports over HTTP: who may, what the answer says of itself, and what it costs."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.throttling import KeyRate
from api.views import exports
from events.exports.files import FILES
from events.models.access import ApiKey
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record

JSON = dict[str, Any]
EVENTS = "/api/v1/export/events.ndjson"


@pytest.fixture
def exporter(api: Caller) -> Caller:
    """A caller whose key may export."""
    _, key = ApiKey.issue(scenes.curator(), "exporter", ["export"])
    api.credentials(HTTP_X_API_KEY=key)
    return api


def body(response: Any) -> bytes:
    """All of a streamed answer."""
    assert response.status_code == 200, response.content[:500]
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response.streaming_content)  # type: ignore[arg-type]


def lines(caller: Caller, name: str = "events.ndjson", **parameters: Any) -> list[JSON]:
    """The lines of an export, read."""
    found = body(caller.get(f"/api/v1/export/{name}", parameters)).decode()
    assert found == "" or found.endswith("\n")
    return [json.loads(line) for line in found.splitlines()]


@pytest.mark.parametrize("name", FILES)
def test_only_a_key_with_the_scope_exports(api: Caller, record: Record, name: str) -> None:
    _, reader = ApiKey.issue(scenes.curator(), "reader", ["read"])

    assert api.read(f"export/{name}", 401)["title"] == "Unauthorized"
    api.credentials(HTTP_X_API_KEY=reader)
    assert "scope" in api.read(f"export/{name}", 403)["detail"]


def test_who_is_signed_in_exports(api: Caller, record: Record) -> None:
    api.force_login(record.author)

    assert len(lines(api)) == 1


@pytest.mark.parametrize("name", FILES)
def test_an_export_is_a_file_of_its_day_that_no_proxy_holds_back(
    exporter: Caller, record: Record, name: str
) -> None:
    response = exporter.get(f"/api/v1/export/{name}")

    kind, _, form = name.partition(".")
    day = timezone.now().date().isoformat()
    assert body(response)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{kind}-{day}.{form}"'
    assert response.headers["Content-Type"] in {"application/x-ndjson", "text/csv; charset=utf-8"}
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_an_export_tells_what_the_list_tells(exporter: Caller, record: Record) -> None:
    record.publish("2024-01-01", title="President")

    assert lines(exporter) == exporter.read("events/", ordering="date")["results"][::-1]
    assert lines(exporter, "executives.ndjson") == exporter.read("executives/")["results"]
    listed = exporter.read("organizations/")["results"]
    assert lines(exporter, "organizations.ndjson") == sorted(listed, key=lambda row: row["id"])


def test_an_export_takes_the_filters_of_the_list(exporter: Caller, record: Record) -> None:
    record.publish("2024-01-01", title="President")
    filters: list[JSON] = [
        {"kind": "leadership"},
        {"min_severity": 3},
        {"date_before": "2024-12-31"},
        {"valid_at": "2024-12-31"},
        {"organization": record.organization.pk},
        {"executive": record.person.pk + 1},
        {"max_headcount": -1},
    ]

    for chosen in filters:
        listed = exporter.read("events/", **chosen)["results"]
        assert lines(exporter, **chosen) == sorted(listed, key=lambda entry: entry["event"])


def test_an_export_goes_on_from_its_ledger_number_after_the_last_line(
    exporter: Caller, record: Record
) -> None:
    for year in range(2000, 2004):
        record.publish(f"{year}-01-01", person=scenes.executive(f"Person {year}"))
    response = exporter.get(EVENTS)
    whole, until = body(response).splitlines(), response.headers["Ledger-Seq"]
    last = json.loads(whole[1])["event"]

    record.publish("2024-01-01", person=scenes.executive("Latecomer"))
    publishing.retract(json.loads(whole[3])["event"], record.author)

    rest = body(exporter.get(EVENTS, {"cursor": last, "until_seq": until}))
    assert [*whole[:2], *rest.splitlines()] == whole


def test_an_increment_follows_from_the_ledger_number_of_the_export_before(
    exporter: Caller, record: Record
) -> None:
    since = exporter.head(EVENTS).headers["Ledger-Seq"]
    added = record.publish("2024-01-01", title="President")
    publishing.retract(record.revision.event_id, record.author)

    found = {row["event"]: row["status"] for row in lines(exporter, since_seq=since)}

    assert found == {added.event_id: "reported", record.revision.event_id: "retracted"}
    changes = exporter.read("changes/", cursor=since)["results"]
    assert {change["event"] for change in changes} == set(found)


def test_limit_bounds_the_lines(exporter: Caller, record: Record) -> None:
    record.publish("2024-01-01", title="President")

    assert len(lines(exporter, limit=1)) == 1


@pytest.mark.parametrize(
    ("name", "parameters", "blamed"),
    [
        ("events.ndjson", {"sport": "golf"}, {"sport"}),
        ("events.ndjson", {"ordering": "date"}, {"ordering"}),
        ("events.ndjson", {"page_size": "5"}, {"page_size"}),
        ("events.ndjson", {"bom": "true"}, {"bom"}),
        ("events.csv", {"bom": "maybe"}, {"bom"}),
        ("events.ndjson", {"limit": "0"}, {"limit"}),
        ("events.ndjson", {"cursor": "-1"}, {"cursor"}),
        ("events.ndjson", {"cursor": "9" * 30}, {"cursor"}),
        ("events.ndjson", {"known_at": "yesterday"}, {"known_at"}),
        ("events.ndjson", {"since_seq": "999999999"}, {"since_seq"}),
        ("events.ndjson", {"recorded_since": "2999-01-01", "known_at": "1999-01-01"}, {"recorded_since"}),
        ("events.ndjson", {"kind": "sport", "severity": "9"}, {"kind", "severity"}),
        ("executives.csv", {"known_at": "2025-01-01"}, {"known_at"}),
        ("entities.ftm.json", {"cursor": "4"}, {"cursor"}),
        ("entities.ftm.json", {"kind": "discipline"}, {"kind"}),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_a_400_before_the_first_byte(
    exporter: Caller, record: Record, name: str, parameters: dict[str, str], blamed: set[str]
) -> None:
    assert exporter.refused(f"export/{name}", **parameters) == blamed


@pytest.mark.parametrize("name", FILES)
def test_to_head_only_the_headers_are_made(exporter: Caller, record: Record, name: str) -> None:
    given = exporter.get(f"/api/v1/export/{name}")
    response = exporter.head(f"/api/v1/export/{name}")

    assert response.status_code == 200
    assert response.content == b""
    for header in ("Content-Type", "Content-Disposition", "Cache-Control"):
        assert response.headers[header] == given.headers[header]


def test_nothing_is_read_before_the_caller_reads(exporter: Caller, record: Record) -> None:
    from django.db import connection

    response = exporter.get(EVENTS)
    with CaptureQueriesContext(connection) as captured:
        assert len(captured) == 0
        body(response)

    assert any("COPY" in query["sql"] for query in captured.captured_queries)


def test_an_export_is_compressed_as_it_is_made(exporter: Caller, record: Record) -> None:
    plain = body(exporter.get(EVENTS))

    response = exporter.get(EVENTS, headers={"accept-encoding": "gzip"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body(response)) == plain


def test_an_export_counts_as_one_request(
    exporter: Caller, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyRate, "THROTTLE_RATES", {"key": "2/hour"})

    assert [exporter.get(EVENTS).status_code for _ in range(3)] == [200, 200, 429]


def test_other_methods_are_refused(exporter: Caller, record: Record) -> None:
    response = exporter.post(EVENTS, {}, content_type="application/json")

    assert response.status_code == 405


def test_every_file_has_an_address(exporter: Caller, record: Record) -> None:
    assert {view.file.name for view in exports.VIEWS} == set(FILES)
