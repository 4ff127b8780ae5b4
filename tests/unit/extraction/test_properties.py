"""Rules that hold for any text."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from events.extraction import extract
from events.extraction.sentences import LONGEST, sentences
from tests.unit.extraction.corpus import check

WORDS = st.sampled_from(
    [
        "Ann Bee",
        "Marlow Foods",
        "the company",
        "was",
        "demoted",
        "two levels",
        "and",
        ",",
        ";",
        ".",
        "resigned",
        "as",
        "chief executive",
        "of",
        "on October 18",
        "$3 million",
        "for misconduct",
        "(the “Company”)",
        "said",
        "that he",
        "revenue",
        "8.5%",
        "up",
        "in 2024",
        "from Level 22A to 21A",
        "Inc.",
        "\n",
        "张平安",
        "总裁",
        "被",
        "降职降级三级",
        "（22A→21A）",
        "，",
        "。",
        "、",
        "公司",
        "宣布",
        "昨日",
        "聘任",
        "为",
        "列入实体清单",
        "将",
        "裁员",
        "300名员工",
        "撤销",
        "事业部",
        "營運長",
        "“",
        "”",
        "Also penalized were",
        "; and",
        "Mr. Bee",
        "who",
        "a",
        "not",
        "should",
        "Dr.",
        "1.",
        "同比增长",
        "5亿元",
    ]
)
SENTENCES = st.lists(WORDS, max_size=40).map(" ".join) | st.lists(WORDS, max_size=40).map("".join)
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1))


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=400), published=DAYS)
def test_any_text_gives_valid_claims_with_exact_spans(text: str, published: date | None) -> None:
    check(text, extract(text, published=published))


@settings(max_examples=300, deadline=None)
@given(text=SENTENCES, published=DAYS, language=st.sampled_from([None, "en", "zh"]))
def test_any_jumble_of_governance_words_gives_valid_claims(
    text: str, published: date | None, language: str | None
) -> None:
    check(text, extract(text, published=published, language=language))


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=3000), language=st.sampled_from(["en", "zh"]))
def test_sentences_are_in_order_do_not_overlap_and_stay_short(text: str, language: str) -> None:
    last = 0
    for start, end in sentences(text, language):
        assert last <= start < end <= len(text)
        assert end - start <= LONGEST
        assert "\n" not in text[start:end]
        last = end


NAMES = st.builds(
    "{} {}".format,
    st.sampled_from(["Edda", "Ruben", "Salome", "Ivo", "Tamsin", "Oksana", "Jun", "Wei"]),
    st.sampled_from(["Varga", "Nyberg", "O'Dea", "Ibarra", "van Houten", "Lindgren-Moe", "Osei", "Zhang"]),
)
FRAMES = st.sampled_from(
    [
        "{} resigned as chief executive of Marlow Foods on Friday.",
        "Marlow Foods appointed {} as chief financial officer.",
        "{}, head of procurement, was demoted two levels for poor oversight.",
        "{} has been named president of Marlow Foods.",
        "Marlow Foods fired sales director {} for misconduct.",
    ]
)


@given(frame=FRAMES, one=NAMES, other=NAMES)
@settings(max_examples=80, deadline=None)
def test_another_name_in_a_sentence_keeps_its_claims(frame: str, one: str, other: str) -> None:
    def shape(name: str) -> list[tuple[str, str, str]]:
        found = extract(frame.format(name), published=date(2025, 1, 6))
        return [(c["kind"], c["action"], c["subject"]["name"].replace(name, "NAME")) for c in found]

    assert shape(one) == shape(other)
    assert shape(one)
