"""The runner's own rules. No benchmark is run here, and nothing asserts on a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench import articles, isolated, report, runner, timing
from tests.bench.results import Goal, Result, at_least, at_most
from tests.bench.scale import SCALES, Scale

KEYS = ["name", "measure", "ratio", "against", "goal", "ours", "theirs", "unit"]


def result(**fields: object) -> Result:
    values: dict[str, object] = {
        "name": "timeline",
        "measure": "page of 50",
        "against": "bare view",
        "ours": 30.0,
        "theirs": 40.0,
        "unit": "pages/s",
    }
    return Result(**(values | fields))  # type: ignore[arg-type]


def test_the_ratio_is_ours_to_theirs() -> None:
    assert result(ours=30.0, theirs=40.0).ratio == 0.75


@pytest.mark.parametrize(
    ("goal", "met"),
    [(at_least(0.75), True), (at_least(0.76), False), (at_most(0.75), True), (at_most(0.74), False)],
)
def test_a_goal_bounds_the_ratio_and_the_bound_itself_is_within(goal: Goal, met: bool) -> None:
    assert result(goal=goal).met is met


def test_without_a_goal_nothing_is_met_or_missed() -> None:
    assert result().met is None


def test_a_goal_is_a_lower_or_an_upper_bound() -> None:
    with pytest.raises(ValueError, match=">= or <="):
        Goal("==", 1)


def test_rates_come_from_the_medians_of_both_sides() -> None:
    pairs = [timing.Pair(1.0, 4.0), timing.Pair(2.0, 2.0), timing.Pair(60.0, 3.0)]

    pair = timing.median_pair(pairs)

    assert pair == timing.Pair(2.0, 3.0)
    assert pair.error is not None
    assert pair.rates(6) == (3.0, 2.0)
    assert pair.milliseconds() == (2000.0, 3000.0)


def test_repetitions_alternate_and_take_turns_in_being_first() -> None:
    calls: list[str] = []

    timing.compare(lambda: calls.append("ours"), lambda: calls.append("theirs"), rounds=2, warm_up=1)

    assert calls == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]


def test_the_file_is_a_list_of_rows_with_exactly_the_agreed_keys(tmp_path: Path) -> None:
    path = tmp_path / "new" / "bench.json"

    report.write_json([result(goal=at_least(0.6)), result(theirs=3.0)], path)

    rows = json.loads(path.read_text())
    assert [list(row) for row in rows] == [KEYS, KEYS]
    assert rows[0]["goal"] == ">= 0.6"
    assert rows[0]["ratio"] == 0.75
    assert rows[1]["goal"] is None
    assert [file.name for file in path.parent.iterdir()] == ["bench.json"]


def test_the_table_has_a_line_for_each_result_and_says_what_is_missed() -> None:
    lines = report.table([result(goal=at_least(0.9)), result(goal=at_least(0.6)), result()]).splitlines()

    assert lines[0].split() == list(report.HEADINGS)
    assert [line.split()[-1] for line in lines[2:]] == ["NO", "yes", "view"]
    assert "0.75" in lines[2]


def test_columns_stay_aligned_beside_wide_characters() -> None:
    lines = report.table([result(measure="时间线", goal=at_least(1)), result(goal=at_least(1))]).splitlines()

    assert len(lines[2]) + 3 == len(lines[3])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.000123, "0.00012"), (0.75, "0.75"), (12345.6, "12,300"), (99.99, "100")],
)
def test_figures_are_short_and_without_exponents(value: float, text: str) -> None:
    assert report.number(value) == text


def test_the_footer_names_what_is_not_measured() -> None:
    assert "search, export" in report.footer("small", ["search", "export"])
    assert "Not measured" not in report.footer("small", [])


def test_an_unknown_name_is_refused_with_the_names_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    status = runner.main(["timelines"])

    said = capsys.readouterr()
    assert status == 2
    assert "'timelines'" in said.err
    assert all(name in said.err for name in runner.BENCHMARKS)
    assert said.out == ""


def test_a_benchmark_of_what_is_not_built_yet_is_refused_as_such(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "NOT_BUILT", ("later",))

    assert runner.main(["later"]) == 2
    assert "not built yet" in capsys.readouterr().err


def test_a_benchmark_that_fails_does_not_take_the_others_along(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(scale: Scale) -> list[Result]:
        raise RuntimeError("the disk is full")

    results, failed = runner.run_all({"broken": broken, "whole": lambda scale: [result()]}, SCALES["small"])

    assert (results, failed) == ([result()], ["broken"])
    said = capsys.readouterr()
    assert "the disk is full" in said.err
    assert said.out == ""


def test_a_benchmark_whose_process_dies_has_failed_with_its_exit_status(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(isolated.Ended, match="none_such ended with 1"):
        isolated.run("none_such", SCALES["small"])

    assert "tests.bench.none_such" in capfd.readouterr().err


def test_articles_are_all_different_and_the_same_every_time() -> None:
    first, again = articles.articles(60), articles.articles(60)

    assert first == again
    assert len({article.html for article in first}) == 60
    assert {article.language for article in first} == {"en", "zh"}


def test_every_benchmark_says_in_its_docstring_what_it_compares() -> None:
    folder = Path(runner.__file__).parent

    for name in runner.BENCHMARKS:
        text = (folder / f"{name}.py").read_text()
        docstring = text.split('"""')[1]
        assert "Floor" in docstring or "against" in docstring or "Theirs" in docstring
