"""What counts as slower than an earlier run. Nothing is measured here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import comparison, report, runner, timing
from tests.bench.comparison import FASTER, SAME, SLOWER, Change
from tests.bench.history import Past
from tests.bench.results import Goal, Result, at_least, at_most


def row(
    ratio: float,
    *,
    error: float | None = 0.001,
    unit: str = "pages/s",
    goal: Goal | None = None,
    name: str = "search",
) -> Result:
    return Result(name, "a page", "the bare SQL", ratio * 40, 40.0, unit, goal, error)


def past(*rows: Result, **circumstances: object) -> Past:
    return Past(list(rows), "a file", **circumstances)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unit", "goal", "verdicts"),
    [
        ("pages/s", None, (SLOWER, SAME, FASTER)),
        ("ms", None, (FASTER, SAME, SLOWER)),
        ("ms", at_least(0.5), (SLOWER, SAME, FASTER)),
        ("pages/s", at_most(2), (FASTER, SAME, SLOWER)),
    ],
)
def test_less_is_slower_for_rates_and_faster_for_costs_and_a_goal_says_which_it_is(
    unit: str, goal: Goal | None, verdicts: tuple[str, ...]
) -> None:
    then = row(1.0, unit=unit, goal=goal)

    found = tuple(Change(then, row(now, unit=unit, goal=goal)).verdict for now in (0.8, 1.05, 1.3))

    assert found == verdicts


def test_repetitions_that_scatter_much_hide_a_change_that_steady_ones_show() -> None:
    steady = Change(row(1.0, error=0.01), row(0.8, error=0.01))
    scattered = Change(row(1.0, error=0.01), row(0.8, error=0.1))

    assert (steady.verdict, scattered.verdict) == (SLOWER, SAME)
    assert scattered.noise == pytest.approx(3 * (0.1**2 + 0.01**2) ** 0.5)


def test_even_the_steadiest_repetitions_have_a_floor_of_noise() -> None:
    assert Change(row(1.0, error=0.0), row(0.92, error=0.0)).verdict == SAME


def test_what_was_measured_once_has_wide_noise_and_memory_a_narrow_one() -> None:
    assert Change(row(1.0, error=None), row(0.8, error=None)).verdict == SAME
    assert Change(row(1.0, error=None), row(0.7, error=None)).verdict == SLOWER
    assert Change(row(1.0, error=None, unit="MB"), row(1.2, error=None, unit="MB")).verdict == SLOWER


def test_a_run_that_does_not_tell_its_scatter_is_taken_to_scatter_as_the_other() -> None:
    assert Change(row(1.0, error=None), row(1.0, error=0.1)).noise == pytest.approx(3 * 0.1 * 2**0.5)


def test_goals_that_were_lost_and_reached_are_named() -> None:
    goal = at_least(0.5)
    found = comparison.compare(past(row(0.6, goal=goal)), past(row(0.4, goal=goal)), ["search"])
    back = comparison.compare(past(row(0.4, goal=goal)), past(row(0.6, goal=goal)), ["search"])

    assert "Goal lost: search, a page, against the bare SQL" in comparison.text(found, past())
    assert "Goal reached: search, a page, against the bare SQL" in comparison.text(back, past())


def test_rows_of_one_run_alone_are_named_and_those_of_benchmarks_not_asked_for_are_not() -> None:
    gone, new, other = row(1, name="gone"), row(1, name="new"), row(1, name="other")

    found = comparison.compare(past(gone, other), past(new), ["gone", "new"])

    assert (found.missing, found.new, found.changes) == ([gone], [new], [])
    said = comparison.text(found, past())
    assert "Only then: gone, a page, against the bare SQL" in said
    assert "Only now: new, a page, against the bare SQL" in said


def test_what_differs_between_the_machines_and_the_versions_is_said() -> None:
    then = past(
        row(1), scale="small", machine={"cores": 2, "load": [0.1, 0, 0]}, versions={"Django": "5.2.1"}
    )
    now = past(row(1), scale="full", machine={"cores": 4, "load": [3.0, 0, 0]}, versions={"Django": "5.2.9"})

    remarks = comparison.compare(then, now, ["search"]).remarks

    assert remarks == [
        "The scales differ: small then, full now.",
        "Other machine: cores: 2 -> 4.",
        "Other versions: Django: 5.2.1 -> 5.2.9.",
        "Load average at the start: 0.1 then, 3.0 now.",
    ]


def test_a_run_without_circumstances_is_said_to_have_none() -> None:
    whole, bare = past(row(1), scale="small", machine={"cores": 2}), past(row(1))

    assert (
        comparison.compare(bare, whole, ["search"])
        .remarks[0]
        .startswith("The earlier run does not say its scale")
    )
    assert (
        comparison.compare(whole, bare, ["search"])
        .remarks[0]
        .startswith("The later run does not say its scale")
    )


def test_a_larger_memory_is_called_larger(tmp_path: Path) -> None:
    found = comparison.compare(past(row(1, unit="MB")), past(row(2, unit="MB")), ["search"])

    [line] = [line for line in comparison.text(found, past()).splitlines() if line.startswith("search")]

    assert "larger" in line
    assert "+100%" in line


@pytest.mark.parametrize(("now", "status"), [(0.74, 0), (0.4, 3), (2.0, 0)])
def test_the_exit_status_says_whether_anything_got_slower(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], now: float, status: int
) -> None:
    then_file, now_file = tmp_path / "then.json", tmp_path / "now.json"
    report.write_json([row(0.75)], then_file)
    report.write_json([row(now)], now_file)

    assert runner.main(["--base", str(then_file), "--now", str(now_file)]) == status
    assert f"1 rows compared: {int(status == 3)} slower" in capsys.readouterr().out


def test_the_scatter_of_few_repetitions_is_unknown_and_equal_ones_have_none() -> None:
    assert timing.error_of_median([1.0, 2.0]) is None
    assert timing.error_of_median([2.0, 2.0, 2.0]) == 0.0


def test_how_far_off_a_disturbed_repetition_lies_does_not_matter() -> None:
    few, far = (timing.error_of_median([0.9, 1.0, 1.1, 1.0, 0.95, 1.05, outlier]) for outlier in (2.0, 500.0))

    assert few == far


def test_more_repetitions_make_a_median_surer() -> None:
    few, many = (timing.error_of_median([0.9, 1.0, 1.1] * times) for times in (3, 30))

    assert few is not None
    assert many is not None
    assert many < few / 2


def test_growth_is_as_unsure_as_both_sizes_together() -> None:
    small, large = [1.0, 1.1, 0.9, 1.0], [2.0, 2.4, 1.6, 2.0]

    pair = timing.growth(small, large)

    errors = timing.error_of_median(small), timing.error_of_median(large)
    assert None not in errors
    assert (pair.ours, pair.theirs) == (2.0, 1.0)
    assert pair.error == pytest.approx(sum(error**2 for error in errors if error) ** 0.5)
