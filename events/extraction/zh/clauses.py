"""The clauses of a Chinese sentence: what states something (triggers), and the phrases that it may be about.

A shallow predicate-argument reading. A phrase is a run of nominal words or a mention, with the preposition before it
(由, 被, 向 ...) and whether 的 follows. Who does what is told by order and preposition; a clause without a subject of its own
goes on about the subject of the clause before it (zero anaphora).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from events.extraction.chart import Chart
from events.extraction.lexicon import words
from events.extraction.model import Node
from events.extraction.zh.nominals import leads, nominal
from events.extraction.zh.tokens import Token, tag_of, tokens
from events.extraction.zh.verbs import all_verbs, classed, classes_in, has_trigger, spans, verbs_of

_MARK = re.compile(r"[，；。：！？:;!?｜|]|——|—|……")


@dataclass(slots=True)
class Phrase:
    """A nominal phrase: positions of the sentence, the mention it is (if it is just one), its preposition."""

    start: int
    end: int
    node: Node | None = None
    prep: str = ""
    of: bool = False
    joined: bool = False

    @property
    def type(self) -> str:
        """The mention's type, or "words"."""
        return self.node.type if self.node else "words"


@dataclass(slots=True)
class Trigger:
    """A word that states something: positions, its class in verbs.txt, the word."""

    start: int
    end: int
    cls: str
    word: str


@dataclass(slots=True)
class Clause:
    """Positions [start, end) of the sentence between two marks, with phrases and triggers in order."""

    start: int
    end: int
    chart: Chart
    split: Sequence[Token]
    """The words of the clause."""
    triggers: list[Trigger] = field(default_factory=list)
    before: Clause | None = None
    _read: list[Phrase] | None = None

    @property
    def phrases(self) -> list[Phrase]:
        """The phrases in order, read when they are first asked for."""
        if self._read is None:
            self._read = _phrases(self.chart, self.split)
        return self._read

    def left(self, at: int) -> list[Phrase]:
        """The phrases before a position, the nearest first."""
        return [phrase for phrase in reversed(self.phrases) if phrase.end <= at]

    def right(self, at: int) -> list[Phrase]:
        """The phrases from a position on."""
        return [phrase for phrase in self.phrases if phrase.start >= at]


def clauses(chart: Chart) -> list[Clause]:
    """The clauses of a sentence with a trigger; nothing where it has none."""
    s, classes = chart.s, classed()[1]
    words_ = spans(s)
    if not words_:
        return []
    split = tokens(s)
    edges = {token[0] for token in split}
    edges.add(len(s))
    found = [
        Trigger(start, end, classes[s[start:end]], s[start:end])
        for start, end in words_
        if start in edges and (end in edges or end - start > 2)
    ]
    if len(s) <= 5 and len(found) == 1 and not any(chart.nodes):
        return []  # a heading of one word
    result: list[Clause] = []
    start = first = 0
    for mark in [*_MARK.finditer(s), None]:
        end = mark.start() if mark else len(s)
        last = bisect_left(split, (end,), first)  # no word crosses a mark
        if end > start:
            clause = Clause(start, end, chart, split[first:last], before=result[-1] if result else None)
            clause.triggers = [t for t in found if start <= t.start and t.end <= end]
            result.append(clause)
        start = mark.end() if mark else end
        first = bisect_left(split, (start,), last)
    return result


_RELATIVE = re.compile(r"[^，。；：]{0,12}的[^，。；：]")
"""What follows a verb inside a clause that describes: 对 + 虚报销量 + 的 + 经理."""


def _phrases(chart: Chart, split: Sequence[Token]) -> list[Phrase]:
    """The phrases of a clause's tokens, each with the coverb before it."""
    found: list[Phrase] = []
    prep = ""
    index = 0
    while index < len(split):
        token = split[index]
        word = chart.s[token.start : token.end]
        if word in _JOINERS and found and found[-1].end == token.start:
            phrase, index = _phrase(chart, split, index + 1)
            if phrase is not None:
                phrase.prep, phrase.joined = found[-1].prep, True
                found.append(phrase)
            continue
        if word in words("zh", "prepositions") and not leads(chart.s, split, index):
            prep = word
            index += 1
            continue
        phrase, after = _governed(chart, split, index, prep)
        if phrase is None:
            belongs = word == "的" and found and found[-1].of and found[-1].end == token.start
            verb = token.tag in ("v", "vn") and not (prep == "对" and _RELATIVE.match(chart.s, token.end))
            prep = "" if verb or (word in "的，" and not belongs) else prep
            index += 1
            continue
        prep = _attach(chart, phrase, prep)
        found.append(phrase)
        index = after
    return found


_JOINERS = frozenset(["、", "和", "与", "及", "以及", "跟"])


def _governed(chart: Chart, split: Sequence[Token], index: int, prep: str) -> tuple[Phrase | None, int]:
    """The phrase at a token; after 对 and its like it may begin with a verb."""
    phrase, after = _phrase(chart, split, index)
    if phrase is None and prep in ("对", "把", "将", "向") and _odd_start(chart.s, split, index):
        phrase, after = _phrase(chart, split, index + 1)
        if phrase is not None:
            phrase.start, phrase.node = split[index].start, None
    return phrase, after


def _attach(chart: Chart, phrase: Phrase, prep: str) -> str:
    """Gives a phrase its coverb; returns the coverb that goes on to the next phrase."""
    phrase.prep = prep
    following = chart.nodes[phrase.end] if phrase.end < len(chart.nodes) else None
    if (
        following is not None
        and following.type == "person"
        and phrase.type in ("words", "organization", "unit")
    ):
        phrase.of = True  # an apposition: what the person who follows is
        return prep
    phrase.of = chart.s[phrase.end : phrase.end + 1] == "的"
    goes_on = phrase.of or phrase.type in ("date", "money", "percent")
    return prep if goes_on else ""


def _second_word(s: str, split: Sequence[Token], first: int, index: int) -> bool:
    """Whether a verb is the second word of a firm's name: 万象聚合 + a date, a coverb or a verb that states something."""
    if index != first + 1 or index + 1 >= len(split) or (first and split[first - 1].tag != "w"):
        return False
    token, after = split[index], split[index + 1]
    word, follower = s[token.start : token.end], s[after.start : after.end]
    if (
        token.tag != "v"
        or len(word) != 2
        or word in classed()[1]
        or split[first].end - split[first].start != 2
    ):
        return False
    return (
        after.tag in ("X", "p")
        or follower in classed()[1]
        or follower in words("zh", "breaks")
        or follower in ("第三季度", "今", "昨", "将", "已", "拟", "获")
    )


def _odd_start(s: str, split: Sequence[Token], index: int) -> bool:
    """Whether a verb right after a coverb begins a name: 对 + 启明 + 云仓."""
    token = split[index]
    if (
        not index
        or index + 1 >= len(split)
        or token.tag not in ("v", "vn", "a", "d")
        or token.end - token.start != 2
    ):
        return False
    before = s[split[index - 1].start : split[index - 1].end]
    return (
        before in ("对", "把", "将", "向")
        and s[token.start : token.end] not in classed()[1]
        and split[index + 1].end - split[index + 1].start < 3
    )


def _phrase(chart: Chart, split: Sequence[Token], index: int) -> tuple[Phrase | None, int]:
    """The phrase that starts at a token, and the token after it; None where none does."""
    first = index
    if index >= len(split):
        return None, index + 1
    node = chart.nodes[split[index].start] if split[index].tag == "X" else None
    if node is not None and node.type in _ALONE:
        return Phrase(split[index].start, split[index].end, node), index + 1
    index = _run(chart, split, first)
    if index == first:
        return None, index + 1
    start, end = _bounds(chart, split, first, index, node)
    if end - start == 1 and node is None and chart.s[start] not in "“《" and not chart.s[start].isalnum():
        return None, index
    return Phrase(start, end, node if end - start == 1 else None), index


_ALONE = frozenset(["date", "money", "percent", "title", "person"])
_IN_RUNS = frozenset(["organization", "unit", "name"])


def _run(chart: Chart, split: Sequence[Token], first: int) -> int:
    """The token after the nominal run that begins at a token; quoted words belong to it whatever they are."""
    index, quoted = first, 0
    while index < len(split):
        token = split[index]
        char = chart.s[token.start]
        inner = chart.nodes[token.start] if token.tag == "X" else None
        if inner is not None:
            again = index > first and not quoted and chart.nodes[split[first].start] is not None
            if inner.type not in _IN_RUNS or (again and inner.type == "organization"):
                break
        elif char in "“《":
            quoted += 1
        elif char in "”》":
            if not quoted:
                break
            quoted -= 1
        elif (
            not quoted
            and not (char in " ·&" and index > first)
            and not _goes_on(chart.s, split, first, index)
        ):
            break
        index += 1
    return index


def _goes_on(s: str, split: Sequence[Token], first: int, index: int) -> bool:
    return nominal(s, split, index, first=index == first) or _second_word(s, split, first, index)


_PAID = frozenset(["支付", "投资", "收购", "出资", "赔偿", "发行", "销售", "采购", "缴纳", "募集"])
"""Verbs that are parts of firms' names, too, but not before a sum."""


def _bounds(
    chart: Chart, split: Sequence[Token], first: int, index: int, node: Node | None
) -> tuple[int, int]:
    """Positions of the run of tokens [first, index) without a verb before a sum, spaces and 里, 中 at its end."""
    start, end = split[first].start, split[index - 1].end
    while end > start and chart.s[end - 1] in " 　":
        end -= 1
    follower = chart.nodes[end] if end < len(chart.nodes) else None
    money = follower is not None and follower.type == "money"
    if money and chart.s[end - 1] in "处罚获领缴" and end - start > 2:
        end -= 1
    last = split[index - 1]
    if money and last.start > start and chart.s[last.start : end] in _PAID:
        end = last.start
    single = last.end - last.start == 1 and last.end == end
    if (
        end - start > 2
        and single
        and node is None
        and chart.s[end - 1] in "里中内上下间时"
        and chart.s[start] not in "“《"
    ):
        end -= 1
    return start, end


__all__ = [
    "Clause",
    "Phrase",
    "Token",
    "Trigger",
    "all_verbs",
    "classes_in",
    "clauses",
    "has_trigger",
    "nominal",
    "tag_of",
    "verbs_of",
]
