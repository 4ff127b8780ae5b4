"""The history of runs, and what is refused as the base of a comparison."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench import history, machine, report, runner
from tests.bench.results import Result, at_least
from tests.bench.scale import SCALES

ROW = Result("search", "a word", "the bare SQL", 30.0, 40.0, "pages/s", at_least(0.5), 0.02)


def run(commit: str = "abc123", *, scale: str = "small", rows: tuple[Result, ...] = (ROW,)) -> dict[str, Any]:
    return history.line(
        rows,
        scale=scale,
        seconds={row.name: 12.34 for row in rows},
        failed=[],
        machine={"cores": 2, "load": [0.5, 0.4, 0.3]},
        versions={"Python": "3.11.7"},
        checkout={"commit": commit, "changed": False},
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "history.jsonl"


def read(base: object, *names: str, scale: str = "small") -> history.Past:
    return history.read(str(base), names=names or ("search",), scale=scale)


def test_each_run_is_a_line_of_its_own_with_all_that_a_comparison_needs(file: Path) -> None:
    history.append(run("first"), file)
    history.append(run("second"), file)

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["commit"] for line in lines] == ["first", "second"]
    assert lines[0].keys() >= {"at", "scale", "seconds", "failed", "machine", "versions", "rows"}
    assert lines[0]["rows"] == [{**ROW.as_json(), "error": 0.02}]


def test_a_line_that_a_killed_run_left_unfinished_does_not_swallow_the_next(file: Path) -> None:
    history.append(run("first"), file)
    file.write_text(file.read_text() + '{"at": "2025')

    history.append(run("second"), file)

    assert json.loads(file.read_text().splitlines()[-1])["commit"] == "second"


def test_what_is_read_from_the_history_is_what_was_written(file: Path) -> None:
    history.append(run(), file)

    past = read(file)

    assert past.results == [ROW]
    assert (past.scale, past.commit, past.versions) == ("small", "abc123", {"Python": "3.11.7"})


def test_of_a_history_the_latest_run_counts_that_has_the_benchmark_at_that_scale(file: Path) -> None:
    other = Result("mail", "to a sink", "smtplib", 1.0, 2.0, "messages/s")
    for line in (run("old"), run("wanted"), run("large", scale="full"), run("mails", rows=(other,))):
        history.append(line, file)

    assert read(file).commit == "wanted"
    assert read(file, scale="full").commit == "large"
    assert read(file, "mail", "search").commit == "mails"


def test_a_commit_may_be_asked_for(file: Path) -> None:
    for commit in ("abc123", "def456"):
        history.append(run(commit), file)

    assert read(f"{file}@abc").commit == "abc123"
    with pytest.raises(history.BadBase, match="no run of commit 999 at scale small with any of: search"):
        read(f"{file}@999")


def test_a_bench_json_is_a_base_too_without_circumstances_and_scatter(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    report.write_json([ROW], file)

    past = read(file)

    assert [(row.ratio, row.goal, row.error) for row in past.results] == [(0.75, ROW.goal, None)]
    assert past.scale == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("# a table", "line 1 is no JSON"),
        ('{"rows": []}', "line 1 is no run of benchmarks"),
        ('"words"', "line 1 is no run of benchmarks"),
        ("[1]", "row 1 is no object"),
        ('[{"name": "search"}]', "row 1 has no text 'measure'"),
        (
            '[{"name": "a", "measure": "b", "against": "c", "unit": "ms", "ours": 0, "theirs": 1}]',
            "'ours' is no number above 0",
        ),
        (
            '[{"name": "a", "measure": "b", "against": "c", "unit": "ms", "ours": 1, "theirs": 1, "goal": "fast"}]',
            "'fast' is no goal",
        ),
    ],
)
def test_what_is_no_run_is_refused_with_the_place_and_the_reason(
    tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "base"
    file.write_text(content)

    with pytest.raises(history.BadBase, match=said):
        read(file)


def test_a_bad_base_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "measure", lambda *_: pytest.fail("it was measured"))

    assert runner.main(["search", "--base", str(tmp_path / "missing.json")]) == 2
    assert "missing.json cannot be read" in capsys.readouterr().err


def test_the_base_is_read_before_the_run_overwrites_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bench.json"
    report.write_json([ROW], file)

    def measure(*_: object) -> tuple[int, history.Past]:
        report.write_json([], file)
        return 0, history.Past([ROW], "this run", scale="small")

    monkeypatch.setattr(runner, "measure", measure)

    assert runner.main(["search", "--base", str(file)]) == 0
    assert "1 rows compared: 0 slower" in capsys.readouterr().out


@pytest.mark.django_db
def test_machine_and_versions_are_those_that_a_run_depends_on(tmp_path: Path) -> None:
    versions, here = machine.versions(), machine.machine()

    assert versions.keys() >= {"Python", "PostgreSQL", "Redis", "Django", "psycopg"}
    assert all(version[0].isdigit() for version in versions.values())
    assert here.keys() == {"cores", "memory_gb", "cpu", "kernel", "system", "load"}
    assert machine.checkout(tmp_path) == {"commit": None, "changed": False}


def test_seconds_are_kept_of_benchmarks_that_did_not_fail() -> None:
    def broken(scale: object) -> list[Result]:
        raise RuntimeError("the disk is full")

    seconds: dict[str, float] = {}
    runner.run_all({"broken": broken, "whole": lambda scale: [ROW]}, SCALES["small"], seconds)

    assert seconds.keys() == {"whole"}


@pytest.mark.services
def test_a_real_run_is_kept_and_differs_in_nothing_from_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "tests.bench", "changes", "--scale", "tiny", "--output", str(tmp_path)]
    kept = str(tmp_path / "bench-history.jsonl")

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    [run] = [json.loads(line) for line in Path(kept).read_text().splitlines()]
    assert (run["scale"], run["failed"], len(run["rows"])) == ("tiny", [], 2)
    assert run["versions"].keys() >= {"Python", "PostgreSQL", "Redis", "Django"}
    assert run["seconds"]["changes"] > 0
    assert len(json.loads((tmp_path / "bench.json").read_text())) == 2
    assert runner.main(["changes", "--scale", "tiny", "--base", kept, "--now", kept]) == 0
    assert "2 rows compared: 0 slower or larger beyond the noise" in capsys.readouterr().out
