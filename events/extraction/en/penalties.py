"""English penalties: every one that a stretch of text imposes."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.en.amounts import NUMBER_WORD, number
from events.extraction.model import Span

Found = tuple[dict[str, Any], Span]

_GRADE = r"(?:(?:[Ll]evel|[Gg]rade|[Bb]and) )?(?P<{}>[A-Z]?\d{{1,2}}[A-Za-z]?)\b"
_FROM_TO = Pattern(rf"\b(?:from|down from) {_GRADE.format('from')},? (?:down )?to {_GRADE.format('to')}")
_LEVELS = Pattern(
    rf"\b(?P<n>{NUMBER_WORD}) (?:[a-z]+ )?(?:levels?|grades?|rungs?|ranks?|notch(?:es)?|steps?|bands?|tiers?)\b"
)
_DEMOTED = Pattern(
    r"\b(?:demot(?:ed|es|ing|ion)|revert(?:ed|s)?|relegated|goes down|went down|gone down|go down|drops|drop|slid(?:es)?|falls?|fell|loses|lost|taken down|put back|lowered|downgraded|pushed|dropp(?:ed|ing)|mov(?:es|ed)|knocked|busted|bumped down|reduced in (?:rank|grade))\b"
)
_WARNING = Pattern(
    r"\b(?:(?P<degree>severe|serious|stern|grave|minor|mild|light|final|formal|written|ordinary) )?(?:written |formal |verbal |disciplinary )?(?:warning|warned)\b(?! sign)"
)
_DURATION = (
    rf"(?: (?:for|of) (?:a (?:period|term) of )?(?P<n>{NUMBER_WORD})[ -](?P<unit>day|week|month|year)s?)?"
)
_AND_MORE = re.compile(rf" and (?P<n>{NUMBER_WORD}) (?P<unit>month|day)s?")
_WHOM = r" (?:(?:its|the|their) )?(?:former )?[\ue001\ue003],?"
_M, _PERCENT = CODES["money"], CODES["percent"]
_RULES = [
    ("dismissal", Pattern(r"\b(?:dismiss(?:ed|es|al)|fired|fires|sacked|sacks|terminated|let go)\b")),
    ("expulsion", Pattern(r"\bexpelled\b")),
    ("detention", Pattern(rf"\b(?:sent to (?:prison|jail)|jailed|imprisoned|put behind bars)\b{_DURATION}")),
    ("detention", Pattern(r"\b(?:detained|arrested|jailed|taken into custody|imprisoned)\b")),
    ("ban", Pattern(rf"\b(?:barred|banned|prohibited|disqualified)(?:{_WHOM})? from\b[^.;]{{0,90}}?{_DURATION[:-1]}")),
    ("ban", Pattern(r"\b(?:barred|banned|disqualified)\b")),
    ("ban", Pattern(rf"\b(?:may|can|must|will|shall)(?: not|not) (?:work|act|serve|hold|trade|deal|run|practi[sc]e|manage)\b[^.;]{{0,90}}?{_DURATION[:-1]}")),
    ("removal", Pattern(r"\b(?:stripped of(?! (?:his|her|their) (?:[\w-]+ ){0,2}bonus)|removed (?:from|as))\b")),
    ("suspension", Pattern(rf"\b(?:suspended|suspends|suspension)\b(?: the licen[cs]e of [^,.;]{{1,40}}?(?:, [^,.;]{{1,60}},)?)?(?:{_WHOM})?(?: without pay)?{_DURATION}")),
    ("clawback", Pattern(rf"\b(?:forfeit(?:s|ed|ing|ure)?|repaid|repay|repays|clawed back|claws? back|clawback|gives? up (?:his|her|their) unvested|gave up (?:his|her|their) unvested|must return|handed back|hands? back)\b(?: (?:of )?(?:up to )?(?P<m>{_M}))?")),
    ("clawback", Pattern(rf"\b(?:bonus|award|pay|shares)(?: of (?P<m>{_M}))?[^.;,]{{0,30}} (?:to be|must be|is to be|will be) (?:paid back|repaid|returned|clawed back)")),
    ("clawback", Pattern(r"\b(?:los(?:t|es|e|ing)|stripped of|deprived of|denied) (?:his|her|their) (?:[\w-]+ ){0,3}?(?:bonus(?:es)?|award|stock|options|incentive)\b")),
    ("fine", Pattern(rf"\b(?:fined|fines?|fine of|penalty of|pay a|pay an|pay)(?: (?:{{P}}|an|a|civil|record|penalty|of|him|her|it|them)){{0,3}} (?P<m>{_M})".replace("{P}", "[\ue001\ue002\ue003\ue00a]"))),
    ("fine", Pattern(rf"(?P<m>{_M}) (?:civil |criminal |administrative |regulatory )?(?:penalty|fine)\b")),
    ("pay_cut", Pattern(rf"\b(?:pay|salary|wages|bonus|compensation) (?:was |is |be |being )?(?:cut|docked|reduced|withheld|lowered)(?: by [^,.;]{{1,20}}?)?{_DURATION}")),
    ("pay_cut", Pattern(r"\b(?:cuts?|cutting|docks|docked|reduces|reduced|lowers|lowered|trimmed) (?:his|her|their) (?:pay|salary|wages|compensation)\b")),
    ("reprimand", Pattern(r"\b(?:(?P<degree>severe|serious|stern|grave) )?(?:reprimand(?:ed|s)?|censured|censure|criticism circulated)\b")),
]  # fmt: skip
_BONUS_OF = re.compile(rf"\b(?:bonus|award|payment|pay)s?[^.;,]{{0,20}}? (?:of|worth) (?P<m>{_M})")
_DEGREES = {
    "severe": "severe",
    "serious": "severe",
    "stern": "severe",
    "grave": "severe",
    "minor": "minor",
    "mild": "minor",
    "light": "minor",
    "ordinary": "ordinary",
}
_UNITS = {"day": "D", "week": "W", "month": "M", "year": "Y"}


def find(chart: Chart, start: int, end: int) -> list[Found]:
    """The penalties that positions [start, end) of a sentence name, each with its span of text."""
    found = _demotion(chart, start, end)
    taken = {penalty["type"] for penalty, _ in found}
    for kind, rule in _RULES:
        if kind in taken:
            continue
        match = rule.search(chart, start, end)
        if match and not _negated(chart.s, match.start()):
            taken.add(kind)
            details = _details(kind, match, chart)
            if (
                kind == "clawback"
                and "amount" not in details
                and (bonus := _BONUS_OF.search(chart.s, start, match.end()))
            ):
                details |= _details(kind, bonus, chart)
            found.append((details, chart.span(match.start(), match.end())))
    if match := _WARNING.search(chart, start, end):
        penalty: dict[str, Any] = {"type": "warning"}
        if (match["degree"] or "") in _DEGREES:
            penalty["degree"] = _DEGREES[match["degree"]]
        if not _negated(chart.s, match.start()):
            found.append((penalty, chart.span(match.start(), match.end())))
    return found


def _negated(s: str, at: int) -> bool:
    return bool(_NEGATED.search(s[max(0, at - 25) : at]))


_NEGATED = re.compile(r"\b(?:no|not|never|without|may be|could be|can be|should be)(?: \w+)? $")


def _demotion(chart: Chart, start: int, end: int) -> list[Found]:
    trigger = _DEMOTED.search(chart, start, end)
    ladder = _FROM_TO.search(chart, start, end)
    levels = _LEVELS.search(chart, trigger.start(), end) if trigger else None
    if trigger is None or not (ladder or levels or trigger[0].startswith("demot")):
        return []
    penalty: dict[str, Any] = {"type": "demotion"}
    spots = [trigger]
    if levels and (count := number(levels["n"])):
        penalty["levels"] = count
        spots.append(levels)
    if ladder:
        penalty["from"], penalty["to"] = ladder["from"], ladder["to"]
        spots.append(ladder)
    span = chart.span(min(m.start() for m in spots), max(m.end() for m in spots))
    return [(penalty, span)]


def _details(kind: str, match: re.Match[str], chart: Chart) -> dict[str, Any]:
    penalty: dict[str, Any] = {"type": kind}
    group = match.groupdict()
    if group.get("m"):
        money = chart.nodes[match.start("m")]
        if money is not None:
            penalty["amount"], penalty["currency"] = money.value["value"], money.value["currency"]
    if group.get("degree"):
        penalty["degree"] = _DEGREES[group["degree"]]
    if group.get("n") and (count := number(group["n"])):
        penalty["duration"] = f"P{count}{_UNITS[group['unit']]}"
        if more := _AND_MORE.match(chart.s, match.end()):
            penalty["duration"] += f"{number(more['n'])}{_UNITS[more['unit']]}"
    return penalty
