"""Chinese investigations opened, clause by clause: on whom, by which body."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.model import Draft, Node
from events.extraction.script import simplified
from events.extraction.zh import bearers, modality
from events.extraction.zh.clauses import Clause, Trigger
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.roles import place_dates

_NOT_SO = re.compile(
    r"(?:未|没有|没|并未|尚未|从未|不会|不|是否|能否|若|如|一旦|如果|可能|传|建议|呼吁|要求|不予|拟|应|该)(?:被|遭|受到)?$"
)
_OUTCOME = re.compile(
    r"(?:的)?(?:结果|结论|报告|表明|显示|认定|发现|认为|称|结束|终结|终止|后|期间|已于|小组|组|人员|员|数据|机构|公司|问卷)"
)


def read(chart: Chart, found: list[Clause], focus: Focus) -> list[Draft]:
    """The investigations that a sentence says were opened."""
    drafts: list[Draft] = []
    for clause in found:
        for trigger in clause.triggers:
            if trigger.cls != "investigate" or _NOT_SO.search(chart.s[clause.start : trigger.start]):
                continue
            if modality.uncertain(chart.s, trigger.start, trigger.end) or _OUTCOME.match(
                chart.s, trigger.end
            ):
                continue
            nodes = bearers.find(chart, found, trigger.start, trigger.end, "investigation", focus, told=False)
            drafts += [_draft(chart, clause, trigger, node, focus) for node in nodes]
    return drafts


def _draft(chart: Chart, clause: Clause, trigger: Trigger, node: Node, focus: Focus) -> Draft:
    draft = Draft(
        "discipline",
        "investigation",
        {"type": node.type, "name": node.name},
        chart.span(clause.start, clause.end),
        chart.number,
    )
    draft.spans["/subject/name"] = node.head
    if node.title:
        draft.subject["title"], draft.spans["/subject/title"] = node.title, node.title_span or node.head
    if node.org:
        draft.subject["organization"], draft.spans["/subject/organization"] = (
            node.org,
            node.org_span or node.head,
        )
    elif node.type == "person" and (owner := focus.owner("")):
        draft.subject["organization"], draft.spans["/subject/organization"] = owner
    bodies = [
        n for at, n in chart.all("organization") if at < trigger.end and BODY.search(simplified(n.name))
    ]
    if bodies and bodies[-1].name != node.name:
        draft.participants.append(
            ({"role": "issuer", "type": "organization", "name": bodies[-1].name}, bodies[-1].head)
        )
    if ground := re.search(r"(?:因)?(?P<g>涉嫌[^，。；]{2,24}?)(?:，|。|；|被|接受|立案|$)", chart.s):
        span = chart.span(ground.start("g"), ground.end("g"))
        draft.grounds.append((chart.text[span[0] : span[1]], span))
    place_dates(chart, (trigger.start, trigger.end), "decided", draft, focus)
    return draft
