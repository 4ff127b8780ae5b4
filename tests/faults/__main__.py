"""Runs of random mischief: `python -m tests.faults [RUNS [SEED]]`, or `make faults RUNS=20 SEED=1`.

Each run is a deployment of its own under load, on which every fault falls, in an order and at moments that
follow from its seed; then the auditor counts. A table is printed, and written to `.local/faults.json`.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.load import load
from tests.faults.mischief import FAULTS, Mischief, in_turn
from tests.faults.mounts import small_disk, why_no_disk
from tests.faults.settling import problems
from tests.faults.world import Plan, world
from tracker.local.paths import current_layout

MINUTES = (60.0, 10.0, 10.0, 10.0)
"""How long a minute lasts, in seconds, by turns: a whole one in every fourth run."""
PLAN = Plan(feeds=6, articles=32, editions=10, workers=3, poison=True)


def main(arguments: list[str]) -> int:
    """As many runs as asked for, from a seed on; 1 where any of them lost or doubled anything."""
    runs, first = (int(text) for text in (*arguments, *("20", "1")[len(arguments) :]))
    folder = current_layout().root
    results = []
    for seed in range(first, first + runs):
        results.append(one(seed, folder / "faults" / f"run{seed}"))
        print(line(results[-1]), flush=True)
        (folder / "faults.json").write_text(json.dumps(results, indent=1) + "\n")
    bad = [result for result in results if result["problems"]]
    for result in bad:
        print(f"\nrun {result['seed']}:", *result["problems"], sep="\n  ")
    print(f"\n{len(results) - len(bad)} of {len(results)} runs: nothing lost, nothing doubled")
    return 1 if bad else 0


def one(seed: int, folder: Path) -> dict[str, Any]:
    """One run: what fell on it, what it held, what the auditor found. Its files go unless he found something."""
    shutil.rmtree(folder, ignore_errors=True)
    random, began = Random(seed), time.monotonic()  # noqa: S311 - an order, no secret
    order = [name for name in FAULTS if name != "fill_disk" or not why_no_disk()]
    random.shuffle(order)
    with small_disk(folder), world(folder / "world", seed, PLAN) as there, load(there, pace=8.0) as on:
        in_turn(Mischief(there, random, MINUTES[(seed - 1) % len(MINUTES)]), order, rest=(0.5, 2.5))
        found = problems(on)
        held = {
            "articles": len(there.stand.articles()),
            "revisions": len(on.witness.followed.get("follower", [])),
            "mails": len(there.box.messages),
            "answers": dict(on.witness.answers),
        }
        if found:
            shutil.copytree(folder / "world" / "log", folder.with_name(f"run{seed}-log"), dirs_exist_ok=True)
    return {
        "seed": seed, "seconds": round(time.monotonic() - began), "faults": order, **held, "problems": found
    }  # fmt: skip


def line(result: dict[str, Any]) -> str:
    """A run as a line of the table."""
    found = result["problems"]
    return (
        f"run {result['seed']:>3}  {len(result['faults'])} faults  {result['articles']} articles  "
        f"{result['revisions']} revisions  {result['mails']} mails  {result['seconds']} s  "
        f"{'nothing lost' if not found else f'{len(found)} PROBLEMS'}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
