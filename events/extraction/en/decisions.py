"""Decisions that impose penalties: who took them, when, and which penalties of an English text belong to one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from events.extraction.chart import Chart, Pattern
from events.extraction.matching import normalize
from events.extraction.model import DateValue, Draft, Span

Dated = tuple[DateValue, Span]

BODY = re.compile(
    r"Committee|Panel|Commission|Board|Authority|Court|SEC\b|Ministry|Department|Regulator|Exchange|Bureau|Tribunal|Agency|Office of|FCA|FINRA|(?:Reporting|Press|Media|Medical|Bar|Dental|Nursing|Safety|Security) Council|^(?:[Tt]he )?Council$|Inspect|[Pp]olice|Ombudsman|Federal Reserve|Central Bank|Prosecut|Parliament|Pentagon|Treasury"
)
"""Names of those who decide."""
_VERB = re.compile(
    r"(?:['’]s)?(?:,? (?:of|on) [^.;,]{0,40})?(?:, (?:having|which|after|chaired|led|headed)\b[^.;]{0,90}?,|, [^.;,]{0,60},)?,? (?:(?:has|had|also|on \ue005,?|and|have) ){0,2}"
    r"(?:took|resolved|issued|decided|imposed|said|ruled|announced|fined|barred|censured|passed|met|concluded|determined|ordered|handed down|found)\b"
)
_DECIDES = re.compile(
    r"\b(?:took|taken|resolved|decided|ruled|met|passed|imposed|concluded|determined|decision dated|orders dated)\b"
)
_PUBLISHES = re.compile(
    r"\b(?:issued|announced|released|published|said|notice|memo|circular)\b", re.IGNORECASE
)
_HEADER = re.compile(r"^\W*(?:[Nn]otice|NOTICE|Memo|MEMO|Circular|Announcement|Date)\b")
_NOTICE = Pattern(r"\bnotice\b")
_SMALL_BODY = Pattern(
    r"\b(?:[Aa]n?|[Tt]he|[Ii]ts|[Tt]heir) (?P<b>(?:(?!the\b|by\b|of\b)[a-z-]+ ){0,3}(?:committee|panel|tribunal|commission))\b[^.;]{0,80}?"
    r"\b(?:took|made|imposed|reached|decided on|passed|handed down) (?:the|these|those|all) (?:[a-z]+ )?(?:decisions?|penalties|measures|sanctions|orders|punishments)"
)
_TAKEN_BY = Pattern(
    r"\b(?:[Tt]he|[Tt]hese|[Tt]hose|[Aa]ll) (?:[a-z]+ )?(?:decisions?|penalties|measures|sanctions|orders|punishments) (?:was|were) (?:taken|made|imposed|passed|ordered|decided)\b[^.;]{0,40}? by (?:(?:the|a|an|its) )?"
    r"(?:(?P<n>{O})|(?P<b>(?:[a-z-]+ ){0,3}(?:committee|panel|tribunal|commission|board)))"
)


@dataclass
class Decision:
    """A decision that penalties of the text belong to. `whole` where the text says so of all of them."""

    sentence: int
    issuer: str = ""
    issuer_span: Span | None = None
    dates: dict[str, Dated] = field(default_factory=dict)
    whole: bool = False


def note(chart: Chart, known: list[Decision], header: dict[str, Dated]) -> Decision | None:
    """The decision that a sentence tells of, or adds dates to; new ones are added to those known."""
    day = [(at, n) for at, n in chart.all("date") if n.value.day and n.value.day["precision"] == "day"]
    if _HEADER.match(chart.s) and day:
        header["announced"] = (day[-1][1].value.day, day[-1][1].head)
    decision = _named(chart) or _unnamed(chart)
    if decision is None and not _NOTICE.search(chart):
        return None
    if decision is None:
        decision = known[-1] if known else Decision(chart.number)
    for at, node in day:
        before = chart.s[max(0, at - 45) : at]
        role = (
            "decided"
            if _DECIDES.search(before)
            else "announced"
            if _PUBLISHES.search(before) or _PUBLISHES.search(chart.s[at + 1 :])
            else ""
        )
        if role:
            decision.dates.setdefault(role, (node.value.day, node.head))
    if decision not in of_sentence(decision.sentence, known):
        known.append(decision)
    return decision


def of_sentence(number: int, known: list[Decision]) -> Iterator[Decision]:
    """The decisions of a sentence, if it is the last one that tells of any."""
    return takewhile(lambda decision: decision.sentence == number, reversed(known))


def _named(chart: Chart) -> Decision | None:
    """The decision of a body with a name."""
    for at, node in chart.all("unit", "organization"):
        if not node.members and BODY.search(node.name) and _VERB.match(chart.s, at + 1):
            return Decision(chart.number, node.name.removeprefix("the "), node.head)
    return None


def _unnamed(chart: Chart) -> Decision | None:
    """The decision of "a disciplinary committee", or who took all decisions of the text."""
    match = _SMALL_BODY.search(chart) or _TAKEN_BY.search(chart)
    if match is None:
        return None
    node = chart.node(match, "n") if match.groupdict().get("n") else None
    if node is not None:
        return Decision(chart.number, node.name.removeprefix("the "), node.head, whole=True)
    if not match["b"]:
        return None
    span = chart.span(match.start("b"), match.end("b"))
    return Decision(chart.number, chart.text[span[0] : span[1]], span, whole=True)


def settle(drafts: list[Draft], known: list[Decision], header: dict[str, Dated]) -> None:
    """Gives each penalty its decision's issuer and dates: the last one announced before it, or the next within two sentences."""
    named = [d for d in known if d.issuer]
    whole = [d for d in named if d.whole]
    single = [d for d in named if not d.whole]
    meant = [d for d in drafts if d.kind == "discipline" and d.action != "investigation"]
    for draft in meant:
        before = bisect_right(single, draft.sentence, key=_sentence)
        after = _between(named, draft.sentence + 1, draft.sentence + 2) or whole
        decision = single[before - 1] if before else after[0] if after else None
        if decision is None:
            draft.group = draft.group or f"penalties{draft.sentence}"
            continue
        _belongs(draft, decision, known, header)
    _join(meant)


def _sentence(decision: Decision) -> int:
    return decision.sentence


def _between(known: list[Decision], first: int, last: int) -> list[Decision]:
    """The decisions that sentences from number `first` to `last` tell of."""
    return known[bisect_left(known, first, key=_sentence) : bisect_right(known, last, key=_sentence)]


def _belongs(draft: Draft, decision: Decision, known: list[Decision], header: dict[str, Dated]) -> None:
    draft.group = f"decision{decision.sentence}"
    if decision.issuer_span and not any(p["role"] == "issuer" for p, _ in draft.participants):
        issuer = {"role": "issuer", "type": "organization", "name": decision.issuer}
        draft.participants.append((issuer, decision.issuer_span))  # type: ignore[arg-type]
    own = draft.dates.get("decided")
    if own and "decided" in decision.dates and decision.dates["decided"][0] != own[0]:
        draft.dates["occurred"] = draft.dates.pop("decided")  # carried out on another day than decided
    notices = _between(known, decision.sentence - 3, decision.sentence + 3)
    for role in ("decided", "announced"):
        for source in [decision.dates, header, *(d.dates for d in notices)]:
            if role in source:
                draft.dates.setdefault(role, source[role])


_APART = 2
"""Sentences between two penalties of one decision at most, where the text names no decision."""


def _join(drafts: list[Draft]) -> None:
    """Penalties at one organization that follow each other, of one issuer or none, are of one decision."""
    ordered = sorted(drafts, key=lambda d: (d.sentence, d.span[0]))
    for first, second in pairwise(ordered):
        if first.group != second.group and _one(first, second):
            old = second.group
            for draft in ordered:
                if draft.group == old:
                    draft.group = first.group


def _one(first: Draft, second: Draft) -> bool:
    if second.sentence - first.sentence > _APART or first.subject["name"] == second.subject["name"]:
        return False
    left, right = _issuer(first), _issuer(second)
    if (left and right and left != right) or not _whose(first) & _whose(second):
        return False
    return all(
        first.dates[role][0] == second.dates[role][0]
        for role in ("decided", "occurred")
        if role in first.dates and role in second.dates
    )


def _issuer(draft: Draft) -> str:
    """The issuer's initials or name, so that FCA and Financial Conduct Authority are one."""
    name = next((p["name"] for p, _ in draft.participants if p["role"] == "issuer"), "")
    parts = [part for part in name.split() if part[:1].isupper()]
    return "".join(part[0] for part in parts).lower() if len(parts) > 1 else normalize(name)


def _whose(draft: Draft) -> set[str]:
    """At whose organization a penalty is."""
    names = [draft.subject.get("organization", "")]
    if draft.subject["type"] == "organization":
        names.append(draft.subject["name"])
    return {normalize(name) for name in names if name}
