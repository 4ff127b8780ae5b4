"""Tables: RFC 4180, no formulas, columns that stay."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from events.exports import columns, table
from events.exports.files import FILES, Wanted
from events.exports.spans import Span, span
from events.models.organizations import OrganizationIdentifier, OrganizationName
from events.record import publishing
from tests import scenes
from tests.exports.conftest import Record

DOCS = Path(__file__).resolve().parents[2] / "docs" / "exports.md"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def rows(name: str, wanted: Wanted) -> list[dict[str, str]]:
    """The rows of a table as any reader of CSV has them."""
    text = b"".join(FILES[name].chunks(wanted)).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(TEXTS, min_size=2))
def test_a_table_reads_back_as_it_was_written(cells: list[str]) -> None:
    (found,) = csv.reader(io.StringIO(table.row(cells).decode(), newline=""), strict=True)

    assert [cell.removeprefix("'") for cell in found] == cells


@given(TEXTS)
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = table.defused(text)

    assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) or re.fullmatch(r"-[0-9.]+", cell)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("-3", "-3"),
        ("-3+cmd", "'-3+cmd"),
        ("'tis", "''tis"),
        ("a=1", "a=1"),
        ("-٣", "'-٣"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_defused(text: str, cell: str) -> None:
    assert table.defused(text) == cell


def test_an_event_is_a_row_with_its_facts_in_columns(record: Record) -> None:
    (row,) = rows("events.csv", Wanted(span()))

    assert list(row) == list(columns.EVENT)
    assert row["event"] == str(record.revision.event_id)
    assert row["revision"] == str(record.revision.seq)
    assert (row["date"], row["date_precision"]) == ("2025-10-18", "day")
    assert (row["subject_type"], row["subject_name"]) == ("person", "Ilse van Houten")
    assert row["organization_name"] == "Northlake Cloud"
    assert row["penalties"] == "demotion 3 levels 22A to 21A"
    assert (row["grade_from"], row["grade_to"], row["steps"]) == ("22A", "21A", "-3")
    assert (row["quotes"], row["documents"]) == ("1", "1")
    assert row["source_url"] == record.source.url
    assert row["interim"] == "false"
    assert row["case"] == row["merged_into"] == ""


def test_an_event_that_is_gone_is_a_row_with_its_status_alone(record: Record) -> None:
    since = span().until
    publishing.retract(record.revision.event_id, record.author)

    (row,) = rows("events.csv", Wanted(span(since_seq=since)))

    filled = {name for name, cell in row.items() if cell}
    assert filled == {"event", "revision", "recorded_at", "status"}
    assert row["status"] == "retracted"


def test_every_event_of_a_history_is_a_whole_row(history: Record) -> None:
    lines = b"".join(FILES["events.ndjson"].chunks(Wanted(span()))).splitlines()
    found = rows("events.csv", Wanted(span()))

    assert len(found) == len(lines)
    assert all(None not in row and None not in row.values() for row in found)


def test_a_person_is_a_row_with_other_names_and_positions(record: Record) -> None:
    record.publish("2024-05-01", title="President")

    (row,) = rows("executives.csv", Wanted(Span(0)))

    assert (row["name"], row["names"]) == ("Ilse van Houten", "伊尔莎")
    assert "President, Northlake Cloud [2024-05-01/..]" in row["positions"].split(table.SEPARATOR)


def test_an_organization_is_a_row_with_other_names_identifiers_and_parents(record: Record) -> None:
    OrganizationName.objects.create(organization=record.organization, name="=Northlake", type="alias")
    OrganizationIdentifier.objects.create(organization=record.organization, scheme="ticker", value="NLC")

    row = rows("organizations.csv", Wanted(Span(0)))[-1]

    assert row["name"] == "Northlake Cloud"
    assert row["names"] == "'=Northlake"
    assert row["identifiers"] == "ticker:NLC"
    assert row["parents"] == "Northlake Devices [/..]"


def test_a_resumed_register_is_the_whole_register(record: Record) -> None:
    for number in range(4):
        scenes.executive(f"Person Number {number}")
    whole = rows("executives.csv", Wanted(Span(0)))

    for cut in range(len(whole)):
        first = rows("executives.csv", Wanted(Span(0), limit=cut)) if cut else []
        after = int(first[-1]["id"]) if first else 0
        assert first + rows("executives.csv", Wanted(Span(0), after=after)) == whole


def test_a_byte_order_mark_comes_only_when_asked_for(record: Record) -> None:
    plain = b"".join(FILES["events.csv"].chunks(Wanted(span())))
    marked = b"".join(FILES["events.csv"].chunks(Wanted(span(), bom=True)))

    assert marked == b"\xef\xbb\xbf" + plain
    assert plain.endswith(b"\r\n")


@pytest.mark.parametrize("names", [columns.EVENT, columns.EXECUTIVE, columns.ORGANIZATION])
def test_every_column_is_documented(names: tuple[str, ...]) -> None:
    text = DOCS.read_text()

    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    "name",
    ["executives.csv", "executives.ndjson", "organizations.csv", "organizations.ndjson", "entities.ftm.json"],
)
def test_a_page_takes_as_many_statements_for_many_as_for_few(record: Record, name: str) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(FILES[name].chunks(Wanted(span())))
        return len(captured)

    few = statements()
    for number in range(10):
        place = scenes.unit(f"Unit {number}", record.parent)
        person = scenes.executive(f"Person Number {number}")
        draft = scenes.appointment(person, place, record.source, day="2024-01-01", title="Head")
        publishing.publish(draft, record.author)

    assert statements() == few
