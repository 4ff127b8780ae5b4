"""Sparse answers have what was asked for and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from events.models.record import Case
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record


def test_an_entry_has_only_the_members_asked_for(api: Caller, record: Record) -> None:
    whole: dict[str, Any] = api.read("events/")["results"][0]

    (entry,) = api.read("events/", fields="summary,date,subject.name")["results"]

    assert entry == {
        "summary": whole["summary"],
        "date": whole["date"],
        "subject": {"name": whole["subject"]["name"]},
    }


def test_a_dot_goes_through_lists_too(api: Caller, record: Record) -> None:
    path = f"executives/{record.person.pk}/timeline/"
    whole = api.read(path)

    page = api.read(path, fields="evidence.document.url,revision,details.penalties.steps")

    (entry,) = page["results"]
    assert entry == {
        "evidence": [
            {"document": {"url": item["document"]["url"]}} for item in whole["results"][0]["evidence"]
        ],
        "revision": whole["results"][0]["revision"],
        "details": {"penalties": [{"steps": -3}]},
    }
    assert page["subject"] == whole["subject"]


def test_a_whole_member_stands_above_its_parts(api: Caller, record: Record) -> None:
    whole = api.read("events/")["results"][0]["subject"]

    for fields in ("subject,subject.name", "subject.name,subject"):
        assert api.read("events/", fields=fields)["results"] == [{"subject": whole}]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("events/{event}/", "summary"),
        ("events/{event}/", "severity_inputs.rule"),
        ("executives/", "name"),
        ("executives/{person}/", "grades.grade"),
        ("organizations/", "names.name"),
        ("organizations/{organization}/", "type"),
        ("organizations/{organization}/timeline/", "summary_zh"),
        ("documents/", "url"),
        ("documents/{document}/", "quotes.quote"),
        ("ladders/", "grades"),
        ("ladders/{ladder}/", "name"),
        ("cases/", "title"),
        ("cases/{case}/", "entries.summary"),
    ],
)
def test_every_resource_can_be_asked_for_a_part(api: Caller, record: Record, path: str, fields: str) -> None:
    case = Case.objects.create(title="The decision", key="decision", issuer=record.parent)
    draft = scenes.demotion(scenes.executive("Per Nyberg"), record.organization, record.source)
    publishing.publish(type(draft)(**(vars(draft) | {"case_id": case.pk})), record.author)
    ids = {"event": record.revision.event_id, "person": record.person.pk, "organization": record.organization.pk,
           "document": record.source.pk, "ladder": record.ladder.pk, "case": case.pk}  # fmt: skip

    answer = api.read(path.format(**ids), fields=fields)

    found = answer.get("results", [answer])
    assert found
    assert all(list(item) == [fields.partition(".")[0]] for item in found)


@pytest.mark.parametrize(
    ("fields", "named"),
    [("colour", "summary"), ("subject.colour", "organization"), ("summary.x", "no members"), ("a,,b", "summary"),
     (".", "summary"), ("summary,", "summary"), ("date.", "precision")],
)  # fmt: skip
def test_an_unknown_member_is_refused_and_those_that_there_are_are_named(
    api: Caller, record: Record, fields: str, named: str
) -> None:
    problem = api.read("events/", 400, fields=fields)

    assert [error["parameter"] for error in problem["errors"]] == ["fields"]
    assert named in problem["errors"][0]["detail"]


def test_what_has_no_parts_to_choose_from_does_not_know_the_parameter(api: Caller, record: Record) -> None:
    assert api.refused("changes/", fields="seq") == {"fields"}
    assert api.refused(f"organizations/{record.organization.pk}/chart/", fields="units") == {"fields"}


def test_pages_go_on_with_the_same_members(api: Caller, record: Record) -> None:
    record.publish("2024-01-01")

    page = api.read("events/", fields="event", page_size=1)
    following = api.get(page["next"]).json()

    assert [list(item) for item in page["results"] + following["results"]] == [["event"], ["event"]]
