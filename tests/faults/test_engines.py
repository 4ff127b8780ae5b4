"""Under load: PostgreSQL and Redis are restarted, killed, paused and emptied. Nothing is lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.load import load
from tests.faults.mischief import Mischief, in_turn
from tests.faults.settling import problems
from tests.faults.world import Plan, world

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]


def test_engines_that_fail_cost_nothing(tmp_path: Path) -> None:
    plan = Plan(articles=18, editions=6, workers=2)
    with world(tmp_path, 12, plan) as there, load(there, pace=3.0) as on:
        mischief = Mischief(there, there.random)
        in_turn(mischief, ["empty_redis", "restart_postgres", "pause_postgres", "stop_redis"])
        in_turn(mischief, ["kill_postgres", "pause_redis"])

        assert problems(on) == []
