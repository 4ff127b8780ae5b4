"""Whether two reports tell the same news, by what both name. Pure.

An anchor weighs by its kind and by how rare it is among the stories of its days: a company that everybody writes about
this week joins nothing, a few names that two reports have to themselves do.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from events.feeds.anchors import weight
from events.feeds.latin_names import is_pinyin

COMMON = 24
"""Stories that name an anchor, within about its week, from which it weighs nothing."""
SAME_NEWS = 0.4
"""Share of what both name from which two reports tell the same news."""
LONG_NEWS, LONG_WEIGHT = 0.3, 3.0
"""The share that is enough where what is shared weighs as much: long reports name much besides."""
SURE_NEWS = 0.45
"""Share from which they do so for certain, so that their stories become one."""
MIN_WEIGHT = 1.7
"""The least that the shared anchors must weigh: more than one name and what goes with it."""
MIN_NAMES = 2.6
"""The least where they are names alone: the same people at the same company may be in other news."""
SAME_TEXT, EDITED_TEXT = 0.5, 0.25
"""Shares of common word sequences from which two texts are one report (with at least CONTRADICTION of what they name
in common: bulletins made from one form differ in it), or one report, edited (with LONG_NEWS of it)."""
CONTRADICTION = 0.15
_ANY_LANGUAGE = frozenset("gmpcxd")
_NAMES = frozenset("nwx")


@dataclass(frozen=True, slots=True)
class Likeness:
    """`weight` of the anchors that two reports share, and the `share` of all theirs, 0 to 1 (their cosine).

    `names_only`: no figure, day, grade or title is among them. `comparable`: both name something at all.
    """

    weight: float
    share: float
    names_only: bool = False
    comparable: bool = True

    @property
    def is_same_news(self) -> bool:
        """Whether the two reports tell the same news."""
        least = LONG_NEWS if self.weight >= LONG_WEIGHT else SAME_NEWS
        return self._weighs_enough and self.share >= least

    @property
    def is_sure(self) -> bool:
        """Whether they do so without doubt."""
        return self._weighs_enough and self.share >= SURE_NEWS

    def is_same_text(self, overlap: float) -> bool:
        """Whether texts that share `overlap` of their word sequences are one report."""
        if overlap >= SAME_TEXT:
            return self.share >= CONTRADICTION or not self.comparable
        return overlap >= EDITED_TEXT and self.share >= LONG_NEWS

    @property
    def _weighs_enough(self) -> bool:
        return self.weight >= (MIN_NAMES if self.names_only else MIN_WEIGHT)


def likeness(
    mine: Collection[str], theirs: Collection[str], frequency: Mapping[str, int], *, same_language: bool
) -> Likeness:
    """How alike two reports are by their anchors; `frequency` says how many stories name an anchor.

    Between two languages, only what both may write alike counts towards the whole.
    """
    shared = _without_parts(set(mine) & set(theirs))
    own, other = _comparable(mine, same_language), _comparable(theirs, same_language)
    own_weight = sum(weight(anchor) for anchor in own | shared)
    other_weight = sum(weight(anchor) for anchor in other | shared)
    found = sum(weight(anchor) * rarity(frequency.get(anchor, 1)) for anchor in shared)
    if not found:
        return Likeness(0.0, 0.0, comparable=bool(mine and theirs))
    names_only = all(anchor[0] in _NAMES for anchor in shared)
    return Likeness(found, found / math.sqrt(own_weight * other_weight), names_only)


def rarity(frequency: int) -> float:
    """1 for an anchor that at most three stories have, falling with the logarithm to 0 at COMMON."""
    if frequency <= 3:
        return 1.0
    return max(0.0, 1 - math.log(frequency / 3) / math.log(COMMON / 3))


def _comparable(anchors: Collection[str], same_language: bool) -> set[str]:
    whole = _without_parts(set(anchors))
    if same_language:
        return whole
    return {anchor for anchor in whole if _crosses(anchor)}


def _crosses(anchor: str) -> bool:
    kind, _, value = anchor.partition(":")
    return kind in _ANY_LANGUAGE or (kind in "nw" and all(map(is_pinyin, value.split())))


def _without_parts(anchors: set[str]) -> set[str]:
    """The anchors without single words that stand in a longer name among them: one name counts once."""
    words = {word for anchor in anchors if anchor.startswith("n:") for word in anchor[2:].split()}
    return {anchor for anchor in anchors if not (anchor.startswith("w:") and anchor[2:] in words)}
