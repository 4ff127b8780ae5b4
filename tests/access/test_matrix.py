"""Every route has an entry in the matrix, and every entry a route; the rest of the matrix is held in files of its own."""

from __future__ import annotations

import pytest

from tests.access.checking import differences
from tests.access.matrix import DESK, MATRIX, PUBLIC, SIGNING_IN, VARIANTS
from tests.access.routes import routes
from tests.access.world import World


def test_every_route_has_an_entry() -> None:
    assert [name for name in routes() if name not in MATRIX] == []


def test_every_entry_has_a_route() -> None:
    known = set(routes())

    assert [name for name in MATRIX if name not in known] == []


@pytest.mark.usefixtures("_uncounted")
@pytest.mark.parametrize("name", [*SIGNING_IN, *PUBLIC, *DESK])
def test_a_page_lets_in_whom_the_matrix_names_and_nobody_else(world: World, name: str) -> None:
    assert differences(world, name, MATRIX[name]) == {}


@pytest.mark.usefixtures("_uncounted")
@pytest.mark.parametrize(
    "number", range(len(VARIANTS)), ids=[f"{n}-{name}" for n, (name, _) in enumerate(VARIANTS)]
)
def test_other_words_in_an_address_open_nothing(world: World, number: int) -> None:
    name, entry = VARIANTS[number]

    assert differences(world, name, entry) == {}
