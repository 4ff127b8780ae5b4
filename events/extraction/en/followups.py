"""English sentences that add to a fact told before: "His removal took effect on Wednesday", "He forfeits £32 million"."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.en import penalties
from events.extraction.lexicon import gated_pattern
from events.extraction.model import Draft

_EFFECT = r"(?:^|[,;] )(?:(?:His|Her|Their|This|The|{P}['’]s) )?(?:removal|resignation|retirement|appointment|departure|dismissal|promotion|change|election)(?: is| was| will be)? (?:took effect|takes effect|will take effect|take effect|effective|became effective)(?: (?:on|as of|from))? {D:d}"
_IMMEDIATE = re.compile(
    r"\b(?:the change|appointment|resignation|removal) is (?:immediate|effective immediately)"
)
_NEAR = 4


def apply(chart: Chart, drafts: list[Draft]) -> None:
    """Adds what a sentence says of facts told at most a few sentences before."""
    recent = [
        d
        for d in drafts[-20:]
        if chart.number - d.sentence <= _NEAR and d.kind in ("leadership", "discipline")
    ]
    if not recent:
        return
    if match := gated_pattern("en", _EFFECT).search(chart):
        node = chart.node(match, "d")
        last = [d for d in recent if d.sentence < chart.number or d is recent[-1]][-1]
        if node is not None and node.value.day:
            last.dates["effective"] = (node.value.day, node.head)
            last.extra_spans.append(chart.statement(chart.span(match.start(), match.end())))
    _forfeits(chart, recent)


def _forfeits(chart: Chart, recent: list[Draft]) -> None:
    for at, node in chart.all("person"):
        before = [
            d
            for d in recent
            if d.kind == "discipline"
            and d.subject_node
            and d.sentence < chart.number
            and d.subject_node.name.split()[-1] == node.name.split()[-1]
        ]
        if not before:
            continue
        draft = before[-1]
        have = {penalty["type"] for penalty, _ in draft.penalties}
        for penalty, span in penalties.find(chart, at, len(chart.s)):
            if penalty["type"] == "clawback" and "clawback" not in have:
                draft.penalties.append((penalty, span))
                draft.extra_spans.append(chart.statement(span))
        return
