"""The search's answers, its filters, its bounds."""

from __future__ import annotations

from io import StringIO

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.examples_search import SEARCH
from api.filtersets.events import EventFilter
from api.filtersets.search import SearchFilter
from events.record import publishing
from events.searching.questions import MAX_QUESTION
from events.timelines.entries import entry
from tests import scenes
from tests.api.conftest import Caller, Record


def test_a_result_says_what_it_is_where_it_is_and_which_words_fit(api: Caller, record: Record) -> None:
    answer = api.read("search/", q="伊尔莎")

    person, event = answer["results"]
    assert (person["type"], person["id"], person["score"]) == ("executive", record.person.pk, 1.0)
    assert (person["name"], person["matched"], person["names"]) == ("Ilse van Houten", "伊尔莎", ["伊尔莎"])
    assert person["highlights"] == [{"field": "/matched", "text": "伊尔莎", "spans": [[0, 3]]}]
    assert (event["type"], event["id"]) == ("event", record.revision.event_id)
    assert event["entry"] == entry(record.revision)
    for row in event["highlights"]:
        value = event["entry"]
        for part in row["field"].strip("/").split("/"):
            value = value[int(part)] if part.isdigit() else value[part]
        assert value == row["text"]
    for result in answer["results"]:
        assert api.get(result["url"]).json().get("name", result.get("name")) == result.get("name")
    assert answer["facets"] == {
        "type": {"event": 1, "executive": 1, "organization": 0},
        "kind": {"discipline": 1},
        "complete": True,
    }
    assert answer["next"] is answer["previous"] is None


def test_a_typo_finds_the_person_and_offers_the_name(api: Caller, record: Record) -> None:
    answer = api.read("search/", q="Ilse van Houtten")

    assert [result["name"] for result in answer["results"]] == ["Ilse van Houten"]
    assert answer["suggestions"] == ["Ilse van Houten"]


def test_a_filter_of_events_leaves_only_events_that_pass_it(api: Caller, record: Record) -> None:
    chair = record.publish("2024-02-01", title="Chair").event_id
    demotion = record.revision.event_id

    def found(**filters: object) -> list[tuple[str, int]]:
        return [(r["type"], r["id"]) for r in api.read("search/", q="Houten", **filters)["results"]]

    assert found(kind="leadership") == [("event", chair)]
    assert found(min_severity=3) == [("event", demotion)]
    assert found(date_before="2024-12-31") == [("event", chair)]
    assert set(found(organization=record.organization.pk)) == {("event", chair), ("event", demotion)}
    assert found(organization=record.organization.pk + 1000) == []
    assert found(type="executive") == [("executive", record.person.pk)]
    assert ("executive", record.person.pk) in found(type="executive,event")


def test_a_search_takes_every_filter_of_events_but_those_of_time_and_order() -> None:
    assert set(EventFilter.get_filters()) - set(SearchFilter.get_filters()) == {
        "valid_at",
        "known_at",
        "ordering",
    }


@pytest.mark.parametrize(
    ("blamed", "parameters"),
    [
        ("q", {}),
        ("q", {"q": ""}),
        ("q", {"q": "  "}),
        ("q", {"q": "x" * (MAX_QUESTION + 1)}),
        ("q", {"q": "a\x00b"}),
        ("type", {"q": "a", "type": "planet"}),
        ("kind", {"q": "a", "kind": "sport"}),
        ("cursor", {"q": "a", "cursor": "nonsense"}),
        ("page_size", {"q": "a", "page_size": "0"}),
        ("known_at", {"q": "a", "known_at": "2025-01-01"}),
        ("colour", {"q": "a", "colour": "red"}),
    ],
)
def test_what_a_search_cannot_mean_is_refused_with_its_parameter(
    api: Caller, blamed: str, parameters: dict[str, str]
) -> None:
    assert api.refused("search/", **parameters) == {blamed}


@pytest.mark.parametrize(
    "text",
    ["!", '"', '""', "-", "--a", "-a", "a & | ! :* <->", "'; DROP TABLE x", "\\", "%", "the", "张", "-张", '"a', "𠮷野家",
     "😀", "a\u0301", "ﷺ", "x" * MAX_QUESTION, "张" * MAX_QUESTION, "a " * (MAX_QUESTION // 2), "\u202e"],
)  # fmt: skip
def test_any_text_is_answered(api: Caller, record: Record, text: str) -> None:
    assert api.read("search/", q=text)["results"] == []


def test_pages_lead_to_each_other(api: Caller, record: Record) -> None:
    for month in range(1, 6):
        record.publish(f"2023-0{month}-01", title=f"Chair {month}")
    everything = [(r["type"], r["id"]) for r in api.read("search/", q="Houten")["results"]]

    page = api.read("search/", q="Houten", page_size=2)
    seen = [(r["type"], r["id"]) for r in page["results"]]
    while page["next"]:
        page = api.get(page["next"]).json()
        seen += [(r["type"], r["id"]) for r in page["results"]]
    before = api.get(page["previous"]).json()

    assert seen == everything
    assert [(r["type"], r["id"]) for r in before["results"]] == everything[-len(page["results"]) - 2 :][:2]


def test_what_is_retracted_or_not_reviewed_is_not_found(api: Caller, record: Record) -> None:
    scenes.candidate(scenes.document("Ilse van Houten was accused of wombat smuggling."))
    publishing.retract(record.revision.event_id, record.author)

    assert api.read("search/", q="wombat")["results"] == []
    assert api.read("search/", q="demoted")["results"] == []


def test_a_search_takes_as_many_queries_for_many_results_as_for_few(api: Caller, record: Record) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            api.read("search/", q="Houten")
        return len(queries)

    record.publish("2023-01-01")
    few = cost()
    for number in range(18):
        record.publish(f"20{number:02}-01-01", title=f"Chair {number}")
        scenes.executive(f"Van Houten {number}")

    assert cost() == few


def test_a_filter_that_no_event_can_pass_finds_none(api: Caller, record: Record) -> None:
    answer = api.read("search/", q="Houten", max_headcount="-1")

    assert answer["results"] == []
    assert answer["facets"]["type"]["event"] == 0


def test_the_answer_and_its_example_are_what_the_schema_says(api: Caller, record: Record) -> None:
    out = StringIO()
    call_command("spectacular", stdout=out, stderr=StringIO())
    made = yaml.safe_load(out.getvalue())
    operation = made["paths"]["/api/v1/search/"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"] | {
        "components": made["components"]
    }
    check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    check.validate(api.read("search/", q="Houten"))
    check.validate(SEARCH.value)
    assert {item["name"] for item in operation["parameters"]} >= {"q", "type", "kind", "cursor", "page_size"}
    assert next(item for item in operation["parameters"] if item["name"] == "q")["required"]
