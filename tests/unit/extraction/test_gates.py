"""Gates: what they let a pattern be spared, and that they never cost a match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.extraction.chart import Chart, gated
from events.extraction.gates import required
from events.extraction.lexicon import frames, frames_for

PATTERNS = [
    r"\b(?:appoint(?:s|ed|ing)?|nam(?:es|ed)) [\ue001\ue003](?: as)?",
    r"(?:[\ue001\ue003]:|was) fired(?! at)",
    r"[Tt]he (?:Company|company)['’]s? board",
    r"\d{1,3} (?:jobs|roles)(?=[,.;]|$)",
    r"(?<=when )[Ii]t(?= has)",
    r"\([^()]{1,9}\)|[“\"]board[”\"]",
    r"left|",
    r"(?:re)?nam(?i:ED)\b|quit\.",
    r"[^a-z]ceo[a-c]?|[a-z]+ ousted{1,2}",
    r"将[\u4e00-\u9fff]{1,3}(?:免去|罢免)|\ue005起生效",
    r"(?P<a>ban)(?:ned){0,1} (?P=a)",
]
PIECES = [
    "\ue001", "\ue003", "\ue005起生效", "appointed ", "nam", "names ", "re", "named", "ED", "was fired", ": fired", " at", "The company’s ",
    "board", "12 ", "jobs", ",", "when It has", "(ab)", "“board”", "left", "quit.", "CEO", " ceoa", "b ousted", "dd", "将某人", "免去", "ban ban",
    "banned ban", " ", "Company's board", "roles",
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_a_gate_lets_every_sentence_through_that_its_pattern_matches(sentence: str) -> None:
    for source in PATTERNS:
        if re.search(source, sentence):
            low = sentence.lower()
            for clause in required(source):
                assert any(literal in low for literal in clause), (source, clause)


@pytest.mark.parametrize(
    ("source", "clauses"),
    [
        (r"\b(?:fired|ousted) [\ue001]", [{"fired ", "ousted "}, {"\ue001"}]),
        (
            r"[Tt]he (?:unit|team)(?: was)? shut",
            [{"the unit shut", "the unit was shut", "the team shut", "the team was shut"}],
        ),
        (r"(?:unit|team)[^.]{0,20} was (?:shut|closed)", [{" was shut", " was closed"}, {"unit", "team"}]),
        (r"resign(?:s|ed|ation)?\b", [{"resign"}]),
        (r"(?:left|quit)?", []),
        (r"\w+ \d+", []),
        (r"fired|[\ue001]", [{"fired", "\ue001"}]),
        (r"(?:免去|罢免)[\ue001]", [{"免去", "罢免"}, {"\ue001"}]),
    ],
)
def test_a_gate_asks_for_the_words_that_a_match_cannot_do_without(
    source: str, clauses: list[set[str]]
) -> None:
    assert {*map(frozenset, required(source))} == {*map(frozenset, clauses)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nearly_every_frame_has_words_that_it_waits_for(language: str) -> None:
    chart = Chart("Nothing of that kind 与此无关", 0, 26)

    tried = frames_for(language, chart)

    assert len(tried) < 0.05 * len(frames(language))


def test_words_that_a_pattern_asks_for_later_are_looked_for_as_well() -> None:
    early = Chart("The zeppelin was renamed.", 0, 25)
    gate = gated("zeppelin")[1]
    late, without = Chart("The zeppelin was renamed.", 0, 25), Chart("It was renamed.", 0, 15)

    assert early.may(gate)
    assert late.may(gate)
    assert not without.may(gate)
