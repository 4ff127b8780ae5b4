"""What the tests of feeds share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.feeds.hubs import Hub, running_hub
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


@pytest.fixture
def hub(settings: Settings, live_server: LiveServer, allowed_site: Site) -> Iterator[Hub]:
    """A hub that is allowed, with our own callbacks reachable."""
    with running_hub() as running:
        settings.WEBSUB = True
        settings.SITE_URL = live_server.url
        settings.FETCH_ALLOWED_HOSTS = [allowed_site.address, running.address]
        yield running
