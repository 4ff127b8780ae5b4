"""The geometry of the charts, the marked article and the words for values: pure functions."""

from __future__ import annotations

import itertools
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tracker.web import presentation
from tracker.web.desk.article import paragraphs
from tracker.web.public.charts import GradeStep, ladder_picture, step_chart

LABELS = ["22A", "22B", "22C", "21A", "21B", "21C"]


def test_a_ladder_picture_has_a_hop_a_step() -> None:
    picture = ladder_picture(LABELS, "22A", "21A")
    assert picture is not None
    assert [hop.number for hop in picture.hops] == [1, 2, 3]
    assert [(rung.label, rung.part) for rung in picture.rungs] == [
        ("22A", "from"), ("22B", "between"), ("22C", "between"), ("21A", "to"), ("21B", "outside"),
    ]  # fmt: skip
    assert picture.steps == -3


def test_a_way_up_is_drawn_upwards() -> None:
    picture = ladder_picture(LABELS, "21A", "22C")
    assert picture is not None
    assert picture.steps == 1
    assert picture.rungs[0].label == "22B"


def test_a_grade_off_the_ladder_gives_no_picture() -> None:
    assert ladder_picture(LABELS, "22A", "19Z") is None


def test_a_grade_held_since_no_known_day_is_drawn_as_unsure() -> None:
    day = date(2025, 10, 18)
    steps = [
        GradeStep("22A", 0, None, "", day, "18 October 2025", 1),
        GradeStep("21A", 3, day, "18 October 2025", None, "", 1),
    ]
    chart = step_chart(steps, list(enumerate(LABELS[:5])), date(2026, 3, 1), 880)
    assert len(chart.unsure) == 1
    assert chart.unsure[0].x1 == chart.left
    assert len(chart.held) == 1
    assert chart.held[0].x2 == chart.right
    assert chart.drops[0].y1 < chart.drops[0].y2


def test_a_chart_stays_inside_its_picture_over_a_century() -> None:
    days = [date(1926, 1, 1), date(1960, 5, 1), date(2025, 10, 18)]
    steps = [GradeStep("x", rank, start, str(start), None, "", None) for rank, start in enumerate(days)]
    chart = step_chart(steps, [], date(2026, 3, 1), 320)
    for mark in (*chart.marks, *chart.ticks):
        assert 0 <= mark.x <= chart.width
    places = [tick.x for tick in chart.ticks]
    assert min(after - before for before, after in itertools.pairwise(places)) > 30


@given(
    st.text(alphabet="ab\n 界", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6),
)
def test_marking_loses_and_adds_no_character(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [(start, start + length) for start, length in pairs]
    shown = ["".join(segment.text for segment in paragraph) for paragraph in paragraphs(text, spans)]
    assert shown == [line for line in text.split("\n") if line.strip()]


@given(st.text(alphabet="ab\n", min_size=1, max_size=40), st.integers(0, 39), st.integers(1, 10))
def test_exactly_the_evidences_characters_are_marked(text: str, start: int, length: int) -> None:
    marked = "".join(
        segment.text
        for paragraph in paragraphs(text, [(start, start + length)])
        for segment in paragraph
        if segment.evidence
    )
    assert marked == text[start : start + length].replace("\n", "")


def test_overlapping_quotes_mark_their_common_words_for_both() -> None:
    (line,) = paragraphs("one two three", [(0, 7), (4, 13)])
    assert [(segment.text, segment.evidence, segment.begins) for segment in line] == [
        ("one ", (0,), (0,)), ("two", (0, 1), (1,)), (" three", (1,), ()),
    ]  # fmt: skip


def test_figures_are_written_as_people_write_them() -> None:
    measure = {
        "metric": "revenue",
        "value": 38523000000,
        "currency": "CNY",
        "period": "2024",
        "change": 0.085,
    }
    assert (
        presentation.measure_words(measure) == "Revenue (2024): CNY 38.523 billion, +8.5% on the year before"
    )
    assert presentation.percent(0.23) == "23%"
    assert presentation.number(0.927) == "0.927"


def test_a_date_is_never_more_exact_than_its_precision() -> None:
    assert presentation.date_words({"value": "2025-08-01", "precision": "month"}) == "August 2025"
    assert presentation.date_words({"value": "2019-01-01", "precision": "year"}) == "2019"


def test_a_quote_goes_to_the_field_whose_pointer_is_nearest() -> None:
    payload = {
        "subject": {"type": "person", "name": "A", "title": "CEO"},
        "details": {"penalties": [{"type": "warning"}]},
        "evidence": [{"field": "/subject/title", "quote": "t"}, {"field": "/penalties/0/degree", "quote": "p"}, {"field": "/nope", "quote": "n"}],
    }  # fmt: skip
    found = {fact.pointer: [quote["quote"] for quote in fact.quotes] for fact in presentation.facts(payload)}
    assert found == {"/subject": [], "/subject/title": ["t"], "/penalties/0": ["p"], "": ["n"]}
