"""What a sentence adds to the facts told before it: from when they hold, who decided them and on which day."""

from __future__ import annotations

import re
from itertools import takewhile

from events.extraction.chart import CODES, Chart
from events.extraction.model import DateValue, Draft, Span
from events.extraction.zh.discourse import Focus

_D = CODES["date"]
_GATE = re.compile(r"生效|施行|实施|实行|推行|执行|运作|运营|启用|落实|完成|起算|[作做]出|日期|落款|送达")
_ALL = r"(?:调整后|合并后|整合后|重组后|更名后|以上|上述|前述|上列|前列|这些|这一|这项|该项?|此项?|此次|本次|这次|有关|相关|全部|所有|各项|新的?|[两二三四五六七]项|[两二三四五六七]人的|上面)*的?"
_PEOPLE = (
    "人事(?:变动|调整|任免|安排|变化)|任命|任免|任职|聘任|委任|辞任|辞职(?:报告)?|离任|换届|职务(?:变动|调整)"
)
_UNITS = "组织(?:架构)?(?:调整|变动)|机构调整|架构(?:调整)?|部门|公司|机构|名称|合并|整合|改组|重组|拆分|分拆|更名|裁撤|撤销"
_PENAL = "处理(?:决定|结果)?|处分(?:决定)?|处罚(?:决定)?|禁令"
_ANYTHING = "调整|变动|变更|变化|安排|决定|措施|通知|通报|办法|公告|规定|限制"
_WHAT = rf"{_ALL}(?:(?P<people>{_PEOPLE})|(?P<units>{_UNITS})|(?P<penal>{_PENAL})|(?P<any>{_ANYTHING}))(?:决定|事项|均|都|一律|统一|将|已|也|同时|正式|预计|会){{0,4}}"
_HOLDS = "(?:正式|统一|开始|全面)?(?:生效|施行|实施|实行|推行|执行|运作|运行|运营|启用|落实|完成)"
_FROM_DAY = (
    rf"(?:自|从|由|于|定于|在)?(?P<day>{_D})(?:零时|上午|凌晨|前|底前|底|初)?(?:起|开始|之日起|后)?{_HOLDS}"
)
_AT_ONCE = rf"(?P<now>即时|立即|(?:自)?{_D}起?|自(?:公布|发布|印发|发文|下发|公告|通报|宣布|作出|做出|签发|送达)(?:之日)?起?){_HOLDS}"
_EFFECT = re.compile(rf"{_WHAT}(?:{_FROM_DAY}|{_AT_ONCE})")
_BARE = re.compile(rf"^(?:并|均|都|一律|统一|将)?(?:{_FROM_DAY}|{_AT_ONCE})[。；]?$")
_BY = re.compile(
    rf"(?:决定|处理|处分|处罚)[^，。；]{{0,6}}?(?:由|是)?(?P<who>[\u4e00-\u9fff\ue002]{{0,14}}?)(?P<day>{_D})(?:[^，。；]{{0,8}})(?:作出|做出)"
    rf"|(?P<day2>{_D})(?P<who2>[^，。；]{{0,16}}?)(?:作出|做出)了?(?:这一|该|此|上述|这项|以上|这个|这样的)项?(?:决定|处理|处分|处罚)"
    rf"|(?:决定|处分|处罚|通知)书?(?:的)?(?:落款|签署|签发|作出)?(?:日期|时间)?(?:为|是|于)?(?P<day3>{_D})(?:送达)?(?=[。；，]|$)"
)
_BODY = re.compile(
    r"(?:召开的|(?:会议)?由|是)?(?P<n>[\u4e00-\u9fff\ue002\ue004]{0,8}(?:董事会|监事会|委员会|党委会?|纪委|办公会|理事会|股东(?:大)?会|问责小组|领导小组|监察部|纪检部|稽核部|督察部|审计部|合规部|内控部|人力资源部))"
)
_REACH = 25
"""Sentences back to which "the above" may go."""


def add(chart: Chart, drafts: list[Draft], focus: Focus) -> None:
    """Gives what was told before the dates, and the body, that this sentence tells of it."""
    if not drafts or not _GATE.search(chart.s):
        return
    if match := _EFFECT.search(chart.s) or _BARE.search(chart.s):
        _take_effect(chart, match, drafts, focus)
    if match := _BY.search(chart.s):
        _decided(chart, match, drafts, focus)


def _recent(chart: Chart, drafts: list[Draft], focus: Focus, kinds: frozenset[str]) -> list[Draft]:
    """The facts of some kinds of the same story, the last told ones."""
    told = takewhile(lambda d: d.sentence >= max(focus.block, chart.number - _REACH), reversed(drafts))
    return [d for d in told if d.kind in kinds and d.sentence < chart.number][::-1]


_KINDS = {
    "people": frozenset(["leadership"]),
    "units": frozenset(["reorganization", "leadership"]),
    "penal": frozenset(["discipline"]),
    "any": frozenset(["leadership", "reorganization", "discipline", "sanction"]),
}


def _take_effect(chart: Chart, match: re.Match[str], drafts: list[Draft], focus: Focus) -> None:
    groups = match.groupdict()
    kind = next((k for k in _KINDS if groups.get(k)), "any")
    told = _recent(chart, drafts, focus, _KINDS[kind])
    node = chart.node(match, "day") if groups.get("day") else None
    day = node.value.day if node is not None else None
    if kind == "people" and groups["people"].startswith("辞"):
        told = [d for d in told if d.action == "departure"]
    for draft in told:
        if day is not None and node is not None:
            _hold(draft, (day, node.head))
        elif node is not None or groups.get("now"):
            _hold_at_once(draft, decided="送达" in match[0] or "作出" in match[0])
    if day is not None and node is not None and focus.dates.get("effective", (None,))[0] == day:
        del focus.dates["effective"]  # it is about what was told, not about what follows


def _hold(draft: Draft, value: tuple[DateValue, Span]) -> None:
    own = draft.dates.get("effective")
    if own is None:
        draft.dates["effective"] = value


def _hold_at_once(draft: Draft, *, decided: bool) -> None:
    """Takes effect on the day on which it was announced, or decided; the notice's closing date is read later."""
    roles = ("decided", "occurred", "announced") if decided else ("announced", "decided", "occurred")
    value = next((draft.dates[role] for role in roles if role in draft.dates), None)
    if value is None or (not decided and "announced" not in draft.dates and draft.kind == "discipline"):
        draft.spans["/now"] = draft.span
    else:
        draft.dates.setdefault("effective", value)


def _decided(chart: Chart, match: re.Match[str], drafts: list[Draft], focus: Focus) -> None:
    group = next((g for g in ("day", "day2", "day3") if match[g]), "day")
    node = chart.node(match, group)
    if node is None or not node.value.day or node.value.day["precision"] != "day":
        return
    value = (node.value.day, node.head)
    told = _recent(chart, drafts, focus, frozenset(["discipline", "leadership", "reorganization"]))
    told = [d for d in told if chart.number - d.sentence <= 8 and d.action != "detention"]
    if "决定" not in match[0]:
        told = [d for d in told if d.kind == "discipline"]
    for draft in told:
        if "decided" not in draft.dates:
            draft.dates["decided"] = value
    if told and focus.dates.get("decided", (None,))[0] == value[0]:
        del focus.dates["decided"]
    text = match["who"] or match["who2"] or ""
    if body := _BODY.search(text):
        at = match.start("who" if match["who"] else "who2")
        span = chart.span(at + body.start("n"), at + body.end("n"))
        for draft in told:
            if draft.kind == "discipline" and not any(p["role"] == "issuer" for p, _ in draft.participants):
                draft.participants.append(
                    ({"role": "issuer", "type": "organization", "name": chart.text[slice(*span)]}, span)
                )
