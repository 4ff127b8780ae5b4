"""The command: `python -m tests.bench.capacity [measure] [--costs FILE]`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.capacity import costs, plan

EVENTS = 100_000


def main(argv: Sequence[str] | None = None) -> int:
    """0; 2 where the file holds no costs."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capacity", description=__doc__)
    parser.add_argument("action", nargs="?", choices=("show", "measure"), default="show")
    parser.add_argument("--costs", type=Path, help="a file of costs; measure writes it")
    parser.add_argument("--events", type=int, default=EVENTS, help="of the record that measure fills")
    options = parser.parse_args(argv)
    if options.action == "measure":
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
        import django

        django.setup()
        from tests.bench.capacity.measure import measure

        costs.save(measure(options.events), options.costs or costs.LOCAL)
    try:
        print(plan.report(costs.load(options.costs)))
    except costs.BadCosts as error:
        print(error, file=sys.stderr)
        return 2
    return 0


raise SystemExit(main())
