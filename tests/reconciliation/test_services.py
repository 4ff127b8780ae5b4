"""The manifest and what stands beside the queries: suggestions, previews, extensions; and who may read the answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings

from events.models.access import ApiKey
from events.models.organizations import Organization, OrganizationIdentifier
from events.models.people import Executive, ExecutiveIdentifier
from events.reconciliation import matching
from events.record import publishing
from tests import scenes
from tests.reconciliation.conftest import BASE, Record, Refine


def test_the_manifest_leads_to_every_service(refine: Refine, record: Record) -> None:
    manifest = refine.get()
    about = f"person:{record.person.pk}"

    assert manifest["versions"] == ["0.2"]
    assert [kind["id"] for kind in manifest["defaultTypes"]] == ["person", "organization"]
    for service in manifest["suggest"].values():
        address = service["service_url"] + service["service_path"]
        assert refine.client.get(address, {"prefix": "o"}).json()["prefix"] == "o"
    proposals = manifest["extend"]["propose_properties"]
    address = proposals["service_url"] + proposals["service_path"]
    assert refine.client.get(address, {"type": "person"}).json()["properties"]
    assert (
        refine.client.get(manifest["preview"]["url"].replace("{{id}}", "person%3A" + about[7:])).status_code
        == 200
    )
    page = refine.client.get(manifest["view"]["url"].replace("{{id}}", about))
    assert page.headers["Location"].endswith(f"/people/{record.person.pk}/")
    assert refine.client.get(manifest["identifierSpace"] + about, follow=True).status_code == 200


@override_settings(SITE_URL="https://tracker.example.org")
def test_identifiers_are_of_the_site_whatever_the_address_asked(refine: Refine) -> None:
    manifest = refine.get()

    assert manifest["identifierSpace"].startswith("https://tracker.example.org/")
    assert manifest["schemaSpace"].startswith("https://tracker.example.org/")
    assert manifest["view"]["url"].startswith("http://testserver/")


def test_every_web_page_may_read_the_answers_but_never_as_the_one_signed_in(
    refine: Refine, record: Record
) -> None:
    about = f"person:{record.person.pk}"
    for path in (
        "",
        "suggest/entity/?prefix=Il",
        "suggest/type/",
        "properties/",
        f"preview/{about}/",
        "?what=1",
    ):
        headers = refine.client.get(BASE + path, headers={"origin": "http://127.0.0.1:3333"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in headers
    assert refine.send(queries={}).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in refine.client.get("/api/v1/events/").headers
    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(record.author)
    with override_settings(API_ANONYMOUS_READ=False):
        assert signed_in.post(BASE, {"queries": "{}"}).status_code in {401, 403, 415}
        form = "application/x-www-form-urlencoded"
        assert signed_in.post(BASE, "queries={}", content_type=form).status_code == 401


@override_settings(API_ANONYMOUS_READ=False)
def test_where_reading_needs_a_key_so_does_reconciling(refine: Refine, record: Record) -> None:
    _, key = ApiKey.issue(record.author, "refine", ["read"])
    _, other = ApiKey.issue(record.author, "hooks", ["webhooks"])
    form = "application/x-www-form-urlencoded"

    def status(sent: str) -> int:
        return refine.client.post(
            BASE, "queries={}", content_type=form, headers={"x-api-key": sent}
        ).status_code

    assert refine.send(queries={}).status_code == 401
    assert (status(key), status(other)) == (200, 403)


def test_jsonp_is_not_offered(refine: Refine) -> None:
    for path in ("", "suggest/entity/", "properties/"):
        problem = refine.get(path, 400, callback="alert")
        assert problem["errors"][0]["parameter"] == "callback"


@pytest.mark.parametrize("prefix", ["Il", "ilse v", "Houten", "伊尔", "yiersha", "Ilse van Hauten"])
def test_who_begins_holds_or_sounds_like_what_is_typed_is_suggested(
    refine: Refine, record: Record, prefix: str
) -> None:
    scenes.executive("Per Nyberg")

    found = refine.get("suggest/entity/", prefix=prefix)

    assert [row["id"] for row in found["result"]] == [f"person:{record.person.pk}"]
    assert found["result"][0]["notable"] == [{"id": "person", "name": "Person"}]
    assert "cursor" not in found


def test_suggestions_go_on_by_cursor_and_none_comes_twice(refine: Refine, db: None) -> None:
    made = {f"person:{scenes.executive(f'Maren Holt {n:02}').pk}" for n in range(24)}

    seen: list[str] = []
    cursor: int | None = 0
    while cursor is not None:
        page = refine.get("suggest/entity/", prefix="Maren", cursor=cursor)
        seen += [row["id"] for row in page["result"]]
        cursor = page.get("cursor")

    assert len(seen) == 24
    assert set(seen) == made


def test_a_suggestion_is_of_the_type_asked_for_or_has_the_identifier_typed(
    refine: Refine, record: Record
) -> None:
    OrganizationIdentifier.objects.create(organization=record.parent, scheme="ticker", value="NLD")

    typed = refine.get("suggest/entity/", prefix="Northlake", type="division", spell="always", exact="false")
    by_ticker = refine.get("suggest/entity/", prefix="nld")
    by_own = refine.get("suggest/entity/", prefix=f"organization:{record.parent.pk}")

    assert [row["name"] for row in typed["result"]] == ["Northlake Cloud"]
    assert [row["name"] for row in by_ticker["result"]] == ["Northlake Devices"]
    assert [row["name"] for row in by_own["result"]] == ["Northlake Devices"]


def test_types_and_properties_are_suggested_by_name(refine: Refine) -> None:
    types = refine.get("suggest/type/", prefix="regul")["result"]
    properties = refine.get("suggest/property/", prefix="count")["result"]

    assert types == [
        {"id": "regulator", "name": "Regulator", "broader": [{"id": "organization", "name": "Organization"}]}
    ]
    assert [row["id"] for row in properties] == ["country"]


@pytest.mark.parametrize(
    "query",
    ["cursor=-1", "cursor=x", "cursor=99999", "type=planet", "lang2=x", "prefix=a&prefix=b", "prefix=%00"],
)
def test_a_parameter_of_a_suggestion_that_cannot_be_read_is_refused(refine: Refine, query: str) -> None:
    assert refine.client.get(f"{BASE}suggest/entity/?{query}").status_code == 400


def test_properties_are_proposed_for_the_type(refine: Refine) -> None:
    people = {row["id"] for row in refine.get("properties/", type="person")["properties"]}
    companies = {row["id"] for row in refine.get("properties/", type="company")["properties"]}
    few = refine.get("properties/", type="", limit=2)

    assert {"grade", "position"} <= people - companies
    assert {"country", "type"} <= companies - people
    assert len(few["properties"]) == 2
    assert refine.get("properties/", 400, type="planet")["errors"][0]["parameter"] == "type"


def test_a_table_is_extended_with_what_the_record_knows(refine: Refine, record: Record) -> None:
    record.publish("2026-01-05", title="Chair")
    ExecutiveIdentifier.objects.create(executive=record.person, scheme="wikidata", value="Q100")
    Organization.objects.filter(pk=record.organization.pk).update(country="NL")
    about, cloud = f"person:{record.person.pk}", f"organization:{record.organization.pk}"
    wanted = ("names", "wikidata", "organization", "position", "grade", "country", "type", "events",
              "events_discipline", "events_product", "latest_event", "latest_event_date")  # fmt: skip

    answer = refine.extend([about, cloud, "person:999999", "nobody"], *wanted)

    assert [item["id"] for item in answer["meta"]] == list(wanted)
    assert answer["meta"][2]["type"] == {"id": "organization", "name": "Organization"}
    row = answer["rows"][about]
    assert row["names"] == [{"str": "Ilse van Houten"}, {"str": "伊尔莎"}]
    assert row["wikidata"] == [{"str": "Q100"}]
    assert row["organization"] == [{"id": cloud, "name": "Northlake Cloud"}]
    assert {"str": "Chair, Northlake Cloud"} in row["position"]
    assert row["grade"] == [{"str": "21A"}]
    assert row["country"] == row["type"] == []
    assert (row["events"], row["events_discipline"], row["events_product"]) == (
        [{"int": 2}], [{"int": 1}], [{"int": 0}],
    )  # fmt: skip
    assert row["latest_event_date"] == [{"date": "2026-01-05T00:00:00Z"}]
    assert "Chair" in row["latest_event"][0]["str"]
    other = answer["rows"][cloud]
    assert (other["country"], other["type"], other["grade"]) == ([{"str": "NL"}], [{"str": "division"}], [])
    assert other["organization"] == [{"id": f"organization:{record.parent.pk}", "name": "Northlake Devices"}]
    for nobody in ("person:999999", "nobody"):
        assert answer["rows"][nobody] == {name: [] for name in wanted}


def test_what_was_retracted_counts_no_more(refine: Refine, record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author)
    about = f"person:{record.person.pk}"

    row = refine.extend([about], "events", "grade", "latest_event")["rows"][about]

    assert row == {"events": [{"int": 0}], "grade": [], "latest_event": []}
    assert "demoted" not in refine.client.get(f"{BASE}preview/{about}/").content.decode()


def test_who_was_merged_is_extended_and_shown_as_the_one_that_stands(refine: Refine, record: Record) -> None:
    old = scenes.executive("I. v. Houten")
    Executive.objects.filter(pk=old.pk).update(merged_into=record.person)

    row = refine.extend([f"person:{old.pk}"], "names")["rows"][f"person:{old.pk}"]
    page = refine.client.get(f"{BASE}entities/person:{old.pk}/")

    assert {"str": "Ilse van Houten"} in row["names"]
    assert page.headers["Location"].endswith(f"/people/{record.person.pk}/")


@pytest.mark.parametrize(
    ("extend", "pointer"),
    [
        ({"ids": []}, "/properties"),
        ({"ids": "a", "properties": []}, "/ids"),
        ({"ids": [4], "properties": []}, "/ids/0"),
        ({"ids": [], "properties": [{"id": "height"}]}, "/properties/0/id"),
        ({"ids": [], "properties": ["names"]}, "/properties/0"),
        ({"ids": [], "properties": [], "lang": "en"}, "/lang"),
    ],
)
def test_an_extension_that_cannot_be_read_is_refused_with_its_place(
    refine: Refine, extend: Any, pointer: str
) -> None:
    assert refine.refused(extend=extend)[0]["pointer"] == pointer


def test_an_extension_of_too_many_rows_is_refused(refine: Refine) -> None:
    assert refine.send(extend={"ids": ["person:1"] * 101, "properties": []}).status_code == 413


def test_a_preview_is_escaped_runs_nothing_and_stands_in_frames(refine: Refine, record: Record) -> None:
    evil = scenes.executive("<script>alert(1)</script> & Co")

    page = refine.client.get(f"{BASE}preview/person:{evil.pk}/")

    html = page.content.decode()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in html
    assert page.headers["Content-Type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in page.headers
    assert "demoted" in refine.client.get(f"{BASE}preview/person:{record.person.pk}/").content.decode()


@pytest.mark.parametrize(
    "name", ["person:0", "person:999999", "person:99999999999999999999", "nobody", "person:1 "]
)
def test_what_nobody_has_as_identifier_is_not_found(refine: Refine, name: str) -> None:
    for path in ("preview", "entities"):
        response = refine.client.get(f"{BASE}{path}/{name}/")
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"


def test_a_batch_that_takes_too_long_is_given_up(
    refine: Refine, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(text: str) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return {}

    monkeypatch.setattr(matching, "TIMEOUT_MS", 50)
    monkeypatch.setattr(matching, "written", slow)

    response = refine.send(queries={"q0": {"query": "Somebody Else"}})

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert json.loads(response.content)["detail"].startswith("This took too long")
    assert refine.get("properties/", type="person")


def test_a_batch_whose_names_take_too_long_together_is_given_up(
    refine: Refine, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "BATCH_SECONDS", -1)

    assert refine.send(queries={"q0": {"query": "Somebody Else"}}).status_code == 503
    assert refine.send(queries={}).status_code == 200
