"""What a verb's statement still needs: its other parties, its post, and what the lexicon asks for."""

from __future__ import annotations

import re

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
    r"|responsible for|to blame|at fault|lacked any|careless|reckless|faulty|unsafe|defective|dangerous|covered up|looked away|turned a blind eye|cut corners|false|untrue|deceiv|deceptive|swindl|trick(?:ed|ing)|rework|lifted|scraped|without permission|without consent|without paying|broken|mishandl|did not|had not|has not|never |skipp|squander|misus|misappropriat|monopol|squeez)"
)
"""What an allegation or a finding charges somebody with; what only reports says none of it."""
_SANCTIONS = re.compile(r"\b(?:[Ss]anction|[Bb]lacklist|asset freeze|[Ee]ntity [Ll]ist|Specially Designated)")
_ROLES = ("issuer", "claimant", "successor", "predecessor", "counterparty", "organization")
_ROLE_TYPE = {
    "issuer": "issuer", "claimant": "party", "successor": "unit", "predecessor": "person",
    "counterparty": "unit", "organization": "organization",
}  # fmt: skip


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
    title = _title(arguments, resolver)
    if title is not None:
        statement.nodes["title"] = title
    return True


def _title(arguments: Arguments, resolver: Resolver) -> Node | None:
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
    for word, i, phrase in arguments.behind:
        if word in ("as", "to", "of", "into") and i < arguments.end:
            titles = [t.node for t in parse.tokens[phrase.first : phrase.last + 1] if t.tag == "T"]
            if titles:
                return titles[-1]
            if word == "as" or (word == "to" and _TRADE.search(parse.text(phrase.first, phrase.last))):
                made = resolver.title(phrase)
                if made is not None:
                    return made
    return None


_SPANS = classes("needs_spans")
_TRADE = re.compile(
    r"\b(?:head|chief|director|partner|manager|leader|president|chair|editor|officer|counsel)s?\b"
)


def complete(statement: Statement, arguments: Arguments, resolver: Resolver) -> bool:
    entry, found = arguments.found.entry, arguments.found
    need = entry.options.get("need", "")
    title = statement.nodes.get("title")
    words = arguments.parse.chart.s[arguments.parse.tokens[found.group.first].start : statement.end + 60]
    if entry.options.get("tense") == "now" and (found.group.future or found.group.modal):
        return False
    if need in ("successor", "counterparty"):
        return need in statement.nodes or len(statement.nodes["subject"].each()) > 1
    if (
        need == "wrong"
        and entry.verb == "say"
        and GOVERNMENT.search(statement.nodes.get("claimant", statement.nodes["subject"]).name)
    ):
        return False
    if need == "wrong":
        after = arguments.parse.chart.s[statement.at["subject"] : statement.end + 90]
        return bool(_WRONG.search(after.split(". ")[0]))
    if need == "renamed":
        near = {token.word for token in arguments.parse.tokens[max(0, found.group.first - 2) : found.end]}
        return (
            "counterparty" not in statement.nodes
            and "successor" in statement.nodes
            and (found.group.future or bool(near & {"now", "henceforth", "renamed"}))
        )
    if need == "several":
        return len(statement.nodes["subject"].each()) > 1
    if need == "longer":
        return "longer" in {
            token.word for token in arguments.parse.tokens[found.group.first : found.group.verb]
        }
    if need == "as":
        return title is not None and any(word == "as" for word, _, _ in arguments.behind)
    if need == "leaving":
        return _leaving(arguments.parse, found)
    if need == "sanctions-text":
        return bool(_SANCTIONS.search(arguments.parse.chart.s))
    if need == "sanctions":
        return (
            arguments.found.entry.verb == "list"
            and "\ue004" not in words
            and bool(_SANCTIONS.search(arguments.parse.chart.text))
        )
    if need == "title":
        return title is not None
    if need == "future-title":
        return title is not None and (found.group.future or found.group.infinitive)
    if need == "post":
        return title is not None or bool(
            re.search(
                r"\bto (?:the |its |our )?board\b|\bto (?:be|become|serve as|act as) (?:its|the|their)\b|\bto (?:lead|head|run|chair|succeed|replace|take|oversee|fill)\b",
                words,
            )
        )
    if need == "future-post":
        return title is not None or bool(
            re.search(
                r"\bto (?:lead|head|run|chair|succeed|replace|take over|oversee|fill)\b|charge of|at the helm",
                words,
            )
        )
    if need == "sure":
        node = statement.nodes["subject"]
        return node.type in ("person", "name") and (title is not None or not re.match(r"\w+ed\b", ""))
    if need == "predecessor":
        return "predecessor" in statement.nodes
    if need == "future" and found.group.infinitive and found.object is not None:
        head = arguments.parse.tokens[found.object.head]
        if head.tag != "N" and head.word not in words_of("en", "unit_nouns"):
            return False  # "left to run a farm"
    if need == "future":
        return (
            (found.group.future or found.group.infinitive)
            and "predecessor" not in statement.nodes
            and (found.object is not None or found.passive or title is not None)
        )
    if need == "date":
        stretch = arguments.parse.tokens[found.group.first : arguments.end]
        return any(t.tag == "D" or t.word in _SPANS for t in stretch)
    if need == "charge":
        return any(word in ("of", "for", "with", "over") for word, _, _ in arguments.behind) or bool(
            re.match(
                r"[^.;]{0,60}? (?:of|with|for|over) [a-z]+", arguments.parse.chart.s[statement.end - 1 :]
            )
        )
    return True
