"""FollowTheMoney: entities that its library takes as they are, and that say no more than the record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from followthemoney import model
from followthemoney.schema import Schema

from events.exports import ftm, registers
from events.exports.entities import DATASET
from events.exports.files import FILES, Wanted
from events.exports.ftm import UnknownEntity
from events.exports.spans import Span, span
from events.models.organizations import Organization, OrganizationIdentifier
from events.models.people import Executive, ExecutiveIdentifier
from events.record import projections, publishing
from tests import scenes
from tests.exports.conftest import Record, sanction

JSON = dict[str, Any]


def entities(**wanted: Any) -> list[JSON]:
    """The entities of an export."""
    lines = b"".join(FILES["entities.ftm.json"].chunks(Wanted(span(), **wanted))).decode().splitlines()
    return [json.loads(line) for line in lines]


def schema(entity: JSON) -> Schema:
    """The library's schema of an entity."""
    found = model.get(entity["schema"])
    assert found is not None, entity["schema"]
    return found


def of(schema: str, found: list[JSON]) -> list[JSON]:
    """Those of one schema."""
    return [entity for entity in found if entity["schema"] == schema]


def test_the_library_takes_every_entity_and_every_value_as_it_is(history: Record) -> None:
    ExecutiveIdentifier.objects.create(executive=history.person, scheme="wikidata", value="Q42")
    ExecutiveIdentifier.objects.create(executive=history.person, scheme="staff", value="17")
    OrganizationIdentifier.objects.create(
        organization=history.parent, scheme="lei", value="5493001KJTIIGC8Y1R12"
    )
    OrganizationIdentifier.objects.create(organization=history.parent, scheme="ticker", value="NLD")
    found = entities()

    assert {entity["schema"] for entity in found} == {
        "Company", "Organization", "PublicBody", "UnknownLink", "Person", "Employment", "Event", "Sanction",
    }  # fmt: skip
    for entity in found:
        schema(entity).validate({"properties": entity["properties"]})
        proxy = model.get_proxy(entity, cleaned=False)
        assert proxy.id == entity["id"]
        for name, values in entity["properties"].items():
            assert sorted(proxy.get(name)) == sorted(values)


def test_every_reference_leads_to_an_entity_of_the_kind_that_the_property_takes(history: Record) -> None:
    found = {entity["id"]: entity for entity in entities()}

    for entity in found.values():
        for name, values in entity["properties"].items():
            wanted = schema(entity).properties[name].range
            for value in values if wanted is not None else ():
                assert schema(found[value]).is_a(wanted)


def test_ids_are_the_same_in_every_export_also_after_a_rebuild(history: Record) -> None:
    before = entities()
    projections.rebuild()

    assert entities() == before
    assert len({entity["id"] for entity in before}) == len(before)


def test_what_is_alleged_is_no_entity(history: Record) -> None:
    events = of("Event", entities())
    told = [json.loads(line) for line in b"".join(FILES["events.ndjson"].chunks(Wanted(span()))).splitlines()]
    alleged = {f"gt-event-{row['event']}" for row in told if row["assertion"] == "alleged"}

    assert alleged
    assert {event["id"] for event in events} == {f"gt-event-{row['event']}" for row in told} - alleged


def test_a_retracted_event_is_no_entity_and_leaves_no_edge(record: Record) -> None:
    event = record.publish("2024-05-01", title="President").event_id
    assert [e["properties"]["role"] for e in of("Employment", entities())].count(["President"]) == 1
    publishing.retract(event, record.author)

    found = entities()

    assert f"gt-event-{event}" not in {entity["id"] for entity in found}
    assert ["President"] not in [edge["properties"].get("role") for edge in of("Employment", found)]


def test_a_person_has_the_names_of_all_scripts_and_positions_with_their_source(record: Record) -> None:
    record.publish("2024-05-01", title="President")
    found = entities()

    (person,) = of("Person", found)
    edge = next(e for e in of("Employment", found) if e["properties"]["role"] == ["President"])
    assert person["id"] == f"gt-person-{record.person.pk}"
    assert person["properties"]["name"] == ["Ilse van Houten", "伊尔莎"]
    assert person["datasets"] == [DATASET]
    assert edge["properties"]["employee"] == [person["id"]]
    assert edge["properties"]["employer"] == [f"gt-organization-{record.organization.pk}"]
    assert edge["properties"]["startDate"] == ["2024-05-01"]
    assert edge["properties"]["sourceUrl"] == [record.source.url]
    assert edge["properties"]["publisher"] == ["news.example.com"]


@pytest.mark.parametrize(
    "title", ["Chairwoman of the board", "Independent director", "独立董事", "监事会主席"]
)
def test_who_sits_on_a_board_has_a_directorship(record: Record, title: str) -> None:
    record.publish("2024-05-01", title=title)

    assert [title] in [edge["properties"]["role"] for edge in of("Directorship", entities())]


def test_a_unit_is_part_of_its_parent(record: Record) -> None:
    found = entities()

    (link,) = of("UnknownLink", found)
    unit = next(e for e in found if e["caption"] == "Northlake Cloud")
    parent = f"gt-organization-{record.parent.pk}"
    assert link["properties"]["subject"] == [unit["id"]]
    assert link["properties"]["object"] == unit["properties"]["parent"] == [parent]


def test_a_date_is_no_more_exact_than_the_record_has_it(record: Record) -> None:
    sanction(record, record.parent)

    (entity,) = of("Sanction", entities())

    assert entity["properties"]["startDate"] == ["2025-05"]
    assert entity["properties"]["entity"] == [f"gt-organization-{record.parent.pk}"]
    assert entity["properties"]["authority"] == ["Office of Invented Controls"]
    assert entity["properties"]["reason"] == ["invented grounds"]


def test_the_end_of_a_sanction_ends_it(record: Record) -> None:
    sanction(record, record.parent, action="removal")

    (entity,) = of("Sanction", entities())

    assert entity["properties"]["endDate"] == ["2025-05"]
    assert "startDate" not in entity["properties"]


def test_who_was_merged_lives_on_as_a_referent(record: Record) -> None:
    person, place = scenes.executive("I. van Houten"), scenes.company("Northlake")
    Executive.objects.filter(pk=person.pk).update(merged_into=record.person)
    Organization.objects.filter(pk=place.pk).update(merged_into=record.parent)
    found = {entity["id"]: entity for entity in entities()}

    assert found[f"gt-person-{record.person.pk}"]["referents"] == [f"gt-person-{person.pk}"]
    assert found[f"gt-organization-{record.parent.pk}"]["referents"] == [f"gt-organization-{place.pk}"]
    assert not {f"gt-person-{person.pk}", f"gt-organization-{place.pk}"} & found.keys()


@pytest.mark.usefixtures("small_pages")
def test_a_resumed_export_is_the_whole_export(history: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "PAGE", 2)
    whole = entities()
    nodes = [n for n, entity in enumerate(whole) if entity["id"].split("-")[1] in ftm.SECTIONS]

    for place in nodes:
        assert whole[: place + 1] + entities(after_entity=whole[place]["id"]) == whole


@pytest.mark.parametrize(
    "cursor", ["gt-position-1", "4", "gt-person-", "gt-person-٣", "gt-person-" + "9" * 99]
)
def test_a_cursor_that_is_no_id_is_refused_at_once(db: None, cursor: str) -> None:
    with pytest.raises(UnknownEntity, match="gt-person-4"):
        FILES["entities.ftm.json"].chunks(Wanted(Span(0), after_entity=cursor))
