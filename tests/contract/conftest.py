"""A record with something of everything, and a caller who may do everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from pytest_django import Settings

from events.models.access import ApiKey, User
from tests import scenes
from tests.api.conftest import record
from tests.timelines.conftest import Record

__all__ = ["record"]


@pytest.fixture
def full_record(record: Record, clean_cache: None) -> Record:
    """The record of one demotion, with an appointment and candidates that wait beside it."""
    record.publish("2024-03")
    scenes.candidate(scenes.document(scenes.DEMOTION_TEXT))
    return record


@pytest.fixture
def headers(full_record: Record, settings: Settings) -> dict[str, Any]:
    """The headers of a curator's key with every scope and a rate that the calls do not reach. Streams end at once."""
    settings.API_STREAM_SECONDS = 0
    owner = User.objects.create_superuser("contract", password="x")
    row, key = ApiKey.issue(owner, "contract", ["read", "export", "subscriptions", "webhooks", "review"])
    ApiKey.objects.filter(pk=row.pk).update(rate=10_000_000)
    return {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The calls share the test's transaction, so they must not close its connection, as Django's own client sees to."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
