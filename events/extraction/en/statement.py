"""What a sentence says in one place: which fact, and who stands in which role of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from events.extraction.chart import Chart
from events.extraction.lexicon import Frame
from events.extraction.model import Node


@dataclass(slots=True)
class Statement:
    """A fact that a frame or a verb of the lexicon has found; positions are those of the chart's `s`, end excluded."""

    kind: str
    action: str
    options: dict[str, str]
    start: int
    end: int
    words: str
    nodes: dict[str, Node] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    people: bool = False  # whether only people may be its subject

    def node(self, role: str) -> Node | None:
        """The mention in a role ("subject", "title", "org", "issuer", ...), if any."""
        return self.nodes.get(role)

    @property
    def subject_at(self) -> int:
        """Where the subject stands."""
        return self.at.get("subject", self.start)


def of_frame(frame: Frame, match: re.Match[str], chart: Chart, *, people: bool) -> Statement:
    """What a frame's match states."""
    found = Statement(
        frame.kind, frame.action, frame.options, match.start(), match.end(), match[0], people=people
    )
    for role in match.re.groupindex:
        node = chart.node(match, role)
        if node is not None:
            found.nodes[role], found.at[role] = node, match.start(role)
    return found
