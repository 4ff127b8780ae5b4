"""Runs that were: one line of JSON each, appended to `.local/bench-history.jsonl`; and reading them, or a plain
`bench.json`, as the base of a comparison."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.results import Goal, Result

_TEXTS, _NUMBERS = ("name", "measure", "against", "unit"), ("ours", "theirs")


class BadBase(ValueError):
    """What was named as the base is no run of benchmarks; the message says why."""


@dataclass(frozen=True)
class Past:
    """A run: its rows and, from the history, its circumstances; a `bench.json` has the rows alone."""

    results: list[Result]
    source: str
    at: str = ""
    scale: str = ""
    commit: str = ""
    machine: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


def line(
    results: Sequence[Result],
    *,
    scale: str,
    seconds: dict[str, float],
    failed: Sequence[str],
    machine: dict[str, Any],
    versions: dict[str, str],
    checkout: dict[str, Any],
) -> dict[str, Any]:
    """A line of the history. `seconds` has each benchmark that ran; a row has the contract's keys and its `error`."""
    rows = [{**one.as_json(), "error": _rounded(one.error)} for one in results]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        **checkout,
        "scale": scale,
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "failed": list(failed),
        "machine": machine,
        "versions": versions,
        "rows": rows,
    }


def append(run: dict[str, Any], path: Path) -> None:
    """Adds the line; one that a killed run left unfinished does not swallow it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        if file.seek(0, 2) and (file.seek(-1, 2), file.read(1))[1] != b"\n":
            file.write(b"\n")
        file.write(json.dumps(run, ensure_ascii=False).encode() + b"\n")


def read(base: str, *, names: Iterable[str], scale: str) -> Past:
    """The run that `base` names: a `bench.json`, or a history, whose latest run at that scale with one of the
    benchmarks is taken; `FILE@COMMIT` takes the latest one of a commit. Raises BadBase."""
    path, commit = _parted(base)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise BadBase(f"{path} cannot be read: {error}") from None
    try:
        found = json.loads(text)
    except ValueError:
        return _latest(text, path, commit, frozenset(names), scale)
    if isinstance(found, list) and not commit:
        return Past(_results(found, str(path)), str(path))
    return _latest(text, path, commit, frozenset(names), scale)


def _parted(base: str) -> tuple[Path, str]:
    path, mark, commit = base.rpartition("@")
    return (Path(path), commit) if mark and not Path(base).exists() else (Path(base), "")


def _latest(text: str, path: Path, commit: str, names: frozenset[str], scale: str) -> Past:
    runs = [
        (number, _run(line, f"{path}, line {number}"))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    if not runs:
        raise BadBase(f"{path} is empty")
    for number, run in reversed(runs):
        if (
            run["scale"] == scale
            and str(run.get("commit")).startswith(commit)
            and names.intersection(run["seconds"])
        ):
            return _past(run, f"{path}, line {number}")
    wanted = f" of commit {commit}" if commit else ""
    raise BadBase(f"{path} has no run{wanted} at scale {scale} with any of: {', '.join(sorted(names))}")


def _run(line: str, where: str) -> dict[str, Any]:
    try:
        run = json.loads(line)
    except ValueError as error:
        raise BadBase(f"{where} is no JSON: {error}") from None
    if not isinstance(run, dict) or not {"scale", "seconds", "rows"} <= run.keys():
        raise BadBase(f"{where} is no run of benchmarks: it needs scale, seconds and rows")
    return run


def _past(run: dict[str, Any], source: str) -> Past:
    return Past(
        _results(run["rows"], source),
        source,
        at=str(run.get("at", "")),
        scale=str(run["scale"]),
        commit=str(run.get("commit") or ""),
        machine=run.get("machine") or {},
        versions=run.get("versions") or {},
    )


def _results(rows: Any, where: str) -> list[Result]:
    if not isinstance(rows, list):
        raise BadBase(f"{where}: the rows are no list")
    return [_result(row, f"{where}, row {number}") for number, row in enumerate(rows, 1)]


def _result(row: Any, where: str) -> Result:
    if not isinstance(row, dict):
        raise BadBase(f"{where} is no object")
    for key in _TEXTS:
        if not isinstance(row.get(key), str):
            raise BadBase(f"{where} has no text {key!r}")
    for key in _NUMBERS:
        value = row.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise BadBase(f"{where}: {key!r} is no number above 0")
    error = row.get("error")
    return Result(
        name=row["name"],
        measure=row["measure"],
        against=row["against"],
        ours=row["ours"],
        theirs=row["theirs"],
        unit=row["unit"],
        goal=_goal(row.get("goal"), where),
        error=float(error) if isinstance(error, int | float) else None,
    )


def _goal(text: Any, where: str) -> Goal | None:
    if text is None:
        return None
    try:
        sign, value = str(text).split()
        return Goal(sign, float(value))
    except ValueError:
        raise BadBase(f"{where}: {text!r} is no goal such as '>= 0.6'") from None


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")
