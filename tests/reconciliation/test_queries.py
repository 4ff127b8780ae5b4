"""Batches of queries: who is found, in which order, and who is a match without a look."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models.organizations import Organization, OrganizationIdentifier, OrganizationParent
from events.models.people import Executive, ExecutiveIdentifier, ExecutiveName, Position
from events.reconciliation.queries import MAX_BATCH
from tests import scenes
from tests.reconciliation.conftest import BASE, Record, Refine


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in found]


def person(row: Executive) -> str:
    return f"person:{row.pk}"


def body(row: Organization) -> str:
    return f"organization:{row.pk}"


@pytest.mark.parametrize(
    "name", ["Ilse van Houten", "ILSE VAN HOUTEN", "van Houten Ilse", "Ilsé van Houten", "伊尔莎"]
)
def test_one_person_of_that_name_in_any_script_or_order_is_a_match(
    refine: Refine, record: Record, name: str
) -> None:
    scenes.executive("Per Nyberg")

    (found,) = refine.one(name)

    assert found["id"] == person(record.person)
    assert found["name"] == "Ilse van Houten"
    assert found["type"] == [{"id": "person", "name": "Person"}]
    assert found["score"] >= 98
    assert found["match"] is True


def test_a_misspelt_name_is_a_candidate_and_never_a_match(refine: Refine, record: Record) -> None:
    (found,) = refine.one("Ilse van Hauten")

    assert found["id"] == person(record.person)
    assert 55 <= found["score"] <= 85
    assert found["match"] is False


def test_two_namesakes_are_never_a_match_and_a_hint_tells_them_apart(refine: Refine, record: Record) -> None:
    other = scenes.executive("Ilse van Houten")
    elsewhere = scenes.company("Harrow Mills")
    for row, organization in ((record.person, record.organization), (other, elsewhere)):
        Position.objects.create(executive=row, organization=organization, title="Chair")

    without = refine.one("Ilse van Houten")
    hinted = refine.one(
        {"query": "Ilse van Houten", "properties": [{"pid": "organization", "p": "Org", "v": "harrow mills"}]}
    )

    assert sorted(ids(without)) == sorted([person(record.person), person(other)])
    assert [row["match"] for row in without] == [False, False]
    assert ids(hinted) == [person(other), person(record.person)]
    assert [row["match"] for row in hinted] == [True, False]
    assert {"id": "organization", "value": True} in hinted[0]["features"]
    assert {"id": "organization", "value": False} in hinted[1]["features"]
    assert hinted[0]["description"] == "Chair, Harrow Mills"


def test_a_cell_that_was_matched_before_is_a_hint_by_its_identifier(refine: Refine, record: Record) -> None:
    hint = {"pid": "organization", "v": {"id": body(record.organization), "name": "whatever"}}

    (found,) = refine.one({"query": "Ilse van Houten", "properties": [hint]})

    assert {"id": "organization", "value": True} in found["features"]
    assert found["match"] is True


def test_a_hint_that_contradicts_forbids_the_match(refine: Refine, record: Record) -> None:
    ExecutiveIdentifier.objects.create(executive=record.person, scheme="wikidata", value="Q100")

    (found,) = refine.one({"query": "Ilse van Houten", "properties": [{"pid": "wikidata", "v": "Q999"}]})

    assert found["match"] is False
    assert found["score"] < 90


def test_an_identifier_finds_its_owner_whatever_the_name(refine: Refine, record: Record) -> None:
    OrganizationIdentifier.objects.create(
        organization=record.parent, scheme="lei", value="5493001KJTIIGC8Y1R12"
    )

    by_hint = refine.one({"query": "N. Dev.", "properties": [{"pid": "lei", "v": ["5493001kjtiigc8y1r12"]}]})
    alone = refine.one({"properties": [{"pid": "lei", "v": "5493001KJTIIGC8Y1R12"}]})
    as_text = refine.one("5493001KJTIIGC8Y1R12")
    own = refine.one(body(record.parent))

    for found in (by_hint, alone, as_text, own):
        assert (found[0]["id"], found[0]["score"], found[0]["match"]) == (body(record.parent), 100, True)


def test_only_the_types_asked_for_are_found(refine: Refine, record: Record) -> None:
    scenes.executive("Northlake")
    scenes.company("Northlake")

    assert {row["type"][0]["id"] for row in refine.one({"query": "Northlake"})} == {
        "person",
        "company",
        "division",
    }
    people = refine.one({"query": "Northlake", "type": "person", "type_strict": "should"})
    divisions = refine.one({"query": "Northlake", "type": ["division"]})
    both = refine.one({"query": "Northlake", "type": ["division", "person"], "type_strict": "all"})

    assert [row["type"][0]["id"] for row in people] == ["person"]
    assert ids(divisions) == [body(record.organization)]
    assert divisions[0]["type"][1] == {"id": "organization", "name": "Organization"}
    assert both == []


def test_each_query_is_answered_as_if_it_were_alone(refine: Refine, record: Record) -> None:
    alone = {name: refine.one(name) for name in ("Ilse van Houten", "Northlake Cloud", "Nobody Known")}

    together = refine.ask(a="Ilse van Houten", b="Northlake Cloud", c="Nobody Known")

    assert [together[key]["result"] for key in "abc"] == list(alone.values())
    assert together["c"]["result"] == []


def test_candidates_come_best_first_and_no_more_than_asked_for(refine: Refine, record: Record) -> None:
    for name in ("Ilse van Houten Brandt", "Ilse Maria van Houten", "Van Houten Ilse Anna"):
        scenes.executive(name)

    found = refine.one({"query": "Ilse van Houten", "limit": 3})

    assert len(found) == 3
    assert [row["score"] for row in found] == sorted((row["score"] for row in found), reverse=True)
    assert ids(found)[0] == person(record.person)
    assert [row["match"] for row in found] == [True, False, False]


def test_who_was_merged_is_found_as_the_one_that_stands(refine: Refine, record: Record) -> None:
    old = scenes.executive("I. v. Houten")
    ExecutiveName.objects.create(executive=record.person, name="I. v. Houten", type="alias")
    Executive.objects.filter(pk=old.pk).update(merged_into=record.person)

    assert ids(refine.one("I. v. Houten")) == [person(record.person)]
    assert ids(refine.one(person(old))) == [person(record.person)]


def test_an_organization_is_described_by_its_kind_its_country_and_its_place(
    refine: Refine, record: Record
) -> None:
    Organization.objects.filter(pk=record.organization.pk).update(country="NL")

    assert refine.one("Northlake Cloud")[0]["description"] == "Division, NL, part of Northlake Devices"

    OrganizationParent.objects.all().delete()
    assert refine.one("Northlake Cloud")[0]["description"] == "Division, NL"


def test_a_batch_takes_as_many_statements_for_many_exact_names_as_for_few(refine: Refine, db: None) -> None:
    names = [f"Person {word} Exact" for word in ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir")]
    for name in names:
        scenes.executive(name)

    def statements(count: int) -> int:
        batch = {f"q{n}": {"query": name, "limit": 1} for n, name in enumerate(names[:count])}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            refine.ask(**batch)
        return len(queries)

    assert statements(2) == statements(6)


def test_a_batch_can_be_asked_by_get_too(refine: Refine, record: Record) -> None:
    found = refine.get(queries=json.dumps({"q0": {"query": "Ilse van Houten"}}))

    assert ids(found["q0"]["result"]) == [person(record.person)]


def test_a_long_or_blank_cell_does_not_fail_the_others(refine: Refine, record: Record) -> None:
    answer = refine.ask(a="x" * 5000, b="  ", c="Ilse van Houten")

    assert (answer["a"]["result"], answer["b"]["result"]) == ([], [])
    assert len(answer["c"]["result"]) == 1


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({}, "/q0"),
        ({"properties": []}, "/q0"),
        ("text", "/q0"),
        ({"query": 4}, "/q0/query"),
        ({"query": "a\ud800"}, "/q0/query"),
        ({"query": "a\x00"}, "/q0/query"),
        ({"query": "a", "type": "planet"}, "/q0/type"),
        ({"query": "a", "type": [4]}, "/q0/type"),
        ({"query": "a", "type_strict": "perhaps"}, "/q0/type_strict"),
        ({"query": "a", "limit": 0}, "/q0/limit"),
        ({"query": "a", "limit": "3"}, "/q0/limit"),
        ({"query": "a", "limit": float("nan")}, "/q0/limit"),
        ({"query": "a", "colour": 1}, "/q0/colour"),
        ({"query": "a", "properties": {}}, "/q0/properties"),
        ({"query": "a", "properties": [{"pid": "height", "v": 1}]}, "/q0/properties/0/pid"),
        ({"query": "a", "properties": [{"pid": "events", "v": 1}]}, "/q0/properties/0/pid"),
        ({"query": "a", "properties": [{"pid": "lei"}]}, "/q0/properties/0/v"),
        ({"query": "a", "properties": [{"pid": "lei", "v": [1] * 99}]}, "/q0/properties/0/v"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(refine: Refine, query: Any, pointer: str) -> None:
    response = refine.send(queries={"q0": query})
    (error,) = json.loads(response.content)["errors"]

    assert response.status_code == 400
    assert (error["parameter"], error["pointer"]) == ("queries", pointer)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 60_000, '"' + "9" * 5000, "9" * 5000])
def test_what_is_no_batch_is_refused(refine: Refine, text: str) -> None:
    assert refine.refused(queries=text)[0]["parameter"] == "queries"
    assert refine.refused(extend=text)[0]["parameter"] == "extend"


def test_a_batch_is_no_larger_than_the_manifest_says(refine: Refine) -> None:
    size = refine.get()["batchSize"]
    batch = {f"q{n}": {"query": "a b"} for n in range(size + 1)}

    assert size == MAX_BATCH
    assert refine.send(queries=batch).status_code == 413
    assert refine.send(queries="x" * 300_000).status_code == 413
    assert refine.client.get(BASE, {"queries": "x" * 17_000}).status_code == 413


def test_either_queries_or_extend_and_nothing_else_is_sent(refine: Refine) -> None:
    assert refine.refused(queries={}, extend={})
    assert refine.refused()
    assert refine.refused(callback="x", queries={})[0]["parameter"] == "callback"
    assert refine.refused(lang="en")[0]["parameter"] == "lang"
    assert (
        refine.client.post(
            f"{BASE}?queries={{}}", "", content_type="application/x-www-form-urlencoded"
        ).status_code
        == 400
    )
    assert refine.client.post(BASE, "{}", content_type="application/json").status_code == 415
    crowd = "&".join(f"a{n}=1" for n in range(2000))
    assert (
        refine.client.post(BASE, crowd, content_type="application/x-www-form-urlencoded").status_code == 400
    )
