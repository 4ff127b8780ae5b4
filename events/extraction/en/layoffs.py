"""English job cuts that are told by nouns, shares and other words than headcount.py knows."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.en.classes import classes
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.en.numerals import ONES, TENS
from events.extraction.en.tokens import plain_forms
from events.extraction.lexicon import words
from events.extraction.model import Draft, Node, Span

_P = CODES["percent"]
_MENTION = "\ue001-\ue00b"
_ONES = {word: i for i, word in enumerate(["zero", *ONES])}
_TENS = {word: 10 * i for i, word in enumerate(TENS, 2)}
_SMALL = rf"(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(list(_ONES)[1:10])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}|a"
_NUMBER = (
    rf"(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}(?![\d.,]*\d)|(?:{_SMALL})(?= (?:hundred|thousand|dozen))|(?:{_SMALL})(?<!\ba))"
    r"(?P<scale> (?:hundred|thousand|dozen|million))?"
)
_STAFF = sorted(words("en", "staff_nouns"))
_COUNT = Pattern(
    rf"(?i:\b(?P<q>more than|over|about|around|approximately|roughly|nearly|at least|up to|some|almost|close to|as many as|just over|just under|fewer than|another|a further|a total of|all|all of|the)?(?:^|\b ?)"
    rf"{_NUMBER}(?: of)?(?: (?:its|their|the|our|his|her))?(?: (?!of\b|and\b|to\b|in\b|at\b)[\w{_MENTION}&’'-]+){{0,3}}? (?P<what>{'|'.join(_STAFF)})\b)"
)
_MANY = Pattern(
    r"\b(?P<w>[Tt]ens of thousands|[Tt]housands|[Hh]undreds|[Ss]cores|[Dd]ozens)(?: of)?(?: [\w-]+){0,3}? (?P<what>"
    + "|".join(_STAFF)
    + r")\b"
)
_PART = Pattern(
    rf"(?P<share>{_P}|\b(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our) in (?:every )?(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)|\b(?:[Aa]|[Oo]ne|two|three)[ -](?:half|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)s?|\b(?:[Hh]alf|most|all))"
    rf" ?(?:of )?(?:(?:its|their|the|all|our|his)\b ?)?(?:[\w{_MENTION}’'-]+ ){{0,3}}?(?:workforce|staff|employees|jobs|headcount|payroll|posts|roles|positions|workers|people)\b"
)
_BY = Pattern(
    rf"\b(?:cut|cuts|cutting|reduc(?:e|es|ed|ing)|trim(?:s|med|ming)?|shrink(?:s|ing)?|shrank|slash(?:es|ed|ing)?|lower(?:s|ed|ing)?|thin(?:s|ned)?|pare(?:s|d)?|prune[sd]?) (?:(?:its|their|the|our) )?(?:[\w{_MENTION}’'-]+ ){{0,3}}?(?:workforce|staff|headcount|payroll|personnel|establishment|head count)(?: (?:there|worldwide|globally))? by (?:(?P<q>about|around|up to|more than|some|nearly|over|roughly|almost|as many as) )?(?:{_NUMBER}|(?P<share>{_P}|(?:a|one|two)[ -](?:half|third|quarter|fifth|sixth|tenth)s?))"
)
_TOTAL = Pattern(
    rf"\b(?:[Jj]ob (?:losses|cuts)|[Rr]edundancies|[Ll]ayoffs|[Cc]uts)\b[^.;]{{0,50}}? (?:total|number|reach|come to|amount to|run to|stand at|affect|hit|totall?ed|numbered|reached|came to|affects?) (?:(?P<q>about|around|up to|more than|some|nearly|over|roughly|almost|as many as) )?{_NUMBER}\b"
)
_CUT = Pattern(
    r"\b(?:cut(?:s|ting)?|lay(?:s|ing)? off|laid off|layoffs?|eliminat(?:e|es|ed|ing|ion)|shed(?:s|ding)?|slash(?:es|ed|ing)?|ax(?:e|es|ed|ing)|redundan(?:t|cy|cies)|(?:let|lets|letting) go|let (?:\S+ ){1,4}go"
    r"|trim(?:s|med|ming)?|dismiss(?:es|ed|ing|als?)?|los(?:e|es|ing)|lost|loss|losses|sack(?:s|ed|ing)?|fir(?:ed|es|ing)|cull(?:s|ed|ing)?|prun(?:e|es|ed|ing)|retrench(?:es|ed|ing|ment)?|scrap(?:s|ped|ping)?"
    r"|disappear(?:s|ed|ing)?|vanish(?:es|ed)?|cost(?:s|ing)?|goes|go|went|gone|going|given notice|gives? notice|gave notice|served notice|notices? to|pink slips|marching orders|their cards|out of (?:work|a job)|severance"
    r"|surplus(?: to requirements)?|shown the door|paid off|sent packing|buyouts?|buy-outs?|voluntary (?:departure|exit|leaving)|drop(?:s|ped|ping)?|shrink(?:s|ing)?|remov(?:e|es|ed|ing)|reduc(?:e|es|ed|ing|tions?)|displaced|terminat(?:e|es|ed|ing|ions?)|at risk|under threat|under consultation|discharg(?:e|es|ed|ing))\b"
)
_KEPT = re.compile(
    r"\b(?:not|no|never|without|avoid(?:s|ed|ing)?|sav(?:e|es|ed|ing)|protect(?:s|ed|ing)?|instead of|rather than|ruled out|deni(?:es|ed)|hir(?:e|es|ed|ing)|recruit(?:s|ed|ing)?|creat(?:e|es|ed|ing)|taking on|adding|add|employ(?:s|ed|ing)?|keep(?:s|ing)?|kept|safe|safeguard(?:s|ed|ing)?|secur(?:e|es|ed|ing))\b"
)
_JOBS = re.compile(
    r"\b(?:jobs?|posts?|roles?|positions?|redundan\w+|laid off|lay(?:s|ing)? off|layoffs?|let go|workforce|headcount|staff|employees|workers|payroll|sack(?:s|ed|ing)?|retrench\w*|given notice|gave notice|pink slips|severance|out of work|paid off|stood down)\b"
)
_WEAK = re.compile(
    r"(?:los(?:e|es|ing)|lost|loss|losses|go|goes|went|gone|going|cost|costs|costing|drop\w*|remov\w+|reduc\w+|terminat\w+|shrink\w*|fir\w+|dismiss\w*|discharg\w+|displaced|at risk|under \w+|scrap\w*|disappear\w*|vanish\w*|buy-?outs?|surplus.*)\Z"
)
_POSTS = classes("layoffs_posts")
_OTHER = re.compile(
    r"\b(?:killed|died|dead|injured|wounded|deaths?|drowned|crash|war|lives|customers|passengers|patients|votes?|fraud|theft|misconduct|expenses|bribes?|cheating)\b"
)
_PLANNED = re.compile(
    r"\b(?:plan(?:s|ned|ning)? to|intends? to|propos(?:es|ed|al|als|ing)|consider(?:s|ed|ing)|wants? to|consult(?:s|ing|ation)|at risk|under threat|seeks to|looking to|aims? to|hopes to|fac(?:e|es|ing) redundancy)\b"
)
_ABOUT = {"up to": "max", "as many as": "max", "fewer than": "max", "just under": "max"}
_MINIMUM = {"tens of thousands": 20000, "thousands": 2000, "hundreds": 200, "scores": 40, "dozens": 24}
_SCALES = {"hundred": 100, "thousand": 1000, "dozen": 12, "million": 1_000_000}


def read(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """People whose jobs go, by a count ("forty-five of its lawyers"), a share ("one in eight posts") or a total."""
    found = _found(chart)
    if found is None or _OTHER.search(chart.s):
        return []
    head, start, end = found
    subject = _employer(chart, start, cast, focus)
    if subject is None:
        return []
    name, span = subject
    draft = Draft(
        "reorganization",
        "layoff",
        {"type": "organization", "name": name},
        (chart.start, chart.end),
        chart.number,
    )
    draft.spans["/subject/name"] = span
    draft.headcount = (head, chart.span(start, end))
    if _PLANNED.search(chart.s):
        draft.status = "planned"
    _dates(chart, draft)
    return [draft]


def _found(chart: Chart) -> tuple[dict[str, Any], int, int] | None:
    """The headcount that a sentence gives, and where."""
    for pattern in (_BY, _TOTAL):
        if match := pattern.search(chart):
            return (_head(match, chart), match.start(), match.end())
    cut = _CUT.search(chart)
    if cut is None or not _JOBS.search(chart.text, chart.start, chart.end):
        return None
    if found := _group(chart):
        return found
    for pattern in (_COUNT, _MANY, _PART):
        for match in pattern.finditer(chart):
            cut = _nearest(chart, match.start(), match.end())
            if cut is None or _KEPT.search(
                chart.s[max(0, min(cut.start(), match.start()) - 28) : max(cut.start(), match.start())]
            ):
                continue
            if _WEAK.match(cut[0]) and pattern is not _PART and match["what"].lower() not in _POSTS:
                continue
            if (
                _WEAK.match(cut[0])
                and "people" in match[0]
                and not re.search(r"\bjobs?\b|\bworkforce\b", chart.s)
            ):
                continue
            return (_head(match, chart), match.start(), match.end())
    return None


_GROUP = re.compile(
    rf"(?i:(?P<q>more than|over|about|around|nearly|up to|some|almost) )?{_NUMBER}\b", re.IGNORECASE
)


_MANY_PEOPLE = re.compile(r"(?:tens of thousands|thousands|hundreds|scores|dozens)(?= of )", re.IGNORECASE)
_GO = re.compile(r"[^.;:]{0,60}\b(?:let go|laid off|redundant|lose|lost|losing|sacked|retrenched|paid off)\b")


def _group(chart: Chart) -> tuple[dict[str, Any], int, int] | None:
    """ "Some 90 employees", read as a group of people before, that are let go."""
    for at, node in chart.all("group"):
        if not _GO.match(chart.s, at + 1):
            continue
        if many := _MANY_PEOPLE.match(node.name):
            return ({"min": _MINIMUM[many[0].lower()], "text": many[0]}, at, at + 1)
        if match := _GROUP.match(node.name):
            value = _number(match["n"]) * _SCALES.get((match["scale"] or "").strip(), 1)
            return ({_ABOUT.get((match["q"] or "").lower(), "min"): value, "text": node.name}, at, at + 1)
    return None


def _nearest(chart: Chart, start: int, end: int) -> re.Match[str] | None:
    """The word of cutting beside a count, no clause's end between them."""
    best: re.Match[str] | None = None
    for match in _CUT.finditer(chart, max(0, start - 70), end + 90):
        between = chart.s[match.end() : start] if match.end() <= start else chart.s[end : match.start()]
        if re.search(r"[;:]|, (?:and|but|while) ", between):
            continue
        if best is None or min(abs(match.end() - start), abs(match.start() - end)) < min(
            abs(best.end() - start), abs(best.start() - end)
        ):
            best = match
    return best


def _number(text: str) -> int:
    text = text.lower().replace(",", "")
    if text.isdigit():
        return int(text)
    return sum(1 if part == "a" else _TENS.get(part, 0) + _ONES.get(part, 0) for part in text.split("-"))


def _head(match: re.Match[str], chart: Chart) -> dict[str, Any]:
    group = match.groupdict()
    told = chart.words(match.start(), match.end())
    if group.get("w"):
        return {"min": _MINIMUM[group["w"].lower()], "text": group["w"]}
    if group.get("share"):
        return {"text": chart.words(match.start("share"), match.end("share"))}
    value = _number(match["n"]) * _SCALES.get((group.get("scale") or "").strip(), 1)
    return {_ABOUT.get((group.get("q") or "").lower(), "min"): value, "text": told}


def _named(chart: Chart, match: re.Match[str], cast: Cast) -> tuple[str, Span] | None:
    """Whose people a count names: "62 ⟦organization⟧ staff"."""
    for at, node in chart.all("organization", "name"):
        if match.start() < at < match.end() and cast.kind(node.name) not in ("person", "product"):
            return (cast.full(node.name, "organization"), node.head)
    return None


def _employer(chart: Chart, at: int, cast: Cast, focus: Focus) -> tuple[str, Span] | None:
    """Whose people they are: who is named before the count and not behind a preposition, else "at X", else the focus."""
    beside: Node | None = None
    for i, node in chart.all("organization", "name"):
        if (
            node.members
            or GOVERNMENT.search(node.name)
            or (node.type == "name" and cast.kind(node.name) in ("person", "product"))
        ):
            continue
        if node.type == "name" and " " not in node.name and node.name.lower() in plain_forms():
            continue
        before = chart.s[max(0, i - 12) : i]
        if re.search(r"\b(?:at|by|from|of) (?:the )?$", before):
            beside = beside or node
        elif re.search(r"\b(?:in|to|for|with|on|near|outside|than|like|after) (?:the )?$", before):
            continue
        elif i < at or re.match(
            r" (?:has |had |also |\ue005 )*(?:said|says|confirmed|announced|told|disclosed)", chart.s[i + 1 :]
        ):
            return (cast.full(node.name, "organization"), node.head)
    if beside is not None:
        return (cast.full(beside.name, "organization"), beside.head)
    if focus.label is not None and focus.label.type != "person":
        return (cast.full(focus.label.name, "organization"), focus.label.head)
    name, span = focus.organization()
    return (name, span) if name and span else None


def _dates(chart: Chart, draft: Draft) -> None:
    for at, node in chart.all("date"):
        if node.value.day is None or re.search(
            r"\b(?:since|until|by|between|before) $", chart.s[max(0, at - 8) : at]
        ):
            continue
        around = chart.s[max(0, at - 30) : at]
        said = re.search(r"\b(?:said|says|announced|told|confirmed|disclosed)(?: \w+){0,2} $", around)
        draft.dates.setdefault("announced" if said else "occurred", (node.value.day, node.head))
        return
