"""What got slower since an earlier run, beyond the noise.

Compared are ratios, ours to theirs, for both sides were measured in the same run: a slower or a busier machine changes
both. Two ratios differ when the quotient of the later and the earlier one is further from 1 than

- three standard errors of it, as both runs' repetitions scatter (a run that does not tell, such as a bench.json, is
  taken to scatter as the other one), and at least 10 %: what repetitions in one process do not show, such as where code
  and data come to lie in memory, makes runs of the same code differ by about so much;
- 30 % for what is measured once; 10 % for memory.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.bench import report
from tests.bench.history import Past
from tests.bench.results import Result

ERRORS = 3.0
FLOOR = 0.10
ONCE = 0.30
MEMORY = 0.10

SLOWER, FASTER, SAME = "slower", "faster", "same"
HEADINGS = (
    "name",
    "measure",
    "against",
    "ratio then",
    "now",
    "change",
    "noise",
    "verdict",
    "goal then",
    "now",
)
_RIGHT = frozenset({3, 4, 5, 6})
_WORDS = {("MB", SLOWER): "larger", ("MB", FASTER): "smaller"}
_MET = {True: "met", False: "MISSED", None: ""}


@dataclass(frozen=True)
class Change:
    """One row in two runs."""

    then: Result
    now: Result

    @property
    def quotient(self) -> float:
        """The later ratio to the earlier one."""
        return self.now.ratio / self.then.ratio

    @property
    def noise(self) -> float:
        """How far the quotient may be from 1 without meaning anything (in either direction, as a factor 1 + noise)."""
        if self.now.unit == "MB":
            return MEMORY
        now, then = self.now.error, self.then.error
        now, then = then if now is None else now, now if then is None else then
        return ONCE if now is None or then is None else max(FLOOR, ERRORS * math.hypot(now, then))

    @property
    def verdict(self) -> str:
        """SLOWER, FASTER or SAME; of memory, slower means larger."""
        worse = 1 / self.quotient if more_is_better(self.now) else self.quotient
        if worse > 1 + self.noise:
            return SLOWER
        return FASTER if worse < 1 / (1 + self.noise) else SAME

    @property
    def goal_lost(self) -> bool:
        """Met then (or not set) and missed now."""
        return self.now.met is False and self.then.met is not False

    @property
    def goal_won(self) -> bool:
        """Missed then, met now."""
        return self.then.met is False and self.now.met is True


@dataclass(frozen=True)
class Comparison:
    """Rows of both runs, those that only one has, and what else differs between them."""

    changes: list[Change]
    missing: list[Result]
    new: list[Result]
    remarks: list[str]

    @property
    def slower(self) -> list[Change]:
        """Rows that got slower (or larger) beyond the noise."""
        return [change for change in self.changes if change.verdict == SLOWER]


def more_is_better(result: Result) -> bool:
    """By the goal's sign; without one, rates (a unit such as pages/s) are better when higher, costs when lower."""
    return result.goal.sign == ">=" if result.goal else result.unit.endswith("/s")


def compare(then: Past, now: Past, names: Iterable[str]) -> Comparison:
    """The rows of the benchmarks `names`, by name, measure and what they are measured against."""
    wanted = frozenset(names)
    before = {_key(row): row for row in then.results if row.name in wanted}
    after = {_key(row): row for row in now.results if row.name in wanted}
    return Comparison(
        changes=[Change(before[key], row) for key, row in after.items() if key in before],
        missing=[row for key, row in before.items() if key not in after],
        new=[row for key, row in after.items() if key not in before],
        remarks=_remarks(then, now),
    )


def text(found: Comparison, then: Past) -> str:
    """The table, what is missing or new, and a summary, for people."""
    origin = ", ".join(
        part for part in (then.source, then.at, then.commit and f"commit {then.commit}") if part
    )
    lines = [f"Compared with {origin}.", *found.remarks, ""]
    if found.changes:
        lines += [report.aligned([HEADINGS, *map(_cells, found.changes)], _RIGHT), ""]
    lines += [f"Only then: {_title(row)}" for row in found.missing]
    lines += [f"Only now: {_title(row)}" for row in found.new]
    lines += [f"Goal lost: {_title(change.now)}" for change in found.changes if change.goal_lost]
    lines += [f"Goal reached: {_title(change.now)}" for change in found.changes if change.goal_won]
    lines.append(_summary(found.changes))
    return "\n".join(lines)


def _key(row: Result) -> tuple[str, str, str]:
    return row.name, row.measure, row.against


def _title(row: Result) -> str:
    return f"{row.name}, {row.measure}, against {row.against}"


def _remarks(then: Past, now: Past) -> list[str]:
    for past, which in ((then, "earlier"), (now, "later")):
        if not past.scale:
            said = "does not say its scale, machine and versions"
            return [f"The {which} run {said}: only rows with equal titles are compared."]
    remarks = []
    if then.scale != now.scale:
        remarks.append(f"The scales differ: {then.scale} then, {now.scale} now.")
    for what, before, after in (
        ("machine", then.machine, now.machine),
        ("versions", dict(then.versions), dict(now.versions)),
    ):
        keys = [key for key in {**before, **after} if key != "load" and before.get(key) != after.get(key)]
        if keys:
            said = "; ".join(f"{key}: {before.get(key, 'none')} -> {after.get(key, 'none')}" for key in keys)
            remarks.append(f"Other {what}: {said}.")
    loads = [(past.machine.get("load") or [None])[0] for past in (then, now)]
    if None not in loads:
        remarks.append(f"Load average at the start: {loads[0]} then, {loads[1]} now.")
    return remarks


def _cells(change: Change) -> tuple[str, ...]:
    return (
        change.now.name,
        change.now.measure,
        change.now.against,
        report.number(change.then.ratio),
        report.number(change.now.ratio),
        f"{change.quotient - 1:+.0%}",
        f"{change.noise:.0%}",
        _WORDS.get((change.now.unit, change.verdict), change.verdict),
        _MET[change.then.met],
        _MET[change.now.met],
    )


def _summary(changes: Sequence[Change]) -> str:
    verdicts = [change.verdict for change in changes]
    return (
        f"{len(changes)} rows compared: {verdicts.count(SLOWER)} slower or larger beyond the noise, "
        f"{verdicts.count(FASTER)} faster or smaller, {verdicts.count(SAME)} the same."
    )
