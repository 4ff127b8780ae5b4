"""Grade ladders as CSV (docs/ladders.md): a row a grade, the rows of one version of a ladder together a sheet. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from events.choices import EndState
from events.dates import PartialDate
from events.exceptions import TrackerError
from events.models.grades import grade_key

COLUMNS = ("organization", "ladder", "version", "from", "to", "rank", "label", "source")
REQUIRED = ("organization", "ladder", "rank", "label")
UNKNOWN_END = "unknown"
"""In the column `to`: the version holds no longer, but since when is not known."""
MAX_BYTES = 1_000_000
MAX_ROWS = 5000
MAX_PROBLEMS = 50
_LIMITS = {"organization": 300, "ladder": 100, "label": 30, "source": 2000}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Problem:
    """What is wrong at a line of the file (1 is the heading)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


class BadLadders(TrackerError, ValueError):
    """A file of ladders that is refused as a whole; `problems` say where and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)[:MAX_PROBLEMS]
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Sheet:
    """One version of a ladder. `organization` is a name or an id; `labels` are the grades, highest first.

    `version` is None where the next one is meant; `line` is where it begins in the file.
    """

    organization: str
    name: str
    version: int | None
    start: PartialDate | None
    until: PartialDate | None
    end_state: EndState
    labels: tuple[str, ...]
    source: str = ""
    line: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        """The labels as they are compared: two lists with the same keys are the same list."""
        return tuple(grade_key(label) for label in self.labels)


Row = dict[str, str]


def read_ladders(data: bytes) -> list[Sheet]:
    """The sheets of a file, in its order. Raises BadLadders, which names every bad line."""
    rows = _rows(data)
    problems = [problem for line, row in rows for problem in _row_problems(line, row)]
    if problems:
        raise BadLadders(problems)
    groups: dict[tuple[str, str, str], list[tuple[int, Row]]] = {}
    for line, row in rows:
        groups.setdefault((row["organization"], row["ladder"], row["version"]), []).append((line, row))
    problems = [problem for group in groups.values() for problem in _group_problems(group)]
    if problems:
        raise BadLadders(problems)
    return [_sheet(group) for group in groups.values()]


def write_ladders(sheets: Iterable[Sheet]) -> str:
    """The file of some sheets: `read_ladders` gives them back. No cell can run as a spreadsheet's formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for sheet in sheets:
        until = str(sheet.until or "") if sheet.end_state is not EndState.UNKNOWN else UNKNOWN_END
        for rank, label in enumerate(sheet.labels):
            cells = (
                sheet.organization, sheet.name, str(sheet.version or ""), str(sheet.start or ""), until,
                str(rank), label, sheet.source,
            )  # fmt: skip
            writer.writerow([_guarded(cell) for cell in cells])
    return out.getvalue()


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet would run begins with an apostrophe; reading takes it away again."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    cell = cell.strip(" ")
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _rows(data: bytes) -> list[tuple[int, Row]]:
    """The rows with the line that each ends on, and every column there, empty where the file has none."""
    if len(data) > MAX_BYTES:
        raise BadLadders([Problem(1, f"The file is larger than {MAX_BYTES:,} bytes.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadLadders([Problem(line, "This is not UTF-8.")]) from None
    if "\x00" in text:
        raise BadLadders(
            [Problem(text[: text.index("\x00")].count("\n") + 1, "A NUL character is not text.")]
        )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [name.strip().casefold() for name in next(reader, [])]
        _check_heading(heading)
        found = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise BadLadders([Problem(reader.line_num, f"This is not CSV: {error}.")]) from None
    if not found:
        raise BadLadders([Problem(1, "The file has no grades.")])
    if len(found) > MAX_ROWS:
        raise BadLadders([Problem(found[MAX_ROWS][0], f"More than {MAX_ROWS:,} grades.")])
    uneven = [Problem(line, f"{len(cells)} cells, but the heading has {len(heading)}.")
              for line, cells in found if len(cells) != len(heading)]  # fmt: skip
    if uneven:
        raise BadLadders(uneven)
    empty = dict.fromkeys(COLUMNS, "")
    return [(line, empty | dict(zip(heading, map(_plain, cells), strict=True))) for line, cells in found]


def _check_heading(heading: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in heading]
    unknown = [name for name in heading if name not in COLUMNS]
    problems = [Problem(1, f"The column {name} is missing.") for name in missing]
    problems += [
        Problem(1, f"There is no column {name[:50]!r}; the columns are {', '.join(COLUMNS)}.")
        for name in unknown
    ]
    problems += [
        Problem(1, f"The column {name} is there twice.")
        for name in sorted(set(heading))
        if heading.count(name) > 1
    ]
    if problems:
        raise BadLadders(problems)


def _row_problems(line: int, row: Row) -> list[Problem]:
    texts = [f"Write the {name}." for name in REQUIRED if not row[name]]
    texts += [
        f"The {name} has more than {limit} characters."
        for name, limit in _LIMITS.items()
        if len(row[name]) > limit
    ]
    if len(row["label"]) <= _LIMITS["label"] < len(grade_key(row["label"])):
        texts.append("The label has more than 30 characters once its case is folded.")
    if row["label"] and not grade_key(row["label"]):
        texts.append(f"{row['label']!r} is no label of a grade.")
    if row["rank"] and _number(row["rank"]) is None:
        texts.append(f"The rank {row['rank'][:20]!r} is no whole number; 0 is the highest grade.")
    if row["version"] and not _number(row["version"]):
        texts.append(f"The version {row['version'][:20]!r} is no whole number from 1.")
    dates = {"from": row["from"], "to": "" if row["to"].casefold() == UNKNOWN_END else row["to"]}
    texts += [f"{name}: {problem}" for name, text in dates.items() if (problem := _date_problem(text))]
    return [Problem(line, text) for text in texts]


def _group_problems(group: list[tuple[int, Row]]) -> list[Problem]:
    """Each rank from 0 once, each label once, and one period and source for all."""
    problems, first = [], group[0][1]
    ranks: dict[int, int] = {}
    labels: dict[str, int] = {}
    for line, row in group:
        problems += [
            Problem(line, f"One version of a ladder has one {name}; line {group[0][0]} has another.")
            for name in ("from", "to", "source")
            if row[name] != first[name]
        ]
        rank, key = int(row["rank"]), grade_key(row["label"])
        if rank in ranks:
            problems.append(Problem(line, f"Rank {rank} is taken by line {ranks[rank]}."))
        if key in labels:
            problems.append(Problem(line, f"{row['label']!r} is the same grade as line {labels[key]}."))
        ranks.setdefault(rank, line)
        labels.setdefault(key, line)
    gap = next((rank for rank in range(len(ranks)) if rank not in ranks), None)
    if gap is not None:
        line = min(line for rank, line in ranks.items() if rank > gap)
        problems.append(
            Problem(line, f"No grade has rank {gap}; ranks go from 0, the highest, without gaps.")
        )
    start, until = _date(first["from"]), _until(first["to"])[0]
    if start and until and until.value <= start.value:
        problems.append(Problem(group[0][0], "It ends before it begins."))
    return problems


def _sheet(group: list[tuple[int, Row]]) -> Sheet:
    line, first = group[0]
    rows = sorted((row for _, row in group), key=lambda row: int(row["rank"]))
    until, end_state = _until(first["to"])
    return Sheet(
        first["organization"], first["ladder"], _number(first["version"]), _date(first["from"]), until, end_state,
        tuple(row["label"] for row in rows), first["source"], line,
    )  # fmt: skip


def _until(text: str) -> tuple[PartialDate | None, EndState]:
    if text.casefold() == UNKNOWN_END:
        return None, EndState.UNKNOWN
    until = _date(text)
    return until, EndState.ENDED if until else EndState.OPEN


def _date(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _date_problem(text: str) -> str:
    try:
        _date(text[:20])
    except ValueError:
        return f"{text[:20]!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD."
    return ""


def _number(text: str) -> int | None:
    """A whole number that the database holds, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 32767 else None
