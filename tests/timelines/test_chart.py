"""The organization chart of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models.organizations import Organization, OrganizationParent
from events.models.people import Position
from events.timelines.organizations import chart
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
