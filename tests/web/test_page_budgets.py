"""What a public page may cost: SQL statements, and bytes over the wire without pictures."""

from __future__ import annotations

import gzip
import itertools

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.record import publishing
from tests import scenes
from tests.web.conftest import Scene

MOST_STATEMENTS = 12
MOST_BYTES = 100_000
EVENTS = 60


@pytest.fixture
def full(scene: Scene) -> Scene:
    """The small record with a person and an organization that fill a page of their timelines."""
    days = (f"20{year:02}-{month:02}-01" for year, month in itertools.product(range(10, 16), range(1, 13)))
    for day in itertools.islice(days, EVENTS):
        publishing.publish(
            scenes.appointment(scene.person, scene.cloud, scene.source, day=day, title="CEO"), scene.author
        )
    return scene


def paths(scene: Scene) -> list[str]:
    return [
        "/",
        f"/people/{scene.person.pk}/",
        f"/people/{scene.person.pk}/?known_at=2100-01-01",
        f"/people/{scene.person.pk}/?valid_at=2012-01-01",
        f"/organizations/{scene.cloud.pk}/",
        f"/organizations/{scene.parent.pk}/",
        f"/events/{scene.demotion.pk}/",
        "/search/?q=Ilse",
        "/search/?q=Northlake+Cloud",
        "/changes/",
        "/about/",
        "/method/",
        "/corrections/",
        "/subscribe/",
        "/sitemap.xml",
        "/sitemap-events.xml",
    ]


def test_a_public_page_costs_at_most_twelve_statements_and_a_hundred_kilobytes(
    client: Client, full: Scene
) -> None:
    found = {}
    for path in paths(full):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200, path
        packed = response.headers.get("Content-Encoding") == "gzip"
        sent = len(response.content) if packed else len(gzip.compress(response.content))
        found[path] = (len(queries), sent)

    assert {
        path: cost for path, cost in found.items() if cost[0] > MOST_STATEMENTS or cost[1] > MOST_BYTES
    } == {}
