"""Every endpoint of the API, by every role and every scope, also of what belongs to somebody else."""

from __future__ import annotations

import pytest

from tests.access.checking import differences
from tests.access.matrix import API
from tests.access.world import World


@pytest.mark.usefixtures("_uncounted")
@pytest.mark.parametrize("name", API)
def test_an_endpoint_lets_in_whom_the_matrix_names_and_nobody_else(world: World, name: str) -> None:
    assert differences(world, name, API[name]) == {}
