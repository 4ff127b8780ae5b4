"""Texts that say of themselves that they tell no news, and what they would look like as news."""

from __future__ import annotations

from datetime import date

import pytest

from events.extraction import extract
from tests.unit.extraction.corpus import OWN, claims_of, documents

_PUBLISHED = date(2025, 9, 12)


def _claims(text: str, language: str) -> list[str]:
    return [claim["kind"] for claim in extract(text, published=_PUBLISHED, language=language)]


@pytest.mark.parametrize("name", ["en-empty.jsonl", "zh-empty.jsonl"])
def test_articles_without_facts_give_at_most_one_wrong_claim_in_ten(name: str) -> None:
    texts = documents(OWN / name)
    wrong = [
        claim
        for text in texts
        for claim in claims_of(text)
        if (claim["kind"], claim["action"]) != ("controversy", "denial")
    ]
    assert len(wrong) * 10 <= len(texts)


_EN_FACT = "Lumen Cell has dismissed its chief executive, Carla Weiss, for misconduct."
_ZH_FACT = "泽光新材9月10日宣布，免去姚立群的总经理职务，原因是违反公司纪律。"


def test_a_fact_is_told_where_nothing_says_otherwise() -> None:
    assert _claims(_EN_FACT, "en")
    assert _claims(_ZH_FACT, "zh")


@pytest.mark.parametrize(
    "frame",
    [
        "FILM REVIEW: The long shift\n\n{}",
        "Humour | Notes from the lift\n\n{}",
        "A quiet week\n\n{}\n\nEverything in this column is made up.",
        "{}\n\nNone of it was true.",
    ],
)
def test_an_english_text_that_disclaims_itself_tells_nothing(frame: str) -> None:
    assert not _claims(frame.format(_EN_FACT), "en")


@pytest.mark.parametrize(
    "frame",
    [
        "【愚人节特稿】人事公告\n\n{}",
        "书评｜长夜\n\n{}",
        "茶水间\n\n以下内容为道听途说。{}",
        "人事风云\n\n{}（本文人物纯属虚构）",
    ],
)
def test_a_chinese_text_that_disclaims_itself_tells_nothing(frame: str) -> None:
    assert not _claims(frame.format(_ZH_FACT), "zh")


def test_a_rumour_told_before_it_is_refuted_is_no_claim() -> None:
    english = f"An anonymous post went viral on Monday. {_EN_FACT} Lumen said the post was fabricated."
    chinese = f"一张截图在网上流传。截图称：{_ZH_FACT}公司回应称，截图系伪造，已报警。"
    assert set(_claims(english, "en")) <= {"controversy"}
    assert set(_claims(chinese, "zh")) <= {"controversy"}


def test_a_letter_to_staff_may_say_i_and_you_and_still_be_news() -> None:
    letter = (
        "Dear colleagues,\n\nI will be brief. You should hear it from me. Carla Weiss resigned as chief executive on"
        " September 10. I would like to thank her. You may ask me anything. I will answer if I can."
    )
    assert "leadership" in _claims(letter, "en")
