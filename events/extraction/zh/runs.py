"""Names in runs of Chinese characters: where one that a frame found begins and ends."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.lexicon import alternatives
from events.extraction.model import Span

_LEAD = re.compile(
    r"^其|.*(?:把|将|被|向|由|对|称|同意|关于|其中|包括|旗下|新车|供应商|车企|企业|决定|受理|通过|公告|宣布|指控|举报|起诉|查明|认定|新设|同场的|多家|原定|计划在|仍|至于|此前|正式|受调整影响|以及|网友|的|，|；|：|\ue005|\ue004|今年|以来)(?=.{2})"
)


_TAIL = re.compile(
    r"(?:的|等|整体|三家|两家|四家|五家|几家|多家|[一二三四五六七八九十\d]+家|美国企业|中国企业|企业|公司股票|股票|股份|轿车|手机|新车|车型|于|自|在|已|将|即日起|即日|正式|也|又|则|均|先后|昨|今|本|上)+$"
)


UNIT = re.compile(rf"(?:{alternatives('zh', 'unit_suffixes')}|集团|组|室|局)”?(?:（[^（）]{{1,30}}）)?$")


def name_in(chart: Chart, match: re.Match[str], group: str, unit: bool = False) -> tuple[str, Span] | None:
    """The name that a run of characters ends with (or starts with, after a verb): words and span."""
    start, end = match.start(group), match.end(group)
    if start < 0:
        return None
    unit = unit or group in ("successor", "counterparty")
    after_verb = start > match.start()
    if after_verb and not (unit and end < match.end()):
        end = _extend(chart.s, start, end, group)
    run = chart.s[start:end]
    if not after_verb or re.match(r"其|该", run):
        if lead := _LEAD.match(run):
            start += lead.end()
        run = chart.s[start:end]
    if (tail := _TAIL.search(run)) and tail.start() > 1:
        end = start + tail.start()
    while start < end and chart.s[start] in " 的了":
        start += 1
    return _named(chart, start, end, group, own=after_verb and group == "subject" and not unit)


def _named(chart: Chart, start: int, end: int, group: str, *, own: bool) -> tuple[str, Span] | None:
    """The name that positions [start, end) hold: an organization known already, or the run's own words."""
    nodes = [n for n in chart.nodes[start:end] if n is not None]
    first = chart.nodes[start] if start < len(chart.nodes) else None
    if start >= end or any(n.type == "person" for n in nodes):
        return None
    if first is not None and first.type == "organization" and own:
        return (first.name, first.head)
    run = chart.s[start:end]
    if len(nodes) == 1 and nodes[0].type == "organization":
        if len(run) == 1 or group == "claimant" or not UNIT.search(run):
            return (nodes[0].name, nodes[0].head)
        inner = first is nodes[0] and len(run) > 2 and UNIT.search(run[1:])
        start += bool(inner and "“" not in run and not re.search(r"公司”?$", run))
    span = chart.span(start, end)
    if group == "product" and (quoted := re.search(r"[“《](?P<m>[^”》]+)", chart.s[start:end])):
        span = chart.span(start + quoted.start("m"), start + quoted.end("m"))
    elif group == "product" and (model := _MODEL.search(chart.s[start:end])):
        span = chart.span(start + model.start("m"), end)
    name = chart.text[span[0] : span[1]].strip()
    return (name, (span[0], span[0] + len(name))) if len(name) > 1 else None


_MODEL = re.compile(
    r"(?:芯片|晶片|手机|车型|新款|轿车|产品|平台|大模型|模型|系列|的|款|眼镜|手表|耳机|汽车|机器人|终端|设备|系统|游戏|软件|应用|电脑|平板|音箱|试剂盒|试剂|疫苗|药品|药物)(?P<m>[A-Za-z][A-Za-z0-9 .+-]*)$"
)


_NAME_END = re.compile(
    rf"(?:{alternatives('zh', 'unit_suffixes')})(?=[，。；、（）\s]|$|由|并|来|以|后|，|下)|[，。；、（）\ue005]|$"
)


_LISTED_END = re.compile(
    r"(?:股份有限公司|有限公司|集团|公司)(?=的|[，。；])|[，。；]|的|提前|虚增|违反|存在|未|要求|靠|通过|涉嫌|首次|首发|IPO|$"
)


def _extend(s: str, start: int, end: int, group: str) -> int:
    """Where a name after a verb ends: lazily matched runs stop at once, so the end is looked for here."""
    if group in ("successor", "counterparty"):
        match = _NAME_END.search(s, start + 1, start + 26)
        return (
            match.end()
            if match and not re.fullmatch(r"[，。；、（）\ue005]?", match[0])
            else match.start()
            if match
            else end
        )
    if s[end : end + 1] in "，。；、" or end >= len(s):
        return end
    unit = re.compile(
        rf"(?:{alternatives('zh', 'unit_suffixes')})(?=[，。；、（）\s]|$|由|并|来|以|后)|[，。；]"
    ).search(s, start + 1, start + 26)
    if unit and not re.match(r"[，。；]", unit[0]):
        return unit.end()
    match = _LISTED_END.search(s, start + 1, start + 26)
    return (match.end() if "公司" in match[0] or "集团" in match[0] else match.start()) if match else end
