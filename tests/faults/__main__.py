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
    """One run: what fell on it, what it held, what the auditor found. Of its files the logs stay, and only where he
    found something."""
    shutil.rmtree(folder, ignore_errors=True)
    random, began = Random(seed), time.monotonic()  # noqa: S311 - an order, no secret
    order = [name for name in FAULTS if name != "fill_disk" or not why_no_disk()]
    random.shuffle(order)
    result: dict[str, Any] = {"seed": seed, "faults": order, "articles": 0, "revisions": 0, "mails": 0}
    with small_disk(folder):
        try:
            result |= _broken_and_audited(seed, folder, random, order)
        except Exception as error:
            result["problems"] = [f"the run itself failed: {type(error).__name__}: {error}"]
        if result["problems"] and (folder / "world" / "log").is_dir():
            shutil.copytree(folder / "world" / "log", folder.with_name(f"run{seed}-log"), dirs_exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    return result | {"seconds": round(time.monotonic() - began)}


def _broken_and_audited(seed: int, folder: Path, random: Random, order: list[str]) -> dict[str, Any]:
    with world(folder / "world", seed, PLAN) as there, load(there, pace=8.0) as on:
        in_turn(Mischief(there, random, MINUTES[(seed - 1) % len(MINUTES)]), order, rest=(0.5, 2.5))
        found = problems(on)
        return {
            "articles": len(there.stand.articles()),
            "revisions": len(on.witness.followed.get("follower", [])),
            "mails": len(there.box.messages),
            "answers": dict(on.witness.answers),
            "problems": found,
        }


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
