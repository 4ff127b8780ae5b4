"""English predicates at work: each verb of the lexicon, with who stands before and behind it, as a statement.

Where a frame (frames.txt) fixes the words between its slots, a predicate only asks what the clause's verb is and which
noun phrase is its subject, its object or behind which preposition, in any voice.
"""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.en import joint, lookup, modality, needs
from events.extraction.en.arguments import Arguments, Found, controlled
from events.extraction.en.classes import classes
from events.extraction.en.clauses import Parse, Phrase
from events.extraction.en.discourse import Focus
from events.extraction.en.groups import Group
from events.extraction.en.names import Cast
from events.extraction.en.references import Resolver
from events.extraction.en.statement import Statement
from events.extraction.en.verbs import Entry, lexicon
from events.extraction.model import Node

_REPORTED = re.compile(r"\b(?:said|says|announced|told|wrote|disclosed|confirmed|statement|according)\b")
_SUCCESSION = classes("predicates_succession")
_PLANNABLE = ("reorganization", "product", "listing")


def read(chart: Chart, cast: Cast, focus: Focus) -> list[tuple[Statement, int]]:
    """What the verbs of a sentence state, each with the position of its verb in the chart's `s`."""
    known = lexicon()
    by_form, by_word = _worth(chart)
    if not by_form and not by_word:
        return []
    parse = Parse(chart, known.sorts)
    resolver = Resolver(parse, cast, focus)
    statements: list[tuple[Statement, int]] = []
    for at, token in enumerate(parse.tokens):
        entries = by_form.get(token.word, ()) if token.tag in "vgeax" else ()
        taken: set[tuple[str, str]] = set()
        for entry in entries:
            sort = (entry.kind, "departure" if entry.action == "departure" else "")
            if sort in taken:
                continue
            found = lookup.find(parse, at, entry, known.sorts[token.word])
            statement = found and _statement(parse, found, resolver, focus)
            if statement:
                taken.add(sort)
                statements.append((statement, token.start))
        for entry in by_word.get(token.word, ()):
            found = lookup.find_be(parse, at, entry)
            statement = found and _statement(parse, found, resolver, focus)
            if statement:
                statements.append((statement, token.start))
                break
    return statements


def _worth(chart: Chart) -> tuple[Entries, Entries]:
    """The entries whose verb and all that they ask for stand in a sentence: a cheap test before the parse."""
    text = chart.text[chart.start : chart.end].lower()
    words = set(_LOWER_WORD.findall(chart.s.lower()))
    forms, others = _asked()
    by_form = {word: one for word in words & forms.keys() if (one := _possible(forms[word], text))}
    by_word = {word: one for word in words & others.keys() if (one := _possible(others[word], text))}
    return by_form, by_word


Entries = dict[str, list[Entry]]
Asked = tuple[tuple[Entry, tuple[tuple[str, ...], ...]], ...]
"""Entries, each with groups of words: of every group one must stand in the sentence."""
_LOWER_WORD = re.compile(r"[a-z][\w-]*")


def _possible(entries: Asked, text: str) -> list[Entry]:
    """The entries of which all that they ask for stands in a text."""
    found = []
    for entry, groups in entries:
        for group in groups:
            for word in group:
                if word in text:
                    break
            else:
                break  # none of the group
        else:
            found.append(entry)
    return found


@lru_cache(maxsize=1)
def _asked() -> tuple[dict[str, Asked], dict[str, Asked]]:
    """The lexicon's entries by verb and by word, each with what it asks for."""

    def groups(entry: Entry) -> tuple[tuple[str, ...], ...]:
        trail = [(word,) for word in entry.trail]
        wanted = (entry.object, entry.subject, *entry.later)
        return (*trail, *(tuple(one) for one in wanted if one and "M" not in one))

    def all_of(source: dict[str, tuple[Entry, ...]]) -> dict[str, Asked]:
        return {word: tuple((entry, groups(entry)) for entry in entries) for word, entries in source.items()}

    return all_of(lexicon().by_form), all_of(lexicon().by_word)


# -- from a found verb to a statement


_KEPT = ("departure", "date", "forced", "status", "penalty", "interim")


def _statement(parse: Parse, found: Found, resolver: Resolver, focus: Focus) -> Statement | None:
    entry, group = found.entry, found.group
    status = _status(parse, found)
    if status is None:
        return None
    arguments = Arguments(parse, found)
    phrase = arguments.get(entry.options["subject"])
    wanted = entry.options.get("type", "party")
    node = _subject(arguments, phrase, resolver, wanted)
    if node is None or (entry.kind == "product" and _presents(parse, arguments)):
        return None
    if entry.kind == "discipline" and phrase is not None and parse.tokens[phrase.head].word in _NOT_PEOPLE:
        return None
    verb = parse.tokens[group.verb]
    if "modal" not in entry.options and modality.uncertain(parse.chart, verb.start, verb.end):
        return None
    start, end = _extent(arguments, phrase)
    options = {key: value for key, value in entry.options.items() if key in _KEPT}
    options |= {"verb": entry.verb, **({"status": status} if status else {})}
    words = parse.chart.s[start:end]
    statement = Statement(entry.kind, entry.action, options, start, end, words, people=wanted == "person")
    statement.nodes["subject"] = node
    statement.at["subject"] = parse.tokens[phrase.head if phrase else group.verb].start
    if not needs.fill(statement, arguments, resolver, node):
        return None
    return statement if needs.complete(statement, arguments) else None


def _extent(arguments: Arguments, phrase: Phrase | None) -> tuple[int, int]:
    """From where to where in the chart's `s` a statement reaches: subject, verb, object and what stands in its roles."""
    parse, found = arguments.parse, arguments.found
    first = min(found.group.first, phrase.first if phrase else found.group.first)
    if found.entry.subject or (found.entry.object and found.passive):
        first = min(first, parse.clause_start(found.group.first))
    last = min(max(found.end, arguments.last + 1), len(parse.tokens))
    return (parse.tokens[first].start, parse.tokens[last - 1].end)


def _subject(arguments: Arguments, phrase: Phrase | None, resolver: Resolver, wanted: str) -> Node | None:
    """The mention that a statement is about."""
    parse, found = arguments.parse, arguments.found
    if phrase is None:
        return _heading(parse, found, resolver, wanted)
    node = joint.several(resolver, parse, phrase, wanted, doer=_doer(arguments, resolver))
    if node is None:
        return _described(found, phrase, resolver)
    if node.type == "group" and "including" in parse.chart.s:
        node = joint.included(resolver, parse, found.end, wanted) or node
    if node.type == "group" and ";" in parse.tags[found.end :]:
        node = _listed_after(parse, parse.tags.index(";", found.end)) or node
    return node


def _heading(parse: Parse, found: Found, resolver: Resolver, wanted: str) -> Node | None:
    """Whom a sentence without a subject is about: the name that heads its line."""
    opens = not parse.tags[: found.group.first].strip('r"c') and _elliptic(parse, found)
    nameless = (
        found.passive
        and found.entry.options["subject"] == "of"
        and not parse.chart.all("person", "organization", "name")
    )
    return resolver.heading(wanted) if opens or nameless else None


def _described(found: Found, phrase: Phrase, resolver: Resolver) -> Node | None:
    """Whom a phrase without a name of its own means, by what the verb says of it."""
    entry = found.entry
    if entry.options["subject"] == "complement":
        return resolver.main(phrase)
    if "owner" in entry.options:
        return resolver.owner(phrase)
    if entry.kind == "listing" and entry.options["subject"] == "in-of":
        return resolver.shares_anywhere(phrase)
    return None


def _listed_after(parse: Parse, colon: int) -> Node | None:
    """Those whom a colon introduces: "three companies to the list: A, B and C"."""
    behind = (
        parse.tokens[colon + 1] if parse.tokens[colon].word == ":" and colon + 1 < len(parse.tokens) else None
    )
    return behind.node if behind is not None and behind.tag == "N" else None


_NOT_PEOPLE = frozenset(["trading", "shares", "stock", "dealings", "dealing", "securities"])


def _presents(parse: Parse, arguments: Arguments) -> bool:
    """Whether what is presented is somebody in a post: "presented X as its head of sales"."""
    return any(word == "as" and parse.tags[phrase.head] == "T" for word, _, phrase in arguments.behind)


def _elliptic(parse: Parse, found: Found) -> bool:
    """Whether a sentence begins with its verb: "Made its debut on Friday"; "Expelled for ..."."""
    return found.group.first <= 1 and known_past(parse.tokens[found.group.verb].word)


def known_past(word: str) -> bool:
    """Whether a word is a past form, which no order or heading begins with."""
    return lexicon().sorts.get(word) in ("past", "ed", "participle", "any") and not word.endswith("ing")


def _doer(arguments: Arguments, resolver: Resolver) -> Node | None:
    """Who does it, where the statement is of what is done to somebody: "he fired her" is of two people."""
    if arguments.found.entry.options["subject"] == "agent" or arguments.found.passive:
        return None
    phrase = arguments.get("agent")
    return resolver.node(phrase, "party") if phrase is not None else None


_ASKS = frozenset(
    [
        "asked",
        "asks",
        "ask",
        "urged",
        "urges",
        "urge",
        "pressed",
        "wants",
        "wanted",
        "want",
        "begged",
        "invited",
        "encouraged",
        "expects",
        "expected",
        "advised",
    ]
)


def _asked_for(parse: Parse, group: Group) -> bool:
    """Whether an infinitive tells what somebody is only asked to do: "urged X to resign"."""
    phrase = parse.phrase_before(group.first)
    return phrase is not None and phrase.first > 0 and parse.tokens[phrase.first - 1].word in _ASKS


def _status(parse: Parse, found: Found) -> str | None:
    """What the verb group leaves of the statement: None (nothing is stated), "" (as the entry says) or a status."""
    entry, group = found.entry, found.group
    if entry.options.get("modal"):
        return "" if (group.negated and group.modal) or group.modal in ("cannot", "can't") else None
    if group.negated != bool(entry.options.get("negative")):
        return None
    if group.modal in _OPEN or (group.modal in ("cannot", "must") and entry.kind != "discipline"):
        return None
    if group.modal == "would" and not _REPORTED.search(parse.chart.s):
        return None
    if group.chain == "no" or (
        group.chain == "asked" and (entry.kind != "leadership" or entry.action == "departure")
    ):
        return None
    if group.chain == "planned":
        return "planned" if entry.kind in _PLANNABLE else None if entry.kind != "leadership" else ""
    if group.infinitive and not group.chain:
        follows = bool(controlled(parse, group)) or entry.verb in _SUCCESSION
        return "" if follows and not _asked_for(parse, group) else None
    return None if _bare_gerund(parse, group) else ""


_OPEN = ("may", "might", "could", "should", "can", "ought")


def _bare_gerund(parse: Parse, group: Group) -> bool:
    """Whether a verb in -ing stands where it states nothing: "accused of closing"."""
    if parse.tags[group.verb] != "g" or group.first != group.verb or not group.verb:
        return False
    before = parse.tokens[group.verb - 1]
    return before.tag not in ",c;" and before.word not in ("by", "after", "with", "including", "while")
