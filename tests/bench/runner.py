"""Runs all benchmarks or one: progress on stderr, the table on stdout, `.local/bench.json` for programs."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import report
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
)
"""Each is the module of that name, with `run(scale) -> list[Result]`."""
NOT_BUILT: tuple[str, ...] = ()
OUTPUT = Path(__file__).resolve().parents[2] / ".local" / "bench.json"

Run = Callable[[Scale], list[Result]]


def say(text: str) -> None:
    """A line of progress."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line. 0 when every benchmark ran, whatever its ratios; 1 when one failed; 2 for a bad name."""
    options = _parser().parse_args(argv)
    if options.name and options.name not in BENCHMARKS:
        later = " (not built yet, so not measured)" if options.name in NOT_BUILT else ""
        print(
            f"There is no benchmark {options.name!r}{later}. There are: {', '.join(BENCHMARKS)}.",
            file=sys.stderr,
        )
        return 2
    names = (options.name,) if options.name else BENCHMARKS
    return measure(names, SCALES[options.scale])


def measure(names: Sequence[str], scale: Scale) -> int:
    """Runs the benchmarks, each in a scratch database of its own; gives the exit status."""
    # make ends its children with SIGTERM; the scratch database must be dropped then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from tests.bench.scratch import scratch_database

    def in_scratch(run: Run) -> Run:
        def measured(size: Scale) -> list[Result]:
            with scratch_database():
                return run(size)

        return measured

    results, failed = run_all({name: in_scratch(_load(name)) for name in names}, scale)
    finish(results, scale, OUTPUT)
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def run_all(benchmarks: dict[str, Run], scale: Scale) -> tuple[list[Result], list[str]]:
    """The results of all, and the names of those that raised: one that fails does not take the others along."""
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
        say(f"{name} done in {time.monotonic() - start:.0f} s")
    return results, failed


def finish(results: Sequence[Result], scale: Scale, output: Path) -> None:
    """Prints the table and writes the file."""
    report.write_json(results, output)
    print(report.table(results))
    print()
    print(report.footer(scale.name, NOT_BUILT))


def _load(name: str) -> Run:
    run: Run = importlib.import_module(f"tests.bench.{name}").run
    return run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Ratios against floors and peers."
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}; all without it"
    )
    parser.add_argument("--scale", choices=sorted(SCALES), default="small", help="sizes; full takes an hour")
    return parser
