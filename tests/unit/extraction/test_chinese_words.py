"""How Chinese sentences are split into words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from events.extraction.zh.tokens import tokens


def words(sentence: str) -> list[str]:
    return [sentence[token.start : token.end] for token in tokens(sentence)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("公司公告", "张三丰辞去总经理职务"),
        ("A股上市公司", "CEO离任"),
        ("营收1,", "234万元"),
        ("总经理", "总经理"),
    ],
)
@pytest.mark.parametrize("mark", ["，", "。", "（", "\ue001", "\ue004"])
def test_what_stands_between_marks_is_split_the_same_wherever_it_stands(
    left: str, right: str, mark: str
) -> None:
    assert words(f"{left}{mark}{right}") == [*words(left), mark, *words(right)]


def test_words_follow_each_other_without_a_gap_and_mentions_stand_alone() -> None:
    sentence = "\ue005，甲乙科技A股（300001.SZ）因3,000万元货款起诉\ue001、\ue002"

    found = tokens(sentence)

    assert (found[0].start, found[-1].end) == (0, len(sentence))
    assert all(left.end == right.start for left, right in pairwise(found))
    assert [sentence[t.start : t.end] for t in found if t.tag == "X"] == ["\ue005", "\ue001", "\ue002"]
    assert {"300001.SZ", "3,000"} <= set(words(sentence))


def test_of_two_ways_to_split_the_more_frequent_words_win() -> None:
    assert words("任命总经理") == ["任命", "总经理"]
