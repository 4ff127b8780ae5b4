"""A sentence on its way through the cascade of finite-state stages.

Each stage finds phrases with a regular expression and puts one placeholder character in their place, so that later
stages see "⟦person⟧ was demoted" where the text had "Zhang, the unit's head since 2020, was demoted". (The idea is
FASTUS', Hobbs et al. 1997.) Placeholders are private-use characters; every position knows the span of text
behind it. Patterns are written with slots: `{P:subject}` is a person that the group `subject` names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from events.extraction.model import Node, Span

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


_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{([A-Za-z%])(?::\w+)?\}(?![?*{])|[()|]")


@lru_cache(maxsize=4096)
def needs(pattern: str) -> tuple[str, ...]:
    """For each slot that every match of a pattern fills, the placeholders that can stand there: a cheap test first."""
    depth, found = 0, []
    for piece in _PIECE.finditer(pattern):
        if piece[0] == "|" and depth == 0:
            return ()
        depth += {"(": 1, ")": -1}.get(piece[0], 0)
        if piece[1] and depth == 0:
            found.append(SLOTS[piece[1]])
    return tuple(dict.fromkeys(found))


def possible(wanted: tuple[str, ...], sentence: str) -> bool:
    """Whether a sentence has, for each slot wanted, some mention that fits."""
    for codes in wanted:
        for code in codes:
            if code in sentence:
                break
        else:
            return False
    return True


LONGEST_QUOTE = 400
"""Code points (the corpus' rule)."""
_CLAUSE_END = re.compile(r"[,;:](?= )|[，；：]")


class Chart:
    """One sentence: `s` is the text with placeholders, `nodes[i]` the mention at position i of it (or None)."""

    def __init__(
        self, text: str, start: int, end: int, number: int = 0, variants: dict[int, int] | None = None
    ) -> None:
        """`variants` maps characters one to one, so that patterns need know one form of each only."""
        self.text, self.start, self.end, self.number = text, start, end, number
        self.s = _PRIVATE.sub("\ufffd", text[start:end].translate(variants or {}))
        self.nodes: list[Node | None] = [None] * len(self.s)
        self.starts = list(range(start, end))
        self.ends = [i + 1 for i in range(start, end)]

    def span(self, start: int, end: int) -> Span:
        """The span of text behind positions [start, end) of `s`."""
        return (self.starts[start], self.ends[max(end - 1, start)])

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

    def node(self, match: re.Match[str], group: str | int) -> Node | None:
        """The mention that a one-slot group of a match stands for."""
        at = match.start(group) if group in match.re.groupindex or isinstance(group, int) else -1
        return self.nodes[at] if at >= 0 else None

    def replace(self, found: Iterable[tuple[int, int, Node]]) -> None:
        """Puts each node in place of positions [start, end); ranges must be in order and must not overlap."""
        parts, nodes, starts, ends, last = [], list[Node | None](), list[int](), list[int](), 0
        for start, end, node in found:
            if start < last or start >= end:
                continue
            left, right = self.span(start, end)
            parts += [self.s[last:start], CODES[node.type]]
            nodes += [*self.nodes[last:start], node]
            starts += [*self.starts[last:start], left]
            ends += [*self.ends[last:start], right]
            node.start, node.end = left, right
            last = end
        if not last:
            return
        self.s = "".join([*parts, self.s[last:]])
        self.nodes, self.starts, self.ends = (
            nodes + self.nodes[last:], starts + self.starts[last:], ends + self.ends[last:],
        )  # fmt: skip

    def rewrite(self, pattern: str, build: Callable[[re.Match[str]], Node | None], passes: int = 1) -> None:
        """Replaces what a pattern finds by the node that `build` makes of the match (None: leave it)."""
        if not possible(needs(pattern), self.s):
            return
        regex = compiled(pattern)
        for _ in range(passes):
            found = [
                (m.start(), m.end(), node) for m in regex.finditer(self.s) if (node := build(m)) is not None
            ]
            if not found:
                return
            self.replace(found)

    def retype(self, node: Node, kind: str) -> None:
        """Changes what kind of thing a mention is."""
        if node.type == kind:
            return
        node.type = kind
        at = next((i for i, other in enumerate(self.nodes) if other is node), None)
        if at is not None:
            self.s = f"{self.s[:at]}{CODES[kind]}{self.s[at + 1 :]}"

    def all(self, *types: str) -> list[tuple[int, Node]]:
        """(position, mention) of each mention of these types, in order."""
        found = ((m.start(), self.nodes[m.start()]) for m in _PRIVATE.finditer(self.s))
        return [(i, node) for i, node in found if node is not None and node.type in types]


def simple(chart: Chart, match: re.Match[str], kind: str, value: Any = None, group: str | int = 0) -> Node:
    """A node for a match: its name is the words of `group`."""
    head = chart.span(match.start(group), match.end(group))
    span = chart.span(match.start(), match.end())
    return Node(kind, *span, name=chart.text[head[0] : head[1]], head=head, value=value)
