"""English predicates at work: each verb of the lexicon, with who stands before and behind it, as a statement.

Where a frame (frames.txt) fixes the words between its slots, a predicate only asks what the clause's verb is and which
noun phrase is its subject, its object or behind which preposition, in any voice.
"""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.en import joint, lookup, modality, needs
from events.extraction.en.arguments import Arguments, Found, controlled
from events.extraction.en.classes import classes
from events.extraction.en.clauses import Parse
from events.extraction.en.discourse import Focus
from events.extraction.en.groups import Group
from events.extraction.en.references import Resolver
from events.extraction.en.statement import Statement
from events.extraction.en.verbs import Entry, Lexicon, lexicon
from events.extraction.model import Node

_REPORTED = re.compile(r"\b(?:said|says|announced|told|wrote|disclosed|confirmed|statement|according)\b")
_SUCCESSION = classes("predicates_succession")
_PLANNABLE = ("reorganization", "product", "listing")


def read(chart: Chart, resolver: Resolver, focus: Focus) -> list[tuple[Statement, int]]:
    """What the verbs of a sentence state, each with the position of its verb in the chart's `s`."""
    known = lexicon()
    by_form, by_word = _worth(chart, known)
    if not by_form and not by_word:
        return []
    parse = Parse(chart, known.sorts)
    resolver.use(parse)
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


def _worth(chart: Chart, known: Lexicon) -> tuple[Entries, Entries]:
    """The entries whose verb and all that they ask for stand in a sentence: a cheap test before the parse."""
    text = chart.text[chart.start : chart.end].lower()
    by_form: Entries = {}
    by_word: Entries = {}
    for word in set(_LOWER_WORD.findall(chart.s.lower())):
        for source, found in ((known.by_form, by_form), (known.by_word, by_word)):
            if word in source and (entries := [one for one in source[word] if _possible(one, text)]):
                found[word] = entries
    return by_form, by_word


Entries = dict[str, list[Entry]]
_LOWER_WORD = re.compile(r"[a-z][\w-]*")


def _possible(entry: Entry, text: str) -> bool:
    for word in entry.trail:
        if word not in text:
            return False
    for wanted in (entry.object, entry.subject, *entry.later):
        if wanted and "M" not in wanted and not any(word in text for word in wanted):
            return False
    return True


# -- from a found verb to a statement


def _statement(parse: Parse, found: Found, resolver: Resolver, focus: Focus) -> Statement | None:
    entry, group = found.entry, found.group
    status = _status(parse, found)
    if status is None:
        return None
    arguments = Arguments(parse, found)
    phrase = arguments.get(entry.options["subject"])
    wanted = entry.options.get("type", "party")
    node = (
        joint.several(resolver, parse, phrase, wanted, doer=_doer(arguments, resolver))
        if phrase is not None
        else None
    )
    if (
        node is None
        and phrase is None
        and not parse.tags[: group.first].strip('r"c')
        and _elliptic(parse, found)
    ):
        node = resolver.heading(wanted)
    if node is not None and node.type == "group" and "including" in parse.chart.s:
        node = joint.included(resolver, parse, found.end, wanted) or node
    if node is not None and node.type == "group" and ";" in parse.tags[found.end :]:
        node = _listed_after(parse, parse.tags.index(";", found.end)) or node
    if (
        node is None
        and phrase is None
        and found.passive
        and entry.options["subject"] == "of"
        and not parse.chart.all("person", "organization", "name")
    ):
        node = resolver.heading(wanted)
    if node is None and phrase is not None and entry.options["subject"] == "complement":
        node = resolver.main(phrase)
    if node is None and phrase is not None and "owner" in entry.options:
        node = resolver.owner(phrase)
    if (
        node is None
        and phrase is not None
        and entry.kind == "listing"
        and found.entry.options["subject"] == "in-of"
    ):
        node = resolver.shares_anywhere(phrase)
    if entry.kind == "product" and _presents(parse, arguments):
        return None
    if node is None or (
        entry.kind == "discipline" and phrase is not None and parse.tokens[phrase.head].word in _NOT_PEOPLE
    ):
        return None
    first = min(group.first, phrase.first if phrase else group.first)
    if entry.subject or (entry.object and found.passive):
        first = min(first, parse.clause_start(group.first))
    last = min(max(found.end, arguments.last + 1), len(parse.tokens))
    start, end = parse.tokens[first].start, parse.tokens[last - 1].end
    clause = parse.clause_start(group.first)
    if (
        modality.uncertain(parse.chart, parse.tokens[group.verb].start, parse.tokens[group.verb].end)
        and "modal" not in entry.options
    ):
        return None
    options = {
        key: value
        for key, value in entry.options.items()
        if key in ("departure", "date", "forced", "status", "penalty", "interim")
    }
    options["verb"] = entry.verb
    if status:
        options["status"] = status
    statement = Statement(
        entry.kind, entry.action, options, start, end, parse.chart.s[start:end], people=wanted == "person"
    )
    statement.nodes["subject"], statement.at["subject"] = (
        node,
        parse.tokens[phrase.head if phrase else group.verb].start,
    )
    if not needs.fill(statement, arguments, resolver, node):
        return None
    del clause
    return statement if needs.complete(statement, arguments, resolver) else None


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
    if (
        group.modal in ("may", "might", "could", "should", "can", "ought", "cannot", "must")
        and entry.kind != "discipline"
    ):
        return None
    if group.modal in ("may", "might", "could", "should", "can", "ought"):
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
        if _asked_for(parse, group):
            return None
        return "" if controlled(parse, group) or entry.verb in _SUCCESSION else None
    if parse.tags[group.verb] == "g" and group.first == group.verb:
        before = parse.tokens[group.verb - 1] if group.verb else None
        if (
            before is not None
            and before.tag not in ",c;"
            and before.word not in ("by", "after", "with", "including", "while")
        ):
            return None
    return ""
