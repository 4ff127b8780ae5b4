"""Rules of likeness: of texts by their word sequences, of reports by what they name. Pure, without a database."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.feeds.anchors import MAX_ANCHORS, MAX_LENGTH, anchors, weight
from events.feeds.likeness import COMMON, likeness, rarity
from events.feeds.similar import bands, estimate, overlap, shingles, signature, title_key

LABELLED = Path(__file__).resolve().parents[3] / "fixtures" / "feeds" / "stories" / "labelled.jsonl"
WORDS = [f"word{number}" for number in range(600)]


@dataclass(frozen=True)
class Report:
    """A labelled article with all that it is compared by."""

    story: str
    part: str
    language: str
    when: datetime
    names: list[str]
    runs: frozenset[int]


def reports(part: str) -> list[Report]:
    rows = map(json.loads, LABELLED.read_text().splitlines())
    return [
        Report(
            row["story"],
            row["set"],
            row["language"],
            datetime.fromisoformat(row["published"]),
            anchors(row["title"], row["text"]),
            shingles(row["text"]),
        )
        for row in rows
        if row["set"] == part
    ]


def found_pairs(part: str) -> tuple[int, int, int]:
    """Pairs within three days: found rightly, found wrongly, missed."""
    rows = reports(part)
    counts: Counter[tuple[bool, bool]] = Counter()
    frequency = Counter(name for row in rows for name in row.names)
    for one, other in itertools.combinations(rows, 2):
        if abs(one.when - other.when) <= timedelta(days=3):
            alike = likeness(one.names, other.names, frequency, same_language=one.language == other.language)
            says = alike.is_same_news or alike.is_same_text(overlap(one.runs, other.runs))
            counts[one.story == other.story, says] += 1
    return counts[True, True], counts[False, True], counts[True, False]


@pytest.mark.parametrize("part", ["tune", "held"])
def test_labelled_reports_of_one_news_are_found_and_no_others(part: str) -> None:
    right, wrong, missed = found_pairs(part)

    assert right >= 11
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.9


def test_a_signature_estimates_the_share_of_common_sequences() -> None:
    chance = random.Random(7)  # noqa: S311 - a fixed sequence for the test
    for common in (0.2, 0.5, 0.8):
        pool = [chance.getrandbits(64) for _ in range(2000)]
        cut = round(2000 * common / (1 + common))
        side = (2000 - cut) // 2
        one, other = frozenset(pool[: cut + side]), frozenset(pool[:cut] + pool[cut + side :])

        guess = estimate(signature(one), signature(other))

        assert abs(guess - overlap(one, other)) < 0.15


@given(st.lists(st.sampled_from(WORDS), min_size=5, max_size=200))
def test_equal_texts_have_equal_signatures_and_share_every_band(words: list[str]) -> None:
    text = " ".join(words)
    one, other = signature(shingles(text)), signature(shingles(text.upper()))

    assert estimate(one, other) == 1.0
    assert bands(one, 3) == bands(other, 3)
    assert all(-(1 << 63) <= key < 1 << 63 for key in bands(one, 3))


def test_stored_hashes_never_change() -> None:
    made = signature(
        shingles("The conduct board found that many invoices had been altered over three years.")
    )

    assert made.hex()[:32] == "8470c52415303525f94a024cf94a024c"
    assert bands(made, 2914)[:2] == [4974304297083482405, 281733577025704661]


def test_a_text_of_another_week_shares_no_band() -> None:
    made = signature(shingles(" ".join(WORDS)))

    assert not set(bands(made, 2914)) & set(bands(made, 2915))


def test_a_text_too_short_for_a_sequence_has_no_signature() -> None:
    assert signature(shingles("Four words are few")) == b""
    assert bands(b"", 1) == []
    assert estimate(b"", b"") == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zhang Ping'an was demoted.", "n:pingan zhang"),
        ("Ping'an Zhang was demoted.", "n:pingan zhang"),
        ("华为云CEO张平安被降职三级", "n:pingan zhang"),
        ("華為雲CEO張平安被降職三級", "n:pingan zhang"),
        ("负责人欧阳若溪、石冀琳因管理失职", "n:jilin shi"),
        ("负责人欧阳若溪、石冀琳因管理失职", "n:ouyang ruoxi"),
        ("Chief Executive Ilse van Houten resigned.", "n:houten ilse van"),
        ("研究负责人Ulf Stenmark称", "n:stenmark ulf"),
        ("人工智能公司Norrland宣布", "w:norrland"),
        ("得分81.4，前代为", "c:81.4"),
        ("from 22A to 21A", "g:22a"),
        ("revenue of RMB 38.523 billion", "m:38520000000"),
        ("营业收入385.23亿元", "m:38520000000"),
        ("a fine of £4.7m", "m:4700000"),
        ("fined 4.7 million pounds", "m:4700000"),
        ("up 8.50%", "p:8.5"),
        ("同比增长8.5%", "p:8.5"),
        ("8.5 per cent more", "p:8.5"),
        ("some 12,000 employees", "c:12000"),
        ("约1.2万名员工", "c:12000"),
        ("on October 18, the board", "d:10-18"),
        ("on 18 October 2025", "d:10-18"),
        ("10月18日晚", "d:10-18"),
        ("released Qwen-2.5 today", "x:qwen2.5"),
        ("(688931.SH) fell", "x:688931"),
        ("公司证券代码为688931。", "x:688931"),
    ],
)
def test_what_any_language_writes_alike_is_one_anchor(text: str, expected: str) -> None:
    assert expected in anchors("", text)


@pytest.mark.parametrize(
    "text", ["In 2024 it grew.", "a 50-day average", "On Monday the Board met.", "2025年"]
)
def test_years_measures_and_common_words_are_no_anchors(text: str) -> None:
    assert anchors("", text) == []


def test_a_document_has_few_anchors_however_much_it_names() -> None:
    text = " ".join(f"Some {number + 1000} people met on {number % 28 + 1} May." for number in range(200))

    found = anchors("x " * 400, text)

    assert len(found) == MAX_ANCHORS
    assert max(map(len, found)) <= MAX_LENGTH


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_anchors_or_none_but_never_fails(title: str, text: str) -> None:
    found = anchors(title, text)

    assert all(weight(anchor) > 0 for anchor in found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "piece", ["9", "9,", "9.", "a-", "A-", "A'b", "AaAa", "A b ", "王", "1a", "$ ", "9%"]
)
def test_a_page_of_one_thing_has_few_anchors(piece: str) -> None:
    assert len(anchors(piece * 200, piece * 50_000)) < MAX_ANCHORS


def test_an_anchor_that_everybody_names_weighs_nothing() -> None:
    names = ["n:ada brook", "n:marlow foods", "d:10-18"]

    assert likeness(names, names, dict.fromkeys(names, 1), same_language=True).is_same_news
    assert not likeness(names, names, dict.fromkeys(names, COMMON), same_language=True).is_same_news
    assert [rarity(n) for n in (1, 3, COMMON)] == [1.0, 1.0, 0.0]


def test_names_alone_join_two_reports_only_when_they_are_many() -> None:
    few = ["n:ada brook", "n:marlow foods"]
    many = [*few, "n:ilse van houten"]

    assert not likeness(few, few, {}, same_language=True).is_same_news
    assert likeness(many, many, {}, same_language=True).is_same_news


def test_bulletins_of_one_form_about_others_are_not_one_report() -> None:
    ours = likeness(["n:ada brook", "m:1.5"], ["n:bo lind", "m:2.5"], {}, same_language=True)
    notices = likeness([], [], {}, same_language=True)

    assert not ours.is_same_text(0.8)
    assert notices.is_same_text(0.8)


def test_a_short_title_is_no_key() -> None:
    assert title_key("Market wrap") == ""
    assert title_key("Orrin Freight warns its  SALES chief!") == "orrin freight warns its sales chief"
