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
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.lexicon import words
from events.extraction.model import Node
from events.extraction.zh.tokens import Token, tag_of, tokens
from events.extraction.zh.verbs import all_verbs, classed, classes_in, has_trigger, spans, verbs_of

_MARK = re.compile(r"[，；。：！？:;!?｜|]|——|—|……")
_FUNCTION = frozenset(
    "的了着在于对向被将把由因从自至到和与及或已未不也又仍还均都则就才只很称说是为有让使给遭获受拟要应须其该此这那每各另但而且后前"
    "时内曾再却亦皆以之等们他她它我你谁某今昨拿砍罚指斥令予聘辞撤并起会"
)
_ALSO_IN_NAMES = frozenset("为都同和以自会及起前后内时应是有可")
_NEVER_IN_NAMES = frozenset(
    "更亦跟最较再很太挺颇越且或如虽既即却倒竟仅只才刚凡俱都全均先还可就则因但所之吗呢吧啊呀嘛么"
)
_SINGLE_VERBS = frozenset(
    "发做作任升接换派选罚降处收买卖增减涨跌亏赚破推出入到去来想能可看见听问答谈走跑坐站送寄拿用吃喝开关停打写读告请求叫喊管负捐交付签订占列居排涉触犯违遇连持握掌赴赶返归留落失获得受遭是有"
)
_NOMINAL = frozenset(["n", "ns", "vn", "j", "b", "a", "eng", "", "s", "k", "z", "i", "m", "q", "f", "g"])


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


@lru_cache(maxsize=1)
def _firm_words() -> frozenset[str]:
    return words("zh", "trades") | words("zh", "org_suffixes") | words("zh", "unit_suffixes")


def _inside(s: str, found: Sequence[Token], index: int) -> bool:
    """Whether a function character stands in the middle of a name: 捷为股份, 陶都农商行."""
    if not 0 < index < len(found) - 1:
        return False
    before, after = found[index - 1], found[index + 1]
    return (
        before.end - before.start == 1
        and before.tag != "w"
        and before.tag != "X"
        and s[after.start : after.end] in _firm_words()
    )


def _leading(s: str, found: Sequence[Token], index: int) -> bool:
    """Whether a function character opens a firm's name: 和悦地产, 在野影业."""
    if index + 2 >= len(found) or (index and found[index - 1].tag != "w"):
        return False
    middle, last = found[index + 1], found[index + 2]
    return (
        s[found[index].start] in "和与可有在为将由从向对以同"
        and middle.end - middle.start == 1
        and s[last.start : last.end] in words("zh", "trades") | words("zh", "org_suffixes")
    )


def nominal(s: str, found: Sequence[Token], index: int, *, first: bool) -> bool:
    """Whether a token can be part of a nominal phrase; `first` says that it would begin one."""
    token = found[index]
    word = s[token.start : token.end]
    if token.tag in ("X", "w") or word in words("zh", "breaks") or word in _POSTS:
        return False
    if len(word) > 1:
        return _long_nominal(s, found, index, first=first)
    if word in _FUNCTION:
        return (word in _ALSO_IN_NAMES and _inside(s, found, index)) or _leading(s, found, index)
    return _single_nominal(s, found, index, first=first)


_POSTS = frozenset(["IPO", "CEO", "CFO", "COO", "CTO"])


_RELATIVE = re.compile(r"[^，。；：]{0,12}的[^，。；：]")
"""What follows a verb inside a clause that describes: 对 + 虚报销量 + 的 + 经理."""
_NUMBERED = re.compile(r"[一二三四五六七八九十]+[部组处科室厂队所院]")
"""The end of a name of one unit of several: 采购 + 一部."""


def _long_nominal(s: str, found: Sequence[Token], index: int, *, first: bool) -> bool:
    """The same of a word of two characters or more."""
    token = found[index]
    word = s[token.start : token.end]
    if word in _firm_words() or word in words("zh", "name_verbs"):
        return True
    if not first and _NUMBERED.fullmatch(word):
        return True
    if token.tag == "m":
        return word[0] != "第" and (first or found[index - 1].tag in ("eng", "m"))
    after = _word(s, found, index + 1)
    if token.tag in ("v", "vn") and word not in classed()[1]:
        units = words("zh", "unit_suffixes")  # 搜索事业部, 海外拓展部
        return after in units or (after in words("zh", "name_verbs") and _word(s, found, index + 2) in units)
    if token.tag in ("a", "ad", "z", "i") and not first:
        return after in _firm_words()
    return token.tag in _NOMINAL and token.tag != "vn"


def _word(s: str, found: Sequence[Token], index: int) -> str:
    return s[found[index].start : found[index].end] if index < len(found) else ""


def _single_nominal(s: str, found: Sequence[Token], index: int, *, first: bool) -> bool:
    """The same of a single character."""
    token = found[index]
    word = s[token.start : token.end]
    following = found[index + 1] if index + 1 < len(found) else None
    single = following is not None and following.end - following.start == 1 and following.tag in _NOMINAL
    if token.tag == "v":
        if word == "能" and not first and (following is None or following.tag in ("w", "X")):
            return True  # 甲泰新能
        if word in _SINGLE_VERBS:
            return (single and first) or _inside(s, found, index)
        if first and following is not None and following.end - following.start == 1 and following.tag == "v":
            return _inside(s, found, index + 1)
        return not first or single or (following is not None and following.tag in ("n", "", "nz"))
    if token.tag in ("p", "d", "c", "r", "u", "y"):
        return word not in _NEVER_IN_NAMES and (single or not first)
    return token.tag in _NOMINAL or token.tag == "t"


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
        if word in words("zh", "prepositions") and not _leading(chart.s, split, index):
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
