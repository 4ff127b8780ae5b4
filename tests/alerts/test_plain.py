"""Plain text of mails: where lines are broken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from events.alerts.plain import COLUMNS, broken, tidy, width

WORDS = st.lists(st.text("ab界，。（“”）é", min_size=1, max_size=30), min_size=1, max_size=60)


@given(WORDS, st.sampled_from(["", "  ", "  - "]))
def test_breaking_loses_and_adds_nothing_but_spaces(words: list[str], start: str) -> None:
    line = start + " ".join(words)

    assert "".join("".join(broken(line)).split()) == "".join(line.split())


@given(
    st.lists(st.text("abc", min_size=1, max_size=30), min_size=1, max_size=60), st.sampled_from(["", "  - "])
)
def test_no_line_of_words_is_longer_than_the_columns(words: list[str], start: str) -> None:
    assert max(map(width, broken(start + " ".join(words)))) <= COLUMNS


@given(st.text("界面，。天", min_size=1, max_size=300))
def test_chinese_is_broken_by_the_columns_it_takes(text: str) -> None:
    marks = "，。"
    for line in broken("天" + text.replace("，，", "，").strip(marks)):
        assert width(line.rstrip(marks)) <= COLUMNS


def test_no_line_begins_with_a_closing_mark() -> None:
    for size in range(30, 50):
        assert all(line[0] not in "，。）”" for line in broken("“" + "天" * size + "，”（地）。" + "人" * 20))


def test_a_list_hangs_under_its_first_word() -> None:
    first, second = broken("  - " + "word " * 20)

    assert first.startswith("  - word")
    assert second.startswith("    word")


def test_an_address_stays_whole() -> None:
    address = "https://tracker.example.org/" + "x" * 100

    assert tidy(f"See:\n{address}\n") == f"See:\n{address}\n"


def test_paragraphs_are_one_empty_line_apart() -> None:
    assert tidy("\n\n one\n\n\n\n two \n\n-- \nfoot\n\n") == " one\n\n two\n\n-- \nfoot\n"
