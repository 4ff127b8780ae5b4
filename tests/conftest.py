"""What every test may use. Servers are real: the embedded PostgreSQL and Redis unless URLs are set."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django import Settings
from xdist.remote import Producer

from tests.scheduling import Scheduling

REPOSITORY = Path(__file__).resolve().parent.parent
_NEW_OBJECTS = 20_000
"""More of them than died since are looked through for garbage."""


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: a process a core and one that mostly waits, each with servers of its own. A Redis that was given from
    outside is one, and its tests would take each other's messages."""
    return 1 if os.environ.get("REDIS_URL") else (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """`--dist loadfile` in the order of `tests.scheduling`."""
    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """What is imported by now stays until the end: looked through at each collection of garbage, it and the default
    of 700 new objects are a tenth of the time that all tests take."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


@pytest.fixture(scope="session", autouse=True)
def _ledger_can_be_emptied(request: pytest.FixtureRequest) -> None:
    """Transactional tests end with TRUNCATE, which the ledger refuses: the test database alone lets it pass."""
    if any("django_db" in item.keywords or _uses_database(item) for item in request.session.items):
        request.getfixturevalue("django_db_setup")
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE events_revision DISABLE TRIGGER revision_no_truncate")


def _uses_database(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", [])
    return any(name in names for name in ("db", "transactional_db", "live_server"))


@pytest.fixture
def clean_cache() -> Iterator[None]:
    """An empty cache before and after."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    """Slow password hashes protect real users; here they would be most of the time that the tests take."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
