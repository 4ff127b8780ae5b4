"""What a public page may cost: SQL statements, and bytes over the wire without pictures."""

from __future__ import annotations

import gzip
import itertools

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.record import publishing
from tests import scenes
from tests.web.conftest import Scene
from tests.web.rich import Rich, addresses, fill

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


def paths(rich: Rich) -> list[str]:
    return [
        *(path for path in addresses(rich) if path != "/no-such-page/"),
        "/search/?q=Ilse",
        "/search/?q=Northlake+Cloud",
        "/subscribe/",
        "/sitemap.xml",
        "/sitemap-events.xml",
    ]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_public_page_costs_at_most_twelve_statements_and_a_hundred_kilobytes(
    client: Client, full: Scene, language: str
) -> None:
    found = {}
    for path in paths(fill(full)):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path, headers={"accept-encoding": "gzip", "accept-language": language})
        assert response.status_code == 200, path
        packed = response.headers.get("Content-Encoding") == "gzip"
        sent = len(response.content) if packed else len(gzip.compress(response.content))
        found[path] = (len(queries), sent)

    assert {
        path: cost for path, cost in found.items() if cost[0] > MOST_STATEMENTS or cost[1] > MOST_BYTES
    } == {}
