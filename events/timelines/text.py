"""A timeline as text for a terminal: each entry's date, sentence, standing, and the words that prove it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from events.dates import PartialDate
from events.record.quotes import passages

JSON = dict[str, Any]
MIN_WIDTH = 30
_WORDS = re.compile(
    r"\s+|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+"
)


def render(subject: JSON, entries: Sequence[JSON], grades: Sequence[JSON] = (), width: int = 80) -> str:
    """The subject, the grades in order of time, then the entries in the order given; no line wider than `width`.

    `subject` has `type`, `id` and `name`; entries and grades are those of `events.timelines`. A word longer than
    the width, such as an address, stands on a line of its own.
    """
    width = max(width, MIN_WIDTH)
    lines = [*wrap(f"{subject['name']} ({subject['type']} {subject['id']})", width)]
    lines.append("=" * min(width, cells(lines[0])))
    for grade in grades:
        lines += wrap(grade_line(grade), width, "  ")
    for entry in entries:
        lines += ["", *entry_lines(entry, width)]
    if not entries:
        lines += ["", "Nothing is on record."]
    return "\n".join(lines) + "\n"


def entry_lines(entry: JSON, width: int) -> Iterator[str]:
    """One entry: a line with date and standing, the sentence, notes, and each quote once with its source."""
    date = PartialDate.from_json(entry["date"])
    standing = f"{entry['kind']}/{entry['action']}, {entry['status']}, severity {entry['severity']}"
    exact = "" if date.precision.value == "day" else f" (to the {date.precision.value})"
    yield from wrap(f"{date.in_words()}{exact}: {standing}", width)
    yield from wrap(entry["summary"], width, "  ")
    for note in entry["notes"]:
        yield from wrap(f"Note: {note}", width, "  ")
    for document, found in groupby(passages(entry["evidence"]), key=lambda passage: passage["document"]):
        for passage in found:
            yield from wrap(f"“{passage['quote']}”", width, "    ")
        yield from wrap(source(document), width, "      ")


def source(document: JSON) -> str:
    """Where a quote is from, in one line."""
    published = document.get("published")
    day = PartialDate.parse(published).in_words() if published else ""
    return "— " + ", ".join(part for part in (document.get("title"), day, document.get("url")) if part)


def grade_line(grade: JSON) -> str:
    """A grade with its period in words."""
    since = f"since {grade_day(grade, 'from')}" if grade["from"] else ""
    until = f"until {grade_day(grade, 'to')}" if grade["to"] else ""
    where = f"{grade['ladder_name']}, {grade['organization']['name']}"
    return f"{grade['grade']} {' '.join(filter(None, (since, until))) or 'since when is not known'} ({where})"


def grade_day(grade: JSON, end: str) -> str:
    """An end of a grade's period, as exact as it is known."""
    return PartialDate.from_json({"value": grade[end], "precision": grade[f"{end}_precision"]}).in_words()


def plain(text: str) -> str:
    """The text on one line, without characters that would steer a terminal."""
    return "".join(c if c.isprintable() or c == " " else " " for c in text)


def cells(text: str) -> int:
    """Columns that the text takes in a terminal; Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def wrap(text: str, width: int, indent: str = "") -> Iterator[str]:
    """The text in lines of at most `width` columns, each begun with `indent`; broken between words or Chinese
    characters."""
    line, used = "", 0
    room = width - len(indent)
    for word in _WORDS.findall(plain(text)):
        size = cells(word)
        if line and used + size > room:
            yield indent + line.rstrip()
            line, used = "", 0
        if line or not word.isspace():
            line, used = line + word, used + size
    if line.strip():
        yield indent + line.rstrip()
