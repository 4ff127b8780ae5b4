"""A model's endpoint, and an article of which the built-in extractor reads one claim of two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from events.intake.modelling import budget
from events.models.sources import Document
from tests import scenes
from tests.intake.models import KEY, TEXT, Endpoint, running


@pytest.fixture
def endpoint(settings: Settings, db: None) -> Iterator[Endpoint]:
    with running() as site:
        settings.MODEL_URL, settings.MODEL_NAME, settings.MODEL_KEY = site.url, "small-model", KEY
        cache.delete(budget.REST)
        yield site
        cache.delete(budget.REST)


@pytest.fixture
def source(db: None) -> Document:
    return scenes.document(TEXT)
