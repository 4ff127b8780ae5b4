"""Which patterns are worth trying on a sentence.

From a regular expression's source, `required` works out literals without one of which it cannot match (the idea of
RE2's and Rust's prefilters). All literals of all patterns stand in one Aho-Corasick automaton, which reads a sentence
once and answers with a bit set of the patterns that it wakes; whether a pattern may match is then one `and` of two
integers. Placeholders (see chart.py) come and go, so they are asked for separately. A gate may let through what does not match, it never holds back what would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

Clause = frozenset[str]
"""Literals in lower case, one of which a match holds."""

FIRST_PRIVATE, LAST_PRIVATE = "\ue000", "\uf8ff"
_LATER = (1 << 1024) - 1
"""For patterns that come up after a sentence was looked at: more than there are in all."""
_MOST, _MANY = 64, 600
_PLAIN = re.compile(r" *(?!fy)(?:[a-z ,.'’-]{0,2}|\d) *")
"""Literals that stand in nearly every sentence, as short ones do, "FY" left out."""


@dataclass(frozen=True)
class _Info:
    """What is known of a part of a pattern: all strings that it can match (None: too many), and its clauses."""

    exact: frozenset[str] | None
    clauses: tuple[Clause, ...] = ()


_NOTHING = _Info(frozenset([""]))
_ANY = _Info(None)


class _Parser:
    """Reads the part of the syntax of regular expressions that the patterns use; what it does not know says nothing."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    def alternatives(self) -> _Info:
        """Branches up to the end or a closing parenthesis."""
        branches = [self._branch()]
        while self._take("|"):
            branches.append(self._branch())
        return branches[0] if len(branches) == 1 else _either(branches)

    def _branch(self) -> _Info:
        parts: list[_Info] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return _sequence(parts)

    def _take(self, piece: str) -> bool:
        if not self.source.startswith(piece, self.at):
            return False
        self.at += len(piece)
        return True

    def _atom(self) -> _Info:
        character = self.source[self.at]
        self.at += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character in "^$":
            return _NOTHING
        return _ANY if character == "." else _literal(character)

    def _escape(self) -> _Info:
        character = self.source[self.at]
        self.at += 1
        if character == "u":
            self.at += 4
            return _literal(chr(int(self.source[self.at - 4 : self.at], 16)))
        if character in "bBAZ":
            return _NOTHING
        return _ANY if character.isalnum() else _literal(character)

    def _class(self) -> _Info:
        match = _CLASS.match(self.source, self.at)
        if match is None:
            raise ValueError(f"no end of a class: {self.source}")
        self.at = match.end()
        body = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), match[1])
        if body.startswith("^") or len(body) > 12 or re.search(r"\\\w|.-.", body):
            return _ANY
        return _either([_literal(character) for character in re.sub(r"\\(.)", r"\1", body)])

    def _group(self) -> _Info:
        match = _OPENING.match(self.source, self.at)
        opening = match[0] if match else ""
        self.at += len(opening)
        inner = self.alternatives()
        self._take(")")
        if opening in ("?!", "?<!"):
            return _NOTHING
        if opening in ("?=", "?<="):
            return _Info(_NOTHING.exact, _clauses(inner))
        return _ANY if opening.startswith("?P=") else inner

    def _repeated(self, info: _Info) -> _Info:
        match = _QUANTIFIER.match(self.source, self.at)
        if not match:
            return info
        self.at = match.end()
        least = 0 if match[0][0] in "?*" else 1 if match[0][0] == "+" else int(match["least"] or 0)
        if least == 0:
            once = match[0][0] == "?" or match["most"] == "1"
            return _Info(info.exact | {""}) if once and info.exact is not None else _ANY
        return info if match[0] == "{1}" else _Info(None, _clauses(info))


_CLASS = re.compile(r"(\^?\]?(?:\\.|[^\]\\])*)\]")
_OPENING = re.compile(r"\?(?:P<\w+>|P=\w+|<?[=!]|[a-z]*(?:-[a-z]+)?:|>)")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{(?P<least>\d*)(?P<comma>,)?(?P<most>\d*)\})[?+]?")


def _literal(character: str) -> _Info:
    if FIRST_PRIVATE <= character <= LAST_PRIVATE:
        return _Info(None, (frozenset([character]),))
    return _Info(frozenset([character.lower()]))


def _sequence(parts: Iterable[_Info]) -> _Info:
    current: frozenset[str] = frozenset([""])
    clauses: list[Clause] = []
    whole = True
    for part in parts:
        clauses += part.clauses
        if part.exact is not None and len(current) * len(part.exact) <= _MOST:
            current = frozenset(left + right for left in current for right in part.exact)
            continue
        whole = False
        clauses.append(current)
        current = part.exact if part.exact is not None else frozenset([""])
    if whole:
        return _Info(current, tuple(filter(_useful, clauses)))
    return _Info(None, tuple(filter(_useful, [*clauses, current])))


def _either(branches: list[_Info]) -> _Info:
    exact = [branch.exact for branch in branches]
    if all(one is not None for one in exact) and not any(branch.clauses for branch in branches):
        union = frozenset[str]().union(*(one for one in exact if one is not None))
        if len(union) <= _MANY:
            return _Info(union)
    best = [_best(branch) for branch in branches]
    if any(one is None for one in best):
        return _ANY
    return _Info(None, (_reduced(frozenset[str]().union(*(one for one in best if one is not None))),))


def _useful(clause: Clause) -> bool:
    return len(clause) <= _MANY and not any(_PLAIN.fullmatch(literal) for literal in clause)


def _reduced(clause: Clause) -> Clause:
    """The clause without literals that hold another one of it."""
    kept: list[str] = []
    for literal in sorted(clause, key=lambda one: (len(one), one)):
        if not any(other in literal for other in kept):
            kept.append(literal)
    return frozenset(kept)


def _clauses(info: _Info) -> tuple[Clause, ...]:
    if info.exact is not None and _useful(info.exact):
        return (*info.clauses, info.exact)
    return info.clauses


def _weight(clause: Clause) -> tuple[int, int]:
    return (min(4, *(len(literal) * (1 if literal.isascii() else 2) for literal in clause)), -len(clause))


def _best(info: _Info) -> Clause | None:
    return max(_clauses(info), key=_weight, default=None)


def required(source: str) -> tuple[Clause, ...]:
    """Clauses that every match of a pattern (its slots written out) fulfils: at most two of words, and all of placeholders."""
    found = {_reduced(clause) for clause in _clauses(_Parser(source).alternatives())}
    marks = [clause for clause in found if all(FIRST_PRIVATE <= one[0] <= LAST_PRIVATE for one in clause)]
    texts = sorted(found.difference(marks), key=lambda one: (_weight(one), sorted(one)), reverse=True)
    return (*texts[:2], *sorted(marks, key=sorted))


@dataclass(frozen=True, slots=True)
class Gate:
    """`bit` stands for the pattern among all patterns; `marks` are masks of placeholders, one of each must be there."""

    bit: int
    marks: tuple[int, ...]


class _Registry:
    """All literals that some pattern asks for, which patterns each of them wakes, and the automaton that finds them.

    A pattern has two bits sets to pass, one for each clause of words: a literal sets its bit in the first or the second.
    """

    def __init__(self) -> None:
        self.literals: dict[str, int] = {}
        self.wakes: tuple[list[int], list[int]] = ([], [])
        self.always = [0, 0]
        self.patterns = 0
        self.later = _LATER
        self.automaton: AhoCorasick | None = None

    def add(self, source: str) -> Gate:
        bit = 1 << self.patterns
        self.patterns += 1
        self.later = _LATER << self.patterns
        clauses = required(source)
        marks = [
            clause for clause in clauses if all(FIRST_PRIVATE <= one[0] <= LAST_PRIVATE for one in clause)
        ]
        texts = [
            clause for clause in clauses if not any(FIRST_PRIVATE <= one[0] <= LAST_PRIVATE for one in clause)
        ]
        for place in (0, 1):
            if place < len(texts):
                for literal in texts[place]:
                    self.wakes[place][self._number(literal)] |= bit
            else:
                self.always[place] |= bit
        return Gate(bit, tuple(sum(mark(code) for code in clause) for clause in marks))

    def _number(self, literal: str) -> int:
        if literal not in self.literals:
            self.literals[literal] = len(self.literals)
            self.wakes[0].append(0)
            self.wakes[1].append(0)
            self.automaton = None
        return self.literals[literal]

    def woken(self, text: str) -> int:
        if self.automaton is None:
            self.automaton = AhoCorasick(list(self.literals))
        first, second = self.always
        one, two = self.wakes
        for number in {hit[0] for hit in self.automaton.find_matches_as_indexes(text, overlapping=True)}:
            first |= one[number]
            second |= two[number]
        return (first & second) | self.later


_REGISTRY = _Registry()


def woken(text: str) -> int:
    """The bits of the patterns that may match in a text by its words; those that are not known yet among them."""
    return _REGISTRY.woken(text.lower())


def mark(code: str) -> int:
    """The bit of a placeholder."""
    return 1 << (ord(code) - ord(FIRST_PRIVATE))


@lru_cache(maxsize=8192)
def gate(source: str) -> Gate:
    """The gate of a pattern whose slots are written out."""
    return _REGISTRY.add(source)


class Group:
    """Patterns that are tried one after the other on many sentences: tells at once which are worth it."""

    def __init__(self, sources: Sequence[str]) -> None:
        gates = [_REGISTRY.add(source) for source in sources]
        self._marks = [one.marks for one in gates]
        self._shift = gates[0].bit.bit_length() - 1 if gates else 0
        self._full = (1 << len(gates)) - 1

    def awake(self, woken_: int, marks: int) -> list[int]:
        """The numbers of the patterns, in order, that may match in a sentence with these words and placeholders."""
        bits = (woken_ >> self._shift) & self._full
        found = []
        while bits:
            lowest = bits & -bits
            bits ^= lowest
            number = lowest.bit_length() - 1
            if self.marked(number, marks):
                found.append(number)
        return found

    def marked(self, number: int, marks: int) -> bool:
        """Whether placeholders of these kinds are enough for a pattern."""
        for mask in self._marks[number]:  # noqa: SIM110 - half the time of all(...), many times a sentence
            if not marks & mask:
                return False
        return True
