"""Runs all benchmarks or one: progress on stderr, the table on stdout, `.local/bench.json` for programs.

Each run is also appended to `.local/bench-history.jsonl`, with its machine and versions; `--base FILE` compares with an
earlier one (see `tests.bench.comparison` for what counts as slower).

Exit status: 0 all ran, nothing is slower beyond the noise; 1 a benchmark failed; 2 the command line is wrong, or the
base is no run; 3 something is slower, or takes more memory, beyond the noise.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.bench import comparison, history, isolated, report
from tests.bench.results import Result
from tests.bench.scale import SCALES, Scale

BENCHMARKS = (
    "timeline",
    "search",
    "changes",
    "export",
    "extraction",
    "ingest",
    "polling",
    "matching",
    "mail",
    "desk",
)
"""Each is the module of that name, with `run(scale) -> list[Result]`."""
NOT_BUILT: tuple[str, ...] = ()
ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / ".local"
"""Where `bench.json` and `bench-history.jsonl` are written."""

Run = Callable[[Scale], list[Result]]


def say(text: str) -> None:
    """A line of progress."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def say_wrong(text: str) -> None:
    """A line on what is wrong with the command line."""
    print(text, file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; gives the exit status."""
    options = _parser().parse_args(argv)
    if options.name and options.name not in BENCHMARKS:
        later = " (not built yet, so not measured)" if options.name in NOT_BUILT else ""
        say_wrong(f"There is no benchmark {options.name!r}{later}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    names = (options.name,) if options.name else BENCHMARKS
    try:
        # Before the run: it writes the very files that may be named.
        then = history.read(options.base, names=names, scale=options.scale) if options.base else None
        now = history.read(options.now, names=names, scale=options.scale) if options.now else None
    except history.BadBase as error:
        say_wrong(f"Nothing to compare with: {error}.")
        return 2
    status = 0
    if now is None:
        status, now = measure(names, SCALES[options.scale], options.output)
    return status or compared(then, now, names)


def compared(then: history.Past | None, now: history.Past, names: Sequence[str]) -> int:
    """Prints the comparison, where there is something to compare with; gives the exit status."""
    if then is None:
        return 0
    found = comparison.compare(then, now, names)
    print()
    print(comparison.text(found, then))
    return 3 if found.slower else 0


def measure(names: Sequence[str], scale: Scale, output: Path = OUTPUT) -> tuple[int, history.Past]:
    """Runs the benchmarks, each in a process and a database of its own; gives the exit status and the run."""
    # make ends its children with SIGTERM; the process of a benchmark must be ended then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from tests.bench import machine

    here, checkout = machine.machine(), machine.checkout(ROOT)
    seconds: dict[str, float] = {}
    results, failed = run_all({name: partial(isolated.run, name) for name in names}, scale, seconds)
    versions = machine.versions()
    finish(results, scale, output / "bench.json")
    run = history.line(
        results, scale=scale.name, seconds=seconds, failed=failed, machine=here, versions=versions, checkout=checkout
    )  # fmt: skip
    history.append(run, output / "bench-history.jsonl")
    if failed:
        say(f"failed: {', '.join(failed)}")
    past = history.Past(results, "this run", at=run["at"], scale=scale.name, machine=here, versions=versions)
    return (1 if failed else 0), past


def run_all(
    benchmarks: dict[str, Run], scale: Scale, seconds: dict[str, float] | None = None
) -> tuple[list[Result], list[str]]:
    """The results of all, and the names of those that raised: one that fails does not take the others along.

    `seconds` is given what each took that did not fail.
    """
    results: list[Result] = []
    failed = []
    for name, run in benchmarks.items():
        say(f"{name} ...")
        start = time.monotonic()
        try:
            found = run(scale)
        except Exception:
            traceback.print_exc()
            failed.append(name)
            continue
        results += found
        taken = time.monotonic() - start
        if seconds is not None:
            seconds[name] = taken
        say(f"{name} done in {taken:.0f} s")
    return results, failed


def finish(results: Sequence[Result], scale: Scale, output: Path) -> None:
    """Prints the table and writes the file."""
    report.write_json(results, output)
    print(report.table(results))
    print()
    print(report.footer(scale.name, NOT_BUILT))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Ratios against floors and peers."
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}; all without it"
    )
    parser.add_argument("--scale", choices=sorted(SCALES), default="small", help="sizes; full takes an hour")
    parser.add_argument(
        "--base", metavar="FILE[@COMMIT]",
        help="compare with an earlier run: a bench.json, or a history, whose latest run (of that commit) is taken",
    )  # fmt: skip
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FOLDER", help="instead of .local")
    parser.add_argument(
        "--now", metavar="FILE[@COMMIT]", help="compare this run with the base instead of measuring"
    )
    return parser
