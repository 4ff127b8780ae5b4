"""English frames at work: what a sentence states, with its arguments, as draft claims."""

from __future__ import annotations

import re

from events.extraction.chart import Chart, slots
from events.extraction.en import discipline, disputes, modality, roles
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.en.phrases import plausible
from events.extraction.lexicon import Frame, frames_for, pattern
from events.extraction.model import Draft, Node, Party

_SUPPOSED = re.compile(
    r"\b(?:if|If|upon|Upon|unless|whether|event(?: that)?|should|to the extent|or if|until such time as|eligible|had hoped|not)(?: the| such)? ?$"
)
_HEDGED = re.compile(r"\b(?:not|never|n['’]t|denied|denies|rejected|false)\b")
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


def read(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """The facts that the frames find in one sentence."""
    found: list[Draft] = []
    past = history(chart, focus)
    taken: list[tuple[int, int, str, str]] = []
    for frame in frames_for("en", chart):
        for match in frame.pattern.finditer(chart.s):
            sort = "departure" if frame.action == "departure" else frame.kind
            if any(s < match.end() and match.start() < e and sort == k for s, e, k, _ in taken):
                continue
            if past and frame.kind in ("leadership", "discipline"):
                continue
            if modality.uncertain(chart.s, match.start(), match.end()):
                continue
            drafts = _drafts(frame, match, chart, cast, focus)
            if drafts:
                taken.append((match.start(), match.end(), sort, frame.action))
                found += drafts
    return found


def history(chart: Chart, focus: Focus) -> bool:
    """Whether all that a sentence dates lies more than a full year back: biography or comparison, not news."""
    days = [
        node.value.day["value"]
        for at, node in chart.all("date")
        if node.value.day and not roles.FOR_YEAR.search(chart.s[max(0, at - 40) : at])
    ]
    return bool(days and focus.published) and all(int(day[:4]) < focus.published.year - 1 for day in days)  # type: ignore[union-attr]


def _stated(frame: Frame, match: re.Match[str], chart: Chart) -> bool:
    s = chart.s
    if _SUPPOSED.search(s[max(0, match.start() - 24) : match.start()]):
        return False
    inside = match[0]
    if _HEDGED.search(inside) and not _NOT_OK.search(inside):
        return False
    after = s[match.end() : match.end() + 40]
    if re.match(r" (?:from time to time|for [“\"]?good reason|at any time|or otherwise)", after):
        return False
    if (
        frame.kind == "leadership"
        and _PAST_PERFECT.search(inside)
        and not _REPORTING.search(s[: match.end()])
    ):
        return False
    return not re.search(
        r"\b(?:how|why|while|until|once|where) $", s[max(0, match.start() - 8) : match.start()]
    )


def _drafts(frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    if not _stated(frame, match, chart):
        return []
    subject = chart.node(match, "subject")
    if subject is None or not _fits(frame, subject, cast):
        return []
    result = []
    for node in subject.each():
        if (
            node.value == "weak"
            and not node.members
            and cast.kind(node.name) == "name"
            and node.name not in cast.people
        ):
            continue
        draft = _draft(frame, match, chart, cast, node)
        complete(frame, match, chart, cast, focus, draft, subject)
        if _keep(draft):
            if draft.subject["type"] == "person":
                chart.retype(node, "person")
            result.append(draft)
    return result


def _fits(frame: Frame, node: Node, cast: Cast) -> bool:
    nodes = node.each()
    if any(n.type == "group" for n in nodes):
        return frame.kind == "discipline"
    if frame.kind == "leadership" or (frame.kind == "discipline" and frame.action != "investigation"):
        if any(n.type in ("organization", "unit", "product") for n in nodes):
            return frame.kind == "discipline" and "fine" in frame.pattern.pattern
        return all(n.type == "person" or plausible(n.name) for n in nodes)
    return not (
        frame.kind in ("reorganization", "product", "listing") and any(n.type == "person" for n in nodes)
    )


_PEOPLE_ONLY = slots("{P:subject}")


def _draft(frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, node: Node) -> Draft:
    person = frame.kind in ("leadership",) or (
        frame.kind == "discipline"
        and (node.type == "person" or (node.type == "name" and _PEOPLE_ONLY in frame.pattern.pattern))
        and plausible(node.name)
    )
    kind = "person" if person else "product" if frame.kind == "product" else None
    start, end = chart.span(match.start(), match.end())
    draft = Draft(frame.kind, frame.action, party(node, cast, kind), (start, end), chart.number, node)
    draft.departure = frame.options.get("departure", "")
    draft.status = frame.options.get("status", "reported")
    draft.extra_spans.append(node.span)
    draft.spans["/subject/name"] = node.head
    if node.title_span:
        draft.spans["/subject/title"] = node.title_span
    if node.org_span:
        draft.spans["/subject/organization"] = node.org_span
    return draft


def complete(
    frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft, subject: Node
) -> None:
    """Fills a draft's fields from the match and from the rest of its sentence."""
    end = roles.clause_end(chart, match.end())
    _participants(frame, match, chart, cast, draft)
    roles.dates(chart, match, end, frame, draft, focus)
    if frame.kind == "leadership":
        _leadership(frame, match, chart, cast, focus, draft, end)
    elif frame.kind == "discipline":
        if frame.options.get("follow"):
            _authority(chart, match, draft)
        discipline.complete(frame, match, chart, cast, focus, draft)
    elif frame.kind == "reorganization":
        _reorganization(match, chart, cast, focus, draft)
    elif frame.kind == "product":
        _maker(match, chart, cast, focus, draft)
    elif frame.kind in ("sanction", "listing"):
        _listed(frame, match, chart, focus, draft)
    elif frame.kind == "controversy":
        _dispute(match, chart, cast, focus, draft)
    _predecessor(match, chart, cast, focus, draft)


def _participants(frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, draft: Draft) -> None:
    for role in ("issuer", "claimant", "successor", "predecessor", "counterparty"):
        node = chart.node(match, role)
        person = "person" if role in ("predecessor", "successor") and frame.kind == "leadership" else None
        for each in node.each() if node is not None else []:
            who = party(each, cast, person)
            draft.participants.append(({"role": role, "type": who["type"], "name": who["name"]}, each.head))


def _maker(match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    org = chart.node(match, "org")
    name, span = (party(org, cast)["name"], org.head) if org else focus.organization()
    if name and span:
        draft.participants.append(({"role": "organization", "type": "organization", "name": name}, span))


def _listed(frame: Frame, match: re.Match[str], chart: Chart, focus: Focus, draft: Draft) -> None:
    draft.group = f"{frame.kind}{frame.action}{chart.number}"
    if not any(p["role"] == "issuer" for p, _ in draft.participants):
        _authority(chart, match, draft)
    same = re.search(r"\bsame (?:announcement|notice|rule|filing)\b", chart.s)
    if same and focus.last_listed is not None:
        _same_decision(draft, focus.last_listed)
    focus.last_listed = draft


def _dispute(match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    disputes.measures(chart, draft, match, cast)
    if draft.action == "allegation":
        if not draft.measures and focus.measure is not None:
            draft.measures.append(focus.measure)
        if focus.rejected:
            draft.status = "denied"


def _predecessor(match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    """Whom "takes over from him" and "elected X to follow him" mean."""
    following = re.match(r" to (?:follow|succeed|replace) (?:him|her)\b", chart.s[match.end() :])
    if not following and not re.search(r"\bfrom (?:him|her)\b", match[0]):
        return
    old = focus.previous(chart, match.start())
    if old is not None:
        name = cast.full(old.name, "person")
        draft.participants.append(({"role": "predecessor", "type": "person", "name": name}, old.head))


def _authority(chart: Chart, match: re.Match[str], draft: Draft) -> None:
    """The authority that the sentence names before the act: "the Treasury Department said that it had ..."."""
    bodies = [
        n for at, n in chart.all("organization", "unit") if at < match.start() and GOVERNMENT.search(n.name)
    ]
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


_AS_TITLE = r"(?:\bas|\bof|position as|role as|\bthe title of|positions as)(?: (?:both|the|its|an?|our|our|{O}['’]s|the [Cc]ompany['’]s|Company['’]s))* {T:t}"


def _leadership(
    frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft, end: int
) -> None:
    title = chart.node(match, "title")
    if title is None and (found := pattern("en", _AS_TITLE).search(chart.s, match.start(), end)):
        title = chart.node(found, "t")
    if title is None and frame.action != "departure" and not (frame.options.get("back")):
        draft.subject.pop("title", None)
        draft.spans.pop("/subject/title", None)
        if chart.node(match, "org") is None and draft.subject_node and draft.subject_node.title:
            draft.subject.pop("organization", None)
            draft.spans.pop("/subject/organization", None)
    if title is not None:
        _take_title(frame, title, cast, draft)
    words = chart.s[match.start() : end]
    draft.interim = frame.action != "departure" and (
        bool(title and title.interim) or bool(re.search(r"\b(?:interim|acting|act as)\b", words[:160]))
    )
    _organization(match, chart, cast, focus, draft)
    if frame.options.get("forced"):
        discipline.forced(chart, draft, focus)
    if re.search(r"age limit|term limit|mandatory retirement|not renewed", words):
        draft.departure = "unknown" if draft.departure == "voluntary" else draft.departure
    if frame.options.get("weak"):
        draft.confidence = 0.3
    if draft.kind == "leadership" and frame.action == "departure":
        _notice_day(match, draft)


def _take_title(frame: Frame, title: Node, cast: Cast, draft: Draft) -> None:
    if frame.action != "departure" and draft.subject_node and draft.subject_node.org and not title.org:
        draft.subject.pop("organization", None)
    draft.subject["title"] = title.name
    draft.spans["/subject/title"] = title.head
    if title.org:
        draft.subject["organization"] = cast.full(title.org, "organization")
        draft.spans["/subject/organization"] = title.org_span or title.head


def _notice_day(match: re.Match[str], draft: Draft) -> None:
    noticed = re.search(r"\b(?:notified|informed|tendered|submitted|advised)\b", match[0])
    if noticed and "occurred" in draft.dates:
        draft.dates["decided"] = draft.dates.pop("occurred")


def _organization(match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    if draft.subject.get("organization"):
        return
    node = chart.node(match, "org") if "org" in match.re.groupindex else None
    person = draft.subject_node
    owns = person is not None and chart.text.startswith(("its ", "their "), person.start)
    candidates = [node] if node is not None and (node.type != "name" or owns) else []
    candidates += [n for at, n in chart.all("organization", "unit") if at < match.start("subject")]
    candidates += [n for at, n in chart.all("organization", "unit") if at > match.start("subject")]
    for candidate in candidates:
        name = candidate.org or candidate.name
        if re.search(r"\b(?:Exchange|Commission|SEC)\b", name) or candidate.members:
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


def _owner(match: re.Match[str], chart: Chart, draft: Draft) -> Node | None:
    """The organization that the sentence names last before a unit."""
    found = [
        node
        for at, node in chart.all("organization")
        if at < match.start("subject") and not GOVERNMENT.search(node.name) and node is not draft.subject_node
    ]
    return found[-1] if found and not found[-1].members else None


def _reorganization(match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    draft.subject.pop("title", None)
    org = chart.node(match, "org")
    if org is None:
        org = _owner(match, chart, draft)
    if draft.action != "restructuring" and not draft.subject.get("organization"):
        name, span = (party(org, cast)["name"], org.head) if org is not None else focus.organization()
        if name and span and name != draft.subject["name"]:
            draft.subject["organization"] = name
            draft.spans["/subject/organization"] = span
    before = chart.s[max(0, match.start() - 40) : match.end()]
    if re.search(
        r"\b(?:plans?|intends?|proposes?|proposed|wants|aims|considering|planned) (?:to\b|a\b)", before
    ):
        draft.status = "planned"
    if re.search(r"\bconfirm(?:ed|s)\b", chart.s):
        draft.status = "confirmed"


def _keep(draft: Draft) -> bool:
    if draft.kind == "discipline" and draft.action != "investigation" and not draft.penalties:
        return False
    return bool(draft.subject["name"])
