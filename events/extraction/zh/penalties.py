"""Chinese penalties: every one that a stretch of text imposes, with its position."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart
from events.extraction.zh.amounts import NUMBER, number

_M = CODES["money"]
_GRADE = r"[A-Za-z]?\d{1,2}[A-Za-z]?级?"
_DURATION = rf"(?P<n>{NUMBER})(?P<u>年|个月|个?周|天|日)"
_UNITS = {"年": "Y", "个月": "M", "周": "W", "个周": "W", "天": "D", "日": "D"}
_RULES: list[tuple[str, re.Pattern[str]]] = [
    ("demotion", re.compile(
        rf"(?:(?:职级)?由(?P<from1>{_GRADE})(?:降至|降到|下调至|降为|调整为)(?P<to1>{_GRADE})"
        rf"|(?:降职降级|降级降职|降职|降级|职级下调|各降|连降|被降|降)(?P<levels>{NUMBER})(?:个)?(?:级|档|等)|降职降级|降职|降级(?!直至|处理办法))"
        rf"(?:（(?P<from2>{_GRADE})(?:→|至|到|—|-|降至|->)(?P<to2>{_GRADE})）)?")),
    ("expulsion", re.compile(r"开除党籍|开除公职|开除(?!党籍|公职)|除名")),
    ("detention", re.compile(r"刑事拘留|行政拘留|拘留|批准逮捕|逮捕|采取(?:刑事)?强制措施|羁押|拘捕|移送司法|移送公安|移交公安|移交司法|留置")),
    ("dismissal", re.compile(r"辞退|解除职务|解职|解雇|开除(?!党籍|公职)|解除劳动合同|解除劳动关系")),
    ("ban", re.compile(rf"(?:(?:{_DURATION}|终身)?(?:市场禁入|禁入证券市场|证券市场禁入|禁业)|禁止[^，。；]{{0,12}}担任)")),
    ("removal", re.compile(r"撤职|撤销[^，。；]{0,8}职务|免去[^，。；]{0,12}职务(?=处分)")),
    ("suspension", re.compile(rf"停职(?:检查|反省|处理)?(?:{_DURATION})?")),
    ("clawback", re.compile(rf"(?:追回|退还|收回|返还|没收)[^，。；]{{0,10}}?(?:奖金|薪酬|分红|股权|激励|所得|绩效)[^，。；\ue006]{{0,3}}(?P<m1>{_M})?")),
    ("fine", re.compile(rf"(?:罚款|处以|并处|罚没)(?:人民币)?(?P<m2>{_M})(?:的)?(?:罚款)?|(?P<m3>{_M})(?:的)?罚款")),
    ("pay_cut", re.compile(rf"(?:薪酬|年薪|工资|薪资|月薪|绩效|奖金)(?:被)?(?:下调|扣减|扣发|降低|削减|减少|降)(?:至[^，。；]{{0,14}}|(?P<m4>{_M}))?|(?:扣减|扣发|扣罚|扣除)[^，。；\ue006]{{0,8}}?(?:奖金|绩效|薪酬|工资|年薪)(?P<m5>{_M})?|降薪|减薪")),
    ("warning", re.compile(r"(?P<degree>严重|行政|口头|书面|一般|轻微|监管)?警(?:告|示)(?:函)?(?!大会|教育)")),
    ("reprimand", re.compile(r"通报批评|公开谴责|记过|训诫|诫勉")),
]  # fmt: skip
_DEGREES = {"严重": "severe", "轻微": "minor"}
Found = tuple[int, int, dict[str, Any]]


def find(chart: Chart) -> list[Found]:
    """(start, end, penalty) for each penalty of a sentence, in order; positions are the chart's."""
    found: list[Found] = []
    for kind, rule in _RULES:
        for match in rule.finditer(chart.s):
            if any(match.start() < end and start < match.end() for start, end, _ in found):
                continue
            if re.search(
                r"(?:没有|未|不|免于|不予|或|可|可能)(?:被|受到|给予)?$",
                chart.s[max(0, match.start() - 6) : match.start()],
            ):
                continue
            kind_ = "dismissal" if kind == "expulsion" and match[0] == "开除" else kind
            found.append((match.start(), match.end(), _details(kind_, match, chart)))
    return sorted(found, key=lambda item: item[:2])


def _details(kind: str, match: re.Match[str], chart: Chart) -> dict[str, Any]:
    penalty: dict[str, Any] = {"type": kind}
    group = match.groupdict()
    if group.get("levels") and (levels := number(group["levels"])):
        penalty["levels"] = levels
    for n in "12":
        if group.get(f"from{n}"):
            penalty["from"], penalty["to"] = group[f"from{n}"].rstrip("级"), group[f"to{n}"].rstrip("级")
    if group.get("degree") in _DEGREES:
        penalty["degree"] = _DEGREES[group["degree"]]
    for n in "12345":
        if group.get(f"m{n}"):
            money = chart.nodes[match.start(f"m{n}")]
            if money is not None:
                penalty["amount"], penalty["currency"] = money.value["value"], money.value["currency"]
    if group.get("n"):
        penalty["duration"] = f"P{number(group['n'])}{_UNITS[group['u']]}"
    return penalty
