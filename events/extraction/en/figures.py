"""English figures: results, targets, market shares and job cuts, sentence by sentence."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.en.discourse import Focus
from events.extraction.en.names import Cast
from events.extraction.model import Draft, Node, Span

_M, _P, _D = CODES["money"], CODES["percent"], CODES["date"]
_METRICS = [
    ("loss", re.compile(r"\b(?:net loss|operating loss|loss)(?:es)?\b")),
    (
        "profit",
        re.compile(r"\b(?:net income|net profit|operating profit|profits?|earnings)\b", re.IGNORECASE),
    ),
    ("revenue", re.compile(r"\b(?:revenues?|sales|turnover|took in|takes in|brought in)\b", re.IGNORECASE)),
]
_TARGET = re.compile(
    r"\b(?:targets?|targeting|aim(?:s|ed|ing)?|goals?|plans?|hopes? to|guidance|projected|forecasts?|budgeted)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:fell|fall|falling|down|drop(?:ped|ping)?|declin(?:e|ed|ing)|decreas(?:e|ed|ing)|slid|shrank|less|lower)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    rf"(?:\b(?:up|down|ris(?:e|ing)|rose|fell|fall(?:ing)?|grew|grow(?:n|ing)?|increas(?:e|ed|ing)(?: of| by)?|declin(?:e|ed|ing)(?: of| by)?|drop(?:ped)?|growth(?: rate)? of|growth of|decreas(?:e|ed)|gain(?:ed)? of|jumped|surged|climbed)(?: (?:by|of|a|from|modest|nearly|some))* {_P})"
    rf"|{_P} (?:year-on-year|year-over-year|annual|more than a year earlier|less than a year earlier|increase|decrease|rise|growth|decline|gain|jump|drop|from a year|higher|lower)"
)
_BARE_TARGET = Pattern(
    r"\b(?:aiming for|aim for|target of|targeting|targets) (?P<n>\d[\d,.]*) (?P<s>million|billion)\b"
)
_NOT_RESULTS = re.compile(
    r"\b(?:orders worth|worth of|bonus|salary|per share|a share|award|paid for|penalty|fine|compensation|payment|burned|valued|valuation|accelerat)\b"
)
_SHARE = Pattern(
    rf"\b(?:market share|share of the [\w ]{{2,30}}market|share of the market)\b[^.;]{{0,90}}?(?:reached|was|is|hit|rose to|fell to|climbed to|stood at|of|grew to|to) (?P<p>{_P})"
)
_HELD = Pattern(
    rf"\b(?:held|holds|has|had|took|takes|with) (?:a )?(?P<p>{_P})(?: share)? (?:of|share) [^.;]{{0,40}}market"
)


def results(chart: Chart, cast: Cast, focus: Focus, seen: dict[str, Any]) -> list[Draft]:
    """Revenue, profit, loss and growth that a sentence gives, one draft for each subject, action and period."""
    drafts: dict[tuple[str, str, str], Draft] = {}
    previous = 0
    for at, node in chart.all("money"):
        found = _metric(chart.s, at, previous)
        previous = at + 1
        if not found:
            continue
        metric, where = found
        window = chart.s[max(0, min(where, at) - 30) : at]
        action = "target" if _TARGET.search(window) else "result"
        _add(drafts, chart, cast, focus, metric, action, at, node, seen)
    for match in _BARE_TARGET.finditer(chart):
        if seen.get("currency") and f"{_M}" not in chart.s[match.start() : match.end()]:
            value = float(match["n"].replace(",", "")) * (1e6 if match["s"] == "million" else 1e9)
            span = chart.span(match.start("n"), match.end())
            money = Node(
                "money", *span, name="", head=span, value={"value": value, "currency": seen["currency"]}
            )
            _add(drafts, chart, cast, focus, "revenue", "target", match.start(), money, seen)
    return list(drafts.values())


def _metric(s: str, at: int, previous: int) -> tuple[str, int] | None:
    before = s[max(previous, at - 90) : at]
    if _NOT_RESULTS.search(s[max(previous, at - 40) : at + 25]):
        return None
    best: tuple[str, int] | None = None
    for metric, regex in _METRICS:
        for match in regex.finditer(before):
            where = at - len(before) + match.start()
            if best is None or where > best[1]:
                best = (metric, where)
    if best is None and (
        after := re.match(
            r" (?:in|of) (?:annual |net |total )?(?P<m>revenue|sales|profit|losses)\b", s[at + 1 :]
        )
    ):
        return ("profit" if after["m"] == "profit" else "loss" if after["m"] == "losses" else "revenue", at)
    if best and re.search(r"[;:]|\bwhile\b", before[best[1] - at + len(before) :]):
        return None
    return best


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
    subject = _subject(chart, at, cast, focus)
    if subject is None:
        return
    name, span = subject
    period, period_span = _period(chart, at)
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
    seen["currency"] = node.value.get("currency")
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


def _subject(chart: Chart, at: int, cast: Cast, focus: Focus) -> tuple[str, Span] | None:
    candidates = [(i, n) for i, n in chart.all("organization", "unit", "name") if i < at]
    for i, node in reversed(candidates):
        before = chart.s[max(0, i - 14) : i]
        if (
            re.search(r"\b(?:to|from|by|than|with|said|says|in|on|against) (?:the )?$", before)
            or node.members
        ):
            continue
        if "indicates" in chart.s[i : i + 12] or "data" in chart.s[i : i + 8]:
            continue
        return (cast.full(node.name, "organization"), node.head)
    name, span = focus.organization()
    return (name, span) if name and span else None


def _period(chart: Chart, at: int) -> tuple[str, Span | None]:
    best: tuple[int, str, Span] | None = None
    for i, node in chart.all("date"):
        if not node.value.period:
            continue
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


def market_share(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """A share of a market that a sentence gives."""
    match = _SHARE.search(chart) or _HELD.search(chart)
    if not match:
        return []
    at = match.start("p")
    node = chart.nodes[at]
    subject = _subject(chart, match.start() + 1, cast, focus)
    if node is None or subject is None:
        return []
    measure: dict[str, Any] = {"metric": "market_share", **node.value}
    period, _ = _period(chart, at)
    if period:
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


_PEOPLE = (
    r"(?:employees|jobs|people|staff|workers|positions|roles|redundancies|staffers|job cuts|layoffs|posts)"
)
_COUNT = Pattern(
    rf"(?:(?P<q>[Mm]ore than|[Oo]ver|[Aa]bout|[Aa]round|[Aa]pproximately|[Rr]oughly|[Nn]early|[Aa]t least|[Uu]p to|[Ss]ome|[Aa]lmost) )?(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<s> thousand| million)? (?:of its |of their )?(?:(?!of\b)[\w-]+ ){{0,2}}?{_PEOPLE}\b"
    rf"|(?P<w>(?:tens of )?thousands|hundreds|dozens) of (?:its )?(?:\w+ )?{_PEOPLE}\b"
)
_CUTS = Pattern(
    r"\b(?:cut(?:s|ting)?|lay(?:s|ing)? off|laid off|layoffs?|eliminat(?:e|es|ed|ing)|shed(?:s|ding)?|slash(?:es|ed|ing)?|ax(?:e|ed|ing)|redundan\w+|let go|trim(?:s|med|ming)?|dismiss(?:ing)?|reduc(?:e|es|ed|ing) (?:its|the|their) (?:workforce|headcount|staff)|would go|will go|losing their jobs|lose their jobs|impacting|affecting|job losses|jobs did that cost)\b"
)
_SOFT = re.compile(r"\b(?:impacting|affecting)\b")
_REASON = re.compile(
    r"\b(?:optimi[sz]ation|restructuring|reorgani[sz]ation|layoffs?|cuts?|downsizing|streamlining|closure)\b"
)
_MINIMUM = {"tens of thousands": 20000, "thousands": 2000, "hundreds": 200, "dozens": 24}


def layoffs(chart: Chart, cast: Cast, focus: Focus, before: str) -> list[Draft]:
    """People whose jobs go. `before` is the sentence before (an interviewer's "How many jobs did that cost?")."""
    asked = before.rstrip().endswith("?") and re.search(r"\bjobs\b.*\b(?:cost|lost|cut|gone?)\b", before)
    answer = re.match(r"\W*(?P<n>\d[\d,]*)\b", chart.s) if asked else None
    cuts = _CUTS.search(chart)
    match = answer or (_COUNT.search(chart) if cuts else None)
    if not match or (cuts and _SOFT.match(cuts[0]) and not _REASON.search(chart.s)):
        return []
    if re.search(
        r"\b(?:not|no plans?|never|denied) (?:to )?(?:plan to |be )?$",
        chart.s[max(0, (cuts.start() if cuts else 0) - 20) : cuts.start() if cuts else 0],
    ):
        return []
    head = _headcount(match, chart)
    subject = _employer(chart, match.start(), cast, focus)
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
    draft.headcount = (head, chart.span(match.start(), match.end()))
    for at, node in chart.all("date"):
        if node.value.day is None or re.search(r"\bsince $", chart.s[max(0, at - 6) : at]):
            continue
        around = chart.s[max(0, at - 22) : at]
        role = "announced" if re.search(r"\b(?:said|announced)(?: on| late)? $", around) else "occurred"
        draft.dates.setdefault(role, (node.value.day, node.head))
        break
    if re.search(r"\b(?:plans? to|intends? to|considering|proposed)\b", chart.s):
        draft.status = "planned"
    return [draft]


def _headcount(match: re.Match[str], chart: Chart) -> dict[str, Any]:
    words = chart.words(match.start(), match.end())
    group = match.groupdict()
    if group.get("w"):
        return {"min": _MINIMUM[group["w"].lower()], "text": group["w"]}
    number = int(match["n"].replace(",", ""))
    scale = {" thousand": 1000, " million": 1_000_000}.get(group.get("s") or "", 1)
    if (group.get("q") or "").lower() in ("up to",):
        return {"max": number * scale, "text": words}
    return {"min": number * scale, "text": words if "q" in group else match["n"]}


def _employer(chart: Chart, at: int, cast: Cast, focus: Focus) -> tuple[str, Span] | None:
    for i, node in chart.all("organization", "unit", "name"):
        if (i < at and node.type != "name") or (i < at and cast.kind(node.name) != "person" and i < 30):
            return (cast.full(node.name, "organization"), node.head)
    name, span = focus.organization()
    return (name, span) if name and span else None
