"""Reading English."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from events.extraction.chart import Chart, Pattern
from events.extraction.context import Context
from events.extraction.en import (
    amounts,
    announcements,
    dates,
    decisions,
    disputes,
    facts,
    figures,
    filings,
    followups,
    headcount,
    layoffs,
    modality,
    names,
    phrases,
    roles,
    shares,
    stance,
    successions,
    titles,
    votes,
)
from events.extraction.en.discourse import Focus
from events.extraction.en.names import Cast
from events.extraction.gates import gate
from events.extraction.known import KnownNames
from events.extraction.lexicon import any_of
from events.extraction.model import DateValue, Draft
from events.extraction.sentences import sentences

_UNKNOWN = Context()
_SATIRE = re.compile(r"\b(?:satire|satirical|parody|[Hh]umou?r column|spoof)\b|\|\s*Humou?r\b")
_OPINION = re.compile(
    r"^\W*(?:OPINION|Opinion|EDITORIAL|Editorial|COMMENT|COLUMN|Op-Ed|OP-ED|Obituary|OBITUARY|Explainer|EXPLAINER)\b"
)
_ITEM = re.compile(
    r"^(?:ITEM|Item|SECTION|Section)\s+\d|^(?:\(\w\) )?(?:Departure|Compensatory|Election|Appointment|DEPARTURE) of\b[^.]*;"
)
_COMPLETE = re.compile(r"[.!?:;”\"’)]$")


def read(
    text: str, published: date | None, context: Context = _UNKNOWN, known: KnownNames | None = None
) -> list[Draft]:
    """The drafts of an English text's claims, in the order of the text."""
    if _satire(text[:300]) or _satire(text[-300:]) or _OPINION.match(text):
        return []
    if not context.filing and stance.no_news(text):
        return []
    cast = Cast(known=known, text=text)
    charts = _charts(text, published, cast, context)
    if not context.filing and stance.told_of_old(charts, published):
        return []
    for chart in charts:
        for _, node in chart.all("name"):
            chart.retype(node, cast.kind(node.name))
        phrases.fold(chart, cast)
        if context.filing:
            filings.fold(chart)
    drafts = _facts(charts, cast, published, context)
    if context.filing:
        drafts = filings.settle(drafts, charts, cast)
    else:
        drafts = stance.without_hearsay(drafts, charts)
    drafts = announcements.single(drafts)
    announcements.apply(drafts, charts)
    return drafts


def _satire(part: str) -> bool:
    low = part.lower()
    return any(word in low for word in ("satir", "parody", "humo", "spoof")) and bool(_SATIRE.search(part))


def _charts(text: str, published: date | None, cast: Cast, context: Context) -> list[Chart]:
    days: dict[str, DateValue | None] = {}
    functions = filings.functions(text) if context.filing else frozenset()
    charts = [Chart(text, start, end, i) for i, (start, end) in enumerate(sentences(text, "en"))]
    for chart in charts:
        dates.find(chart, published, days)
    if context.filing:
        filings.define_dates(charts)
    for chart in charts:
        amounts.find(chart)
        if context.filing and filings.heading(chart):
            continue
        titles.find(chart, functions)
        names.find(chart, cast)
    votes.cast_of(charts, cast)
    return charts


def _facts(charts: list[Chart], cast: Cast, published: date | None, context: Context) -> list[Draft]:
    focus = Focus(cast, published=published, filing=context.filing)
    focus.survey(charts)
    focus.rejected = any(_REJECTED.search(chart) for chart in charts)
    drafts: list[Draft] = []
    seen: dict[str, Any] = {}
    before = ""
    units: set[str] = set()
    for index, chart in enumerate(charts):
        focus.open(chart, charts[index + 1] if index + 1 < len(charts) else None)
        focus.anaphora(chart)
        focus.ahead = charts[index : index + 3]
        if _headline(chart, index, len(charts)):
            focus.follow(chart)
            continue
        stated = _stated(chart)
        if (stated or context.filing) and not modality.open_question(chart.text[chart.start : chart.end]):
            found = facts.read(chart, cast, focus, stated)
            if context.filing:
                found = filings.news(found + filings.read(chart, cast, focus, found), chart, published)
            if stated == len(chart.s):
                found += figures.results(chart, cast, focus, seen)
                found += shares.market_share(chart, cast, focus)
                found += headcount.read(chart, cast, focus, before) or layoffs.read(chart, cast, focus)
            for draft in found:
                draft.span = chart.statement(draft.span)
                if draft.kind == "reorganization":
                    units |= _parts(draft)
            drafts += found
            _inherit(chart, found, focus)
            _similarity(chart, focus)
        followups.apply(chart, drafts)
        focus.follow(chart, frozenset(units))
        before = chart.s
    decisions.settle(drafts, focus.decisions, focus.header)
    successions.link(drafts, focus)
    return drafts


def _parts(draft: Draft) -> set[str]:
    """The names that a reorganization tells to be those of parts of an organization."""
    names_ = {party["name"] for party, _ in draft.participants}
    return names_ if draft.action in ("layoff", "restructuring") else names_ | {draft.subject["name"]}


def _inherit(chart: Chart, found: list[Draft], focus: Focus) -> None:
    """What a paragraph dates in one sentence holds for the reorganization or allegation that its next one tells."""
    line = chart.text.rfind("\n", 0, chart.start) + 1
    days = [n for _, n in chart.all("date") if n.value.day and n.value.day["precision"] != "year"]
    for draft in found:
        if draft.kind == "reorganization":
            draft.group = f"line{line}"
        if (
            draft.kind in ("reorganization", "controversy")
            and not draft.dates
            and focus.paragraph == line
            and focus.day
        ):
            draft.dates["announced" if focus.told else "occurred"] = focus.day
    if days:
        focus.paragraph, focus.day = line, (days[0].value.day, days[0].head)
        at = next(place for place, node in chart.all("date") if node is days[0])
        focus.told = roles.announced(chart, at)


_REJECTED = Pattern(
    r"\b(?:rejected|rejects|denied|denies|disputed|disputes|dismissed) (?:the |any |that |these |those )?(?:charges?|claims?|allegations?|accusations?)\b"
)


_SIMILAR = gate("similar|correlation")


def _similarity(chart: Chart, focus: Focus) -> None:
    if chart.may(_SIMILAR) and (match := disputes.SIMILAR.search(chart.s)):
        group = "v" if match["v"] else "w"
        focus.measure = (
            {"metric": "similarity", "value": float(match[group])},
            chart.span(match.start(group), match.end(group)),
        )


def _headline(chart: Chart, index: int, count: int) -> bool:
    """Headlines repeat in a few words what the text says: they set the focus, but give no claim."""
    if _ITEM.match(chart.s):
        return True
    whole = chart.start == 0 or chart.text[chart.start - 1] == "\n"
    ends = chart.end == len(chart.text) or chart.text[chart.end] == "\n"
    return whole and ends and count > 2 and index < 2 and not _COMPLETE.search(chart.s) and len(chart.s) < 160


_NEW_CLAUSE = re.compile(r", (?:and|but|while|although|though|yet|so|or)\b|; | — | – ")


def _stated(chart: Chart) -> int:
    """Up to where a sentence states facts: its length, or the start of the clause that is opinion."""
    opinion = any_of("en", "opinion").first_in(chart)
    if opinion < 0:
        return len(chart.s)
    return max((mark.start() for mark in _NEW_CLAUSE.finditer(chart.s, 0, opinion)), default=0)
