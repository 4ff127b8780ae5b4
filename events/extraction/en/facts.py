"""English frames at work: what a sentence states, with its arguments, as draft claims."""

from __future__ import annotations

import re

from events.extraction.chart import Chart, slots
from events.extraction.en import (
    discipline,
    disputes,
    history,
    issuers,
    leaders,
    modality,
    predicates,
    roles,
    sifting,
)
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.en.posts import plausible
from events.extraction.en.statement import Statement, of_frame
from events.extraction.lexicon import frames_for
from events.extraction.model import Draft, Node, Party

_SUPPOSED = re.compile(
    r"\b(?:if|If|upon|Upon|unless|whether|event(?: that)?|should|to the extent|or if|until such time as|eligible|had hoped|not|asked|asks|urged|urges|pressed|wants|wanted|begged|called on|calling on|advised|invited)(?: the| such)? ?$"
)
_HEDGED = re.compile(r"\b(?:not|never|n['’]t|denied|denies|rejected|false)\b")
_LISTS = re.compile(
    r"\b(?:sanctions?(?: \w+)? (?:list|regime)|[Bb]lacklist\b|Entity List|export[- ]control list)\b"
)
"""What a party is put on or taken off as a sanction: no post, no exchange."""
_NOT_OK = re.compile(r"not (?:intend|to |be |stand|seek|renew|been renewed)|without cause")
_PAST_PERFECT = re.compile(r"\bhad(?: \w+){0,2} (?!been informed)")
_REPORTING = re.compile(
    r"\b(?:announc|said|disclos|press release|wrote|confirm|notif|inform|told|advis|resolv|report)"
)


def party(node: Node, cast: Cast, kind: str | None = None) -> Party:
    """A mention as a party of a claim: its full name in this document, and what appositions say of it."""
    type_ = (
        "group"
        if node.type == "group"
        else kind
        or ("person" if node.type in ("person",) else "product" if node.type == "product" else "organization")
    )
    name = cast.full(node.name, type_)
    result: Party = {"type": type_, "name": name.removeprefix("the ").strip(" ,")}
    if type_ == "person" and node.title:
        result["title"] = node.title
    if node.org:
        result["organization"] = cast.full(node.org, "organization")
    return result


def read(chart: Chart, cast: Cast, focus: Focus, limit: int | None = None) -> list[Draft]:
    """The facts that one sentence states: those that the frames find, then what its verbs say besides.

    What ends behind position `limit` of the chart's `s` is opinion and states nothing.
    """
    limit = len(chart.s) if limit is None else limit
    found: list[Draft] = []
    past = history.tells_past(chart, focus)
    taken: list[tuple[int, int, str]] = []
    for frame in frames_for("en", chart):
        for match in frame.pattern.finditer(chart.s):
            if match.end() > limit or _covered(
                taken, match.start(), match.end(), _sort(frame.kind, frame.action)
            ):
                continue
            if past and frame.kind in _DATED:
                continue
            if "sure" not in frame.options and modality.uncertain(chart, match.start(), match.end()):
                continue
            if sifting.only_tells(frame, match, chart):
                continue
            if frame.kind in _BEGUN and _INSIDE.search(chart.s[max(0, match.start() - 10) : match.start()]):
                continue
            statement = of_frame(frame, match, chart, people=_PEOPLE_ONLY in frame.pattern.pattern)
            statement.options = {**frame.options, "fines": "fine" if "fine" in frame.pattern.pattern else ""}
            drafts = _drafts(statement, chart, cast, focus)
            if drafts:
                taken.append((match.start(), match.end(), _sort(frame.kind, frame.action)))
                found += drafts
    found += _predicates(chart, cast, focus, found, taken, past=past, limit=limit)
    return sifting.once(found)


def stated(statement: Statement, chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """The drafts that a statement makes; none where the words of it or just before leave it open."""
    if modality.uncertain(chart, statement.start, statement.end, near=30):
        return []
    return _drafts(statement, chart, cast, focus)


_DATED = ("leadership", "discipline", "reorganization", "listing", "product")
"""Kinds of which a fact that lies years back is biography or comparison."""
_BEGUN = ("reorganization", "discipline", "leadership")
_INSIDE = re.compile(r"[a-z] (?:at|of|in|for|from) (?:the )?$")
"""Before a name that only tells where the unit is that a verb is about: "the data team at X was broken up"."""


def _covered(taken: list[tuple[int, int, str]], start: int, end: int, sort: str) -> bool:
    return any(left < end and start < right and sort == other for left, right, other in taken)


def _sort(kind: str, action: str) -> str:
    return "departure" if action == "departure" else kind


def _predicates(
    chart: Chart,
    cast: Cast,
    focus: Focus,
    found: list[Draft],
    taken: list[tuple[int, int, str]],
    *,
    past: bool,
    limit: int,
) -> list[Draft]:
    """What the sentence's verbs state that no frame has found."""
    have = {(_sort(d.kind, d.action), d.subject["name"]) for d in found}
    drafts = []
    for statement, at in predicates.read(chart, cast, focus):
        sort = _sort(statement.kind, statement.action)
        if (
            at > limit
            or (statement.kind != "sanction" and _covered(taken, at, at + 1, sort))
            or (past and statement.kind in _DATED)
        ):
            continue
        for draft in _drafts(statement, chart, cast, focus):
            draft.found_by = "predicate"
            if (_sort(draft.kind, draft.action), draft.subject["name"]) not in have:
                have.add((_sort(draft.kind, draft.action), draft.subject["name"]))
                drafts.append(draft)
    return drafts


def _stated(st: Statement, chart: Chart) -> bool:
    s = chart.s
    if _SUPPOSED.search(s[max(0, st.start - 24) : st.start]):
        return False
    inside = st.words
    if "verb" not in st.options and _HEDGED.search(inside) and not _NOT_OK.search(inside):
        return False
    if _AT_TIMES.match(s, st.end, st.end + 40):
        return False
    if st.kind == "leadership" and _PAST_PERFECT.search(inside) and not _REPORTING.search(s[: st.end]):
        return False
    return not _OPEN_CLAUSE.search(s[max(0, st.start - 8) : st.start])


_AT_TIMES = re.compile(r" (?:from time to time|for [“\"]?good reason|at any time|or otherwise)")
_OPEN_CLAUSE = re.compile(r"\b(?:how|why|while|until|once|where) $")


def _drafts(st: Statement, chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    if not _stated(st, chart) or _sanctioned(st, chart):
        return []
    subject = st.node("subject")
    if subject is None or not _fits(st, subject):
        return []
    result = []
    for node in subject.each():
        if (
            node.value == "weak"
            and (st.people or "verb" not in st.options)
            and not node.members
            and cast.kind(node.name) == "name"
            and node.name not in cast.people
        ):
            continue
        if st.kind in ("listing", "product", "reorganization") and node.name in cast.people:
            continue
        draft = _draft(st, chart, cast, node)
        complete(st, chart, cast, focus, draft)
        if node.type == "group" and draft.kind == "leadership":
            continue
        if _keep(draft):
            if draft.subject["type"] == "person":
                chart.retype(node, "person")
            result.append(draft)
    return result


def _sanctioned(st: Statement, chart: Chart) -> bool:
    """Whether what looks like a post or a listing is a place on a list of sanctions."""
    kinds = ("leadership", "discipline", "listing", "reorganization")
    return st.kind in kinds and bool(_LISTS.search(chart.s, st.start, st.end + 50))


def _fits(st: Statement, node: Node) -> bool:
    nodes = node.each()
    if any(n.type == "group" for n in nodes):
        return (
            st.kind == "discipline"
            or bool(st.options.get("forced"))
            or (st.kind == "sanction" and "sanctioning" not in st.words)
        )
    if st.kind == "discipline" and "fines" not in st.options and not st.people:
        return True
    if st.kind == "leadership" or (st.kind == "discipline" and st.action != "investigation"):
        if any(n.type in ("organization", "unit", "product") for n in nodes):
            return st.kind == "discipline" and bool(st.options.get("fines", not st.people))
        return all(n.type == "person" or plausible(n.name) for n in nodes)
    return not (
        st.kind in ("reorganization", "product", "listing") and any(n.type == "person" for n in nodes)
    )


_PEOPLE_ONLY = slots("{P:subject}")


def _draft(st: Statement, chart: Chart, cast: Cast, node: Node) -> Draft:
    person = st.kind in ("leadership",) or (
        st.kind == "discipline"
        and (node.type == "person" or (node.type == "name" and st.people))
        and plausible(node.name)
    )
    kind = "person" if person else "product" if st.kind == "product" else None
    start, end = chart.span(st.start, st.end)
    draft = Draft(st.kind, st.action, party(node, cast, kind), (start, end), chart.number, node)
    draft.departure = st.options.get("departure", "")
    draft.status = st.options.get("status", "reported")
    draft.extra_spans.append(node.span)
    draft.spans["/subject/name"] = node.head
    if node.title_span:
        draft.spans["/subject/title"] = node.title_span
    if node.org_span:
        draft.spans["/subject/organization"] = node.org_span
    return draft


def complete(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    """Fills a draft's fields from the match and from the rest of its sentence."""
    end = roles.clause_end(chart, st.end)
    _participants(st, chart, cast, draft)
    roles.dates(chart, st, end, draft, focus)
    if st.kind == "leadership":
        leaders.complete(st, chart, cast, focus, draft, end)
    elif st.kind == "discipline":
        if st.options.get("follow"):
            _authority(chart, st, draft)
        discipline.complete(st, chart, cast, focus, draft)
    elif st.kind == "reorganization":
        _reorganization(st, chart, cast, focus, draft)
    elif st.kind == "product":
        _maker(st, chart, cast, focus, draft)
    elif st.kind in ("sanction", "listing"):
        _listed(st, chart, focus, draft)
    elif st.kind == "controversy":
        _dispute(st, chart, cast, focus, draft)
    _predecessor(st, chart, cast, focus, draft)
    issuers.complete(chart, st, draft)


def _participants(st: Statement, chart: Chart, cast: Cast, draft: Draft) -> None:
    for role in ("issuer", "claimant", "successor", "predecessor", "counterparty"):
        node = st.node(role)
        person = "person" if role in ("predecessor", "successor") and st.kind == "leadership" else None
        for each in node.each() if node is not None else []:
            who = party(each, cast, person)
            draft.participants.append(({"role": role, "type": who["type"], "name": who["name"]}, each.head))


def _maker(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    org = st.node("org")
    name, span = (party(org, cast)["name"], org.head) if org else focus.organization()
    if name and span:
        draft.participants.append(({"role": "organization", "type": "organization", "name": name}, span))


def _listed(st: Statement, chart: Chart, focus: Focus, draft: Draft) -> None:
    draft.group = f"{st.kind}{st.action}{chart.number}"
    if not any(p["role"] == "issuer" for p, _ in draft.participants):
        _authority(chart, st, draft)
    issuers.complete(chart, st, draft)
    if st.kind == "sanction":
        _same_list(draft, focus)
    same = re.search(r"\bsame (?:announcement|notice|rule|filing)\b", chart.s)
    if same and focus.last_listed is not None:
        _same_decision(draft, focus.last_listed)
    focus.last_listed = draft


def _same_list(draft: Draft, focus: Focus) -> None:
    """What a list's other changes in the text say holds for this one too: who decides and, just before, when."""
    issuers = [p for p in draft.participants if p[0]["role"] == "issuer"]
    last = focus.last_listed
    if not issuers and focus.authority is not None:
        node = focus.authority
        draft.participants.append(({"role": "issuer", "type": "organization", "name": node.name}, node.head))
    if (
        last is not None
        and not draft.dates
        and last.action == draft.action
        and draft.sentence - last.sentence <= 3
    ):
        draft.dates.update(last.dates)
    if not draft.dates and focus.listing_day is not None:
        draft.dates["occurred"] = focus.listing_day
    if (
        last is not None
        and last.kind == "sanction"
        and last.action == draft.action
        and last.dates == draft.dates
    ):
        draft.group = last.group


def _dispute(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    disputes.measures(chart, draft, st, cast)
    if draft.action == "allegation":
        if not draft.measures and focus.measure is not None:
            draft.measures.append(focus.measure)
        if focus.rejected:
            draft.status = "denied"


def _predecessor(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    """Whom "takes over from him" and "elected X to follow him" mean."""
    if not _FOLLOWS.match(chart.s, st.end) and not _FROM_THEM.search(st.words):
        return
    old = focus.previous(chart, st.start)
    if old is not None:
        name = cast.full(old.name, "person")
        draft.participants.append(({"role": "predecessor", "type": "person", "name": name}, old.head))


_FOLLOWS = re.compile(r"(?:,? [^.;]{0,70}?,)? to (?:follow|succeed|replace) (?:him|her)\b")
_FROM_THEM = re.compile(r"\bfrom (?:him|her)\b")


def _authority(chart: Chart, st: Statement, draft: Draft) -> None:
    """The authority that the sentence names before the act: "the Treasury Department said that it had ..."."""
    bodies = [n for at, n in chart.all("organization", "unit") if at < st.start and GOVERNMENT.search(n.name)]
    if bodies and bodies[-1].name != draft.subject["name"] and not bodies[-1].members:
        draft.participants.append(
            ({"role": "issuer", "type": "organization", "name": bodies[-1].name}, bodies[-1].head)
        )


def _same_decision(draft: Draft, other: Draft) -> None:
    draft.group = other.group
    for role, value in other.dates.items():
        draft.dates.setdefault(role, value)
    if not any(p["role"] == "issuer" for p, _ in draft.participants):
        draft.participants += [item for item in other.participants if item[0]["role"] == "issuer"]


def _owner(st: Statement, chart: Chart, draft: Draft) -> Node | None:
    """The organization that the sentence names last before a unit."""
    found = [
        node
        for at, node in chart.all("organization")
        if at < st.subject_at and not GOVERNMENT.search(node.name) and node is not draft.subject_node
    ]
    return found[-1] if found and not found[-1].members else None


def _reorganization(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    draft.subject.pop("title", None)
    sifting.receiver(st, chart, draft)
    org = st.node("org")
    if org is None:
        org = _owner(st, chart, draft)
    if draft.action != "restructuring" and not draft.subject.get("organization"):
        name, span = (party(org, cast)["name"], org.head) if org is not None else focus.organization()
        if name and span and name != draft.subject["name"]:
            draft.subject["organization"] = name
            draft.spans["/subject/organization"] = span
    before = chart.s[max(0, st.start - 40) : st.end]
    if re.search(
        r"\b(?:plans?|intends?|proposes?|proposed|wants|aims|considering|planned) (?:to\b|a\b)", before
    ):
        draft.status = "planned"
    if re.search(r"\bconfirm(?:ed|s)\b", chart.s):
        draft.status = "confirmed"


def _keep(draft: Draft) -> bool:
    if draft.kind == "discipline" and draft.action != "investigation" and not draft.penalties:
        return False
    of_rank = draft.penalties and all(
        penalty["type"] in ("demotion", "removal") for penalty, _ in draft.penalties
    )
    if draft.kind == "discipline" and draft.subject["type"] == "organization" and of_rank:
        # A post is what people lose: a company is removed from a market or a list, which is no penalty of rank.
        return False
    return bool(draft.subject["name"])
