"""Watch-lists: what a file says, line by line, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from events.alerts import importing, watchlist
from events.alerts.importing import Line, State, understand
from events.alerts.watchlist import NotAWatchlist, read, write_csv, write_opml, write_rows
from events.models.alerts import Subscription
from events.models.organizations import Organization, OrganizationName, OrganizationParent
from events.models.people import Executive, ExecutiveName
from tests import scenes


def lines(text: str, **chosen: list[str]) -> list[Line]:
    return understand(read(text.encode()), {int(key[1:]): value for key, value in chosen.items()})


def line(text: str, **chosen: list[str]) -> Line:
    [found] = lines(text, **chosen)
    return found


def cells(text: str | bytes) -> list[dict[str, str]]:
    return [row.cells for row in read(text.encode() if isinstance(text, str) else text)]


# the files


def test_a_list_of_names_needs_no_header() -> None:
    assert cells("Ilse van Houten\n\n北湖云\n") == [{"name": "Ilse van Houten"}, {"name": "北湖云"}]


def test_without_a_header_kind_severity_and_frequency_follow_the_name() -> None:
    assert cells("Northlake,discipline,3,weekly") == [
        {"name": "Northlake", "kind": "discipline", "min_severity": "3", "frequency": "weekly"}
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    text = separator.join(["Name", "Severity"]) + "\n" + separator.join(["Northlake", "3"])

    assert cells(text) == [{"name": "Northlake", "min_severity": "3"}]


def test_columns_may_come_in_any_order_and_language_and_unknown_ones_are_passed_over() -> None:
    assert cells("频率,备注,公司\nweekly,x,Northlake\n") == [
        {"frequency": "weekly", "organization": "Northlake"}
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    assert cells("name\n北湖云\n".encode(encoding)) == [{"name": "北湖云"}]


def test_a_quoted_name_may_hold_the_separator_and_a_line_break() -> None:
    assert cells('name\n"Northlake, Inc.\nHoldings"\n') == [{"name": "Northlake, Inc. Holdings"}]


def test_a_list_of_kinds_alone_has_a_header() -> None:
    assert cells("kind,severity\nproduct,2\n") == [{"kind": "product", "min_severity": "2"}]


def test_lines_keep_the_numbers_that_they_have_in_the_file() -> None:
    assert [row.number for row in read(b"name\nA\n\nB\n")] == [2, 4]


def test_an_outline_is_read_however_deep_and_its_headings_are_passed_over() -> None:
    text = """<?xml version="1.0"?><opml version="2.0"><body>
      <outline text="My companies"><outline text="Northlake"/><outline text="Deep"><outline text="Southlake" kind="product"/></outline></outline>
      <outline title="Ilse van Houten" type="person" severity="3"/>
    </body></opml>"""

    assert cells(text) == [
        {"name": "Northlake"},
        {"kind": "product", "name": "Southlake"},
        {"type": "person", "min_severity": "3", "name": "Ilse van Houten"},
    ]


def test_an_outline_cannot_define_entities_nor_name_files() -> None:
    for text in (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><opml><outline text="&e;"/></opml>',
        '<!doctype x [<!ENTITY a "aaaaaaaaaa">]><opml><outline text="&a;"/></opml>',
    ):
        with pytest.raises(NotAWatchlist) as error:
            read(text.encode())
        assert error.value.reason == "xml"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"x" * (watchlist.MAX_BYTES + 1), "bytes"),
        (b"x\n" * (watchlist.MAX_ROWS + 1), "rows"),
        (b"<opml>" + b'<outline text="x"/>' * (watchlist.MAX_ROWS + 1) + b"</opml>", "rows"),
        (b"<opml>", "xml"),
        (b"\xff\xff\xff", "encoding"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(NotAWatchlist) as error:
        read(body)
    assert error.value.reason == reason


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_no_bytes_break_the_reader(body: bytes) -> None:
    try:
        rows = read(body)
    except NotAWatchlist:
        return
    again = read(write_rows(rows).encode()) if rows else []
    kept = [row for row in rows if row.cells]
    assert [(row.number, row.cells) for row in again if row.cells] == [
        (row.number, row.cells) for row in kept
    ]


def test_no_spreadsheet_takes_a_cell_for_a_formula() -> None:
    wish = Subscription(text='=HYPERLINK("https://example.com")', frequency="instant")

    assert "'=HYPERLINK" in write_csv([wish])
    assert cells(write_csv([wish]))[0]["text"] == wish.text


@pytest.mark.parametrize(
    "text", ['a "quoted" word', "<b>&amp;", "=1", "'=1", "+x", "-", "a,b;c", "北湖", "tab\there"]
)
def test_what_is_written_is_read_back(text: str) -> None:
    wish = Subscription(kind="product", min_severity=2, text=text, frequency="weekly", silent_days=9)
    expected = {
        "kind": "product", "min_severity": "2", "text": text.replace("\t", " "), "frequency": "weekly", "silent_days": "9",
    }  # fmt: skip

    assert cells(write_csv([wish])) == [expected]
    if "\t" not in text:
        assert cells(write_opml([wish], ["A title"], "A heading")) == [expected]


# the lines


@pytest.mark.django_db
def test_a_line_of_every_column_is_understood() -> None:
    person, company = scenes.executive(), scenes.company()

    found = line(
        "person,organization,kind,severity,text,frequency,silent_days\n"
        "Ilse van Houten,Northlake Devices,Discipline,3,fraud,weekly,30"
    )

    wish = found.wish
    assert wish is not None
    assert (found.state, wish.executive, wish.organization) == (State.UNDERSTOOD, person, company)
    assert (wish.kind, wish.min_severity, wish.text, wish.frequency, wish.silent_days) == (
        "discipline", 3, "fraud", "weekly", 30,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Ilse van Houten", "ILSE VAN HOUTEN", "van houten ilse", "范霍滕"])
def test_names_are_known_in_any_script_case_and_order(name: str) -> None:
    person = scenes.executive()
    ExecutiveName.objects.create(executive=person, name="范霍滕", type="native", language="zh-Hans")

    wish = line(name).wish

    assert wish is not None
    assert wish.executive == person


@pytest.mark.django_db
def test_part_of_a_name_will_do_where_it_is_one_persons() -> None:
    person = scenes.executive()

    wish = line("van Houten").wish

    assert wish is not None
    assert wish.executive == person


@pytest.mark.django_db
def test_words_in_chinese_stand_for_kinds_and_frequencies() -> None:
    scenes.company("北湖")

    wish = line("名称,类别,频率\n北湖,纪律处分,每周").wish

    assert wish is not None
    assert (wish.kind, wish.frequency) == ("discipline", "weekly")


@pytest.mark.django_db
def test_several_of_one_name_are_told_apart_and_one_is_chosen() -> None:
    first, second = scenes.executive(), scenes.executive()
    first.positions.create(organization=scenes.company("Southlake Group"), title="Treasurer")

    found = line("Ilse van Houten")
    assert found.state is State.AMBIGUOUS
    assert [(choice.about, choice.detail) for choice in found.choices] == [
        (f"person:{first.pk}", "Treasurer, Southlake Group"), (f"person:{second.pk}", ""),
    ]  # fmt: skip

    chosen = line("Ilse van Houten", n1=[f"person:{second.pk}"])
    assert chosen.wish is not None
    assert chosen.wish.executive == second


@pytest.mark.django_db
def test_units_of_one_name_are_told_apart_by_what_they_are_part_of() -> None:
    for parent in ("Northlake Devices", "Southlake Group"):
        unit = scenes.company("Research")
        OrganizationParent.objects.create(child=unit, parent=scenes.company(parent))

    assert {choice.detail for choice in line("Research").choices} == {"Northlake Devices", "Southlake Group"}


@pytest.mark.django_db
def test_only_one_of_the_choices_can_be_chosen() -> None:
    scenes.executive(), scenes.executive()
    other = scenes.executive("Marcus Oyelaran")

    assert line("Ilse van Houten", n1=[f"person:{other.pk}"]).state is State.AMBIGUOUS


@pytest.mark.django_db
def test_a_person_and_an_organization_of_one_name_are_two_choices_unless_the_type_says_which() -> None:
    person, company = scenes.executive("Oyelaran"), scenes.company("Oyelaran")

    assert {choice.about for choice in line("Oyelaran").choices} == {
        f"person:{person.pk}",
        f"organization:{company.pk}",
    }
    wish = line("name,type\nOyelaran,organization").wish
    assert wish is not None
    assert (wish.executive_id, wish.organization_id) == (None, company.pk)


@pytest.mark.django_db
def test_who_is_written_exactly_so_comes_before_who_sounds_so() -> None:
    meant, other = scenes.executive("张平安"), scenes.executive("章平安")

    wish = line("张平安").wish

    assert wish is not None
    assert wish.executive == meant
    assert {choice.about for choice in line("Zhang Pingan").choices} == {
        f"person:{meant.pk}",
        f"person:{other.pk}",
    }


@pytest.mark.django_db
def test_a_number_counts_with_a_name_that_fits_or_without_one() -> None:
    person, other = scenes.executive(), scenes.executive("Marcus Oyelaran")

    for text in (
        f"person_id\n{other.pk}",
        f"person,person_id\nMarcus Oyelaran,{other.pk}",
        f"type,id\nperson,{other.pk}",
        # A list from another installation: the name is right, the number is somebody else's.
        f"person,person_id\nMarcus Oyelaran,{person.pk}",
        "person,person_id\nMarcus Oyelaran,999999",
    ):
        wish = line(text).wish
        assert wish is not None, text
        assert wish.executive == other


@pytest.mark.django_db
def test_the_number_of_who_was_merged_is_the_survivors() -> None:
    survivor = scenes.executive()
    double = Executive.objects.create(name="I. van Houten", merged_into=survivor)

    wish = line(f"person_id\n{double.pk}").wish

    assert wish is not None
    assert wish.executive == survivor


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "state", "column", "value"),
    [
        ("Nobody Known", State.UNKNOWN, "name", "Nobody Known"),
        ("person_id\n999999", State.UNKNOWN, "person", "999999"),
        ("id\n1", State.UNKNOWN, "name", "1"),
        ("name,kind\nNorthlake Devices,gossip", State.WRONG, "kind", "gossip"),
        ("name,severity\nNorthlake Devices,6", State.WRONG, "min_severity", "6"),
        ("name,severity\nNorthlake Devices,³", State.WRONG, "min_severity", "³"),
        ("name,frequency\nNorthlake Devices,hourly", State.WRONG, "frequency", "hourly"),
        ("name,silent_days\nNorthlake Devices,0", State.WRONG, "silent_days", "0"),
        ("name,type\nNorthlake Devices,unit", State.WRONG, "type", "unit"),
        ("name,frequency\n,daily", State.WRONG, "", ""),
    ],
)
def test_what_is_not_understood_says_what_and_why(text: str, state: State, column: str, value: str) -> None:
    scenes.company()

    found = line(text)

    assert (found.state, found.column, found.value, found.wish) == (state, column, value, None)


@pytest.mark.django_db
def test_no_line_is_lost() -> None:
    scenes.company()
    text = "Northlake Devices\nNobody\nNorthlake Devices,gossip\n"

    assert [(row.row.number, row.state) for row in lines(text)] == [
        (1, State.UNDERSTOOD), (2, State.UNKNOWN), (3, State.WRONG),
    ]  # fmt: skip


@pytest.mark.django_db
def test_many_names_are_looked_up_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MAX_LOOSE", 0)
    for number in range(40):
        scenes.executive(f"Person Number{number}")

    def statements(count: int) -> int:
        rows = read("".join(f"Person Number{number}\n" for number in range(count)).encode())
        with CaptureQueriesContext(connection) as found:
            understood = understand(rows)
        assert all(row.state is State.UNDERSTOOD for row in understood)
        return len(found)

    assert statements(40) == statements(2)


@pytest.mark.django_db
def test_names_that_nobody_has_cost_a_bounded_number_of_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MAX_LOOSE", 3)

    def statements(count: int) -> int:
        rows = read("".join(f"Nobody {number}\n" for number in range(count)).encode())
        with CaptureQueriesContext(connection) as found:
            understand(rows)
        return len(found)

    assert statements(100) == statements(3)


@pytest.mark.django_db
def test_a_former_name_is_known(**_: Any) -> None:
    company: Organization = scenes.company()
    OrganizationName.objects.create(organization=company, name="Old Lake", type="former")

    wish = line("Old Lake").wish

    assert wish is not None
    assert wish.organization == company
