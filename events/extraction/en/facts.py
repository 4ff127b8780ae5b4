"""English frames at work: what a sentence states, with its arguments, as draft claims."""

from __future__ import annotations

import re
from typing import Any

from events.extraction import gravity
from events.extraction.chart import CODES, Chart
from events.extraction.en import penalties
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.en.phrases import plausible
from events.extraction.lexicon import Frame, frames_for, pattern
from events.extraction.model import Draft, Node, Party, Span

_SUPPOSED = re.compile(
    r"\b(?:if|If|upon|Upon|unless|whether|event(?: that)?|should|to the extent|or if|until such time as|eligible|had hoped|not)(?: the| such)? ?$"
)
_HEDGED = re.compile(r"\b(?:not|never|n['’]t|denied|denies|rejected|false)\b")
_NOT_OK = re.compile(r"not (?:intend|to |be |stand|seek|renew|been renewed)|without cause")
_PAST_PERFECT = re.compile(r"\bhad(?: \w+){0,2} (?!been informed)")
_REPORTING = re.compile(
    r"\b(?:announc|said|disclos|press release|wrote|confirm|notif|inform|told|advis|resolv|report)"
)
_MISCONDUCT = re.compile(
    r"\bfor cause\b|misconduct|violat|breach|without notice|misled|fraud|brib|kickback|corrupt|harass|falsif|dishonest|embezzl|for (?:taking|accepting|leaking|faking|lying|stealing)|conflict of interest|gifts from|undisclosed relationship",
    re.IGNORECASE,
)
_GROUNDS = re.compile(
    r"\b(?:for|over|because of|on charges of|on suspicion of) (?P<g>(?!(?:cause|the (?:second|first)|a period|two|three|six|\w+ (?:months|years|days)|his|her|him|life)\b)[a-z][^,.;:]{3,80}?)(?=[,.;:]| and (?:was|is|will|has|got)\b|$)"
)
_ANSWERS = re.compile(
    r"\b(?:answers? for|(?:were|was) (?:all )?faulted for|blamed for|penalties for|found guilty of|having concluded that (?:he|she|it|they)|concluded that (?:he|she|they)(?: had)?) (?P<g>[^,.;:]{3,90}?)(?= in the unit| within| in the|[,.;:]|$)"
)
_AND = re.compile(r",? and (?!shares|sales)")


def party(node: Node, cast: Cast, kind: str | None = None) -> Party:
    """A mention as a party of a claim: its full name in this document, and what appositions say of it."""
    type_ = kind or (
        "person" if node.type in ("person",) else "product" if node.type == "product" else "organization"
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
    for frame in frames_for("en", chart.s):
        for match in frame.pattern.finditer(chart.s):
            sort = "departure" if frame.action == "departure" else frame.kind
            if any(s < match.end() and match.start() < e and sort == k for s, e, k, _ in taken):
                continue
            if past and frame.kind in ("leadership", "discipline"):
                continue
            drafts = _drafts(frame, match, chart, cast, focus)
            if drafts:
                taken.append((match.start(), match.end(), sort, frame.action))
                found += drafts
    return found


def history(chart: Chart, focus: Focus) -> bool:
    """Whether all that a sentence dates lies more than a full year back: biography or comparison, not news."""
    days = [node.value.day["value"] for _, node in chart.all("date") if node.value.day]
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
            result.append(draft)
    return result


def _fits(frame: Frame, node: Node, cast: Cast) -> bool:
    nodes = node.each()
    if frame.kind == "leadership" or (frame.kind == "discipline" and frame.action != "investigation"):
        if any(n.type in ("organization", "unit", "product") for n in nodes):
            return frame.kind == "discipline" and "fine" in frame.pattern.pattern
        return all(n.type == "person" or plausible(n.name) for n in nodes)
    return not (
        frame.kind in ("reorganization", "product", "listing") and any(n.type == "person" for n in nodes)
    )


def _draft(frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, node: Node) -> Draft:
    person = frame.kind in ("leadership",) or (
        frame.kind == "discipline" and node.type in ("person", "name") and plausible(node.name)
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
    end = clause_end(chart, match.end())
    for role in ("issuer", "claimant", "successor", "predecessor", "counterparty"):
        node = chart.node(match, role)
        if node is not None:
            for each in node.each():
                person = (
                    "person" if role in ("predecessor", "successor") and frame.kind == "leadership" else None
                )
                who = party(each, cast, person)
                draft.participants.append(
                    ({"role": role, "type": who["type"], "name": who["name"]}, each.head)
                )
    dates(chart, match, end, frame, draft, focus)
    if frame.kind == "leadership":
        _leadership(frame, match, chart, cast, focus, draft, end)
    elif frame.kind == "discipline":
        _discipline(frame, match, chart, cast, focus, draft)
    elif frame.kind == "reorganization":
        _reorganization(match, chart, cast, focus, draft)
    elif frame.kind == "product":
        org = chart.node(match, "org")
        name, span = (party(org, cast)["name"], org.head) if org else focus.organization()
        if name and span:
            draft.participants.append(({"role": "organization", "type": "organization", "name": name}, span))
    elif frame.kind in ("sanction", "listing"):
        draft.group = f"{frame.kind}{frame.action}{chart.number}"
        if not any(p["role"] == "issuer" for p, _ in draft.participants):
            _authority(chart, match, draft)
        if (
            re.search(r"\bsame (?:announcement|notice|rule|filing)\b", chart.s)
            and focus.last_listed is not None
        ):
            _same_decision(draft, focus.last_listed)
        focus.last_listed = draft
    if frame.kind == "controversy":
        _measures(chart, draft, match, cast)
        if frame.action == "allegation":
            if not draft.measures and focus.measure is not None:
                draft.measures.append(focus.measure)
            if focus.rejected:
                draft.status = "denied"
    if re.search(r"\bfrom (?:him|her)\b", match[0]) or re.match(
        r" to (?:follow|succeed|replace) (?:him|her)\b", chart.s[match.end() :]
    ):
        old = focus.previous(chart, match.start())
        if old is not None:
            draft.participants.append(
                ({"role": "predecessor", "type": "person", "name": cast.full(old.name, "person")}, old.head)
            )


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


def clause_end(chart: Chart, start: int) -> int:
    """Where the clause that holds position `start` ends: a semicolon, or the sentence's end."""
    at = chart.s.find(";", start)
    return at if at >= 0 else len(chart.s)


_EFFECTIVE = re.compile(
    r"(?:\beffective(?: as of| on| from| at| upon)?|with effect from|\bas of|[Bb]eginning(?: on)?|[Cc]ommencing(?: as of| on)?|[Ss]tarting(?: on)?|(?:take|takes|took|taking) effect(?: on| at| from)?|[Ee]ffective(?: as of)?|^From|\bfrom|last day[^.]{0,40} will be) $"
)
_ANNOUNCED_BEFORE = re.compile(
    r"\b(?:(?:announced|disclosed) (?:via|in|by) (?:an? )?[\w ]{3,20}|said|announced|reported|disclosed|confirmed|published|released(?: to \w+)?|told (?:reporters|staff|employees))(?: late| early)?(?: on)? ?$"
)
_ANNOUNCED_AFTER = re.compile(
    r",? (?:[^.;]{0,90}? )?(?:announced|announcing|said|disclosed|issued a (?:press release|statement)|revealed|issued (?:penalties|notices))\b"
)
_SKIP = re.compile(
    r"\b(?:until|since|through|prior to|before|dated(?: as of)?|held(?: on)?|scheduled for|expiring(?: in| on)?|in its|at (?:the|its)|than|filed with[^.]{0,60}|ending|ended|during|between|to|in the [\w ]{0,20}) ?$"
)


def dates(chart: Chart, match: re.Match[str], end: int, frame: Frame, draft: Draft, focus: Focus) -> None:
    """Gives each date of the sentence its role: announced, effective, or what the frame says of a bare date."""
    default = frame.options.get("date", "occurred")
    after_default: list[tuple[str, Node]] = []
    for at, node in chart.all("date"):
        day = node.value.day
        if day is None:
            continue
        before, after = chart.s[max(0, at - 40) : at], chart.s[at + 1 : at + 130]
        role = _role(chart, before, after, at, match, end, default)
        if role:
            after_default.append((role, node))
    for role, node in sorted(after_default, key=lambda item: abs(item[1].start - draft.span[0])):
        draft.dates.setdefault(role, (node.value.day, node.head))
    if re.search(
        r"effective immediately|with immediate effect|without notice, effective", chart.s[: end + 30]
    ):
        for role in ("decided", "announced", "occurred"):
            if role in draft.dates:
                draft.dates.setdefault("effective", draft.dates[role])
                break


def _role(
    chart: Chart, before: str, after: str, at: int, match: re.Match[str], end: int, default: str
) -> str:
    if _ANNOUNCED_BEFORE.search(before):
        return "announced"
    if _EFFECTIVE.search(before):
        return "effective"
    if _SKIP.search(before):
        return default if re.match(r", when\b", after) and at < match.start() else ""
    if at < match.start() and _ANNOUNCED_AFTER.match(chart.s[at + 1 : match.end()] + " "):
        return "announced"
    if at > end:
        return ""
    if (
        at < match.start()
        and not re.search(r"(?:^|[,;(] ?|\b(?:[Oo]n|[Ii]n|Late|Early|and) )$", before)
        and at
    ):
        return ""
    if (
        match.start() <= at < match.end()
        and re.match(r",? [^.;]{0,60}?\b(?:announced|said)\b", after)
        and "announced" in match[0]
    ):
        return "announced"
    if match.start() <= at and re.search(r"\bannounced (?:on )?$", before):
        return "announced"
    return default


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
        if frame.action != "departure" and draft.subject_node and draft.subject_node.org and not title.org:
            draft.subject.pop("organization", None)
        draft.subject["title"] = title.name
        draft.spans["/subject/title"] = title.head
        if title.org:
            draft.subject["organization"] = cast.full(title.org, "organization")
            draft.spans["/subject/organization"] = title.org_span or title.head
    words = chart.s[match.start() : end]
    draft.interim = frame.action != "departure" and (
        bool(title and title.interim) or bool(re.search(r"\b(?:interim|acting)\b", words[:160]))
    )
    _organization(match, chart, cast, focus, draft)
    if frame.options.get("forced"):
        _forced(chart, draft, focus)
    if re.search(r"age limit|term limit|mandatory retirement|not renewed", words):
        draft.departure = "unknown" if draft.departure == "voluntary" else draft.departure
    if frame.options.get("weak"):
        draft.confidence = 0.3
    if draft.kind == "leadership" and frame.action == "departure":
        _notice_day(match, draft)


def _notice_day(match: re.Match[str], draft: Draft) -> None:
    if (
        re.search(r"\b(?:notified|informed|tendered|submitted|advised)\b", match[0])
        and "occurred" in draft.dates
    ):
        draft.dates["decided"] = draft.dates.pop("occurred")


def _organization(match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    if draft.subject.get("organization"):
        return
    node = chart.node(match, "org") if "org" in match.re.groupindex else None
    candidates = [node] if node is not None and node.type != "name" else []
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


def _forced(chart: Chart, draft: Draft, focus: Focus) -> None:
    """A dismissal where misconduct is said is discipline; else it is a departure against the person's will."""
    context = chart.s + " " + focus.following
    if not _MISCONDUCT.search(context):
        return
    draft.kind, draft.action, draft.departure = "discipline", "dismissal", ""
    found = penalties.find(chart, 0, len(chart.s)) or [({"type": "dismissal"}, draft.span)]
    draft.penalties = [item for item in found if item[0]["type"] in ("dismissal", "clawback", "fine", "ban")]
    if not any(penalty["type"] == "dismissal" for penalty, _ in draft.penalties):
        draft.penalties.insert(0, ({"type": "dismissal"}, draft.span))
    grounds(chart, draft, 0, len(chart.s))
    draft.group = ""


def _discipline(
    frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft
) -> None:
    if draft.action == "investigation":
        draft.subject.pop("title", None)
        return
    first, last = match.start(), _discipline_end(chart, match)
    if frame.options.get("shared"):
        first, last = 0, match.end()
    draft.penalties = penalties.find(chart, first, last)
    grounds(chart, draft, first, last)
    gravest(draft)
    if not draft.subject.get("organization") and draft.subject["type"] == "person":
        _employer(match, chart, cast, focus, draft)
    focus.decide(chart, draft)


def _employer(match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    """Where a penalized person works: an organization named earlier in the sentence, else the one in focus."""
    issuers = {p["name"] for p, _ in draft.participants if p["role"] == "issuer"}
    for at, node in chart.all("organization"):
        named = node.name not in issuers and not GOVERNMENT.search(node.name) and not node.members
        if (
            at < match.start("subject")
            and named
            and node.value != "pronoun"
            and re.search(r"(?:^|\b[Aa]t |\bof )$", chart.s[max(0, at - 4) : at])
        ):
            draft.subject["organization"] = cast.full(node.name, "organization")
            draft.spans["/subject/organization"] = node.head
            return
    name, span = focus.organization()
    if name and span:
        draft.subject["organization"] = name
        draft.spans["/subject/organization"] = span


def gravest(draft: Draft) -> None:
    """The action of a discipline claim is its gravest penalty."""
    if draft.penalties:
        draft.action = gravity.action_of([penalty["type"] for penalty, _ in draft.penalties])


def _discipline_end(chart: Chart, match: re.Match[str]) -> int:
    """Penalties belong to a subject until another person becomes the subject."""
    following = pattern("en", r"(?:; |, (?:and |while )|\. ){P:n}(?:,|<be> | (?:will|must))").search(
        chart.s, match.end()
    )
    return following.start() if following else len(chart.s)


def grounds(chart: Chart, draft: Draft, start: int, end: int) -> None:
    """What a penalty is for, in the document's words."""
    match = _ANSWERS.search(chart.s, start, end) or _GROUNDS.search(chart.s, start, end)
    if not match or CODES["money"] in match["g"] or CODES["title"] in match["g"]:
        return
    at = match.start("g")
    pieces = (
        _AND.split(match["g"]) if len(match["g"].split()) <= 7 and "that" not in match["g"] else [match["g"]]
    )
    for piece in pieces:
        left = chart.s.index(piece, at)
        span = chart.span(left, left + len(piece))
        draft.grounds.append((chart.text[span[0] : span[1]].strip(), span))
        at = left


def _reorganization(match: re.Match[str], chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    draft.subject.pop("title", None)
    org = chart.node(match, "org")
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


SIMILAR = re.compile(
    r"\b(?P<v>0\.\d{1,4})\b(?= similarity| correlation|[^.;]{0,40}similar)|(?:similarity|correlation)(?: \w+){0,3} of (?P<w>0\.\d{1,4})\b"
)
_THRESHOLD = re.compile(r"\b(?P<t>0\.\d{1,4}) (?:threshold|cut-?off|limit)")


def _measures(chart: Chart, draft: Draft, match: re.Match[str], cast: Cast) -> None:
    found = SIMILAR.search(chart.s)
    if found:
        group = "v" if found["v"] else "w"
        measure: dict[str, Any] = {"metric": "similarity", "value": float(found[group])}
        if threshold := _THRESHOLD.search(chart.s):
            measure["threshold"] = float(threshold["t"])
        draft.measures.append((measure, chart.span(found.start(group), found.end(group))))
        for at, node in chart.all("product"):
            if at > match.end() and node.name != draft.subject["name"]:
                draft.participants.append(
                    ({"role": "product", "type": "product", "name": node.name}, node.head)
                )
                owner = chart.nodes[at - 3] if at >= 3 else None
                if owner is not None and owner.type != "person":
                    who = party(owner, cast, "organization")
                    draft.participants.append(
                        ({"role": "counterparty", "type": "organization", "name": who["name"]}, owner.head)
                    )
    elif draft.action == "lawsuit":
        for _, node in chart.all("money"):
            draft.measures.append(({"metric": "amount", **node.value}, node.head))
            break


def _keep(draft: Draft) -> bool:
    if draft.kind == "discipline" and draft.action != "investigation" and not draft.penalties:
        return False
    return bool(draft.subject["name"])


def evidence_span(chart: Chart) -> Span:
    """The whole sentence."""
    return (chart.start, chart.end)
