"""Every page of the admin, by every role."""

from __future__ import annotations

import pytest

from tests.access.checking import differences
from tests.access.matrix import ADMIN
from tests.access.world import World


@pytest.mark.usefixtures("_uncounted")
@pytest.mark.parametrize("name", ADMIN)
def test_a_page_of_the_admin_lets_in_whom_the_matrix_names_and_nobody_else(world: World, name: str) -> None:
    assert differences(world, name, ADMIN[name]) == {}
