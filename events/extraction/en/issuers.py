"""Who decides what an English sentence states: a regulator, an exchange, a court, a country, before the verb or behind "by"."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.en.discourse import GOVERNMENT
from events.extraction.en.statement import Statement
from events.extraction.lexicon import words
from events.extraction.model import Draft, Span

_NODE = "[\ue002\ue003\ue00a]"
_BODY = r"(?:court|tribunal|authority|regulator|police|prosecutors?|watchdog|committee|panel|commission|ministry|judge|agency|council|exchange|bourse|ombudsman|government|cabinet|parliament|board|foreign office|foreign ministry|finance ministry|treasury)"
_BY = re.compile(
    rf"\bby (?:(?:the|a|an|its|their) )?(?:(?P<n>{_NODE})|(?P<b>(?:[a-z-]+ ){{0,2}}{_BODY}(?: (?:in|of|for) {_NODE})?))(?!['’]s)"
)
_ACTS = re.compile(
    r"(?:['’]s)?(?: \([^()]{1,30}\))?,? (?:(?:has|had|have|will|is|was|also|then|meanwhile|separately|on \ue005,?|\ue005|earlier|since|later|again) ){0,4}"
    r"(?:said|says|announced|told|fined|opened|launched|began|started|halted|suspended|stopped|delisted|struck|removed|took|dropped|put|placed|added|imposed|amended|altered|updated"
    r"|sanctioned|blacklisted|designated|found|ruled|concluded|approved|cleared|accepted|rejected|asked|ordered|froze|listed|lifted|censured|barred|banned|determined|decided|is (?:looking|examining|investigating)"
    r"|looking|examining|investigating|filed|charged|sued|wants|wrote|sent|queried|questioned|named|admitted)\b"
)
_PLACE = re.compile(
    r"(?:^|[;:] |, (?:and |but |while )?|\b(?:and|but|while|earlier|later|meanwhile|[Tt]hat) )(?P<p>[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?P<o>['’]s (?:[a-z-]+ ){1,3})?(?= )"
)
_OFFICIAL = re.compile(
    r"\b(?:government|bank|regulator|watchdog|supervisor|agency|cabinet|office|ministry|council|secretariat|treasury|parliament|authority|commission|department|police|court)\b"
)
_KINDS = ("listing", "sanction")


def complete(chart: Chart, st: Statement, draft: Draft) -> None:
    """Gives a draft the issuer that its sentence names, where none is known yet."""
    wants = draft.kind in _KINDS or (draft.kind, draft.action) in (
        ("discipline", "investigation"),
        ("controversy", "finding"),
    )
    if any(party["role"] == "issuer" for party, _ in draft.participants):
        return
    found = (_by(chart, st, draft) or _before(chart, st, draft)) if wants else None
    if found is None and draft.kind in ("sanction", "discipline"):
        found = _country(chart, st, official=draft.kind == "discipline")
    if found:
        name, span = found
        draft.participants.append(
            ({"role": "issuer", "type": "organization", "name": name.removeprefix("the ")}, span)
        )


def _by(chart: Chart, st: Statement, draft: Draft) -> tuple[str, Span] | None:
    match = _BY.search(chart.s, st.start, min(len(chart.s), st.end + 50))
    if match is None:
        return None
    if match["b"]:
        span = chart.span(match.start("b"), match.end("b"))
        return (chart.text[span[0] : span[1]], span)
    node = chart.node(match, "n")
    if node is None or node.members or node.name == draft.subject["name"]:
        return None
    return (node.name, node.head) if _may_issue(node.name, draft) else None


def _before(chart: Chart, st: Statement, draft: Draft) -> tuple[str, Span] | None:
    """The body that acts before the statement, or that is the subject of its verb."""
    for at, node in reversed(chart.all("organization", "unit", "name")):
        if at >= st.end or node.members or node.name == draft.subject["name"] or node is draft.subject_node:
            continue
        if node.value != "pronoun" and _ACTS.match(chart.s, at + 1) and _may_issue(node.name, draft):
            return (node.name, node.head)
    return None


def _may_issue(name: str, draft: Draft) -> bool:
    """Whether a name may be that of who decides: a public body; for listings any exchange, by whatever name."""
    return bool(GOVERNMENT.search(name)) or draft.kind == "listing" or (name.isupper() and len(name) < 7)


def _country(chart: Chart, st: Statement, *, official: bool) -> tuple[str, Span] | None:
    """A country that acts: "Canada added ...", "Britain's foreign office amended ..."."""
    for match in _PLACE.finditer(chart.s, 0, st.end):
        if match["p"] not in words("en", "places") or (official and not match["o"]):
            continue
        end = match.end("o") if match["o"] and _OFFICIAL.search(match["o"]) else match.end("p")
        if _ACTS.match(chart.s, len(chart.s[:end].rstrip())):
            span = chart.span(match.start("p"), len(chart.s[:end].rstrip()))
            return (chart.text[span[0] : span[1]], span)
    return None
