"""English arrivals and departures as claims: the post, the employer, and whether somebody wanted to go."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.en import discipline
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.en.statement import Statement
from events.extraction.lexicon import pattern
from events.extraction.model import Draft, Node

_MERELY = re.compile(r"\b(?:leav|left|depart|exit)")
_WILL = re.compile(r"\b(?:resign|retir|step|quit|stand|relinquish|notice)")
_CHOICE = re.compile(
    r"\bto (?:spend|pursue|join|take|run|start|found|set|become|work|study|teach|travel|focus|care|lead|write|return)\b|\b(?:decid|cho(?:se|ice)|wants?\b|health|family|personal"
    r"|own (?:wish|request|accord)|notice|told|wrote|announced [^.;]{0,40}(?:he|she) (?:was|is|would)|hands? )"
)
"""What makes a mere leaving somebody's own choice."""
_REQUESTED = re.compile(
    r"\bat the (?:[Bb]oard|[Cc]ompany|[Dd]irectors|[Oo]wners?)['’]s? request\b|\bat the request of (?:the|its) (?:[Bb]oard|[Cc]ompany|directors|owners?)\b|\b(?:was|were|been) asked to (?:resign|leave|go|step down|stand down)\b"
)
_AS_TITLE = r"(?:\bas|\bof|position as|role as|\bthe title of|positions as)(?: (?:both|the|its|an?|our|our|{O}['’]s|the [Cc]ompany['’]s|Company['’]s))* {T:t}"


def complete(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft, end: int) -> None:
    """Fills in a change of post: the post, the organization, interim or not, whose choice a departure was.

    The statement's words end at position `end` of the chart's `s`.
    """
    title = st.node("title")
    if title is None and (found := pattern("en", _AS_TITLE).search(chart.s, st.start, end)):
        title = chart.node(found, "t")
    if title is None and st.action != "departure" and not (st.options.get("back")):
        draft.subject.pop("title", None)
        draft.spans.pop("/subject/title", None)
        if st.node("org") is None and draft.subject_node and draft.subject_node.title:
            draft.subject.pop("organization", None)
            draft.spans.pop("/subject/organization", None)
    if title is not None:
        _take_title(st, title, cast, draft)
    words = chart.s[st.start : end]
    draft.interim = st.action != "departure" and (
        bool(title and title.interim)
        or bool(st.options.get("interim"))
        or bool(
            re.search(
                r"\b(?:interim|acting|act as|for the time being|until (?:a|the|somebody|someone|another) (?:[a-z]+ ){0,2}(?:successor|replacement|appointment|(?:is |has been |can be )?(?:found|hired|chosen|named|appointed))(?! (?:is|has been|shall be|are) (?:duly|elected|qualified))(?! (?:duly|and) )|stopgap|caretaker)\b",
                words[:160],
            )
        )
    )
    _organization(st, chart, cast, focus, draft)
    if st.options.get("forced"):
        discipline.forced(chart, draft, focus)
    _choice(st, chart, draft, end)
    if st.options.get("weak"):
        draft.confidence = 0.3
    if draft.kind == "leadership" and st.action == "departure":
        _notice_day(st, draft)


def _choice(st: Statement, chart: Chart, draft: Draft, end: int) -> None:
    """Whose choice a departure was."""
    words = chart.s[st.start : end]
    if (
        draft.departure == "voluntary"
        and _MERELY.search(st.words)
        and not _WILL.search(st.words)
        and not _CHOICE.search(chart.s)
    ):
        draft.departure = "unknown"
    if draft.departure == "voluntary" and _REQUESTED.search(chart.s, st.start, min(len(chart.s), end + 40)):
        draft.departure = "forced"
    if re.search(r"age limit|term limit|mandatory retirement|not renewed", words):
        draft.departure = "unknown" if draft.departure == "voluntary" else draft.departure


def _take_title(st: Statement, title: Node, cast: Cast, draft: Draft) -> None:
    if st.action != "departure" and draft.subject_node and draft.subject_node.org and not title.org:
        draft.subject.pop("organization", None)
    draft.subject["title"] = title.name
    draft.spans["/subject/title"] = title.head
    if title.org:
        draft.subject["organization"] = cast.full(title.org, "organization")
        draft.spans["/subject/organization"] = title.org_span or title.head


def _notice_day(st: Statement, draft: Draft) -> None:
    noticed = re.search(r"\b(?:notified|informed|tendered|submitted|advised)\b", st.words)
    if noticed and "occurred" in draft.dates:
        draft.dates["decided"] = draft.dates.pop("occurred")


def _organization(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    if draft.subject.get("organization"):
        return
    node = st.node("org")
    person = draft.subject_node
    owns = person is not None and chart.text.startswith(("its ", "their "), person.start)
    candidates = [node] if node is not None and (node.type != "name" or owns) else []
    candidates += _beside(chart, st, focus)
    for candidate in candidates:
        name = candidate.org or candidate.name
        if (
            re.search(r"\b(?:Exchange|Commission|SEC)\b", name)
            or candidate.members
            or (GOVERNMENT.search(name) and focus.main)
        ):
            continue
        draft.subject["organization"] = cast.full(name, "organization")
        draft.spans["/subject/organization"] = candidate.org_span or candidate.head
        return
    name, span = focus.organization()
    if cast.company:
        name = cast.company
        span = cast.spans.get(name)
    if name and span:
        draft.subject["organization"] = name
        draft.spans["/subject/organization"] = span


_HOUSE = re.compile(
    r"(?:^[^\w\ue000-\uf8ff]*|\b(?:[Aa]t|of|for|by|joins?|joined|from|[,;:] (?:and )?)(?: the)? )$"
)


def _beside(chart: Chart, st: Statement, focus: Focus) -> list[Node]:
    """The organizations of a sentence that may employ its subject: who acts, whose it is, "at" whom."""
    found = chart.all("organization", "unit")
    sole = len(found) == 1 and not focus.main
    before = [
        n for at, n in found
        if at < st.subject_at
        and (sole or _HOUSE.search(chart.s[max(0, at - 14) : at]) or chart.s[at + 1 : at + 3] in ("'s", "’s"))
    ]  # fmt: skip
    after = [
        n for at, n in found
        if at > st.subject_at and (sole or re.search(r"\b(?:at|of|joins?|joined|with)(?: the)? $", chart.s[max(0, at - 12) : at]))
    ]  # fmt: skip
    return before + after
