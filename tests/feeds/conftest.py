"""What the tests of feeds share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.feeds.servers import Site, running_site

RECORDED = Path(__file__).resolve().parents[2] / "fixtures" / "feeds" / "recorded"


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site without pages; tests give it some."""
    with running_site() as running:
        yield running


@pytest.fixture
def allowed_site(site: Site, settings: Settings) -> Site:
    """The site, allowed by the deployment's settings, which also keep requests short."""
    settings.FETCH_ALLOWED_HOSTS = [site.address]
    settings.FETCH_TIMEOUT = 5
    settings.FETCH_MAX_BYTES = 300_000
    return site
