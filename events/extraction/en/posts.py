"""English posts in words that no title list has: "Relationship manager Ada Quill", "Ada Quill, director of housing,"."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import Chart, Pattern
from events.extraction.en.classes import classes
from events.extraction.lexicon import words
from events.extraction.model import Node

_TRADES = r"(?:manager|director|officer|inspector|surveyor|supervisor|controller|engineer|broker|trader|banker|dealer|auditor|accountant|adviser|advisor|lawyer|solicitor|secretary|treasurer|analyst|economist|architect|designer|scientist|editor|planner|buyer|foreman|captain|pilot|chef|brewer|distiller|chemist|physician|surgeon|nurse|pharmacist|principal|dean|warden|curator|conductor|coach|clerk|cashier|driver|dispatcher|representative|agent|consultant|partner|head|chief|boss|president|chairman|chairwoman|chairperson|chair|founder|co-founder|counsel|strategist|technician|salesman|saleswoman|underwriter|actuary|statistician|programmer|developer|researcher|producer|publisher|commissioner|administrator|coordinator|superintendent|steward|overseer|marshal|detective|constable|sergeant|mayor|councillor|minister|governor|executive|official|lead|leader|deputy|assistant|vice-chair|registrar|bursar|provost|rector|chancellor|matron|porter|keeper|guard|miner|welder|baker|butcher|weaver|tailor|printer|operator|attendant|lecturer|professor|teacher|tutor|instructor|librarian|archivist|correspondent|columnist|anchor|presenter|host|star(?: of [a-z-]+(?: and [a-z-]+| [a-z-]+)?)?)"
_BEFORE_NAME = Pattern(
    rf"(?<![\w-])(?P<t>(?:(?:[A-Z]?[a-z-]+|\ue003) ){{0,3}}(?P<h>{_TRADES}|{_TRADES.title()})) (?P<n>[\ue001\ue003])"
)
_BEHIND_NAME = Pattern(
    rf"(?P<n>[\ue001\ue003]), (?:(?:the|its|their|our|a|an) )?(?P<f>former |formerly |then |outgoing |new )?(?:(?:the|a|an) )?"
    rf"(?P<t>(?:[A-Za-z-]+ ){{0,4}}?(?P<h>{_TRADES})|\ue004 of [a-z-]+(?: and [a-z-]+| [a-z-]+)?)(?: (?:at|of|for|with|in) (?:the )?(?P<o>[\ue002\ue003]))?(?:,|(?=[.;:]))"
)
_NOT_TITLE = classes("posts_not_title")
_ITEM_TITLE = r"(?:[A-Z][\w&’'/-]*|[\ue001-\ue004\ue00a]|and|of|for|&)"
_LISTED = Pattern(
    rf"^\W*(?:\d{{1,2}}[.)] |\(?[a-z]\) )?(?:(?:Mr|Ms|Mrs|Dr)\.? )?(?P<n>[\ue001\ue003]), (?P<t>{_ITEM_TITLE}(?: {_ITEM_TITLE}){{0,6}})(?: ?\([^()]{{1,40}}\))?(?=: | [–—-] )"
)
"""An item of a list: "- ⟦name⟧, Payroll Clerk: written warning"; whatever stands between is a post."""


def find(chart: Chart) -> None:
    """ "Relationship manager ⟦name⟧", "⟦name⟧, director of housing,": posts in words that no title list has."""
    _find_listed(chart)
    for pattern in (_BEFORE_NAME, _BEHIND_NAME) if _follows_post(chart) else (_BEHIND_NAME,):
        found = []
        for match in pattern.finditer(chart):
            person = chart.at(match.start("n"))
            if person is None or person.members or person.title or not plausible(person.name):
                continue
            if person.type == "name" and " " not in person.name:
                continue
            start = _post_start(match)
            if start is None or any(
                node is not None and node.type == "name" and node.value != "weak"
                for node in chart.nodes[start : match.end("t")]
            ):
                continue
            _holds(chart, match, person, start)
            left = start if match.start("n") > start else match.start()
            found.append((left, match.end(), person))
        chart.replace(found)


def _follows_post(chart: Chart) -> bool:
    """Whether a mention stands behind a word for a post: a cheap test before `_BEFORE_NAME`."""
    s = chart.s
    for at, _ in chart.all("person", "name"):
        word = s[s.rfind(" ", 0, max(0, at - 1)) + 1 : at - 1]
        if word.endswith(_ENDINGS):
            return True
    return "tar of " in s or "tar Of " in s


_ENDINGS = tuple(
    ending
    for word in re.findall(r"[a-z-]+", _TRADES.partition("(?: of ")[0])
    for ending in (word, word.title())
)


def _find_listed(chart: Chart) -> None:
    """Takes up the post of an item of a list, in any words."""
    match = _LISTED.search(chart)
    person = chart.at(match.start("n")) if match else None
    if match is None or person is None or person.members or " " not in person.name:
        return
    if plausible(person.name) and not person.title:
        head = chart.span(match.start("t"), match.end("t"))
        person.type, person.title, person.title_span = "person", chart.text[head[0] : head[1]], head
        chart.replace([(match.start("n"), match.end(), person)])


def _post_start(match: re.Match[str]) -> int | None:
    """Where the post begins in a match: behind the last word that is no part of one; None where nothing is left."""
    end = match.start("h") if match["h"] else match.start("t")
    start = match.start("t")
    for word in re.finditer(r"[^ ]+", match.string[start:end]):
        if word[0].lower() in _NOT_TITLE:
            start = match.start("t") + word.end() + 1
    return start if start < match.end("t") else None


def _holds(chart: Chart, match: re.Match[str], person: Node, start: int) -> None:
    head = chart.span(start, match.end("t"))
    person.type = "person"
    person.title, person.title_span = chart.text[head[0] : head[1]], head
    group = match.groupdict()
    before = chart.s[max(0, start - 10) : start]
    person.former = bool(group.get("f") or re.search(r"\b(?:former|ex-|then) ?$", before))
    owner = chart.nodes[match.start("o")] if group.get("o") else None
    if owner is not None and owner.type != "person":
        person.org, person.org_span = owner.name, owner.head


@lru_cache(maxsize=1024)
def plausible(name: str) -> bool:
    """Whether a name could be a person's: one to five words of letters, no word of organizations in it."""
    parts = name.replace(",", "").split()
    if not 1 <= len(parts) <= 5 or any(part in words("en", "org_heads") for part in parts):
        return False
    if any(
        part.isupper() and len(part) > 1 and not part.endswith(".") and part not in ("II", "III", "IV", "JR")
        for part in parts
    ):
        return False
    return all(_NAME_PART.fullmatch(part) for part in parts)


_NAME_PART = re.compile(r"[^\W\d_][\w’'‑-]*\.?(?:[A-Z]\.)*")
