"""Chinese figures: results, targets, market shares and job cuts, sentence by sentence."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart, about_organization
from events.extraction.model import Draft, Span
from events.extraction.zh import amounts, arguments, clauses
from events.extraction.zh.discourse import Focus
from events.extraction.zh.roles import place_dates

_M, _P = CODES["money"], CODES["percent"]
_METRIC = re.compile(
    r"(?P<loss>净亏损|亏损|净损|净亏|税后净损|蚀|亏(?!损))|(?P<profit>净利润|净利|纯利|溢利|盈余|获利|利润|盈利|净赚|赚(?!钱))"
    r"|(?P<revenue>营业收入|营业总收入|营业额|营收|销售收入|销售额|收入|进账|入账|营业净额|收益(?!率))"
)
_TARGET = re.compile(
    r"目标|预期|预计|预告|预估|预计|指引|定在|定为|定下|力争|计划实现|要冲|冲上|冲刺|剑指|预算|力求"
)
_UP = "增长|成长|增|上升|增加|提升|上涨|大增|升|多|攀升|劲升|飙升|扩大|翻|高出|激增|微增|涨"
_FALL = (
    "衰退|下降|下滑|减少|下跌|降低|大跌|减|萎缩|少|跌|缩水|下挫|滑落|倒退|收窄|降|微降|锐减|缩减|下挫|回落"
)
_CHANGE = re.compile(
    rf"(?:同比|按年|较上年同期|较上年|较去年同期|较去年|较\ue005(?:同期)?|比上年(?:同期)?|比上一年(?:同期)?|比\ue005(?:同期)?|年|，)(?P<w>{_UP}|{_FALL})(?:了|约|逾|近|超过|幅度?达?|幅为)?(?:{_M}，?)?(?P<p>{_P})"
)
_DOWN = re.compile(_FALL)
_NOT = re.compile(
    r"合同金额|虚增|收入确认|罚款|拖欠|募资|成交额|市值|年薪|奖金|收入来源|费用|成本|补偿|赔偿|投资额|订单|资产|借款|贷款|补贴|研发投入|票房"
)


def results(chart: Chart, focus: Focus) -> list[Draft]:
    """Revenue, profit and loss that a sentence gives, one draft for each action and period."""
    drafts: dict[tuple[str, str], Draft] = {}
    if "虚增" in chart.s or "虚报" in chart.s:
        return []
    _report(chart, focus)
    previous, period = 0, ""
    for at, _node in chart.all("money"):
        window = re.split(r"[，；](?![^，；]{0,8}$)", chart.s[max(previous, at - 24) : at])[-1]
        if drafts and _REVISED.fullmatch(chart.s, previous, at):
            _revise(list(drafts.values())[-1], chart, at)
            previous = at + 1
            continue
        found = list(_METRIC.finditer(window))
        earlier, previous = previous, at + 1
        if not found or _NOT.search(window) or re.search(r"[。；]", window[found[-1].start() :]):
            continue
        metric = next(name for name in ("loss", "profit", "revenue") if found[-1][name])
        action = "target" if _TARGET.search(chart.s[max(earlier, at - 30) : at]) else "result"
        if re.search(r"上年同期|去年同期|上一年同期|同期为|同期的", chart.s[max(earlier, at - 14) : at]):
            continue
        period = _period(chart, at) or (focus.year if "全年" in window else "") or period
        period = _at_hand(chart, focus, action, period)
        subject = _subject(chart, at, focus)
        if subject is None:
            continue
        draft = drafts.setdefault((action, period), _result(chart, action, period, subject, focus))
        draft.measures.append(_measure(chart, at, metric, period))
    return list(drafts.values())


def _at_hand(chart: Chart, focus: Focus, action: str, period: str) -> str:
    """A period, or the one of the sentence before where none is told; the focus takes it up."""
    if not period and chart.number - focus.period_at <= 1:
        period = focus.period
    focus.period, focus.period_at = period, chart.number
    if action == "result" and period[:4].isdigit():
        focus.year = period[:4]
    return period


def _result(chart: Chart, action: str, period: str, subject: tuple[str, Span], focus: Focus) -> Draft:
    """A result or target without its measures; of the sentence's dates only the day on which it was announced counts."""
    draft = about_organization(chart, "performance", action, subject)
    draft.status = "planned" if action == "target" else "reported"
    draft.confidence = 0.85 if period else 0.6
    place_dates(chart, (0, 0), "", draft, focus)
    draft.dates = {role: value for role, value in draft.dates.items() if role == "announced"}
    return draft


_REPORT = re.compile(
    rf"(?P<d>{CODES['date']})(?:度)?(?P<r>年报|年度报告|年度业绩|全年业绩|半年报|半年度报告|中报|中期业绩|一季报|一季度报告)"
)
_PARTS = {"半": "-H1", "中": "-H1", "一": "-Q1"}


def _report(chart: Chart, focus: Focus) -> None:
    """Takes up the period of a report that the sentence names: what follows is about it."""
    for match in _REPORT.finditer(chart.s):
        node = chart.nodes[match.start()]
        year = node.value.period[:4] if node is not None else ""
        if year.isdigit():
            focus.period, focus.period_at = year + _PARTS.get(match["r"][0], ""), chart.number
            focus.year = year


_REVISED = re.compile(r"(?:下调|上调|调高|调低|调整|提高|提升|降低|下修|上修|改|调)(?:至|到|为)")
"""From one target to another: 从 130 亿元下调到 115 亿元."""


def _revise(draft: Draft, chart: Chart, at: int) -> None:
    """Puts the sum at a position in place of the last one of a target."""
    node = chart.nodes[at]
    if draft.action == "target" and node is not None:
        measure, span = draft.measures[-1]
        draft.measures[-1] = ({**measure, **node.value}, (span[0], node.head[1]))


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
    """The reporting period that a figure stands for: the last one named before it."""
    before = [(i, n.value.period) for i, n in chart.all("date") if i < at and n.value.period]
    before = [
        (i, p)
        for i, p in before
        if not re.match(r"(?:年?同期|比|相比)", chart.s[i + 1 : i + 4])
        and chart.s[max(0, i - 1) : i] not in ("比", "较")
    ]
    if before:
        return str(before[-1][1])
    if re.search(r"全年", chart.s[:at]) and (
        years := [n.value.day["value"][:4] for _, n in chart.all("date") if n.value.day]
    ):
        return str(years[-1])
    return ""


def _subject(chart: Chart, at: int, focus: Focus) -> tuple[str, Span] | None:
    """Whose figure it is: the nearest organization that the clauses before name as their subject."""
    parts = clauses.clauses(chart)
    here = next((c for c in parts if c.start <= at < c.end), None)
    if here is not None and re.match(
        r"(?:\ue005|[，、])*(?:它|其|公司|该公司|集团|该集团|该行)", chart.s[here.start : at]
    ):
        return (focus.org, focus.org_span) if focus.org and focus.org_span else None
    limit = at
    while here is not None:
        for phrase in here.phrases:
            if phrase.end > limit:
                break
            if (
                phrase.prep in ("", "除")
                and not (phrase.of and phrase.type == "words" and phrase.start > here.start + 2)
                and (found := arguments.organization(chart, phrase))
                and not re.search(r"数据|统计|研究|咨询|机构", found[0])
                and not _SOURCE.match(chart.s, phrase.end)
                and (phrase.type == "organization" or phrase.start <= here.start + 12)
            ):
                return found
        here, limit = here.before, len(chart.s)
    before = [n for i, n in chart.all("organization") if i < at]
    if before and not parts:
        return (before[0].name, before[0].head)
    return (focus.org, focus.org_span) if focus.org and focus.org_span else None


_SOURCE = re.compile(
    r"的?[^，。；]{0,8}?(?:数据|统计|报告|口径|估算|测算|监测|调查|说|称|指)(?:[^，。；]{0,4})(?:，|显示|说|称|指|$)"
)


_SHARE = re.compile(
    rf"(?:份额|市占率|市占|占有率)(?:[^，。；{_P}]{{0,10}}?)(?:(?:从|由)[^，。；{_P}]{{0,6}}{_P}[^，。；{_P}]{{0,4}}?)?(?:是|为|升至|达到|达|升到|降至|增至|提升至|超过|回升至|约为|约|有|攀升至|至|到|：|已)(?P<p>{_P})"
    rf"|(?:拿下|取得|占去|占据|占有|占得|占了|占|拥有|斩获|握有|以)[^，。；{_P}]{{0,16}}?(?P<p2>{_P})的?(?:市场)?(?:份额|市占|占有率)"
    rf"|(?:占|佔)[^，。；{_P}]{{0,14}}?市场(?:份额)?的?(?:约|逾|近)?(?P<p3>{_P})"
    rf"|(?:市场|出货|销量)[^。；{_P}]{{0,30}}?(?<!股)占(?:比|据|到|了)?(?:为)?(?P<p4>{_P})(?!的?(?:股|员工|营收|收入|总))"
)


def _month(chart: Chart, at: int) -> str:
    """A month as a period, where a figure stands for one."""
    months = [
        n.value.day["value"][:7]
        for i, n in chart.all("date")
        if i < at and n.value.day and n.value.day["precision"] == "month"
    ]
    return months[-1] if months else ""


def market_share(chart: Chart, focus: Focus) -> list[Draft]:
    """A share of a market that a sentence gives."""
    match = _SHARE.search(chart.s)
    group = next((g for g in ("p", "p2", "p3", "p4") if match[g]), "p") if match else "p"
    node = chart.nodes[match.start(group)] if match else None
    subject = _subject(chart, match.start(), focus) if match else None
    if match is None or node is None or subject is None:
        return []
    measure: dict[str, Any] = {"metric": "market_share", **node.value}
    if period := _period(chart, match.start()) or _month(chart, match.start()):
        measure["period"] = period
    draft = about_organization(chart, "performance", "market_share", subject)
    draft.measures.append((measure, chart.span(match.start(), match.end())))
    return [draft]


_CUTS = re.compile(
    r"砍掉|砍去|裁去|资遣|解聘|离职|办理离职|被请|丢掉|丢了|离岗|下岗|失业|走了|劝退|遭遣散|优化|减员|缩减|削减|裁员|裁减|裁掉|裁撤|离开公司|被裁|优化掉|失去工作|裁退|遣散|解雇|精简"
)
_UNIT = re.compile(
    r"(?:^|[，。；：])(?P<u>[\u4e00-\u9fffA-Za-z0-9\ue002]{2,16}?(?:中心|工厂|部|公司|事业部|研究院|分公司|基地))(?=约|超|近|逾|有|的|将|\d)"
)


_OF_STAFF = re.compile(
    rf"{_P}的?(?:全球|国内|在职|现有|全体|总)?(?:员工|雇员|职员|工人|岗位|职位|人手|人员|人力)"
)
_CUT_BY = re.compile(rf"(?:裁员|裁减|减员|裁员幅度|裁员比例)(?:幅度|比例)?(?:为|达|达到|约为|高达|超过)?{_P}")


def _share_of_staff(chart: Chart, cut: re.Match[str]) -> re.Match[str] | None:
    """A share of the staff whose jobs go: 裁掉 12% 的员工, 裁员 15%."""
    for regex in (_OF_STAFF, _CUT_BY):
        for match in regex.finditer(chart.s, max(0, cut.start() - 24), cut.end() + 24):
            return match
    return None


def layoffs(chart: Chart, focus: Focus) -> list[Draft]:
    """People whose jobs go."""
    cut = _CUTS.search(chart.s)
    match = (
        next((m for m in amounts.PEOPLE.finditer(chart.s) if abs(m.start() - cut.start()) < 40), None)
        if cut
        else None
    )
    if cut and not match:
        match = _share_of_staff(chart, cut)
    if cut and match and match.start() <= cut.start() and cut.end() <= match.end():
        return []  # 一名离职员工
    if (
        not cut
        or not match
        or re.search(r"没有|不会|未|否认", chart.s[max(0, cut.start() - 5) : cut.start()])
    ):
        return []
    if re.search(r"离职|走了|减少|优化$|缩减|削减", cut[0]) and not re.search(r"员|岗|职|人", match[0]):
        return []
    unit = _UNIT.search(chart.s[: match.start() + 1])
    if unit:
        span = chart.span(unit.start("u"), unit.end("u"))
        subject: tuple[str, Span] | None = (chart.text[span[0] : span[1]], span)
    else:
        subject = _subject(chart, match.start(), focus)
    if subject is None:
        return []
    draft = about_organization(chart, "reorganization", "layoff", subject)
    if (owner := focus.owner(subject[0])) is not None:
        draft.subject["organization"], draft.spans["/subject/organization"] = owner
    span = chart.span(match.start(), match.end())
    words = chart.text[span[0] : span[1]]
    told = amounts.headcount(match, words) if "vague" in match.re.groupindex else {"text": words}
    draft.headcount = (told, span)
    place_dates(chart, cut.span(), "occurred", draft, focus)
    if re.search(r"计划|拟|打算", chart.s):
        draft.status = "planned"
    return [draft]
