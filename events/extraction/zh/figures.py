"""Chinese figures: results, targets, market shares and job cuts, sentence by sentence."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart
from events.extraction.model import Draft, Span
from events.extraction.zh import amounts
from events.extraction.zh.discourse import Focus
from events.extraction.zh.names import Cast

_M, _P, _D = CODES["money"], CODES["percent"], CODES["date"]
_METRIC = re.compile(
    r"(?P<loss>净亏损|亏损)|(?P<profit>净利润|净利|利润|盈利)|(?P<revenue>营业收入|营业总收入|营收|销售收入|销售额|收入)"
)
_TARGET = re.compile(r"目标|预期|指引|定在|力争|计划实现")
_CHANGE = re.compile(
    rf"(?:同比|较上年同期|较上年|较去年同期|较\ue005(?:同期)?|比上年|年)(?P<w>增长|成长|衰退|增|减|上升|增加|提升|上涨|大增|下降|下滑|减少|下跌|降低|大跌)?(?:了)?(?:{_M}，?)?(?P<p>{_P})"
)
_DOWN = re.compile(r"衰退|年减|下降|下滑|减少|下跌|降低|大跌")
_NOT = re.compile(r"合同金额|虚增|收入确认|罚款|拖欠|募资|成交额|市值|年薪|奖金|收入来源")


def results(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """Revenue, profit and loss that a sentence gives, one draft for each action and period."""
    drafts: dict[tuple[str, str], Draft] = {}
    if re.search(r"虚增|虚报", chart.s):
        return []
    previous, period = 0, ""
    for at, _node in chart.all("money"):
        window = chart.s[max(previous, at - 24) : at]
        found = list(_METRIC.finditer(window))
        previous = at + 1
        if not found or _NOT.search(window) or re.search(r"[。；]", window[found[-1].start() :]):
            continue
        metric = next(name for name in ("loss", "profit", "revenue") if found[-1][name])
        action = "target" if _TARGET.search(window) else "result"
        period = _period(chart, at) or (focus.year if re.search(r"全年", window) else "") or period
        focus.year = period[:4] if period[:4].isdigit() else focus.year
        subject = _subject(chart, at, focus)
        if subject is None:
            continue
        draft = drafts.get((action, period))
        if draft is None:
            draft = Draft(
                "performance",
                action,
                {"type": "organization", "name": subject[0]},
                (chart.start, chart.end),
                chart.number,
            )
            draft.spans["/subject/name"] = subject[1]
            draft.status = "planned" if action == "target" else "reported"
            draft.confidence = 0.85 if period else 0.6
            drafts[(action, period)] = draft
        draft.measures.append(_measure(chart, at, metric, period))
    return list(drafts.values())


def _measure(chart: Chart, at: int, metric: str, period: str) -> tuple[dict[str, Any], Span]:
    node = chart.nodes[at]
    measure: dict[str, Any] = {"metric": metric, **(node.value if node else {})}
    if period:
        measure["period"] = period
    end = chart.s.find(_M, at + 1)
    change = _CHANGE.search(chart.s, at, end if end > 0 else len(chart.s))
    span = node.head if node else chart.span(at, at + 1)
    if change and (share := chart.nodes[change.start("p")]):
        measure["change"] = -share.value["value"] if _DOWN.search(change[0]) else share.value["value"]
        if share.value.get("qualifier"):
            measure["change_qualifier"] = share.value["qualifier"]
        span = (span[0], chart.span(change.start(), change.end())[1])
    return (measure, span)


def _period(chart: Chart, at: int) -> str:
    before = [n.value.period for i, n in chart.all("date") if i < at and n.value.period]
    if before:
        return str(before[-1])
    if re.search(r"全年", chart.s[:at]) and (
        years := [n.value.day["value"][:4] for _, n in chart.all("date") if n.value.day]
    ):
        return str(years[-1])
    return ""


def _subject(chart: Chart, at: int, focus: Focus) -> tuple[str, Span] | None:
    before = [n for i, n in chart.all("organization") if i < at]
    if before:
        return (before[0].name, before[0].head)
    return (focus.org, focus.org_span) if focus.org and focus.org_span else None


_SHARE = re.compile(
    rf"(?:份额|市占率|占有率)(?:已|也|进一步|目前|{_D}){{0,2}}(?:升至|达到|达|为|升到|降至|增至|提升至|超过|回升至|约为|约)(?P<p>{_P})"
)


def market_share(chart: Chart, focus: Focus) -> list[Draft]:
    """A share of a market that a sentence gives."""
    match = _SHARE.search(chart.s)
    node = chart.nodes[match.start("p")] if match else None
    subject = _subject(chart, match.start(), focus) if match else None
    if match is None or node is None or subject is None:
        return []
    measure: dict[str, Any] = {"metric": "market_share", **node.value}
    if period := _period(chart, match.start()):
        measure["period"] = period
    draft = Draft(
        "performance",
        "market_share",
        {"type": "organization", "name": subject[0]},
        (chart.start, chart.end),
        chart.number,
    )
    draft.spans["/subject/name"] = subject[1]
    draft.measures.append((measure, chart.span(match.start(), match.end())))
    return [draft]


_CUTS = re.compile(r"裁员|裁减|裁掉|裁撤|离开公司|被裁|优化掉|失去工作|裁退|遣散|解雇|精简")
_UNIT = re.compile(
    r"(?:^|[，。；：])(?P<u>[\u4e00-\u9fffA-Za-z0-9\ue002]{2,16}?(?:中心|工厂|部|公司|事业部|研究院|分公司|基地))(?=约|超|近|逾|有|的|将|\d)"
)


def layoffs(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """People whose jobs go."""
    cut = _CUTS.search(chart.s)
    match = amounts.PEOPLE.search(chart.s) if cut else None
    if (
        not cut
        or not match
        or re.search(r"没有|不会|未|否认", chart.s[max(0, cut.start() - 5) : cut.start()])
    ):
        return []
    unit = _UNIT.search(chart.s[: match.start() + 1])
    if unit:
        span = chart.span(unit.start("u"), unit.end("u"))
        subject: tuple[str, Span] | None = (chart.text[span[0] : span[1]], span)
    else:
        subject = _subject(chart, match.start(), focus)
    if subject is None:
        return []
    draft = Draft(
        "reorganization",
        "layoff",
        {"type": "organization", "name": subject[0]},
        (chart.start, chart.end),
        chart.number,
    )
    draft.spans["/subject/name"] = subject[1]
    if (owner := focus.owner(subject[0], chart.start)) is not None:
        draft.subject["organization"], draft.spans["/subject/organization"] = owner
    span = chart.span(match.start(), match.end())
    draft.headcount = (amounts.headcount(match, chart.text[span[0] : span[1]]), span)
    for _, node in chart.all("date"):
        if node.value.day:
            draft.dates.setdefault(
                "announced" if re.search(r"宣布|公告", chart.s) else "occurred", (node.value.day, node.head)
            )
            break
    if re.search(r"计划|拟|打算", chart.s):
        draft.status = "planned"
    return [draft]
