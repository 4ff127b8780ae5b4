"""Long and hostile texts: work grows in step with length, and no text holds extraction up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from events.extraction import assembly, extract
from events.extraction.finding import Finder
from events.extraction.model import Draft

PUBLISHED = date(2025, 11, 17)


def names() -> Iterator[str]:
    return (
        "".join(parts).title()
        for parts in product(
            ["ba", "do", "gi", "lu", "me"], ["ran", "sol", "tev"], ["ka", "mo", "ni"], ["", "s"]
        )
    )


def appointments(number: int) -> str:
    """Different people, each appointed at a company of their own."""
    found = list(names())
    pairs = [(one, other) for one in found for other in found][:number]
    return " ".join(f"{a} {b} was appointed chief executive of {b} {a} Group on May 2." for a, b in pairs)


def test_pairing_people_who_follow_each_other_looks_at_each_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = 0
    named = assembly._named

    def counted(old: Draft, new: Draft) -> bool:
        nonlocal looked
        looked += 1
        return named(old, new)

    monkeypatch.setattr(assembly, "_named", counted)
    counts = []
    for number in (100, 400):
        looked = 0
        assert len(extract(appointments(number), published=PUBLISHED)) == number
        counts.append(looked)

    assert counts[1] <= 5 * max(counts[0], 100)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "Anna Bell, ", "Anna Bell and ", "Chief Executive Officer and ", "(the “Company”) ", "was demoted and fined and ", "a", "A", "1,111", "“",
        "Anna Bell resigned as chief executive of Marlow Foods on May 2. ", "甲乙科技公告，张三辞去总经理职务。", "张三、", "撤销", "的", "（", "3亿元",
        "Item 5.02 Departure\nOn June 8, 2021 (the “Start Date”), Ada Quill resigned.\n",
        "The Conduct Committee fined Anna Bell and reprimanded Carl Dunn on May 2. All penalties were decided on May 1.\n\n",
        "甲乙科技纪律委员会决定给予张三丰记过处分、李四光警告处分。上述处分自5月2日起生效。",
    ],
)  # fmt: skip
def test_no_repetition_holds_extraction_up(piece: str) -> None:
    text = piece * (60_000 // len(piece))

    for claim in extract(text, published=PUBLISHED):
        assert all(text[e["start"] : e["end"]] == e["quote"] for e in claim["evidence"])


@pytest.mark.timeout(60)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_thousands_of_different_names_do_not_hold_extraction_up(language: str) -> None:
    if language == "en":
        text = appointments(1500)
    else:
        given = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
        people = (f"{a}{b}{c}" for a in "王李赵陈" for b in given for c in given)
        text = "".join(
            f"{name[::-1]}科技公告，聘任{name}为总经理。"
            for _, name in zip(range(2500), people, strict=False)
        )

    assert len(extract(text, published=PUBLISHED, language=language)) > 1000


def test_a_finder_takes_the_longest_name_at_a_place_and_goes_on_behind_it() -> None:
    finder = Finder(["张三", "张三丰", "三丰", "", "李四"])

    assert finder.spans("张三丰与李四、张三") == [(0, 3), (4, 6), (7, 9)]
    assert Finder([]).spans("张三") == []
