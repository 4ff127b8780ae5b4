"""Saved searches as Atom, JSON Feed and iCalendar: valid, current, and corrected in place."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import feedparser
import jsonschema
import pytest
from django.http import HttpResponse
from django.test import override_settings
from icalendar import Calendar
from lxml import etree

from events.choices import Status
from events.dates import PartialDate
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller
from tests.timelines.conftest import Record

NAMES = ("events.atom", "events.json", "events.ics")
ATOM = "{http://www.w3.org/2005/Atom}"
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "feed_url": {"type": "string", "format": "uri"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "properties": {
                    "id": {"type": "string"},
                    "date_published": {"type": "string", "format": "date-time"},
                    "date_modified": {"type": "string", "format": "date-time"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}
"""What JSON Feed 1.1 asks of the members that are used here."""


def get(api: Caller, name: str, status: int = 200, /, **parameters: Any) -> HttpResponse:
    """The answer of a feed."""
    response: Any = api.get(f"/api/v1/feeds/{name}", parameters)
    assert response.status_code == status, response.content[:500]
    return response  # type: ignore[no-any-return]


def items(api: Caller, **parameters: Any) -> list[dict[str, Any]]:
    """The items of the JSON Feed."""
    found: list[dict[str, Any]] = json.loads(get(api, "events.json", **parameters).content)["items"]
    return found


def calendar(api: Caller, **parameters: Any) -> list[Any]:
    """The events of the calendar."""
    return list(Calendar.from_ical(get(api, "events.ics", **parameters).content).walk("VEVENT"))


def correct(record: Record) -> None:
    """Says that the demotion led to 21B."""
    draft = scenes.demotion(record.person, record.organization, record.source, end="21B", levels=4)
    publishing.revise(record.revision.event_id, draft, record.author, reason="misread")


def test_the_atom_feed_has_what_rfc_4287_asks_for(api: Caller, record: Record) -> None:
    record.publish("2025-01-02")

    response = get(api, "events.atom")

    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.content)
    for name in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    entries = feed.findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 2
    for entry in entries:
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        assert entry.find(f"{ATOM}link[@rel='alternate']") is not None
    assert feedparser.parse(response.content).bozo == 0


def test_the_json_feed_has_what_version_1_1_asks_for(api: Caller, record: Record) -> None:
    response = get(api, "events.json")

    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    jsonschema.validate(json.loads(response.content), JSON_FEED, format_checker=jsonschema.FormatChecker())


def test_the_calendar_has_each_event_on_its_day(api: Caller, record: Record) -> None:
    (event,) = calendar(api)

    assert event["DTSTART"].dt == date(2025, 10, 18)
    assert event["DTEND"].dt == date(2025, 10, 19)
    assert event["UID"].startswith(f"event-{record.revision.event_id}@")
    assert event["STATUS"] == "CONFIRMED"
    assert all(name in event for name in ("DTSTAMP", "SUMMARY", "URL", "SEQUENCE"))


@pytest.mark.parametrize(
    ("known", "end"),
    [("2024", date(2025, 1, 1)), ("2024-12", date(2025, 1, 1)), ("2024-02", date(2024, 3, 1))],
)
def test_a_date_known_to_the_month_or_year_covers_all_of_it(
    api: Caller, record: Record, known: str, end: date
) -> None:
    draft = scenes.demotion(
        record.person, record.organization, record.source, dates={"decided": PartialDate.parse(known)}
    )
    publishing.revise(record.revision.event_id, draft, record.author)

    (event,) = calendar(api)

    assert event["DTSTART"].dt == PartialDate.parse(known).value
    assert event["DTEND"].dt == end


def test_a_correction_updates_the_entry_and_comes_first(api: Caller, record: Record) -> None:
    record.publish("2025-12-01")
    before = {item["id"]: item for item in items(api)}

    correct(record)

    first, second = items(api)
    assert first["id"].endswith(f"/events/{record.revision.event_id}/")
    assert first["title"].startswith("Correction: ")
    assert "21B" in first["content_html"]
    assert first["date_published"] == before[first["id"]]["date_published"]
    assert first["date_modified"] > before[first["id"]]["date_modified"]
    assert second == before[second["id"]]
    assert [event["SEQUENCE"] for event in calendar(api)] == [1, 0]


def test_a_retracted_event_stays_in_the_feed_and_says_so(api: Caller, record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author, reason="not true")

    (item,) = items(api, executive=record.person.pk, organization=record.parent.pk)
    (event,) = calendar(api)
    assert item["title"].startswith("Retracted: ")
    assert item["_governance"]["status"] == "retracted"
    assert "blockquote" not in item["content_html"]
    assert event["STATUS"] == "CANCELLED"


def test_what_is_only_alleged_is_tentative_in_the_calendar(api: Caller, record: Record) -> None:
    draft = scenes.demotion(
        record.person, record.organization, record.source, day="2024-01-05", assertion=Status.ALLEGED
    )
    publishing.publish(draft, record.author)

    assert {event["STATUS"] for event in calendar(api)} == {"TENTATIVE", "CONFIRMED"}


def test_a_feed_holds_what_meets_every_condition(api: Caller, record: Record) -> None:
    other = scenes.executive("Bram Okafor")
    record.publish("2025-12-01", person=other)
    elsewhere = scenes.company("Southgate Mills")
    publishing.publish(
        scenes.appointment(other, elsewhere, record.source, day="2025-12-02", title="CFO"), record.author
    )

    assert len(items(api)) == 3
    assert len(items(api, executive=other.pk)) == 2
    assert len(items(api, organization=record.parent.pk)) == 2
    assert len(items(api, organization=record.parent.pk, executive=other.pk)) == 1
    assert len(items(api, kind="discipline")) == 1
    assert len(items(api, min_severity=3)) == 1
    assert len(items(api, text="demoted")) == 1
    assert items(api, text="no such words") == []


def test_an_empty_feed_is_a_feed(api: Caller, db: None) -> None:
    assert etree.fromstring(get(api, "events.atom").content).findall(f"{ATOM}entry") == []
    assert items(api) == []
    assert calendar(api) == []


def test_the_feed_speaks_the_language_asked_for(api: Caller, record: Record) -> None:
    (item,) = items(api, language="zh-hans")

    assert item["summary"] == record.revision.payload["summary_zh"]
    assert json.loads(get(api, "events.json", language="zh-hans").content)["language"] == "zh-Hans"


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_who_has_the_feed_is_told_so(api: Caller, record: Record, name: str) -> None:
    first = get(api, name)
    etag = first.headers["ETag"]

    again = api.get(f"/api/v1/feeds/{name}", headers={"if-none-match": etag})
    correct(record)
    changed = api.get(f"/api/v1/feeds/{name}", headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Last-Modified" in first.headers


def test_the_validator_is_of_the_question_too(api: Caller, record: Record) -> None:
    tags = {
        get(api, name, **parameters).headers["ETag"]
        for name in NAMES
        for parameters in ({}, {"language": "zh-hans"}, {"kind": "discipline"})
    }

    assert len(tags) == 9


def test_head_gives_the_headers_alone(api: Caller, record: Record) -> None:
    response = api.head("/api/v1/feeds/events.atom")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["ETag"] == get(api, "events.atom").headers["ETag"]


@pytest.mark.parametrize(
    ("parameters", "blamed"),
    [
        ({"severity": "3"}, "severity"),
        ({"executive": "9999999"}, "executive"),
        ({"organization": "x"}, "organization"),
        ({"kind": "gossip"}, "kind"),
        ({"min_severity": "6"}, "min_severity"),
        ({"language": "fr"}, "language"),
        ({"text": "x" * 201}, "text"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused(
    api: Caller, db: None, parameters: dict[str, str], blamed: str
) -> None:
    for name in NAMES:
        assert api.refused(f"feeds/{name}", **parameters) == {blamed}


def test_a_person_who_was_merged_stands_for_the_survivor(api: Caller, record: Record) -> None:
    double = scenes.executive("I. van Houten")
    double.merged_into = record.person
    double.save()

    assert len(items(api, executive=double.pk)) == 1


def test_markup_in_names_and_titles_stays_text(api: Caller, record: Record) -> None:
    person = scenes.executive("<script>alert(1)</script>")
    source = scenes.document("x <b>y</b>", title="<img src=x onerror=alert(1)>")
    publishing.publish(
        scenes.appointment(person, record.organization, source, day="2025-12-03", title="<i>CFO</i>"),
        record.author,
    )

    body = items(api, executive=person.pk)[0]["content_html"]
    atom = feedparser.parse(get(api, "events.atom", executive=person.pk).content, sanitize_html=False)

    for text in (body, atom.entries[0].summary):
        assert "<script" not in text
        assert "<img" not in text
        assert "&lt;script&gt;" in text


def test_a_feed_is_as_private_as_reading_is(api: Caller, record: Record) -> None:
    with override_settings(API_ANONYMOUS_READ=False):
        assert api.get("/api/v1/feeds/events.atom").status_code == 401


def test_the_newest_hundred_changes_are_told(api: Caller, record: Record) -> None:
    day = date(2020, 1, 1)
    for number in range(101):
        record.publish(str(day + timedelta(days=number)))

    found = items(api)

    assert len(found) == 100
    assert all(item["_governance"]["event"] != record.revision.event_id for item in found)
