"""Files of watch-lists: CSV and an OPML-like outline, read into rows and written from subscriptions.

Both have the same columns (`COLUMNS`); an outline has them as attributes, with `words` for the column `text`, since
OPML keeps that name for what is shown.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from xml.sax.saxutils import quoteattr

from lxml import etree

from events.exceptions import TrackerError
from events.models.alerts import Subscription

MAX_BYTES = 256 * 1024
MAX_ROWS = 500
MAX_CELL = 300
"""Characters of one cell that are read."""
_MAX_DEPTH = 50
_LINE = re.compile(r"[0-9]{1,5}")

COLUMNS = (
    "person", "person_id", "organization", "organization_id", "kind", "min_severity", "text", "frequency", "silent_days",
)  # fmt: skip
"""What a file is written with; read are also `name` and `id`, of a person or an organization, with `type`."""
_ALIASES = {
    "line": ("line", "行"),
    "name": ("name", "名称"),
    "id": ("id",),
    "type": ("type", "类型"),
    "person": ("person", "executive", "姓名", "人物"),
    "person_id": ("person_id", "executive_id", "personid"),
    "organization": ("organization", "organisation", "company", "机构", "公司"),
    "organization_id": ("organization_id", "organisation_id", "company_id", "organizationid"),
    "kind": ("kind", "类别"),
    "min_severity": ("min_severity", "severity", "严重程度"),
    "text": ("text", "words", "关键词"),
    "frequency": ("frequency", "频率"),
    "silent_days": ("silent_days", "silence", "沉默天数"),
}
_COLUMN = {alias: column for column, aliases in _ALIASES.items() for alias in aliases}
_WHOM = {"name", "id", "person", "person_id", "organization", "organization_id"}
_WITHOUT_HEADER = ("name", "kind", "min_severity", "frequency")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotAWatchlist(TrackerError):
    """A file that cannot be read as a watch-list; `reason` is one of `encoding`, `xml`, `csv`, `bytes`, `rows`."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Row:
    """One line of a file: its number from 1, as it stands there, and its cells by column; empty ones are left out."""

    number: int
    text: str
    cells: dict[str, str]


def read(body: bytes, limit: int = MAX_BYTES) -> list[Row]:
    """The rows of a file, an outline if it begins with `<`. Lines without any cell are passed over.

    CSV may lack a header: then the columns are name, kind, least severity and frequency. Raises NotAWatchlist, also
    for a file of more than `limit` bytes or MAX_ROWS.
    """
    if len(body) > limit:
        raise NotAWatchlist(f"The file has more than {limit} bytes.", "bytes")
    text = _decoded(body).replace("\0", "")
    return _outlines(text) if text.lstrip().startswith("<") else _lines(text)


def write_csv(subscriptions: Iterable[Subscription]) -> str:
    """The subscriptions as CSV (RFC 4180) that `read` reads back; no spreadsheet takes a cell for a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in subscriptions:
        cells = _cells(row)
        writer.writerow([_harmless(cells.get(name, "")) for name in COLUMNS])
    return file.getvalue()


def write_rows(rows: Sequence[Row]) -> str:
    """Rows as CSV with all columns that they have and with their numbers: what a report was made of can be read again,
    and nothing of a file is lost."""
    columns = [column for column in _ALIASES if any(column in row.cells for row in rows)] or ["name"]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["line", *columns])
    for row in rows:
        writer.writerow([row.number, *(_harmless(row.cells.get(column, "")) for column in columns)])
    return file.getvalue()


def write_opml(subscriptions: Sequence[Subscription], titles: Sequence[str], heading: str) -> str:
    """The subscriptions as OPML 2.0 that `read` reads back; `titles` says each in words."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines.append(f"<head><title>{_attribute(heading)[1:-1]}</title></head>")
    lines.append("<body>")
    for row, title in zip(subscriptions, titles, strict=True):
        named = {"words" if name == "text" else name: value for name, value in _cells(row).items()}
        attributes = "".join(f" {name}={_attribute(value)}" for name, value in named.items())
        lines.append(f'<outline text={_attribute(title)} type="wish"{attributes}/>')
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _cells(row: Subscription) -> dict[str, str]:
    cells = {
        "person": row.executive.name if row.executive else "",
        "person_id": str(row.executive_id or ""),
        "organization": row.organization.name if row.organization else "",
        "organization_id": str(row.organization_id or ""),
        "kind": row.kind,
        "min_severity": str(row.min_severity or ""),
        "text": row.text,
        "frequency": row.frequency,
        "silent_days": str(row.silent_days or ""),
    }
    return {name: value for name, value in cells.items() if value}


def _decoded(body: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what Chinese spreadsheets write."""
    encodings = ["utf-16"] if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAWatchlist("The file is neither UTF-8 nor UTF-16 nor GB18030.", "encoding")


def _lines(text: str) -> list[Row]:
    lines = io.StringIO(text, newline="")
    try:
        records = list(csv.reader(lines, delimiter=_delimiter(text)))
    except csv.Error as error:
        raise NotAWatchlist(f"The file is no CSV: {error}.", "csv") from error
    header = _header(records[0]) if records else None
    columns: Sequence[str] = header or _WITHOUT_HEADER
    rows = []
    for number, record in enumerate(records[1:] if header else records, 2 if header else 1):
        cells = {name: _unguarded(value) for name, value in zip(columns, record, strict=False) if name}
        cells = {name: value for name, value in cells.items() if value}
        given = cells.pop("line", "")
        told = [_cell(value) for name, value in zip_longest(columns, record, fillvalue="") if name != "line"]
        if any(told):
            number = int(given) if _LINE.fullmatch(given) else number
            rows.append(Row(number, ", ".join(filter(None, told)), cells))
    return _bounded(rows)


def _delimiter(text: str) -> str:
    """The separator that the first line has most of."""
    first = text.lstrip().partition("\n")[0]
    return max(",;\t", key=first.count)


def _header(record: list[str]) -> list[str] | None:
    """The columns of a header, "" for one that means nothing here; None for a line that is none.

    A header names whom to follow, or nothing but columns.
    """
    words = [value.strip().casefold().replace(" ", "_").replace("-", "_") for value in record]
    names = [_COLUMN.get(word, "") for word in words]
    return names if _WHOM & set(names) or all(names) else None


def _outlines(text: str) -> list[Row]:
    root = _root(text)
    rows = []
    nodes = [node for node in root.iter("{*}outline", "outline") if _depth(node) < _MAX_DEPTH]
    for number, node in enumerate(nodes, 1):
        cells = _attributes(node)
        title = _cell(node.get("text") or node.get("title") or "")
        if node.get("type") != "wish" and title and not {"name", "person", "organization"} & set(cells):
            # One that only holds others is their heading.
            if len(node) and set(cells) <= {"type"}:
                continue
            cells["name"] = title
        if cells:
            rows.append(Row(number, title or ", ".join(cells.values()), cells))
    return _bounded(rows)


def _attributes(node: etree._Element) -> dict[str, str]:
    """The cells of an outline. What OPML itself calls `text` is shown, and no condition."""
    found = {}
    for name, value in node.attrib.items():
        column = _COLUMN.get(str(name).casefold(), "")
        if column and name not in {"text", "title"} and str(value).strip():
            found[column] = _cell(str(value))
    if found.get("type", "").casefold() in {"wish", "rss", "link"}:
        del found["type"]
    return found


def _root(text: str) -> etree._Element:
    """The outline's root. Document types are refused, and with them every entity that a file could define."""
    if "<!DOCTYPE" in text.upper():
        raise NotAWatchlist("The file has a document type, which is not read.", "xml")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    body = text.lstrip()
    if body.startswith("<?xml"):
        body = body.partition("?>")[2]
    try:
        return etree.fromstring(body.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAWatchlist(f"The file is no XML: {error}.", "xml") from error


def _depth(node: etree._Element) -> int:
    return sum(1 for _ in node.iterancestors())


def _bounded(rows: list[Row]) -> list[Row]:
    if len(rows) > MAX_ROWS:
        raise NotAWatchlist(f"The file has {len(rows)} lines; at most {MAX_ROWS} are read.", "rows")
    return rows


def _cell(value: str) -> str:
    """One line of text."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:MAX_CELL]


def _harmless(value: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula, or would read as such a guard."""
    return f"'{value}" if value.lstrip("'").startswith(_FORMULA) else value


def _unguarded(value: str) -> str:
    """The inverse of `_harmless`."""
    text = _cell(value)
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text


def _attribute(value: str) -> str:
    """An attribute's value in double quotes; characters that XML does not have are left out."""
    kept = "".join(c for c in value if c.isprintable())
    return quoteattr(kept, {'"': "&quot;"})
