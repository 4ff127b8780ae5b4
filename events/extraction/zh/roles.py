"""Which role a Chinese date has in its sentence: announced, effective, decided or occurred."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.lexicon import Frame
from events.extraction.model import DateValue, Draft, Span
from events.extraction.script import simplified
from events.extraction.zh.discourse import Focus

_EFFECTIVE = re.compile(r"^(?:上午|下午|晚间)?[^，。；]{0,5}(?:起|生效)")


_SAID = re.compile(
    r"^，?(?:[\ue001\ue002\ue004]|[^，。；\ue005]{0,14}?)?(?P<says>消息|宣布|公布|公告|通报(?!批评)|通知|披露|发信|发出|发布|收到证监会|表示|透露|内部通报|签发|刊发|刊登|挂出|证实|回应|更新|发函|发文|召开[^，。；]{0,10}(?:记者会|发布会|说明会)|对外|说明|告诉|在[^，。；]{1,8}宣布)"
)


_DECIDED = re.compile(
    r"^[^，。；]{0,10}，?[^，。；]{0,20}?(?:决定|审议通过|作出决定|研究决定|推选|选举产生|开会研究)"
)


def dates(chart: Chart, match: re.Match[str], frame: Frame, draft: Draft, focus: Focus) -> None:
    """Gives each date of the sentence its role; what is missing comes from the sentence that opened the story."""
    place_dates(chart, match.span(), frame.options.get("date", "occurred"), draft, focus)


def place_dates(chart: Chart, around: Span, default: str, draft: Draft, focus: Focus) -> None:
    """Gives the dates of a sentence their roles for a fact told at positions `around`; `default` is what such a date is."""
    for at, node in sorted(chart.all("date"), key=lambda item: abs(item[0] - around[0])):
        day = node.value.day
        if day is not None and simplified(node.value.words) != "即日":
            role = _role(chart, at, day, around, default)
            if role:
                draft.dates.setdefault(role, (day, node.head))
    for role, value in focus.dates.items():
        draft.dates.setdefault(role, value)
    at_once = any(simplified(node.value.words) == "即日" for _, node in chart.all("date"))
    if at_once or _AT_ONCE.search(chart.s):
        if "announced" in draft.dates:
            draft.dates.setdefault("effective", draft.dates["announced"])
        else:
            draft.spans["/now"] = draft.span


_AT_ONCE = re.compile(
    r"(?:即时|立即)(?:生效|停职|解除|解职|离任|辞任|免去|撤销)|自(?:公布|公告|发布|宣布|印发|发文|通报|签发)之日起"
)


def _role(chart: Chart, at: int, day: DateValue, around: Span, default: str) -> str:
    after, before = chart.s[at + 1 : at + 40], chart.s[max(0, at - 6) : at]
    if day["precision"] == "year":
        return ""
    if re.search(r"原定|推迟到|推迟至|延期至", before):
        return ""
    if re.search(r"自$|从$", before) or _EFFECTIVE.match(after):
        return "effective"
    if said := _SAID.match(after):
        itself = around[0] <= at + 1 + said.start("says") < around[1]
        return default if itself else "announced"
    if _DECIDED.match(after):
        return "decided"
    apart = re.search(r"[；。]", chart.s[min(at, around[0]) : max(at, around[0])])
    return "" if apart or at > around[1] + 20 else default
