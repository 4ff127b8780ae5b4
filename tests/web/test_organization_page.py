"""An organization's page over time."""

from __future__ import annotations

import pytest
from django.test import Client

from events.models.organizations import Organization
from events.models.record import Revision
from events.record import publishing
from tests import scenes
from tests.web.conftest import Scene


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
