"""The formulas and the simulation of capacity planning, against what is known of queues; the checked-in costs."""

from __future__ import annotations

import json
import math
import statistics
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.capacity import costs, plan
from tests.bench.capacity.costs import Cost
from tests.bench.capacity.demand import STEPS, Step, World, demand
from tests.bench.capacity.queueing import Stage, servers_needed, simulate, utilisation, wait, waits


@pytest.fixture
def measured() -> costs.Costs:
    return costs.load(costs.CHECKED_IN)


def test_with_one_server_the_wait_is_that_of_the_textbook() -> None:
    # M/M/1: load / (1 - load) times the time of service.
    assert wait(0.8, 1.0, 1) == pytest.approx(0.8 / 0.2)
    assert waits(0.8, 1.0, 1) == pytest.approx(0.8)


def test_with_two_servers_the_probability_of_waiting_is_erlangs() -> None:
    # C(2, a) = a^2 / (2 + a), from the formula's definition.
    assert waits(1.0, 1.0, 2) == pytest.approx(1 / 3)


def test_a_queue_that_gets_more_than_its_servers_do_waits_for_ever() -> None:
    assert wait(3.0, 1.0, 2) == math.inf
    assert waits(3.0, 1.0, 2) == 1.0
    assert utilisation(3.0, 1.0, 2) == 1.5


def test_servers_needed_are_the_fewest_that_stay_below_the_share() -> None:
    assert servers_needed(7.0, 1.0, 0.7) == 10
    assert servers_needed(7.1, 1.0, 0.7) == 11
    assert servers_needed(0.0, 1.0, 0.7) == 1


@pytest.mark.parametrize(("rate", "servers"), [(0.6, 1), (3.2, 4)])
def test_the_simulation_waits_as_the_formula_says(rate: float, servers: int) -> None:
    [took] = simulate([Stage("one", servers, 1.0)], rate, 100_000)

    assert statistics.fmean(took) == pytest.approx(1.0 + wait(rate, 1.0, servers), rel=0.1)


def test_every_job_passes_every_stage_and_makes_as_many_as_told() -> None:
    first, second = simulate([Stage("a", 2, 0.1, fan_out=2.5), Stage("b", 9, 0.1)], 1.0, 2_000)

    assert len(first) == 2_000
    assert len(second) == pytest.approx(5_000, rel=0.03)
    assert min(second) > 0


def test_bursts_wait_longer_than_the_same_news_one_by_one() -> None:
    stage = Stage("one", 2, 1.0)

    [single], [burst] = simulate([stage], 1.0, 20_000), simulate([stage], 1.0, 20_000, burst=10)

    assert statistics.fmean(burst) > 2 * statistics.fmean(single)


def test_the_simulation_is_the_same_every_time() -> None:
    stages = [Stage("one", 2, 1.0)]

    assert simulate(stages, 1.0, 500) == simulate(stages, 1.0, 500)


def test_demand_grows_with_what_causes_it_and_with_nothing_else() -> None:
    world = World()
    small, feeds = demand(Step(1_000, 1_000, 100), world), demand(Step(1_000, 1_000, 1_000), world)
    readers = demand(Step(1_000, 10_000, 100), world)

    assert feeds.polls == pytest.approx(10 * small.polls)
    assert (feeds.mails, feeds.revisions) == (small.mails, small.revisions)
    assert readers.mails == pytest.approx(10 * small.mails)
    assert readers.polls == small.polls


def test_a_resource_that_costs_twice_as_much_is_used_twice_as_much(measured: costs.Costs) -> None:
    world, need = World(), demand(STEPS[2], World())
    slow = replace(measured, extract=Cost(measured.extract.worker * 2, measured.extract.database * 2))

    before, after = plan.loads(need, measured, world), plan.loads(need, slow, world)

    assert after["extract"].seconds == pytest.approx(2 * before["extract"].seconds)
    assert after["web"] == before["web"]


def test_the_shape_that_is_needed_works_at_most_its_share(measured: costs.Costs) -> None:
    for step in STEPS:
        found = plan.loads(demand(step, World()), measured, World())

        shares = plan.uses(found, plan.needed(found, 0.7))

        assert all(share <= 0.7 + 1e-9 for name, share in shares.items() if name != "ledger")


def test_the_first_step_runs_on_what_is_shipped(measured: costs.Costs) -> None:
    found = plan.loads(demand(STEPS[0], World()), measured, World())

    assert all(share < 1 for share in plan.uses(found, plan.Shape()).values())


def test_the_report_has_every_step_and_every_stage(measured: costs.Costs) -> None:
    said = plan.report(measured)

    assert all(said.count(str(step)) == 3 for step in STEPS)
    assert all(stage in said for stage in costs.STAGES)


def test_costs_are_read_as_they_were_written(measured: costs.Costs, tmp_path: Path) -> None:
    costs.save(measured, tmp_path / "costs.json")

    assert costs.load(tmp_path / "costs.json") == measured


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"poll": {"worker": -1, "database": 0}}'])
def test_a_file_without_costs_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "costs.json"
    file.write_text(content)

    with pytest.raises(costs.BadCosts, match="holds no costs"):
        costs.load(file)


def test_a_cost_that_is_missing_is_named(tmp_path: Path, measured: costs.Costs) -> None:
    costs.save(measured, tmp_path / "costs.json")
    found = json.loads((tmp_path / "costs.json").read_text())
    del found["bytes"]["revision"]
    (tmp_path / "costs.json").write_text(json.dumps(found))

    with pytest.raises(costs.BadCosts, match="revision"):
        costs.load(tmp_path / "costs.json")
