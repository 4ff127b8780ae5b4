"""The files that there are: bytes in chunks, each made when it is asked for, so that memory stays constant.

Every file can be taken up again after the last complete line that a reader has. A reader who stops reading, or goes
away, leaves nothing behind: between two chunks no statement runs and no transaction is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from events.exports import columns, events, ftm, ndjson, registers, table
from events.exports.spans import Span
from events.timelines.organizations import organization
from events.timelines.people import person

CHUNK = 64 * 1024
"""Bytes of a chunk, if only the last line did not go past it."""


@dataclass(frozen=True)
class Wanted:
    """Which part of a file: `span` for events, `after` the id (or FtM id) had last, at most `limit` records.

    `narrow` is the caller's filters; `bom` begins a table with a byte order mark, which Excel wants.
    """

    span: Span
    after: int = 0
    after_entity: str = ""
    limit: int | None = None
    narrow: Callable[[Any], Any] = events.everything
    bom: bool = False


@dataclass(frozen=True)
class File:
    """A file: its name's two parts, the media type, and what makes its lines.

    `is_of_ledger` says whether it tells the ledger's events, so that it has a span.
    """

    kind: str
    format: str
    content_type: str
    lines: Callable[[Wanted], Iterable[bytes]]
    is_of_ledger: bool = False

    @property
    def name(self) -> str:
        """As its address ends, such as `events.ndjson`."""
        return f"{self.kind}.{self.format}"

    def chunks(self, wanted: Wanted) -> Iterator[bytes]:
        """The file's bytes. What is wanted is checked at once; nothing is read before the first chunk is asked for.

        Raises UnknownEntity for a bad `after_entity`.
        """
        return _chunked(self.lines(wanted))


def _chunked(lines: Iterable[bytes]) -> Iterator[bytes]:
    size, held = 0, []
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(held)
            size, held = 0, []
    if held:
        yield b"".join(held)


def _event_lines(wanted: Wanted) -> Iterator[bytes]:
    return map(ndjson.event_line, _events(wanted))


def _event_rows(wanted: Wanted) -> Iterator[bytes]:
    return _table(wanted, columns.EVENT, map(columns.event_cells, _events(wanted)))


def _events(wanted: Wanted) -> Iterator[events.Told | events.Gone]:
    return events.events(wanted.span, wanted.narrow, after=wanted.after, limit=wanted.limit)


def _people(wanted: Wanted) -> Iterator[dict[str, Any]]:
    pages = registers.executive_pages(wanted.narrow, wanted.after)
    return map(person, islice(chain.from_iterable(pages), wanted.limit))


def _person_rows(wanted: Wanted) -> Iterator[bytes]:
    return _table(wanted, columns.EXECUTIVE, map(columns.executive_cells, _people(wanted)))


def _organizations(wanted: Wanted) -> Iterator[dict[str, Any]]:
    pages = registers.organization_pages(wanted.narrow, wanted.after)
    return map(organization, islice(chain.from_iterable(pages), wanted.limit))


def _organization_rows(wanted: Wanted) -> Iterator[bytes]:
    return _table(wanted, columns.ORGANIZATION, map(columns.organization_cells, _organizations(wanted)))


def _table(wanted: Wanted, names: Iterable[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """The heading, also of a part, then the rows."""
    yield (table.BOM if wanted.bom else b"") + table.row(names)
    yield from map(table.row, rows)


def _entities(wanted: Wanted) -> Iterator[bytes]:
    groups = ftm.entities(wanted.span, after=wanted.after_entity, limit=wanted.limit)
    return map(ndjson.line, chain.from_iterable(groups))


NDJSON, CSV = "application/x-ndjson", "text/csv; charset=utf-8"
FILES = {
    file.name: file
    for file in (
        File("events", "ndjson", NDJSON, _event_lines, is_of_ledger=True),
        File("events", "csv", CSV, _event_rows, is_of_ledger=True),
        File("executives", "ndjson", NDJSON, lambda wanted: map(ndjson.line, _people(wanted))),
        File("executives", "csv", CSV, _person_rows),
        File("organizations", "ndjson", NDJSON, lambda wanted: map(ndjson.line, _organizations(wanted))),
        File("organizations", "csv", CSV, _organization_rows),
        File("entities", "ftm.json", NDJSON, _entities, is_of_ledger=True),
    )
}
"""Every file by its name."""
