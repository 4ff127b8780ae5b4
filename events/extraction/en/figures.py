"""English figures: results and targets, sentence by sentence."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.model import Draft, Node, Span

_M, _P, _D = CODES["money"], CODES["percent"], CODES["date"]
_METRICS = [
    ("loss", re.compile(r"\b(?:loss|losses|lost|losing|loses|deficit|in the red|red ink)\b")),
    (
        "profit",
        re.compile(
            r"\b(?:net income|net profit|operating profit|profits?|earnings|earned|earns|surplus|net|in the black|EBITDA|made|makes)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "revenue",
        re.compile(
            r"\b(?:revenues?|sales|turnover|takings|receipts|billings|top line|took in|takes in|taken in|brought in|brings in|grossed|rang up|turned(?: over)?(?= $)|turns over|sold|sells)\b",
            re.IGNORECASE,
        ),
    ),
]
_TARGET = re.compile(
    r"\b(?:targets?|targeted|targeting|aim(?:s|ed|ing)?|goals?|plans?|planned|hopes? (?:to|for)|hoping|guid(?:ance|es|ed|ing)|project(?:s|ed|ing)|forecasts?|forecasting|budgeted"
    r"|expect(?:s|ed|ing)?|sees|foresees?|look(?:s|ing) (?:for|to|at)|reckon(?:s|ed)? on|pencilled in|promis(?:es|ed)|predict(?:s|ed)|outlook|anticipat(?:es|ed)|wants|set (?:itself|its sights)|shooting for|counts? on|counting on|eyes|eyeing)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:fell|fall|falling|down|drop(?:ped|ping)?|declin(?:e|ed|ing)|decreas(?:e|ed|ing)|slid|shrank|shrunk|less|lower|fewer|worse|slipped|dipped|eased|tumbled|plunged|sank|sagged|slumped|contracted|retreated|weaker|off|dwindled|lost)\b",
    re.IGNORECASE,
)
_UP_OR_DOWN = (
    r"(?:up|down|off|ahead|ris(?:e|es|ing|en)|rose|fell|falls?|falling|grew|grow(?:n|ing|s)?|increas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|drop(?:s|ped)?|growth(?: rate)?|decreas(?:e|ed)|gain(?:s|ed)?"
    r"|jump(?:s|ed)?|surg(?:e|es|ed)|climb(?:s|ed)?|shrank|shrunk|slipped|dipped|eased|tumbled|plunged|sank|sagged|slumped|contracted|advanced|soared|leapt|leaped|edged up|edged down|slid|swelled|expanded|widened|narrowed|added|put on|lost|retreated|improved|inched up|crept up)"
)
_CHANGE = re.compile(
    rf"(?:\b{_UP_OR_DOWN}(?: (?:by|of|a|an|from|modest|nearly|some|almost|about|around|roughly|more than|just|only|over))* {_P})"
    rf"|{_P} (?:year-on-year|year-over-year|annual|on the year|on year|more|less|increase|decrease|rise|growth|decline|gain|jump|drop|fall|from a year|higher|lower|better|worse|up|down|above|below|ahead)"
)
_BARE = Pattern(
    r"(?P<n>\d(?<![\w.,].)[\d,.]*) ?(?P<s>million|billion|bn|crore|lakh|m)\b(?! (?:people|users|customers|units|shares|tonnes|passengers|barrels|items|visitors|subscribers|years|homes|euros|pounds|dollars|yuan))"
)
_SCALES = {"million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "crore": 1e7, "lakh": 1e5}
_NOT_RESULTS = re.compile(
    r"\b(?:orders worth|bonus(?:es)?|salary|per share|a share|apiece|award|paid for|penalty|fined?|fines|compensation|payment|burned|valued|valuation|accelerat|damages|lawsuit|suit|settle|claiming|embezzl|stole|stolen|repay|raise|raising|loan|debt|stake|dividend|costs?|invest(?:ed|ing|ment)?|price tag|bail|(?<!pre-)(?<!Pre-)(?<!after-)(?<!before )(?<!after )tax|charge|write-?down|writedown|pocketed|sum of)\b"
)


def results(chart: Chart, cast: Cast, focus: Focus, seen: dict[str, Any]) -> list[Draft]:
    """Revenue, profit, loss and growth that a sentence gives, one draft for each subject, action and period."""
    drafts: dict[tuple[str, str, str], Draft] = {}
    previous = 0
    _heads(chart, seen)
    for at, node in _sums(chart, seen):
        if node.value.get("currency"):
            seen.setdefault("currencies", []).append(node.value["currency"])
        found = _metric(chart.s, at, previous, seen)
        previous = at + 1
        if not found:
            continue
        metric, where = found
        _add(drafts, chart, cast, focus, metric, _action(chart.s, where, at), at, node, seen)
    return list(drafts.values())


_REPORT = re.compile(r"\b(?:[Rr]esults|[Rr]eport|RESULTS|REPORT|[Hh]ighlights|[Ff]igures)\b")


def _heads(chart: Chart, seen: dict[str, Any]) -> None:
    """Notes the one period that the head of a report is about."""
    if chart.number > 4 or "head" in seen or not _REPORT.search(chart.s):
        return
    periods = {node.value.period for _, node in chart.all("date") if node.value.period}
    if len(periods) == 1:
        seen["head"] = periods.pop()


def _sums(chart: Chart, seen: dict[str, Any]) -> list[tuple[int, Node]]:
    """The sums of a sentence; bare ones ("8.5 billion") in the currency that the text has used before."""
    found = list(chart.all("money"))
    currency = (seen.get("currencies") or [n.value.get("currency") for _, n in found] or [""])[-1]
    if currency:
        for match in _BARE.finditer(chart):
            span = chart.span(match.start(), match.end())
            value = float(match["n"].replace(",", "").rstrip(".")) * _SCALES[match["s"]]
            found.append(
                (
                    match.start(),
                    Node("money", *span, name="", head=span, value={"value": value, "currency": currency}),
                )
            )
    return sorted(found, key=lambda item: item[0])


def _action(s: str, where: int, at: int) -> str:
    """Whether a sum is a result or aimed at."""
    start = max(0, min(where, at) - 45)
    window = s[start:at]
    for mark in re.finditer(r"[;:]|, (?:and|but|while|against|down from|up from|up on) ", window):
        if mark.end() < len(window) and not _TARGET.search(window[mark.end() :]):
            continue
        window = window[mark.end() :]
    return (
        "target"
        if _TARGET.search(window)
        and not re.search(
            r"\b(?:above|beat|missed|exceed(?:ed|ing)|short of|against|than) (?:its |the |their |a )?(?:\w+ )?(?:target|forecast|plan|guidance|goal)",
            s,
        )
        else "result"
    )


def _metric(s: str, at: int, previous: int, seen: dict[str, Any]) -> tuple[str, int] | None:
    """What the sum at a position is (loss, profit, revenue) and where a sentence says so; None for any other sum."""
    before = s[max(previous, at - 90) : at]
    if _NOT_RESULTS.search(s[max(previous, at - 40) : at + 25]) or (previous and _COMPARED.search(before)):
        return None
    best = _metric_before(s, at, before)
    if best is None:
        return _metric_behind(s, at) or _metric_again(s, at, before, seen)
    if re.search(r"[;:]|\bwhile\b", before[best[1] - at + len(before) :]):
        return None
    seen.setdefault("metric", "revenue")
    return best


_COMPARED = re.compile(
    r"\b(?:against|from|compared with|versus|than|over|on|below|above)(?: (?:a|an|the|its))?(?: \w+){0,3} $"
)


def _metric_before(s: str, at: int, before: str) -> tuple[str, int] | None:
    """The metric named last before a sum; of two at one place the first of `_METRICS`."""
    best: tuple[str, int] | None = None
    for metric, regex in _METRICS:
        for match in regex.finditer(before):
            where = at - len(before) + match.start()
            if _means(match[0], s[at + 1 :]) and (best is None or where > best[1]):
                best = (metric, where)
    return best


def _means(word: str, following: str) -> bool:
    """Whether a word tells of a metric: "made" and "sold" do only before some words."""
    if word in ("made", "makes"):
        return bool(_MADE.match(following))
    return word not in ("sold", "sells") or bool(re.match(r" (?:worth|of)\b", following))


_MADE = re.compile(
    r",? (?:in|after|before) (?:profit|tax|the (?:first|second|third|fourth))|,? (?:in |for )?(?:the )?\ue005"
)
_BEHIND = re.compile(
    r"(?: worth)? (?:in|of) (?:annual |net |total |pre-tax |quarterly |operating |first-half )*(?P<m>revenues?|sales|turnover|profits?|losses|earnings)\b"
)


def _metric_behind(s: str, at: int) -> tuple[str, int] | None:
    """The metric named behind a sum: "5 million dollars in annual sales"."""
    after = _BEHIND.match(s, at + 1)
    if after is None:
        return None
    if after["m"].startswith(("profit", "earnings")):
        return ("profit", at)
    return ("loss" if after["m"] == "losses" else "revenue", at)


def _metric_again(s: str, at: int, before: str, seen: dict[str, Any]) -> tuple[str, int] | None:
    """The metric of the text for a target that names none."""
    yearly = re.search(r"\b(?:full[- ]year|FY)\b|\ue005", s)
    return (seen["metric"], at) if seen.get("metric") and yearly and _TARGET.search(before) else None


def _add(
    drafts: dict[tuple[str, str, str], Draft],
    chart: Chart,
    cast: Cast,
    focus: Focus,
    metric: str,
    action: str,
    at: int,
    node: Node,
    seen: dict[str, Any],
) -> None:
    subject = whose(chart, at, cast, focus)
    if subject is None:
        return
    name, span = subject
    period, period_span = _told_period(chart, at, name, action, focus, seen)
    key = (name, action, period)
    measure: dict[str, Any] = {"metric": metric, **node.value}
    if period:
        measure["period"] = period
    change = _change(chart, at)
    left, right = node.head
    if change:
        measure["change"], qualifier, change_span = change
        if qualifier:
            measure["change_qualifier"] = qualifier
        left, right = min(left, change_span[0]), max(right, change_span[1])
    draft = drafts.get(key)
    if draft is None:
        draft = Draft(
            "performance",
            action,
            {"type": "organization", "name": name},
            (min(left, chart.start), right),
            chart.number,
        )
        draft.span = (chart.start, chart.end)
        draft.spans["/subject/name"] = span
        draft.status = "planned" if action == "target" else "reported"
        draft.confidence = 0.8 if period else 0.6
        drafts[key] = draft
    draft.measures.append((measure, (left, right)))
    if period_span:
        draft.extra_spans.append(period_span)


def _told_period(
    chart: Chart, at: int, name: str, action: str, focus: Focus, seen: dict[str, Any]
) -> tuple[str, Span | None]:
    """The period of a figure: its sentence's, the report's, or that of the figure before it in the line."""
    period, period_span = period_of(chart, at)
    line = chart.text.rfind("\n", 0, chart.start)
    if (
        not period
        and action == "target"
        and focus.published
        and re.search(r"\b(?:full[- ]year|for the year)\b", chart.s)
    ):
        period = str(focus.published.year)
    if period:
        seen["last"] = (name, action, line, period)
    elif action == "result" and seen.get("head"):
        period = seen["head"]
    elif seen.get("last", ())[:3] == (name, action, line):
        period = seen["last"][3]
    return (period, period_span)


def whose(chart: Chart, at: int, cast: Cast, focus: Focus) -> tuple[str, Span] | None:
    """Whose the figure at a position is, with the span that names it: named before it, the line's label or the focus."""
    candidates = [(i, n) for i, n in chart.all("organization", "unit", "name") if i < at]
    label = focus.label if focus.label is not None and focus.label.type != "person" else None
    for i, node in reversed(candidates):
        before = chart.s[max(0, i - 14) : i]
        if re.search(
            r"(?:profits?|sales|revenues?|loss|losses|earnings|turnover|takings|results?|figures|report) (?:at|of|for|from|by) (?:the )?$",
            chart.s[max(0, i - 24) : i],
        ):
            return (cast.full(node.name, "organization"), node.head)
        if (
            re.search(r"\b(?:to|from|by|than|with|said|says|in|on|against|of|at|for) (?:the )?$", before)
            or node.members
            or GOVERNMENT.search(node.name)
            or (node.type == "name" and cast.kind(node.name) in ("person", "product"))
        ):
            continue
        if "indicates" in chart.s[i : i + 12] or "data" in chart.s[i : i + 8]:
            continue
        return (cast.full(node.name, "organization"), node.head)
    if label is not None:
        return (cast.full(label.name, "organization"), label.head)
    if focus.main_span and focus.mentions.get(focus.main, 0) > focus.mentions.get(focus.org, 0):
        return (focus.main, focus.main_span)
    name, span = focus.organization()
    return (name, span) if name and span else None


def period_of(chart: Chart, at: int) -> tuple[str, Span | None]:
    """The period named nearest to the figure at a position, with its span; ("", None) where none is."""
    best: tuple[int, str, Span] | None = None
    for i, node in chart.all("date"):
        if not node.value.period:
            continue
        if chart.s[max(0, i - 1) : i] == "(" and chart.s[i + 1 : i + 2] == ":":
            continue  # "(2024: 697 million)": what it is held against
        between = chart.s[min(i, at) : max(i, at)]
        if ";" in between or (_M in between[1:] and i > at):
            continue
        distance = abs(i - at) + (15 if i < at and _M in between else 0)
        if best is None or distance < best[0]:
            best = (distance, node.value.period, node.head)
    return (best[1], best[2]) if best else ("", None)


def _change(chart: Chart, at: int) -> tuple[float, str, Span] | None:
    following = chart.s.find(_M, at + 1)
    end = following if following > 0 else len(chart.s)
    start = max(chart.s.rfind(_M, 0, at) + 1, at - 40)
    for match in [*_CHANGE.finditer(chart.s, at, end), *_CHANGE.finditer(chart.s, start, at)]:
        where = chart.s.index(_P, match.start())
        node = chart.nodes[where]
        if node is None or (
            match.start() > at and re.match(rf"[^,;]{{0,6}} to {_M}", chart.s[match.end() :])
        ):
            continue
        down = _DOWN.search(match[0]) or _DOWN.search(chart.s[where : where + 20].split(",")[0])
        value = -node.value["value"] if down and "more than" not in match[0] else node.value["value"]
        return (value, node.value.get("qualifier", ""), chart.span(match.start(), match.end()))
    return None
