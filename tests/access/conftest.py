"""One world for all tests of a module: what a request changes is rolled back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases

from api import tickets
from tests.access import world as worlds
from tests.access.world import World


@pytest.fixture(scope="session")
def _test_database(
    django_db_setup: None, django_db_blocker: Any, django_db_keepdb: bool, django_db_createdb: bool
) -> Iterator[None]:
    """The test database, also where no test of the session has the mark that would have it made."""
    if connection.settings_dict["NAME"].startswith("test_"):
        yield
        return
    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep)
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def world(_test_database: None, django_db_blocker: Any) -> Iterator[World]:
    """Everything that there is to ask for, and who asks."""
    logging.disable(logging.CRITICAL)
    fast = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), fast, transaction.atomic():
        cache.clear()
        yield worlds.make()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture
def _uncounted() -> None:
    """Nobody has asked for anything yet."""
    cache.clear()
    tickets.forget()
