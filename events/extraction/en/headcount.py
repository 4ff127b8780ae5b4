"""English job cuts that are told by a verb of cutting and a count of people."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import Chart, Pattern, about_organization
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.en.numerals import SPELLED, spelled
from events.extraction.model import Draft, Span

_PEOPLE = r"(?:employees|jobs|people|staff|workers|positions|roles|redundancies|staffers|job cuts|layoffs|posts|staff members|pink slips|P45s|colleagues|engineers|drivers|miners|nurses|heads)"
_COUNT = Pattern(
    rf"(?:(?P<q>[Mm]ore than|[Oo]ver|[Aa]bout|[Aa]round|[Aa]pproximately|[Rr]oughly|[Nn]early|[Aa]t least|[Uu]p to|[Ss]ome|[Aa]lmost|[Cc]lose to|[Aa]s many as) )?(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+|{SPELLED})(?P<s> thousand| hundred| million)? (?:of its |of their |of the )?(?:(?!of\b)[\w\ue000-\uf8ff&’'-]+ ){{0,3}}?{_PEOPLE}\b"
    rf"|(?:workforce|headcount|payroll|staff) by (?:about |around |some |roughly |nearly |more than )?(?P<m>\d[\d,]*)\b(?! ?(?:%|per|percent))"
    rf"|(?P<w>(?:tens of )?thousands|hundreds|dozens) of (?:its )?(?:\w+ )?{_PEOPLE}\b"
)
_CUTS = Pattern(
    r"\b(?:reductions? in (?:force|workforce|headcount|staff)|workforce reductions?|reduc(?:e|es|ed|ing) (?:(?:the|its|our) )?(?:[\w’'\ue002\ue003-]+ ){0,3}(?:workforce|headcount|staff)|cut(?:s|ting)?|lay(?:s|ing)? off|laid off|layoffs?|eliminat(?:e|es|ed|ing)|shed(?:s|ding)?|slash(?:es|ed|ing)?|ax(?:e|es|ed|ing)|redundan\w+|let(?:s|ting)?(?: [\w-]+){0,5} go|do(?:es|ing)? without|pink slips|trim(?:s|med|ming)?|dismiss(?:ing)?|reduc(?:e|es|ed|ing) (?:its|the|their) (?:workforce|headcount|staff)|would go|will go|must go|jobs go|posts go|cost(?:s|ing)? [^.;]{1,40} (?:their|his|her) jobs?|to go|are going|went|losing their jobs|lose their jobs|lost their jobs|losing|lose their|will lose|impacting|affecting|job losses|jobs did that cost|surplus to requirements|are to leave|sack(?:s|ed|ing)?|thinn?(?:s|ed|ing)?|disappear|be lost|were lost|with the loss of|at the cost of|cull(?:s|ed|ing)?|purg(?:e|es|ed|ing)|prun(?:e|es|ed|ing)|shown the door|pink slips|P45s|out of work|scrapp(?:ed|ing)|made idle|dropp(?:ed|ing)|sent home for good)\b"
)
_SOFT = re.compile(r"\b(?:impacting|affecting)\b")
_REASON = re.compile(
    r"\b(?:optimi[sz]ation|restructuring|reorgani[sz]ation|layoffs?|cuts?|downsizing|reductions?|streamlining|closure)\b"
)
_MINIMUM = {"tens of thousands": 20000, "thousands": 2000, "hundreds": 200, "dozens": 24}


def read(chart: Chart, cast: Cast, focus: Focus, before: str) -> list[Draft]:
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
    draft = about_organization(chart, "reorganization", "layoff", subject)
    draft.headcount = (head, chart.span(match.start(), match.end()))
    for at, node in chart.all("date"):
        if node.value.day is None or re.search(r"\bsince $", chart.s[max(0, at - 6) : at]):
            continue
        around = chart.s[max(0, at - 40) : at]
        role = (
            "announced"
            if re.search(
                r"\b(?:said|announced|confirmed|told (?:[a-z]+ ){0,2}(?:staff|workers|employees|unions|reporters|investors))(?: on| late)? $",
                around,
            )
            else "occurred"
        )
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
    number = spelled(match["n"] or match["m"])
    scale = {" hundred": 100, " thousand": 1000, " million": 1_000_000}.get(group.get("s") or "", 1)
    if (group.get("q") or "").lower() in ("up to",):
        return {"max": number * scale, "text": words}
    return {"min": number * scale, "text": words if "q" in group else match["n"] or match["m"]}


def _employer(chart: Chart, at: int, cast: Cast, focus: Focus) -> tuple[str, Span] | None:
    if (
        focus.label is not None
        and focus.label.type != "person"
        and not any(i < at for i, n in chart.all("organization"))
    ):
        return (cast.full(focus.label.name, "organization"), focus.label.head)
    for i, node in chart.all("organization", "unit", "name"):
        if GOVERNMENT.search(node.name):
            continue
        if (i < at and node.type != "name") or (i < at and cast.kind(node.name) != "person" and i < 30):
            return (cast.full(node.name, "organization"), node.head)
    name, span = focus.organization()
    if not name:
        for i, node in chart.all("name", "person"):
            if i < at or re.search(r"\b(?:at|by) (?:the )?$", chart.s[max(0, i - 8) : i]):
                return (node.name, node.head)
    return (name, span) if name and span else None
