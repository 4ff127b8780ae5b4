"""A desk with a record behind it."""

from __future__ import annotations

import pytest

from tests.curation.helpers import Desk


@pytest.fixture
def desk(db: None) -> Desk:
    """A company with grades and two curators."""
    return Desk()
