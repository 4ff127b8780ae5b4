"""English penalties as claims: what is imposed on whom, for what, by whose employer."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart
from events.extraction.en import penalties
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.en.numerals import SPELLED, spelled
from events.extraction.en.statement import Statement
from events.extraction.gravity import action_of
from events.extraction.lexicon import pattern
from events.extraction.model import Draft, Node

_MISCONDUCT = re.compile(
    r"\bfor cause\b|misconduct|violat|breach|without notice|misled|fraud|brib|kickback|corrupt|harass|misappropriat|theft|stealing|embezzl|forg(?:ed|ing|ery)|insider trading|bully|sexual|drunk|assault|collu|cover-?up|negligen|tamper|cheat|abus(?:e|ing)|plagiar|gross incompetence|racis|falsif|dishonest|embezzl|for (?:taking|accepting|leaking|faking|lying|stealing)|\b(?:fired|dismissed|sacked|terminated|dismissal|sacking|firing)\b[^.;]{0,60}? for (?!restructuring|downsizing|reorganizing)[a-z]+ing\b|conflict of interest|gifts from|undisclosed relationship|disciplinary|\b(?:conduct|ethics|compliance|integrity) (?:board|panel|committee|commission|office)",
    re.IGNORECASE,
)


_GROUNDS = re.compile(
    r"\b(?:for|over|because of|on charges of|on suspicion of) (?P<g>(?!(?:cause|the (?:second|first)|a period|two|three|six|\w+ (?:months|years|days)|his|her|him|life)\b)[a-z][^,.;:]{3,80}?)(?=[,.;:]| and (?:was|is|will|has|got)\b|$)"
)


_ANSWERS = re.compile(
    r"\b(?:answers? for|(?:were|was) (?:all )?faulted for|blamed for|penalties for|found guilty of|having concluded that (?:he|she|it|they)|concluded that (?:he|she|they)(?: had)?) (?P<g>[^,.;:]{3,90}?)(?= in the unit| within| in the|[,.;:]|$)"
)


_AND = re.compile(r",? and (?!shares|sales)")


def forced(chart: Chart, draft: Draft, focus: Focus) -> None:
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


def complete(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    """Fills a penalty's fields from its statement and the rest of its sentence."""
    if draft.action == "investigation":
        draft.subject.pop("title", None)
        return
    first, last = st.start, _discipline_end(chart, st)
    if st.options.get("shared"):
        first, last = 0, st.end
    if "penalty" in st.options and (semicolon := chart.s.find(";", st.end, last)) >= 0:
        last = semicolon
    draft.penalties = penalties.find(chart, first, last)
    named = st.options.get("penalty")
    if named and not any(penalty["type"] == named for penalty, _ in draft.penalties):
        draft.penalties.append((_named(chart, st, named), chart.span(st.start, st.end)))
    grounds(chart, draft, first, last)
    gravest(draft)
    if not draft.subject.get("organization") and draft.subject["type"] in ("person", "group"):
        employer(st, chart, cast, focus, draft)
    focus.decide(chart, draft)
    issuer = st.node("issuer")
    if issuer is not None and issuer.type == "organization" and not issuer.members:
        focus.ruled(chart, issuer)
    if draft.subject["type"] == "group" and draft.headcount is None:
        _headcount(draft)


def _headcount(draft: Draft) -> None:
    """How many people a group is: "five managers", "more than 40 clerks"."""
    match = re.match(
        rf"(?:more than |about |around |nearly |at least |over |some )?(\d[\d,]*|{SPELLED})\b",
        draft.subject["name"],
    )
    count = spelled(match[1]) if match else 0
    if count:
        draft.headcount = ({"min": count, "text": draft.subject["name"]}, draft.spans["/subject/name"])


def _named(chart: Chart, st: Statement, kind: str) -> dict[str, Any]:
    """A penalty that a verb of the lexicon names; a fine with the first sum behind its verb."""
    penalty: dict[str, Any] = {"type": kind}
    if kind in ("fine", "clawback"):
        sums = [node for at, node in chart.all("money") if st.start <= at < st.end + 60]
        if sums:
            penalty["amount"], penalty["currency"] = sums[0].value["value"], sums[0].value["currency"]
    return penalty


def employer(st: Statement, chart: Chart, cast: Cast, focus: Focus, draft: Draft) -> None:
    """Where a penalized person works: an organization named earlier in the sentence, else the one in focus."""
    issuers = {p["name"] for p, _ in draft.participants if p["role"] == "issuer"}
    for at, node in chart.all("organization"):
        named = node.name not in issuers and not GOVERNMENT.search(node.name) and not node.members
        if (
            at < st.subject_at
            and named
            and node.value != "pronoun"
            and re.search(r"(?:^|\b[Aa]t |\bof )$", chart.s[max(0, at - 4) : at])
            and chart.s[at + 1 : at + 3] not in ("'s", "’s")
        ):
            draft.subject["organization"] = cast.full(node.name, "organization")
            draft.spans["/subject/organization"] = node.head
            return
    name, span = focus.organization()
    if owner := _possessor(chart, st, draft, issuers):
        name, span = cast.full(owner.name, "organization"), owner.head
    if name and span:
        draft.subject["organization"] = name
        draft.spans["/subject/organization"] = span


def _possessor(chart: Chart, st: Statement, draft: Draft, issuers: set[str]) -> Node | None:
    """Whose "its former finance chief" somebody is: the last party named before that decides nothing itself."""
    node = draft.subject_node
    own = node is not None and re.match(r"(?:its|their) ", chart.text[node.start : node.start + 6])
    if not own and not re.search(r"\b(?:its|their) $", chart.s[st.start : st.subject_at]):
        return None
    before = [
        other
        for at, other in chart.all("organization", "name")
        if at < st.subject_at and other.name not in issuers and not GOVERNMENT.search(other.name)
    ]
    return before[-1] if before and not before[-1].members else None


def gravest(draft: Draft) -> None:
    """The action of a discipline claim is its gravest penalty."""
    if draft.penalties:
        draft.action = action_of([penalty["type"] for penalty, _ in draft.penalties])


def _discipline_end(chart: Chart, st: Statement) -> int:
    """Penalties belong to a subject until another person becomes the subject."""
    following = pattern(
        "en", r"(?:; |, (?:and |while )(?:that )?|\. ){P:n}(?:,|<be> | (?:will|must))"
    ).search(chart.s, st.end)
    other = pattern("en", _OTHER).search(chart.s, st.end)
    ends = [found.start() for found in (following, other) if found]
    return min(ends, default=len(chart.s))


_OTHER = (
    r",? (?:and|but|while)(?: (?:it|has|have|had|also|then|separately)){0,3} "
    r"(?:banned|bans|barred|bars|suspended|suspends|fined|fines|reprimanded|censured|disqualified|dismissed|warned|demoted|expelled) (?:<his> )?{P:n}"
)


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
