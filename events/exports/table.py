"""Comma-separated values (RFC 4180) that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

BOM = "\ufeff".encode()
SEPARATOR = "; "
"""Between the values of a cell that holds several."""
_ACTIVE = tuple("=+-@\t\r\n'＝＋－＠")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def row(cells: Iterable[Any]) -> bytes:
    """One line, in UTF-8, ended by CRLF. None is an empty cell, a truth value is true or false, a list is joined."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow([_cell(value) for value in cells])
    return out.getvalue().encode()


def defused(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would take it for a formula.

    Numbers stay as they are. A text that begins with an apostrophe gets one more, so that whoever drops one leading
    apostrophe from every cell has the texts back.
    """
    return f"'{text}" if text.startswith(_ACTIVE) and not _NUMBER.fullmatch(text) else text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return defused(SEPARATOR.join(str(item) for item in value))
    return defused(str(value))
