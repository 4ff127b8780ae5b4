"""An organization's page over time."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from events.choices import Status
from events.models.organizations import Organization
from events.models.record import Revision
from events.record import publishing
from tests import scenes
from tests.web.conftest import Scene
from tests.web.rich import figures, fill


@pytest.fixture
def group(scene: Scene) -> Organization:
    """What Northlake Cloud moves to."""
    return scenes.company("Southlake Group")


@pytest.fixture
def moved(scene: Scene, group: Organization) -> Revision:
    """The move of Northlake Cloud, on 1 June 2025; the demotion is of 18 October."""
    draft = scenes.reorganization(
        "transfer", scene.cloud, scene.source, day="2025-06-01", of=scene.parent, successor=group
    )
    return publishing.publish(draft, scene.author)


def body(client: Client, row: Organization, **query: str) -> str:
    """The page of an organization."""
    response = client.get(f"/organizations/{row.pk}/", query)
    assert response.status_code == 200
    return response.content.decode()


def link(row: Organization) -> str:
    """How a page links to an organization."""
    return f'href="/organizations/{row.pk}/"'


def test_a_page_shows_the_units_of_the_day(
    client: Client, scene: Scene, group: Organization, moved: Revision
) -> None:
    assert link(scene.cloud) not in body(client, group, valid_at="2025-05-31")
    assert link(scene.cloud) in body(client, group, valid_at="2025-06-01")
    assert link(group) in body(client, scene.cloud, valid_at="2025-06-01")
    assert link(group) not in body(client, scene.cloud, valid_at="2025-05-31")


def test_a_page_shows_the_units_that_the_record_knew_of(
    client: Client, scene: Scene, group: Organization, moved: Revision
) -> None:
    last = publishing.retract(moved.event_id, scene.author)

    assert link(scene.cloud) not in body(client, group, known_at=last.recorded_at.isoformat())
    assert link(scene.cloud) in body(client, group, known_at=moved.recorded_at.isoformat())


def test_a_page_shows_what_its_units_did_while_they_were_its_units(
    client: Client, scene: Scene, group: Organization, moved: Revision
) -> None:
    demotion = f'href="/events/{scene.demotion.pk}/"'

    assert demotion in body(client, group)
    assert demotion not in body(client, scene.parent)


def test_a_dissolved_unit_shows_what_it_was_part_of(client: Client, scene: Scene) -> None:
    draft = scenes.reorganization("dissolution", scene.cloud, scene.source, day="2025-06-01")
    publishing.publish(draft, scene.author)

    page = body(client, scene.cloud)

    assert link(scene.parent) in page
    assert "1 June 2025" in page


def test_the_structure_nests_units_of_units_with_who_led_them_that_day(client: Client, scene: Scene) -> None:
    team = scenes.unit("Model Team", scene.cloud)
    lead = scenes.executive("Devon Clarke")
    publishing.publish(
        scenes.appointment(lead, team, scene.source, day="2024-01-15", title="Team lead"), scene.author
    )

    page = body(client, scene.parent, valid_at="2024-02-01")

    structure = page[page.index('id="structure"') : page.index('id="timeline"')]
    assert re.search(
        rf"{link(scene.cloud)}.*<ul class=\"tree\">.*{link(team)}.*Team lead: <a[^>]*>Devon Clarke", structure
    )
    assert "Devon Clarke" not in body(client, scene.parent, valid_at="2024-01-14")


def test_the_days_on_which_the_structure_changed_are_offered(
    client: Client, group: Organization, moved: Revision
) -> None:
    assert 'href="?valid_at=2025-06-01#structure"' in body(client, group)


def test_growth_stands_beside_that_of_peers_in_its_order(client: Client, scene: Scene) -> None:
    fill(scene)

    page = body(client, scene.cloud)

    table = page[page.index('id="growth-1"') : page.index('id="figures"')]
    assert re.findall(r"[+\-][\d.]+%", table) == ["+60%", "+8.5%", "-4%"]
    assert table.index("Southlake Cloud") < table.index("Northlake Cloud") < table.index("Eastlake Cloud")


def test_what_is_only_planned_is_no_growth_to_compare(client: Client, scene: Scene) -> None:
    figures(scene, scene.cloud, value=10, change=0.1)
    figures(scene, scenes.company("Southlake Cloud"), Status.PLANNED, value=10, change=0.9)

    page = body(client, scene.cloud)

    assert "Southlake Cloud" not in page
    assert "No other organization in the record states this figure yet." in page


def test_releases_show_their_pace_beside_peers(client: Client, scene: Scene) -> None:
    fill(scene)

    page = body(client, scene.cloud, valid_at="2025-04-01")

    assert "Releases of Northlake Cloud over time" in page
    assert "Heron 3" in page
    assert "59" in page[page.index('id="cadence"') : page.index('id="timeline"')]
    assert "Heron 3" not in body(client, scene.cloud, valid_at="2025-01-31")
