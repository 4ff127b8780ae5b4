"""Ladders as CSV: out and in changes nothing, a changed list is the next version, a bad file changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from events.choices import EndState
from events.dates import PartialDate
from events.models.grades import GradeAssignment, GradeLadder
from events.models.organizations import Organization
from events.record import publishing
from events.record.ladder_csv import MAX_BYTES, BadLadders, Sheet, read_ladders, write_ladders
from events.record.ladder_versions import import_ladders, in_use, sheets
from tests import scenes

HEADING = "organization,ladder,version,from,to,rank,label,source\n"


def lines(*labels: str, version: str = "", start: str = "", until: str = "", source: str = "") -> bytes:
    """A file of one ladder of Northlake Devices."""
    rows = (
        f"Northlake Devices,Staff grades,{version},{start},{until},{n},{x},{source}\n"
        for n, x in enumerate(labels)
    )
    return (HEADING + "".join(rows)).encode()


def problems(data: bytes) -> list[tuple[int, str]]:
    """The lines that reading or importing refuses."""
    with pytest.raises(BadLadders) as refused:
        import_ladders(read_ladders(data))
    return [(problem.line, problem.message) for problem in refused.value.problems]


def stored() -> list[tuple[Any, ...]]:
    """Every version with its grades."""
    return [
        (row.pk, row.version, row.start, row.until, row.end_state, row.source, tuple(row.labels()))
        for row in GradeLadder.objects.order_by("pk")
    ]


@pytest.fixture
def owner(db: None) -> Organization:
    return scenes.company()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], str]:
    def write(data: bytes) -> str:
        path = tmp_path / "ladders.csv"
        path.write_bytes(data)
        return str(path)

    return write


def test_an_exported_file_imported_again_changes_nothing(owner: Organization) -> None:
    scenes.ladder(owner)
    scenes.ladder(scenes.company("北湖"), ["甲", "乙"])
    import_ladders(
        read_ladders(
            lines("A", "B", start="2026-01", source="A notice, of 2025")[:-1].replace(
                b"A notice, of 2025", b'"A notice, of 2025"'
            )
        )
    )
    before = stored()

    outcomes = import_ladders(read_ladders(write_ladders(sheets()).encode()))

    assert [(outcome.added, outcome.changed) for outcome in outcomes] == [(False, False)] * 3
    assert stored() == before


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(
    str.strip
)


@given(
    st.lists(
        texts.filter(lambda t: bool("".join(t.split()))),
        min_size=1,
        max_size=6,
        unique_by=lambda t: "".join(t.casefold().split()).removeprefix("level"),
    ),
    texts.filter(bool),
    st.sampled_from(["", "=1+1", "'=x", "@here", "-", "+44", "''-"]),
)
def test_every_sheet_that_is_written_is_read_back(labels: list[str], name: str, source: str) -> None:
    labels = [label for label in labels if "".join(label.casefold().split()).removeprefix("level")]
    start, until = PartialDate.parse("2020-05"), PartialDate.parse("2024")
    sheet = Sheet("Northlake", name, 3, start, until, EndState.ENDED, tuple(labels or ["A"]), source, line=2)

    assert read_ladders(write_ladders([sheet]).encode()) == [sheet]


def test_no_cell_of_an_export_runs_as_a_formula(owner: Organization) -> None:
    scenes.ladder(owner, ['=SUM(A1:A9)&"x"', "-1", "+2", "@x"])

    rows = list(csv.reader(io.StringIO(write_ladders(sheets()))))

    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_a_new_ladder_is_its_first_version(owner: Organization) -> None:
    import_ladders(read_ladders(lines("22A", "22B", source="The handbook")))

    [(_, *row)] = stored()
    assert row == [1, None, None, "open", "The handbook", ("22A", "22B")]


@pytest.mark.parametrize("version", ["", "1", "2"])
def test_a_changed_list_is_the_next_version_and_ends_the_one_before(
    owner: Organization, version: str
) -> None:
    first = scenes.ladder(owner)
    data = lines("P2", "P1", version=version, start="2026-01")

    import_ladders(read_ladders(data))

    old, new = stored()
    assert old == (first.pk, 1, None, date(2026, 1, 1), "ended", "", tuple(scenes.GRADES))
    assert new[1:] == (2, date(2026, 1, 1), None, "open", "", ("P2", "P1"))

    import_ladders(read_ladders(data))
    assert stored() == [old, new]


def test_a_changed_list_leaves_what_was_published_on_the_old_one(owner: Organization) -> None:
    ladder = scenes.ladder(owner)
    unit = scenes.unit("Northlake Cloud", owner)
    source = scenes.document(scenes.DEMOTION_TEXT)
    author = scenes.curator()
    revision = publishing.publish(scenes.demotion(scenes.executive(), unit, source), author)

    import_ladders(read_ladders(lines("22A", "21A", start="2026")))

    assert {row.ladder_id for row in GradeAssignment.objects.all()} == {ladder.pk}
    assert ladder.steps("22A", "21A") == revision.payload["details"]["penalties"][0]["steps"] == -3
    again = scenes.demotion(scenes.executive("Per Nyberg"), unit, source, day="2026-03-01", levels=None)
    assert publishing.publish(again, author).payload["details"]["penalties"][0]["steps"] == -1


def test_a_label_in_another_case_is_the_same_list(owner: Organization) -> None:
    scenes.ladder(owner, ["22A", "22B"])
    before = stored()

    import_ladders(read_ladders(lines("level 22a", "22 b")))

    assert stored() == before


def test_the_end_and_the_source_of_a_version_are_taken_over(owner: Organization) -> None:
    scenes.ladder(owner, ["A", "B"])

    import_ladders(read_ladders(lines("A", "B", until="2027-03", source="A notice")))

    [row] = stored()
    assert row[3:6] == (date(2027, 3, 1), "ended", "A notice")


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (lines("A", "b", "B"), 4, "'B' is the same grade as line 3"),
        (lines("A", "B").replace(b",1,B", b",2,B"), 3, "No grade has rank 1"),
        (lines("A", "B").replace(b",1,B", b",0,B"), 3, "Rank 0 is taken by line 2"),
        (lines("A").replace(b",0,A", b",x,A"), 2, "is no whole number"),
        (lines("A").replace(b",0,A", b",-1,A"), 2, "is no whole number"),
        (lines("A").replace(b",0,A", ",٣,A".encode()), 2, "is no whole number"),
        (lines("A").replace(b",0,A", b",0,"), 2, "Write the label"),
        (lines("A" * 31), 2, "more than 30 characters"),
        (lines("ß" * 30), 2, "more than 30 characters"),
        (lines("A", start="soon"), 2, "'soon' is no date"),
        (lines("A", version="0"), 2, "The version '0'"),
        (lines("A", start="2024", until="2023"), 2, "ends before it begins"),
        (lines("A", "B").replace(b"B,", b"B,other"), 3, "one source; line 2 has another"),
        (lines("A").replace(b"Northlake Devices", b"Southlake"), 2, "No organization on record"),
        (lines("A").replace(b"Northlake Devices", b"9" * 19), 2, "No organization on record"),
        (lines("A").replace(b"source", b"colour"), 1, "There is no column 'colour'"),
        (lines("A").replace(b"label", b"rank"), 1, "The column label is missing"),
        (lines("A") + b"Northlake Devices,Staff\n", 3, "2 cells, but the heading has 8"),
        (lines("A") + b"\xff\n", 3, "not UTF-8"),
        (lines("A") + b"\x00\n", 3, "NUL"),
        (lines("A") + b'"open\n', 3, "not CSV"),
        (b"", 1, "is missing"),
        (HEADING.encode(), 1, "no grades"),
        (b"x" * (MAX_BYTES + 1), 1, "larger than"),
        (lines("A", version="3"), 2, "next version of Staff grades is 1, not 3"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_line(owner: Organization, data: bytes, line: int, words: str) -> None:
    found = problems(data)

    assert found[0][0] == line
    assert any(words in message for _, message in found)
    assert stored() == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lines("X", "Y"), "Write in the column from since when"),
        (lines("X", "Y", start="2020"), "must hold from a day after 2020"),
        (
            lines("A", "B", start="2021"),
            "This is the list of Staff grades, version 1, which holds since 2020",
        ),
        (lines("A", "B", until="2019"), "it cannot end 2019"),
    ],
)
def test_a_list_that_cannot_follow_the_last_one_is_refused(
    owner: Organization, data: bytes, words: str
) -> None:
    import_ladders(read_ladders(lines("A", "B", start="2020")))
    before = stored()

    [(line, message)] = problems(data)

    assert (line, words in message) == (2, True), message
    assert stored() == before


def test_a_version_that_has_ended_is_not_ended_again_on_another_day(owner: Organization) -> None:
    import_ladders(read_ladders(lines("A", "B", start="2020", until="2024")))

    [(_, message)] = problems(lines("A", "B", start="2020", until="2025"))
    assert "has ended 2024" in message
    [(_, message)] = problems(lines("X", "Y", start="2023"))
    assert "holds until 2024" in message


def test_one_bad_ladder_leaves_the_good_ones_out_too(owner: Organization) -> None:
    good = lines("A", "B")
    bad = b"Southlake,Staff grades,,,,0,A,\nEastlake,Staff grades,,,,0,A,\n"

    assert [line for line, _ in problems(good + bad)] == [4, 5]
    assert stored() == []


def test_an_organization_with_a_namesake_is_written_by_its_id(owner: Organization) -> None:
    twin = scenes.company("Northlake Devices")
    scenes.ladder(twin, ["A", "B"])

    assert "may be one of these" in problems(lines("A"))[0][1]
    [sheet] = sheets()
    assert sheet.organization == str(twin.pk)
    assert import_ladders([sheet])[0].ladder.organization == twin


def test_a_version_is_in_use_once_an_event_stands_on_it_also_when_retracted(owner: Organization) -> None:
    ladder, other = scenes.ladder(owner), scenes.ladder(scenes.company("Elsewhere"))
    author, source = scenes.curator(), scenes.document(scenes.DEMOTION_TEXT)
    assert not in_use(ladder)

    revision = publishing.publish(scenes.demotion(scenes.executive(), owner, source), author)
    assert in_use(ladder)
    publishing.retract(revision.event_id, author, reason="withdrawn")

    assert (in_use(ladder), in_use(other)) == (True, False)


def test_the_command_takes_a_file_and_says_what_became_of_it(
    owner: Organization, file: Callable[[bytes], str], capsys: pytest.CaptureFixture[str]
) -> None:
    name = file(lines("A", "B"))

    call_command("ladders", "import", name, "--dry-run")
    assert "Staff grades, version 1: added" in capsys.readouterr().out
    assert stored() == []

    call_command("ladders", "import", name)
    call_command("ladders", "import", name)
    assert "Staff grades, version 1: unchanged" in capsys.readouterr().out

    call_command("ladders", "export", "northlake devices")
    assert capsys.readouterr().out.splitlines()[1] == "Northlake Devices,Staff grades,1,,,0,A,"


def test_the_command_names_the_bad_lines(owner: Organization, file: Callable[[bytes], str]) -> None:
    with pytest.raises(CommandError, match=r"nothing was changed.\nLine 3: 'a' is the same grade as line 2"):
        call_command("ladders", "import", file(lines("A", "a")))
    with pytest.raises(CommandError, match="No such file"):
        call_command("ladders", "import", "/nowhere/ladders.csv")
    with pytest.raises(CommandError, match="No organization on record"):
        call_command("ladders", "export", "Southlake")
