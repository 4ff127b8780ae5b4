"""Which role a Chinese date has in its sentence: announced, effective, decided or occurred."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.lexicon import Frame
from events.extraction.model import DateValue, Draft
from events.extraction.zh.discourse import Focus
from events.extraction.zh.script import simplified

_EFFECTIVE = re.compile(r"^(?:上午|下午|晚间)?[^，。；]{0,5}(?:起|生效)")


_SAID = re.compile(
    r"^(?:[\ue001\ue002\ue004]|[^，。；\ue005]{0,14}?)?(?:消息|宣布|公布|公告|通报|通知|披露|发信|发出|发布|收到证监会|表示|透露|内部通报|签发)"
)


_DECIDED = re.compile(
    r"^[^，。；]{0,10}，?[^，。；]{0,20}?(?:决定|审议通过|作出决定|研究决定|推选|选举产生|开会研究)"
)


def dates(chart: Chart, match: re.Match[str], frame: Frame, draft: Draft, focus: Focus) -> None:
    """Gives each date of the sentence its role; what is missing comes from the sentence that opened the story."""
    default = frame.options.get("date", "occurred")
    for at, node in sorted(chart.all("date"), key=lambda item: abs(item[0] - match.start())):
        day = node.value.day
        if day is not None and simplified(node.value.words) != "即日":
            role = _role(chart, at, day, match, default)
            if role:
                draft.dates.setdefault(role, (day, node.head))
    for role, value in focus.dates.items():
        draft.dates.setdefault(role, value)
    at_once = any(simplified(node.value.words) == "即日" for _, node in chart.all("date"))
    if at_once or re.search(r"即时生效|立即生效", chart.s):
        if "announced" in draft.dates:
            draft.dates.setdefault("effective", draft.dates["announced"])
        else:
            draft.spans["/now"] = draft.span


def _role(chart: Chart, at: int, day: DateValue, match: re.Match[str], default: str) -> str:
    after, before = chart.s[at + 1 : at + 40], chart.s[max(0, at - 6) : at]
    if day["precision"] == "year" and re.match(r"(?:度|生|起任|加入|进入)", after):
        return ""
    if re.search(r"原定|推迟到|推迟至|延期至", before):
        return ""
    if re.search(r"自$|从$", before) or _EFFECTIVE.match(after):
        return "effective"
    if _SAID.match(after):
        return "announced"
    if _DECIDED.match(after):
        return "decided"
    apart = re.search(r"[；。]", chart.s[min(at, match.start()) : max(at, match.start())])
    return "" if apart or at > match.end() + 20 else default
