"""The receiver that every test of sending talks to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.alerts.hooks.receivers import Receiver, running_receiver


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver that the operator allows."""
    with running_receiver() as running:
        settings.WEBHOOK_ALLOWED_HOSTS = [running.address]
        yield running
