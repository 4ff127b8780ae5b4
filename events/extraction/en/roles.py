"""Which role an English date has in its sentence: announced, effective, decided or occurred."""

from __future__ import annotations

import re

from events.extraction.chart import Chart, Pattern
from events.extraction.en.discourse import Focus
from events.extraction.en.statement import Statement
from events.extraction.model import Draft, Node


def clause_end(chart: Chart, start: int) -> int:
    """Where the clause that holds position `start` ends: a semicolon, or the sentence's end."""
    at = chart.s.find(";", start)
    return at if at >= 0 else len(chart.s)


_EFFECTIVE = re.compile(
    r"(?:\beffective(?: as of the (?:close|end) of business on| as of| on| from| at| upon)?|with effect from|\bas of|[Bb]eginning(?: on)?|[Cc]ommencing(?: as of| on)?|[Ss]tart(?:ing|s)(?: on| work on| work)?|[Bb]egins(?: on)?|(?:take|takes|took|taking) effect(?: on| at| from)?|[Ee]ffective(?: as of)?(?: the close of business)?(?: on)?|^From|\bfrom|last day[^.]{0,40} will be) $"
)


_ANNOUNCED_BEFORE = re.compile(
    r"\b(?:(?:announced|disclosed) (?:via|in|by) (?:an? )?[\w ]{3,20}|said|announced|reported|disclosed|confirmed|published|released(?: to \w+)?|told (?:reporters|staff|employees))(?: late| early)?(?: on)? ?$"
)


_ANNOUNCED_AFTER = re.compile(
    r",? (?:[^.;]{0,90}? )?(?:announced|announcing|said|disclosed|issued a (?:press release|statement)|revealed|issued (?:penalties|notices))\b"
)


_SKIP = re.compile(
    r"\b(?:until|since|through|prior to|before|dated(?: as of)?|held(?: on)?|scheduled for|expiring(?: in| on)?|in its|at (?:the|its)|than|filed (?:with|by)[^.;]{0,60}?(?: on)?|ending|ended|during|between|to|in the [\w ]{0,20}) ?$"
)


def announced(chart: Chart, at: int) -> bool:
    """Whether the date at a position is only that of saying something."""
    before = chart.s[max(0, at - 40) : at]
    return bool(_ANNOUNCED_BEFORE.search(before) or _ANNOUNCED_AFTER.match(chart.s[at + 1 : at + 60] + " "))


FOR_YEAR = re.compile(
    r"\b(?:bonus(?:es)?|award|pay|salary|compensation|incentive)s?(?: of [\ue006-\ue009])? (?:for|of|from) (?:the )?$"
)
"""Before a year that says which bonus is lost: it dates no event."""


_AT_ONCE = Pattern(r"effective immediately|with immediate effect|without notice, effective")


def dates(chart: Chart, st: Statement, end: int, draft: Draft, focus: Focus) -> None:
    """Gives each date of the sentence its role: announced, effective, or what the frame says of a bare date."""
    default = st.options.get("date", "occurred")
    after_default: list[tuple[str, Node]] = []
    for at, node in chart.all("date"):
        day = node.value.day
        if day is None:
            continue
        before, after = chart.s[max(0, at - 40) : at], chart.s[at + 1 : at + 130]
        if _elsewhere(chart, st, at, before):
            continue
        role = _role(chart, before, after, at, st, end, default)
        if role:
            after_default.append((role, node))
    for role, node in sorted(after_default, key=lambda item: abs(item[1].start - draft.span[0])):
        draft.dates.setdefault(role, (node.value.day, node.head))
    if _AT_ONCE.search(chart, 0, end + 30):
        for role in ("decided", "announced", "occurred"):
            if role in draft.dates:
                draft.dates.setdefault("effective", draft.dates[role])
                break


def _elsewhere(chart: Chart, st: Statement, at: int, before: str) -> bool:
    """Whether a date belongs to another clause: behind "who left in", or before a semicolon."""
    if "verb" not in st.options:
        return False
    if at < st.start:
        return ";" in chart.s[at : st.start]
    own = re.search(r"\b(?:starts?|begins?|joins?|takes over|effective|from)(?: work)?(?: on)? $", before)
    return (
        at >= st.end
        and not own
        and bool(re.search(r"\b(?:who|which|whose|when|where)\b", chart.s[st.end : at]))
    )


def _role(chart: Chart, before: str, after: str, at: int, st: Statement, end: int, default: str) -> str:
    if _ANNOUNCED_BEFORE.search(before):
        return "announced"
    if _EFFECTIVE.search(before):
        return "effective"
    if FOR_YEAR.search(before):
        return ""
    if _SKIP.search(before):
        return default if re.match(r", when\b", after) and at < st.start else ""
    if at < st.start and _ANNOUNCED_AFTER.match(chart.s[at + 1 : st.end] + " "):
        return "announced"
    if at > end:
        return ""
    if at < st.start and not re.search(r"(?:^|[,;(] ?|\b(?:[Oo]n|[Ii]n|Late|Early|and) )$", before) and at:
        return ""
    if (
        st.start <= at < st.end
        and re.match(r",? [^.;]{0,60}?\b(?:announced|said)\b", after)
        and "announced" in st.words
    ):
        return "announced"
    if st.start <= at and re.search(r"\bannounced (?:on )?$", before):
        return "announced"
    return default
