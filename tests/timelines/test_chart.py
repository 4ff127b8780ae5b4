"""The organization chart of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models.organizations import Organization, OrganizationParent
from events.models.people import Position
from events.models.sources import Document
from events.record import publishing
from events.record.draft import Draft
from events.timelines import entries
from events.timelines.organizations import chart, organization
from tests import scenes

DAY = date(2025, 6, 1)


@pytest.fixture
def company(db: None) -> Organization:
    """Northlake Devices with Cloud (and Models in it, until September 2025) and Devices Retail."""
    company = scenes.company()
    cloud = scenes.unit("Cloud", company)
    models = scenes.company("Models", type="team")
    OrganizationParent.objects.create(
        child=models, parent=cloud, until=date(2025, 9, 1), until_precision="month", end_state="ended"
    )
    scenes.unit("Retail", company)
    return company


def names(units: list[dict[str, Any]]) -> dict[str, Any]:
    """The tree as nested names."""
    return {unit["name"]: names(unit["units"]) for unit in units}


def test_a_chart_shows_the_units_of_that_day(company: Organization) -> None:
    assert names(chart(company, DAY)["units"]) == {"Cloud": {"Models": {}}, "Retail": {}}
    assert names(chart(company, date(2025, 9, 1))["units"]) == {"Cloud": {}, "Retail": {}}


def test_a_chart_shows_what_the_unit_is_part_of_nearest_first(company: Organization) -> None:
    models = Organization.objects.get(name="Models")

    assert [parent["name"] for parent in chart(models, DAY)["parents"]] == ["Cloud", "Northlake Devices"]
    assert chart(models, date(2025, 9, 1))["parents"] == []


def test_a_chart_shows_who_held_office_on_that_day(company: Organization) -> None:
    cloud = Organization.objects.get(name="Cloud")
    for name, end in (("Per Nyberg", date(2025, 5, 1)), ("Ilse van Houten", None)):
        Position.objects.create(
            executive=scenes.executive(name), organization=cloud, title="CEO", until=end,
            until_precision="day" if end else "", end_state="ended" if end else "open",
        )  # fmt: skip

    unit = chart(company, DAY)["units"][0]
    assert [holder["executive"]["name"] for holder in unit["holders"]] == ["Ilse van Houten"]


def test_a_relation_whose_end_is_unknown_is_not_shown(company: Organization) -> None:
    OrganizationParent.objects.filter(child__name="Retail").update(end_state="unknown")

    assert names(chart(company, DAY)["units"]) == {"Cloud": {"Models": {}}}


def test_a_circle_of_parents_ends(company: Organization) -> None:
    cloud = Organization.objects.get(name="Cloud")
    OrganizationParent.objects.create(child=company, parent=cloud)

    assert names(chart(company, DAY)["units"]) == {"Cloud": {"Models": {}}, "Retail": {}}
    assert [parent["name"] for parent in chart(company, DAY)["parents"]] == ["Cloud"]


def test_a_chart_takes_as_many_queries_for_many_units_as_for_few(company: Organization) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        chart(company, DAY)
    for number in range(20):
        scenes.unit(f"Unit {number}", company)
    with CaptureQueriesContext(connection) as many:
        chart(company, DAY)

    assert len(many) == len(few)


@pytest.fixture
def source(db: None) -> Document:
    """An article."""
    return scenes.document("Models moved from Cloud to Retail on 2 July 2025.")


def unit(name: str) -> Organization:
    """A unit of the company, by name."""
    return Organization.objects.get(name=name)


def moved(source: Document, day: str = "2025-07-02") -> Draft:
    """Models moves from Cloud to Retail."""
    return scenes.reorganization(
        "transfer", unit("Models"), source, day=day, of=unit("Cloud"), successor=unit("Retail")
    )


def test_a_transferred_unit_moves_with_its_office_holders_on_the_day(
    company: Organization, source: Document
) -> None:
    scenes.publish(
        scenes.appointment(scenes.executive(), unit("Models"), source, day="2024-01-01", title="Head")
    )
    event = scenes.publish(moved(source)).event_id

    before, after = chart(company, date(2025, 7, 1)), chart(company, date(2025, 7, 2))

    assert names(before["units"]) == {"Cloud": {"Models": {}}, "Retail": {}}
    assert names(after["units"]) == {"Cloud": {}, "Retail": {"Models": {}}}
    (was,), (now,) = before["units"][0]["units"], after["units"][1]["units"]
    assert [holder["executive"]["name"] for holder in now["holders"]] == ["Ilse van Houten"]
    assert now["holders"] == was["holders"]
    assert (was["event"], now["event"]) == (None, event)


def test_a_dissolved_unit_leaves_the_chart(company: Organization, source: Document) -> None:
    scenes.publish(scenes.reorganization("dissolution", unit("Cloud"), source, day="2025-07", of=company))

    assert names(chart(company, date(2025, 6, 30))["units"]) == {"Cloud": {"Models": {}}, "Retail": {}}
    assert names(chart(company, date(2025, 7, 1))["units"]) == {"Retail": {}}
    assert chart(unit("Cloud"), date(2025, 7, 1))["parents"] == []


def test_a_merged_unit_stands_in_the_one_that_took_it_in_and_says_so(
    company: Organization, source: Document
) -> None:
    scenes.publish(
        scenes.reorganization(
            "merger", unit("Cloud"), source, day="2025-07", of=company, successor=unit("Retail")
        )
    )

    (retail,) = chart(company, date(2025, 7, 1))["units"]

    assert names([retail]) == {"Retail": {"Cloud": {"Models": {}}}}
    (cloud,) = retail["units"]
    assert (retail["merged"], cloud["merged"], cloud["units"][0]["merged"]) == (False, True, False)


def test_a_created_unit_is_not_there_before(company: Organization, source: Document) -> None:
    labs = scenes.company("Labs")
    scenes.publish(scenes.reorganization("creation", labs, source, day="2025-07-02", of=company))

    assert "Labs" not in names(chart(company, date(2025, 7, 1))["units"])
    assert "Labs" in names(chart(company, date(2025, 7, 2))["units"])


def test_what_an_event_says_of_the_time_before_does_not_beat_the_register(
    company: Organization, source: Document
) -> None:
    scenes.publish(scenes.reorganization("dissolution", unit("Models"), source, day="2025-07-02", of=company))

    assert names(chart(company, DAY)["units"]) == {"Cloud": {"Models": {}}, "Retail": {}}


def test_an_instant_before_a_retraction_shows_the_old_tree(company: Organization, source: Document) -> None:
    first = scenes.publish(moved(source))
    head = scenes.publish(
        scenes.appointment(scenes.executive(), unit("Models"), source, day="2024-01-01", title="Head")
    )
    for event in (first, head):
        last = publishing.retract(event.event_id, event.author)
    assert names(chart(company, date(2025, 7, 2))["units"]) == {"Cloud": {"Models": {}}, "Retail": {}}

    then = chart(company, date(2025, 7, 2), head.recorded_at)

    assert names(then["units"]) == {"Cloud": {}, "Retail": {"Models": {}}}
    assert then["known_at"] == entries.instant(head.recorded_at)
    (models,) = then["units"][1]["units"]
    assert [holder["title"] for holder in models["holders"]] == ["Head"]
    assert [p["name"] for p in chart(unit("Models"), date(2025, 7, 2), head.recorded_at)["parents"]] == [
        "Retail",
        "Northlake Devices",
    ]
    assert names(chart(company, date(2025, 7, 2), last.recorded_at)["units"])["Cloud"] == {"Models": {}}


def test_the_ledger_of_now_gives_the_same_chart_as_its_projection(
    company: Organization, source: Document
) -> None:
    labs = scenes.company("Labs")
    for draft in (
        moved(source),
        scenes.reorganization("creation", labs, source, day="2025-05", of=company, unit=unit("Models")),
        scenes.reorganization("merger", unit("Cloud"), source, day="2025-08", of=company, successor=labs),
        scenes.appointment(scenes.executive(), unit("Models"), source, day="2025-01-01", title="Head"),
        scenes.reorganization("transfer", labs, source, day="2025-09", successor=unit("Cloud")),
    ):
        last = scenes.publish(draft)

    for day in (date(2025, month, 20) for month in range(4, 11)):
        assert chart(company, day, last.recorded_at) | {"known_at": None} == chart(company, day)


def test_a_chart_of_an_instant_takes_as_many_queries_for_many_units_as_for_few(
    company: Organization, source: Document
) -> None:
    known_at = scenes.publish(moved(source)).recorded_at
    with CaptureQueriesContext(connection) as few:
        chart(company, DAY, known_at)
    for number in range(20):
        scenes.unit(f"Unit {number}", company)
    with CaptureQueriesContext(connection) as many:
        chart(company, DAY, known_at)

    assert len(many) == len(few)


def test_an_organization_says_on_which_days_the_register_counts(
    company: Organization, source: Document
) -> None:
    event = scenes.publish(moved(source, "2025-07")).event_id

    parents = organization(unit("Models"))["parents"]

    assert [(p["name"], p["event"], p["from"], p["to"], p["to_precision"]) for p in parents] == [
        ("Cloud", None, None, "2025-07-01", "month"),
        ("Retail", event, "2025-07-01", None, None),
    ]
