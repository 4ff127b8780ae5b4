"""Which words of a Chinese sentence can be part of a nominal phrase, single characters of names among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from events.extraction.lexicon import words
from events.extraction.zh.tokens import Token
from events.extraction.zh.verbs import classed

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


@lru_cache(maxsize=1)
def _firm_words() -> frozenset[str]:
    return words("zh", "trades") | words("zh", "org_suffixes") | words("zh", "unit_suffixes")


@lru_cache(maxsize=1)
def _firm_ends() -> frozenset[str]:
    return words("zh", "trades") | words("zh", "org_suffixes")


@lru_cache(maxsize=1)
def _never_nominal() -> frozenset[str]:
    return words("zh", "breaks") | _POSTS


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


def leads(s: str, found: Sequence[Token], index: int) -> bool:
    """Whether a function character opens a firm's name: 和悦地产, 在野影业."""
    if index + 2 >= len(found) or (index and found[index - 1].tag != "w"):
        return False
    middle, last = found[index + 1], found[index + 2]
    return (
        s[found[index].start] in "和与可有在为将由从向对以同"
        and middle.end - middle.start == 1
        and s[last.start : last.end] in _firm_ends()
    )


def nominal(s: str, found: Sequence[Token], index: int, *, first: bool) -> bool:
    """Whether a token can be part of a nominal phrase; `first` says that it would begin one."""
    start, end, tag = found[index]
    word = s[start:end]
    if tag in ("X", "w") or word in _never_nominal():
        return False
    if end - start > 1:
        return _long_nominal(s, found, index, first=first)
    if word in _FUNCTION:
        return (word in _ALSO_IN_NAMES and _inside(s, found, index)) or leads(s, found, index)
    return _single_nominal(s, found, index, first=first)


_POSTS = frozenset(["IPO", "CEO", "CFO", "COO", "CTO"])


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
