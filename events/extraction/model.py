"""The types that extraction's stages hand to each other, and the claim that comes out.

A span is always (start, end) in code points of the document's text, end excluded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

Span = tuple[int, int]


class Evidence(TypedDict):
    """The words a field was read from: `text[start:end] == quote`."""

    field: str
    start: int
    end: int
    quote: str


class Party(TypedDict, total=False):
    """Somebody or something that a claim names; `role` for participants only."""

    type: str
    name: str
    title: str
    organization: str
    role: str


class DateValue(TypedDict):
    """First day of a period (ISO 8601) and its precision: day, month or year."""

    value: str
    precision: str


class Penalty(TypedDict, total=False):
    """One penalty of a decision; `amount` in units of `currency`, `duration` an ISO 8601 duration."""

    type: str
    levels: int
    to: str
    degree: str
    amount: float
    currency: str
    duration: str


class Claim(TypedDict, total=False):
    """One governance fact read in one document; validates against the claim schema."""

    kind: str
    action: str
    subject: Party
    participants: list[Party]
    dates: dict[str, DateValue]
    departure: str
    interim: bool
    penalties: list[dict[str, Any]]
    grounds: list[str]
    headcount: dict[str, Any]
    measures: list[dict[str, Any]]
    status: str
    case: str | None
    confidence: float
    evidence: list[Evidence]


NodeType = Literal[
    "person", "organization", "name", "title", "date", "money", "percent", "grade", "product", "unit", "group"
]


@dataclass(slots=True, eq=False)
class Node:
    """A mention in the text: what kind of thing, its words, and what appositions say of it."""

    type: str
    start: int
    end: int
    name: str
    head: Span
    title: str = ""
    title_span: Span | None = None
    org: str = ""
    org_span: Span | None = None
    former: bool = False
    interim: bool = False
    members: list[Node] = field(default_factory=list)
    value: Any = None

    @property
    def span(self) -> Span:
        """Where the whole mention stands, appositions included."""
        return (self.start, self.end)

    def each(self) -> list[Node]:
        """The members of a coordination ("A, B and C"), or the mention alone."""
        return self.members or [self]


@dataclass(slots=True, eq=False)
class Draft:
    """A claim being put together. Fields that need evidence carry their span in `spans` (by JSON Pointer)."""

    kind: str
    action: str
    subject: Party
    span: Span
    sentence: int = 0
    subject_node: Node | None = None
    participants: list[tuple[Party, Span]] = field(default_factory=list)
    dates: dict[str, tuple[DateValue, Span]] = field(default_factory=dict)
    departure: str = ""
    interim: bool = False
    penalties: list[tuple[dict[str, Any], Span]] = field(default_factory=list)
    grounds: list[tuple[str, Span]] = field(default_factory=list)
    headcount: tuple[dict[str, Any], Span] | None = None
    measures: list[tuple[dict[str, Any], Span]] = field(default_factory=list)
    status: str = "reported"
    case: str | None = None
    confidence: float = 0.7
    spans: dict[str, Span] = field(default_factory=dict)
    extra_spans: list[Span] = field(default_factory=list)
    found_by: str = "frame"  # or "predicate": a verb with its arguments, without the words between fixed
    group: str = ""  # drafts of one decision carry the same word; becomes `case` when two or more share it
