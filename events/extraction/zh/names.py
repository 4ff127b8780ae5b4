"""What Chinese people's names look like, and the names that a document is found to have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from events.extraction.chart import CODES
from events.extraction.lexicon import alternatives, words
from events.extraction.model import Span
from events.extraction.zh.tokens import tag_of, weight_of

HAN = "\u4e00-\u9fff"
_T = CODES["title"]
TRANSLITERATED = re.compile(rf"[{HAN}]{{1,6}}(?:[·•‧][{HAN}]{{1,6}}){{1,3}}")
"""Parts of a foreign name in Chinese characters with dots between them."""


@dataclass
class Cast:
    """The names of one document (in simplified characters): where each is first seen, and full forms of short ones."""

    people: dict[str, Span] = field(default_factory=dict)
    full: dict[str, str] = field(default_factory=dict)
    legal: dict[str, str] = field(default_factory=dict)
    organizations: dict[str, Span] = field(default_factory=dict)
    firms: set[str] = field(default_factory=set)
    """Organizations that do or suffer what only firms can: no person bears such a name in the text."""
    _pieces: tuple[int, frozenset[str]] = (0, frozenset())

    def person_ends(self, s: str, end: int) -> bool:
        """Whether the name of somebody noted ends at a position of a text."""
        return any(s[start:end] in self.people for start in range(max(0, end - _LONGEST), end))

    def in_firm(self, name: str) -> bool:
        """Whether a name of three or four characters is part of the name of an organization noted."""
        if self._pieces[0] != len(self.organizations):
            pieces = (
                org[at : at + size]
                for org in self.organizations
                for size in (3, 4)
                for at in range(len(org) - size + 1)
            )
            self._pieces = (len(self.organizations), frozenset(pieces))
        return name in self._pieces[1]


_LONGEST = 28
"""Characters of the longest name of a person: four parts of six, the marks between them, and one to spare."""


@lru_cache(maxsize=1)
def _surname() -> re.Pattern[str]:
    singles = sorted({w for line in words("zh", "surnames") for w in line.split() if len(w) == 1})
    doubles = sorted({w for line in words("zh", "surnames") for w in line.split() if len(w) == 2})
    return re.compile(rf"(?:(?P<double>{'|'.join(doubles)})|[{''.join(singles)}])")


@lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    """The characters that surnames begin with."""
    return frozenset(word[0] for line in words("zh", "surnames") for word in line.split())


_DOT = re.compile("[·•‧]")


@lru_cache(maxsize=1)
def _follows() -> re.Pattern[str]:
    return re.compile(rf"[^{HAN}A-Za-z0-9]|$|(?:{alternatives('zh', 'followers')})")


@lru_cache(maxsize=1)
def _strong() -> re.Pattern[str]:
    """What surely ends a name: no Chinese character, or a follower of two characters or more."""
    longer = sorted((w for w in words("zh", "followers") if len(w) > 1), key=lambda w: (-len(w), w))
    return re.compile(rf"[^{HAN}A-Za-z0-9]|$|(?:{'|'.join(longer)})")


def name_at(s: str, at: int, *, sure: bool = False) -> int:
    """Where a person's name that starts at `at` ends; `at` where no name stands there.

    `sure` says that what stands before (a title, a verb of appointing) can only be followed by a name.
    """
    if _DOT.search(s, at, at + 7) and (match := TRANSLITERATED.match(s, at)):
        return foreign_end(s, match)
    if s[at : at + 1] not in _openings():
        return at
    surname = _surname().match(s, at)
    if not surname:
        return at
    base = at + len(surname[0])
    if (
        base + 1 < len(s)
        and (s[base + 1 : base + 2] in _ENDS_AT_ONCE or s[base + 1 : base + 3] in ("为" + _T, "任" + _T))
    ) or (
        s[base + 1 : base + 2] == "为"
        and re.match(r"第|新|公司|下|本|独|代|副|总|首|董|监|财", s[base + 2 : base + 4])
    ):
        ends = [base + 1]
    else:
        ends = [base + 2, base + 1]
    ends = [end for end in ends if end <= len(s) and _GIVEN.fullmatch(s, base, end)]
    scores = [
        (end_score(s, end) + (0.4 if end == base + 2 else 0) - _oddness(s, base, end), end) for end in ends
    ]
    best, end = max(scores, default=(0.0, at))
    return end if best >= (0.0 if sure else 1.0) else at


def foreign_end(s: str, match: re.Match[str]) -> int:
    """Where a transliterated name ends: before a mark, a function word or a known word after its last part's first two characters."""
    last = max(match[0].rfind(mark) for mark in "·•‧") + 1 + match.start()
    for end in range(last + 2, match.end()):
        rest = s[end : end + 2]
        if rest[:1] in _LINKS or any(
            tag_of(s[end : end + size]) in _AFTER_NAMES for size in (4, 3, 2) if end + size <= len(s)
        ):
            return end
    return match.end()


_LINKS = frozenset("与和及被在因的将从于是向对出接担宣表称任已离辞获暂代为改升")
_GIVEN = re.compile(r"(?:(?![的了是或等们已未、])[\u4e00-\u9fff]){1,2}")
_RARE_IN_NAMES = frozenset("在被将因和与及不对向从由为")
_ENDS_AT_ONCE = frozenset("因被将已于获予对把给遭辞")
_AFTER_NAMES = frozenset(["v", "d", "t", "p", "c", "l", "i", "r", "n", "vn", "a", "ad", "b", "f", "m", "u"])


_NEVER_LAST = frozenset("在被将因和与及对从由也又均都已则还就曾说称仍")


def _oddness(s: str, base: int, end: int) -> float:
    """How little a given name looks like one: function characters in it, most of all as its last."""
    odd = 0.8 * sum(char in _RARE_IN_NAMES for char in s[base:end])
    return odd + (2.2 if end - base == 2 and s[end - 1] in _NEVER_LAST else 0.0)


_MADE_POST, _IN_POST = f"为{_T}", f"任{_T}"


def end_score(s: str, end: int) -> float:
    """How well a name can end at a position, by what follows: a mark, a word that follows names, another word."""
    if not ("\u4e00" <= s[end : end + 1] <= "\u9fff"):
        return 3.0
    after = s[end : end + 2]
    if after == _MADE_POST or (after == _IN_POST and not tag_of(s[end - 1 : end + 1])):
        return 3.0
    if _strong().match(s, end):
        return 2.5
    if (
        tag_of(after) in _AFTER_NAMES
        or tag_of(s[end : end + 3]) in _AFTER_NAMES
        or tag_of(s[end : end + 4]) in _AFTER_NAMES
    ):
        return 2.0 if not tag_of(s[end - 1 : end + 1]) else 1.2
    if _follows().match(s, end):
        return 1.5 if not tag_of(s[end - 1 : end + 1]) else 0.6
    return -0.2 if tag_of(s[end - 1 : end + 1]) else 0.2


_COMMON = 4.0
"""Natural logarithm of the frequency from which on a word is no given name."""


def ordinary(name: str) -> bool:
    """Whether what stands where a given name would is an ordinary word: 于 + 月底, 从 + 公司."""
    given = name[2:] if double_surname(name[:2]) else name[1:]
    return len(given) == 2 and weight_of(given) > _COMMON and tag_of(given) not in ("nr", "nz")


def double_surname(chars: str) -> bool:
    """Whether characters begin with a surname of two: 欧阳."""
    match = _surname().match(chars)
    return bool(match and match["double"])
