"""Under load: each program of the service is killed, and the clock of its host steps. Nothing is lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.load import load
from tests.faults.mischief import Mischief, in_turn
from tests.faults.settling import problems
from tests.faults.world import Plan, world

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]


def test_killed_programs_and_a_clock_that_steps_cost_nothing(tmp_path: Path) -> None:
    plan = Plan(articles=18, editions=6, workers=2)
    with world(tmp_path, 11, plan) as there, load(there, pace=3.0) as on:
        mischief = Mischief(there, there.random)
        in_turn(
            mischief, ["kill_worker_process", "kill_web_process", "step_clock", "kill_worker", "kill_beat"]
        )
        in_turn(mischief, ["kill_web"])

        assert problems(on) == []
