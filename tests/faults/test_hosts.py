"""Workers on three hosts share PostgreSQL and Redis; a host that is cut off in the midst of its work costs nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.load import load
from tests.faults.networks import hosts, why_no_hosts
from tests.faults.settling import problems
from tests.faults.world import Plan, World, world
from tests.local.helpers import eventually

pytestmark = [
    pytest.mark.services,
    pytest.mark.timeout(900),
    pytest.mark.skipif(bool(why_no_hosts()), reason=why_no_hosts()),
]


def takes_tasks_again(there: World, worker: str) -> bool:
    """Whether the worker does work that was not there before."""
    before = there.log_of(worker).count("succeeded in")
    return eventually(lambda: there.log_of(worker).count("succeeded in") > before, 90)


def test_a_host_that_is_cut_off_and_comes_back_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with hosts(3) as network:
        plan = Plan(
            articles=18,
            editions=6,
            address=network.address,
            hosts=[host.prefix for host in network.hosts],
        )
        with world(tmp_path, 31, plan) as there, load(there, pace=4.0) as on:
            for host, worker, seconds in zip(network.hosts, there.workers, (2.0, 14.0, 2.0), strict=True):
                # The second is away for longer than the servers wait for it: they close what it still takes for open.
                assert takes_tasks_again(there, worker)
                host.cut_off()
                time.sleep(seconds)
                host.connect()

            assert problems(on) == []
            for worker in there.workers:
                assert takes_tasks_again(there, worker)
