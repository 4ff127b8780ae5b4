"""English sentences that add to a fact told before: "His removal took effect on Wednesday", "He forfeits £32 million"."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.en import penalties
from events.extraction.lexicon import gated_pattern
from events.extraction.model import Draft

_EFFECT = r"(?:^|[,;] )(?:(?:His|Her|Their|This|The|{P}['’]s) )?(?:removal|resignation|retirement|appointment|departure|dismissal|promotion|change|election)(?: is| was| will be)? (?:took effect|takes effect|will take effect|take effect|effective|became effective)(?: (?:on|as of|from|upon [^.;]{3,70}? on))? {D:d}"
_NEAR = 4


def apply(chart: Chart, drafts: list[Draft]) -> None:
    """Adds what a sentence says of facts told at most a few sentences before."""
    _denial(chart, drafts)
    _raises(chart, drafts)
    _receives(chart, drafts)
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


_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)|disput(?:es|ed)|refut(?:es|ed)|rebut(?:s|ted)|contest(?:s|ed)|does not recogni[sz]e|did not recogni[sz]e|dismiss(?:es|ed) (?:it|that|this|the (?:claim|charge|allegation|accusation)s?)"
    r"|(?:calls?|called|describes?|described|labels|labelled|brand(?:s|ed)) (?:it|that|this|them|the (?:claim|charge|allegation|accusation)s?)\b|no truth|born of|untrue|baseless|unfounded|absurd|nonsense|fiction|fabricat|invention|did nothing wrong|done nothing wrong|innocent|groundless|without merit)"
)


def _denial(chart: Chart, drafts: list[Draft]) -> None:
    """An accusation that the accused rejects is one allegation that is denied."""
    told = [
        draft
        for draft in drafts[-6:]
        if draft.kind == "controversy"
        and draft.action == "allegation"
        and 0 <= chart.number - draft.sentence <= 2
    ]
    if told and _DENIES.search(chart.s):
        for draft in told:
            draft.status = "denied"


def _raises(chart: Chart, drafts: list[Draft]) -> None:
    """How much a listing is to raise, told in its sentence or the next."""
    listings = [
        d
        for d in drafts[-4:]
        if d.kind == "listing"
        and d.action in ("filing", "registration", "review", "listed")
        and chart.number - d.sentence <= 1
    ]
    if (
        not listings
        or listings[-1].measures
        or not re.search(r"\b(?:rais|worth|seek|fee table|offering|size)", chart.s)
    ):
        return
    for _, node in chart.all("money"):
        listings[-1].measures.append(({"metric": "amount", **node.value}, node.head))
        return


_TAKES_OVER = r"{O:u}(?: (?:in|at) {N})?(?: will)? (?:takes? over|took over|inherits?|absorbs?) (?:its|their|the) (?:[a-z]+ )?(?:work|staff|duties|tasks|customers|business|responsibilities|functions|people|orders|remaining)"
_RECEIVES = r"\b(?:[Ii]ts|[Ww]hose|[Tt]heir)\b[^.;]{0,60}?\b(?:go|goes|went|pass(?:es|ed)?|moves?|moved|transfers?|transferred|joins?|joined|folded|absorbed|taken|looked after|handled|split|divided|shared|picked up|run)\b(?: (?:over|on|in|to|into|by|between|under))* (?:the |a |an )?(?:new )?{U:u}"


def _receives(chart: Chart, drafts: list[Draft]) -> None:
    """Where the work or the people of a dissolved unit go."""
    closed = [
        d
        for d in drafts[-4:]
        if d.kind == "reorganization" and d.action == "dissolution" and chart.number - d.sentence <= 1
    ]
    if not closed:
        return
    match = gated_pattern("en", _RECEIVES).search(chart) or gated_pattern("en", _TAKES_OVER).search(chart)
    node = chart.node(match, "u") if match else None
    if node is None or any(p["role"] == "successor" for p, _ in closed[-1].participants):
        return
    for each in node.each():
        if each.name != closed[-1].subject["name"] and each.value != "pronoun":
            closed[-1].participants.append(
                ({"role": "successor", "type": "organization", "name": each.name}, each.head)
            )
