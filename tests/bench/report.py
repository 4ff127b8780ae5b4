"""Tables for people and the file for programs."""

from __future__ import annotations

import json
import os
import platform
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path

from tests.bench.results import Result

HEADINGS = ("name", "measure", "ours", "theirs", "unit", "ratio", "against", "goal", "met?")
_RIGHT = frozenset(HEADINGS.index(name) for name in ("ours", "theirs", "ratio"))
_MET = {True: "yes", False: "NO", None: ""}


def table(results: Sequence[Result]) -> str:
    """The results as aligned columns, with headings."""
    return aligned([HEADINGS, *(_cells(result) for result in results)], _RIGHT)


def aligned(rows: Sequence[Sequence[str]], right: Collection[int]) -> str:
    """Rows as aligned columns, the first as headings; the columns numbered in `right` are set flush right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(row, widths, right) for row in (rows[0], rule, *rows[1:]))


def footer(scale: str, not_measured: Sequence[str]) -> str:
    """What the table cannot say: sizes, machine, and what is not measured."""
    lines = [
        f"Scale {scale}; {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
        f" {platform.machine()}. Ratio is ours / theirs, of medians of interleaved repetitions.",
    ]
    if scale != "full":
        lines.append("The goals are set for --scale full; here growth is between smaller sizes.")
    if not_measured:
        lines.append(f"Not measured, since not built yet: {', '.join(not_measured)}.")
    return "\n".join(lines)


def write_json(results: Sequence[Result], path: Path) -> None:
    """Writes the results whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".json.part")
    fresh.write_text(
        json.dumps([result.as_json() for result in results], indent=2, ensure_ascii=False) + "\n"
    )
    fresh.replace(path)


def number(value: float) -> str:
    """Three significant digits, no exponent: `0.0123`, `4.56`, `12,300`."""
    if value and abs(value) < 0.001:
        return f"{value:.2g}"
    shown = float(f"{value:.3g}")
    return f"{shown:,.0f}" if abs(shown) >= 100 else f"{shown:g}"


def _cells(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        result.measure,
        number(result.ours),
        number(result.theirs),
        result.unit,
        number(result.ratio),
        result.against,
        "" if result.goal is None else str(result.goal),
        _MET[result.met],
    )


def _line(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> str:
    cells = []
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - _width(cell))
        cells.append(space + cell if column in right else cell + space)
    return "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns that the text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
