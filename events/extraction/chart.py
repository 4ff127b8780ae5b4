"""A sentence on its way through the cascade of finite-state stages.

Each stage finds phrases with a regular expression and puts one placeholder character in their place, so that later
stages see "⟦person⟧ was demoted" where the text had "Zhang, the unit's head since 2020, was demoted". (The idea is
FASTUS', Hobbs et al. 1997.) Placeholders are private-use characters; every position knows the span of text
behind it. Patterns are written with slots: `{P:subject}` is a person that the group `subject` names.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

from events.extraction.gates import Gate, Group, gate, mark, woken
from events.extraction.model import Draft, Node, Span

CODES = {
    "person": "\ue001", "organization": "\ue002", "name": "\ue003", "title": "\ue004", "date": "\ue005",
    "money": "\ue006", "percent": "\ue007", "grade": "\ue008", "product": "\ue009", "unit": "\ue00a", "group": "\ue00b",
}  # fmt: skip
SLOTS = {
    "P": "\ue001\ue003", "O": "\ue002\ue003\ue00a", "A": "\ue001\ue002\ue003\ue009\ue00a", "T": "\ue004", "D": "\ue005",
    "M": "\ue006", "%": "\ue007", "G": "\ue008", "X": "\ue009\ue003", "U": "\ue00a\ue002\ue003",
    "p": "\ue001", "o": "\ue002\ue00a", "N": "\ue003", "x": "\ue009", "g": "\ue00b", "u": "\ue00a",
}  # fmt: skip
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_SLOT = re.compile(r"\{([A-Za-z%])(?::(\w+))?\}")


@lru_cache(maxsize=4096)
def slots(pattern: str) -> str:
    """A pattern's slots as character classes: `{P:subject}` is `(?P<subject>[...])`."""
    return _SLOT.sub(lambda m: f"(?P<{m[2]}>[{SLOTS[m[1]]}])" if m[2] else f"[{SLOTS[m[1]]}]", pattern)


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern with slots, compiled."""
    return re.compile(slots(pattern))


@lru_cache(maxsize=4096)
def gated(pattern: str) -> tuple[re.Pattern[str], Gate]:
    """A pattern with slots, compiled, and its gate (see gates.py)."""
    source = slots(pattern)
    return (re.compile(source), gate(source))


class Pattern:
    """A pattern with slots, compiled, that spares sentences without the words that it cannot do without."""

    __slots__ = ("gate", "regex")

    def __init__(self, source: str, flags: int = 0) -> None:
        self.regex = re.compile(slots(source), flags)
        self.gate = gate(slots(source))

    def search(self, chart: Chart, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match in positions [start, end) of a sentence."""
        return self.regex.search(chart.s, start, end) if chart.may(self.gate) else None

    def match(self, chart: Chart, start: int = 0) -> re.Match[str] | None:
        """The match that starts at a position."""
        return self.regex.match(chart.s, start) if chart.may(self.gate) else None

    def finditer(self, chart: Chart, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """All matches in positions [start, end)."""
        return self.regex.finditer(chart.s, start, end) if chart.may(self.gate) else iter(())


LONGEST_QUOTE = 400
"""Code points (the corpus' rule)."""
_CLAUSE_END = re.compile(r"[,;:](?= )|[，；：]")


class Chart:
    """One sentence: `s` is the text with placeholders, `nodes[i]` the mention at position i of it (or None)."""

    __slots__ = (
        "_mentions", "_nodes", "_places", "_shifts", "_spans", "end", "marks", "number", "s", "start", "text", "woken",
    )  # fmt: skip

    def __init__(
        self, text: str, start: int, end: int, number: int = 0, variants: dict[int, int] | None = None
    ) -> None:
        """`variants` maps characters one to one, so that patterns need know one form of each only."""
        self.text, self.start, self.end, self.number = text, start, end, number
        s = text[start:end]
        if variants:
            s = s.translate(variants)
        self.s = _PRIVATE.sub("\ufffd", s) if _PRIVATE.search(s) else s
        # The patterns that the words may match, and the kinds of placeholders in `s` (see gates.py).
        self.woken, self.marks = woken(self.s), 0
        # Where mentions stand in `s`, in order; their spans; text position less position in `s` before and after each.
        self._places: list[int] = []
        self._spans: list[Span] = []
        self._shifts = [start]
        self._mentions: list[tuple[int, Node]] = []
        self._nodes: list[Node | None] | None = None

    @property
    def nodes(self) -> list[Node | None]:
        """The mention at each position."""
        if self._nodes is None:
            self._nodes = [None] * len(self.s)
            for place, node in self._mentions:
                self._nodes[place] = node
        return self._nodes

    def may(self, gate_: Gate) -> bool:
        """Whether a pattern with this gate can match at all."""
        if not self.woken & gate_.bit:
            return False
        marks = self.marks
        for mask in gate_.marks:  # noqa: SIM110 - half the time of all(...), many times a sentence
            if not marks & mask:
                return False
        return True

    def span(self, start: int, end: int) -> Span:
        """The span of text behind positions [start, end) of `s`."""
        places, last = self._places, end - 1 if end > start else start
        if not places:
            return (self._shifts[0] + start, self._shifts[0] + last + 1)
        i = bisect_left(places, start)
        left = self._spans[i][0] if i < len(places) and places[i] == start else self._shifts[i] + start
        i = bisect_left(places, last, i)
        right = self._spans[i][1] if i < len(places) and places[i] == last else self._shifts[i] + last + 1
        return (left, right)

    def words(self, start: int, end: int) -> str:
        """The text behind positions [start, end) of `s`."""
        left, right = self.span(start, end)
        return self.text[left:right]

    def statement(self, span: Span) -> Span:
        """The sentence if it is short enough to quote whole, else as many whole clauses around a span as fit."""
        start, end = span
        if start < self.start or end > self.end:
            return span
        if self.end - self.start <= LONGEST_QUOTE:
            return (self.start, self.end)
        marks = [
            self.start,
            *(self.start + m.end() for m in _CLAUSE_END.finditer(self.text[self.start : self.end])),
            self.end,
        ]
        left = max(mark for mark in marks if mark <= start)
        right = min(mark for mark in marks if mark >= end)
        return (left, right) if right - left <= LONGEST_QUOTE else span

    def at(self, place: int) -> Node | None:
        """The mention at a position."""
        i = bisect_left(self._places, place)
        return self._mentions[i][1] if i < len(self._places) and self._places[i] == place else None

    def node(self, match: re.Match[str], group: str | int) -> Node | None:
        """The mention that a one-slot group of a match stands for."""
        at = match.start(group) if group in match.re.groupindex or isinstance(group, int) else -1
        return self.at(at) if at >= 0 else None

    def replace(self, found: Sequence[tuple[int, int, Node]]) -> None:
        """Puts each node in place of positions [start, end); ranges must be in order and must not overlap."""
        if not found:
            return
        parts: list[str] = []
        mentions: list[tuple[int, Node]] = []
        spans: list[Span] = []
        last, old, moved = 0, 0, 0
        for start, end, node in found:
            if start < last or start >= end:
                continue
            left, right = self.span(start, end)
            parts += (self.s[last:start], CODES[node.type])
            old = self._keep(mentions, spans, old, start, moved)
            while old < len(self._places) and self._places[old] < end:
                old += 1
            mentions.append((start + moved, node))
            spans.append((left, right))
            moved += 1 - (end - start)
            node.start, node.end = left, right
            last = end
        if not last:
            return
        self._keep(mentions, spans, old, len(self.s), moved)
        parts.append(self.s[last:])
        self.s = "".join(parts)
        self._mentions, self._spans, self._nodes = mentions, spans, None
        self._places = [place for place, _ in mentions]
        self._shifts = [
            self.start,
            *(span[1] - place - 1 for place, span in zip(self._places, spans, strict=True)),
        ]
        self._mark()

    def _keep(
        self, mentions: list[tuple[int, Node]], spans: list[Span], first: int, end: int, moved: int
    ) -> int:
        """Takes over the mentions from number `first` up to a position, each moved; returns the number after them."""
        while first < len(self._places) and self._places[first] < end:
            place, node = self._mentions[first]
            mentions.append((place + moved, node))
            spans.append(self._spans[first])
            first += 1
        return first

    def _mark(self) -> None:
        marks = 0
        for place in self._places:
            marks |= _BITS[self.s[place]]
        self.marks = marks

    def rewrite(
        self, pattern: str | Pattern, build: Callable[[re.Match[str]], Node | None], passes: int = 1
    ) -> None:
        """Replaces what a pattern finds by the node that `build` makes of the match (None: leave it)."""
        regex, gate_ = gated(pattern) if isinstance(pattern, str) else (pattern.regex, pattern.gate)
        if self.may(gate_):
            self.change(regex, build, passes)

    def change(
        self, regex: re.Pattern[str], build: Callable[[re.Match[str]], Node | None], passes: int = 1
    ) -> None:
        """`rewrite` by a compiled pattern, whatever its gate."""
        for _ in range(passes):
            found = [(*m.span(), node) for m in regex.finditer(self.s) if (node := build(m)) is not None]
            if not found:
                return
            self.replace(found)

    def retype(self, node: Node, kind: str) -> None:
        """Changes what kind of thing a mention is."""
        if node.type == kind:
            return
        node.type = kind
        for place, other in self._mentions:
            if other is node:
                self.s = f"{self.s[:place]}{CODES[kind]}{self.s[place + 1 :]}"
                self._mark()
                return

    def all(self, *types: str) -> list[tuple[int, Node]]:
        """(position, mention) of each mention of these types, in order."""
        mentions = self._mentions
        return [mention for mention in mentions if mention[1].type in types] if mentions else []


class Cascade:
    """Rewriting rules in order, (pattern with slots, what makes the node of a match): those that can match are tried."""

    def __init__(
        self, *rules: tuple[str, Callable[[Chart, re.Match[str]], Node | None]], makes: Iterable[str] = CODES
    ) -> None:
        """`makes` are the types of nodes that rules may make of others."""
        sources = [slots(source) for source, _ in rules]
        self._rules = [(re.compile(source), build) for source, (_, build) in zip(sources, rules, strict=True)]
        self._group = Group(sources)
        self._made = sum(_BITS[CODES[kind]] for kind in makes)

    def apply(self, chart: Chart) -> None:
        """Rewrites a sentence by each rule in turn."""
        for number in self._group.awake(chart.woken, chart.marks | self._made):
            if self._group.marked(number, chart.marks):
                regex, build = self._rules[number]
                chart.change(regex, partial(build, chart))


_BITS = {code: mark(code) for code in CODES.values()}
ALL_MARKS = sum(_BITS.values())
"""Every kind of placeholder: for rules whose placeholders come while earlier rules work."""


def simple(chart: Chart, match: re.Match[str], kind: str, value: Any = None, group: str | int = 0) -> Node:
    """A node for a match: its name is the words of `group`."""
    head = chart.span(match.start(group), match.end(group))
    span = chart.span(match.start(), match.end())
    return Node(kind, *span, name=chart.text[head[0] : head[1]], head=head, value=value)


def about_organization(chart: Chart, kind: str, action: str, subject: tuple[str, Span]) -> Draft:
    """A draft that a whole sentence states of an organization: its name, and where that stands."""
    name, span = subject
    draft = Draft(
        kind, action, {"type": "organization", "name": name}, (chart.start, chart.end), chart.number
    )
    draft.spans["/subject/name"] = span
    return draft
