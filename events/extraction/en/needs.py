"""What a verb's statement still needs: its other parties, its post, and what the lexicon asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from events.extraction.en import mentions
from events.extraction.en.arguments import Arguments, Found
from events.extraction.en.classes import classes
from events.extraction.en.clauses import Parse
from events.extraction.en.discourse import GOVERNMENT
from events.extraction.en.references import Resolver
from events.extraction.en.statement import Statement
from events.extraction.lexicon import words as words_of
from events.extraction.model import Node

_POSTS = classes("needs_posts")


def _leaving(parse: Parse, found: Found) -> bool:
    """Whether what somebody leaves is a post or an employer: "leaves the bank", not "leaves a widow"."""
    obj = found.object
    if obj is None or parse.tags[obj.head] in "Dod":
        return True
    if parse.tags[obj.head] == "N":
        node = parse.tokens[obj.head].node
        return node is not None and node.type != "person"
    return parse.tokens[obj.head].word in _POSTS


_WRONG = re.compile(
    r"\b(?:broke|breach|violat|infring|misled|mislead|mis-?s[oe]ld|mis-?stat|misrepresent|falsif|forg|fak(?:e|ed|ing)|inflat|overstat|understat|conceal|hid\b|hidden|hiding"
    r"|withh[eo]ld|cop(?:y|ied|ying)|st[oe]le|stolen|steal|plagiari|cheat|defraud|fraud|brib|kickback|collu|rigg|fix(?:ed|ing) prices|overcharg|underpa|short-chang"
    r"|discriminat|harass|bull(?:y|ied|ying)|retaliat|negligen|neglect|ignor|fail(?:ed|s|ing)? to|failed|knew|lied|lying|dumped|pollut|abus|exploit|unlawful|illegal|improper"
    r"|unfair|shaved|skimm|siphon|pocket|embezzl|launder|evad|dodg|tamper|manipulat|backdat|doctor(?:ed|ing)|spied|spying|snoop|leak|poach|sabotag|reneg|guilty|liable"
    r"|responsible for|to blame|at fault|lacked any|careless|reckless|faulty|unsafe|defective|dangerous|covered up|looked away|turned a blind eye|cut corners|false|untrue|deceiv|deceptive|swindl|trick(?:ed|ing)|rework|lifted|scraped|without permission|without consent|without paying|broken|mishandl|did not|had not|has not|never |skipp|squander|releas(?:ed|ing) (?:dust|waste|gas|fumes|sewage|toxic)|dump(?:ing)? |spill(?:ed|ing)|misus|misappropriat|monopol|squeez)"
)
"""What an allegation or a finding charges somebody with; what only reports says none of it."""
_RULES = frozenset(["rule", "find", "conclude", "hold", "determine", "decide"])
_COURT = re.compile(
    r"\b(?:[Cc]ourt|[Tt]ribunal|[Jj]udge|[Aa]uthority|[Cc]ommission|[Rr]egulator|[Ww]atchdog|[Oo]mbudsman|[Jj]ury|[Pp]anel)\b"
)
_DONE = re.compile(r"(?:['’]s [\w -]{3,40})? (?:had|has|have|did|was|were|overcharged|underpaid|owed)\b")
_CLEARED = re.compile(
    r"\b(?:not|no|never|neither|lawful(?:ly)?|right to|entitled|cleared|acted (?:properly|fairly|within))\b|n['’]t\b"
)
_SANCTIONS = re.compile(r"\b(?:[Ss]anction|[Bb]lacklist|asset freeze|[Ee]ntity [Ll]ist|Specially Designated)")
_ROLES = ("issuer", "claimant", "successor", "predecessor", "counterparty", "organization")
_ROLE_TYPE = {
    "issuer": "issuer", "claimant": "party", "successor": "unit", "predecessor": "person",
    "counterparty": "unit", "organization": "organization",
}  # fmt: skip


def wrongdoing(words: str) -> bool:
    """Whether words charge somebody with something wrong."""
    return bool(_WRONG.search(words))


def fill(statement: Statement, arguments: Arguments, resolver: Resolver, subject: Node) -> bool:
    """Puts the other roles into a statement; False where one that is needed is missing."""
    entry = arguments.found.entry
    for role in _ROLES:
        where = entry.options.get(role)
        if not where:
            continue
        phrase = arguments.get(where)
        wanted = (
            "person"
            if entry.kind == "leadership" and role in ("predecessor", "successor")
            else _ROLE_TYPE[role]
        )
        node = resolver.node(phrase, wanted, subject) if phrase is not None else None
        if (
            node is None
            and phrase is not None
            and role in ("successor", "counterparty")
            and entry.action == "merger"
        ):
            node = resolver.unit(phrase)
        if node is None or node is subject or node.name == subject.name:
            continue
        key = "org" if role == "organization" else role
        if role == "counterparty":
            statement.nodes["successor"] = node
        statement.nodes[key] = node
        statement.at[key] = arguments.parse.tokens[phrase.head].start if phrase else statement.start
    title = _title(arguments)
    if title is not None:
        statement.nodes["title"] = title
    return True


def _title(arguments: Arguments) -> Node | None:
    """The post that a verb of leadership names: right behind the object, after "as", "to", or in "the job of"."""
    if arguments.found.entry.kind != "leadership":
        return None
    parse, found = arguments.parse, arguments.found
    at = found.end
    if found.object is not None and not found.passive:
        at = found.object.last + 1
        if parse.tags[found.object.head] == "T":
            return parse.tokens[found.object.head].node
    while at < len(parse.tags) and parse.tags[at] in "drx" and at - found.end < 5:
        at += 1
    if at < len(parse.tags) and parse.tags[at] == "T":
        return parse.tokens[at].node
    return _title_behind(arguments)


def _title_behind(arguments: Arguments) -> Node | None:
    """The post behind a preposition."""
    parse = arguments.parse
    for word, i, phrase in arguments.behind:
        if word not in ("as", "to", "of", "into") or i >= arguments.end:
            continue
        titles = [t.node for t in parse.tokens[phrase.first : phrase.last + 1] if t.tag == "T"]
        if titles:
            return titles[-1]
        if word == "as" or (word == "to" and _TRADE.search(parse.text(phrase.first, phrase.last))):
            made = mentions.title(parse, phrase)
            if made is not None:
                return made
    return None


_SPANS = classes("needs_spans")
_TRADE = re.compile(
    r"\b(?:head|chief|director|partner|manager|leader|president|chair|editor|officer|counsel)s?\b"
)


_BOARD = re.compile(
    r"\bto (?:the |its |our )?board\b|\bto (?:be|become|serve as|act as) (?:its|the|their)\b"
    r"|\bto (?:lead|head|run|chair|succeed|replace|take|oversee|fill)\b"
)
_HELM = re.compile(
    r"\bto (?:lead|head|run|chair|succeed|replace|take over|oversee|fill)\b|charge of|at the helm"
)
_CHARGED = re.compile(r"[^.;]{0,60}? (?:of|with|for|over) [a-z]+")


@dataclass(slots=True)
class _Case:
    """A statement with what was read for it."""

    statement: Statement
    arguments: Arguments

    @property
    def found(self) -> Found:
        return self.arguments.found

    @property
    def titled(self) -> bool:
        return "title" in self.statement.nodes

    @property
    def subject(self) -> Node:
        return self.statement.nodes["subject"]

    def words(self) -> str:
        """The words from the verb on, some way past the statement."""
        parse = self.arguments.parse
        return parse.chart.s[parse.tokens[self.found.group.first].start : self.statement.end + 60]

    def stretch(self, first: int, last: int) -> set[str]:
        """The words of tokens [first, last)."""
        return {token.word for token in self.arguments.parse.tokens[max(0, first) : last]}


def _wrong(case: _Case) -> bool:
    claimant = case.statement.nodes.get("claimant", case.subject)
    if case.found.entry.verb == "say" and GOVERNMENT.search(claimant.name):
        return False
    after = case.arguments.parse.chart.s[case.statement.at["subject"] : case.statement.end + 90]
    if case.found.entry.action == "finding" and case.found.entry.verb in _RULES:
        issuer = case.statement.nodes.get("issuer")
        cleared = bool(_CLEARED.search(after))
        if issuer is not None and _COURT.search(issuer.name) and (cleared or _DONE.match(after[1:])):
            return not cleared
    return bool(_WRONG.search(after.split(". ")[0]))


def _renamed(case: _Case) -> bool:
    near = case.stretch(case.found.group.first - 2, case.found.end)
    named = "counterparty" not in case.statement.nodes and "successor" in case.statement.nodes
    return named and (case.found.group.future or bool(near & {"now", "henceforth", "renamed"}))


def _on_a_list(case: _Case) -> bool:
    listed = case.found.entry.verb == "list" and "\ue004" not in case.words()
    return listed and bool(_SANCTIONS.search(case.arguments.parse.chart.text))


def _future(case: _Case) -> bool:
    group, obj = case.found.group, case.found.object
    if group.infinitive and obj is not None:
        head = case.arguments.parse.tokens[obj.head]
        if head.tag != "N" and head.word not in words_of("en", "unit_nouns"):
            return False  # "left to run a farm"
    told = obj is not None or case.found.passive or case.titled
    return (group.future or group.infinitive) and told and "predecessor" not in case.statement.nodes


def _dated(case: _Case) -> bool:
    stretch = case.arguments.parse.tokens[case.found.group.first : case.arguments.end]
    return any(token.tag == "D" or token.word in _SPANS for token in stretch)


def _charge(case: _Case) -> bool:
    behind = any(word in ("of", "for", "with", "over") for word, _, _ in case.arguments.behind)
    return behind or bool(_CHARGED.match(case.arguments.parse.chart.s[case.statement.end - 1 :]))


_CHECKS: dict[str, Callable[[_Case], bool]] = {
    "successor": lambda c: "successor" in c.statement.nodes or len(c.subject.each()) > 1,
    "counterparty": lambda c: "counterparty" in c.statement.nodes or len(c.subject.each()) > 1,
    "several": lambda c: len(c.subject.each()) > 1,
    "wrong": _wrong,
    "renamed": _renamed,
    "longer": lambda c: "longer" in c.stretch(c.found.group.first, c.found.group.verb),
    "as": lambda c: c.titled and any(word == "as" for word, _, _ in c.arguments.behind),
    "leaving": lambda c: _leaving(c.arguments.parse, c.found),
    "sanctions-text": lambda c: bool(_SANCTIONS.search(c.arguments.parse.chart.s)),
    "sanctions": _on_a_list,
    "title": lambda c: c.titled,
    "future-title": lambda c: c.titled and (c.found.group.future or c.found.group.infinitive),
    "post": lambda c: c.titled or bool(_BOARD.search(c.words())),
    "future-post": lambda c: c.titled or bool(_HELM.search(c.words())),
    "sure": lambda c: c.subject.type in ("person", "name"),
    "predecessor": lambda c: "predecessor" in c.statement.nodes,
    "future": _future,
    "date": _dated,
    "charge": _charge,
}
"""What `need=` in the lexicon of verbs asks of a statement."""


def complete(statement: Statement, arguments: Arguments) -> bool:
    """Whether a statement has all that its verb's entry asks for."""
    entry, group = arguments.found.entry, arguments.found.group
    if entry.options.get("tense") == "now" and (group.future or group.modal):
        return False
    check = _CHECKS.get(entry.options.get("need", ""))
    return check is None or check(_Case(statement, arguments))
