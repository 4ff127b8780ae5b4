"""English predicates at work: each verb of the lexicon, with who stands before and behind it, as a statement.

Where a frame (frames.txt) fixes the words between its slots, a predicate only asks what the clause's verb is and which
noun phrase is its subject, its object or behind which preposition, in any voice.
"""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.en import modality, needs
from events.extraction.en.arguments import Arguments, Found, controlled
from events.extraction.en.classes import classes
from events.extraction.en.clauses import Group, Parse, Phrase
from events.extraction.en.discourse import Focus
from events.extraction.en.references import Resolver
from events.extraction.en.statement import Statement
from events.extraction.en.verbs import Entry, Lexicon, lexicon
from events.extraction.model import Node

_LOOSE = 16  # how many tokens on a word in braces may stand
_REPORTED = re.compile(r"\b(?:said|says|announced|told|wrote|disclosed|confirmed|statement|according)\b")
_SUCCESSION = classes("predicates_succession")
_PARTICLES = classes("predicates_particles")
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
            found = _found(parse, at, entry, known.sorts[token.word])
            statement = found and _statement(parse, found, resolver, focus)
            if statement:
                taken.add(sort)
                statements.append((statement, token.start))
        for entry in by_word.get(token.word, ()):
            found = _found_be(parse, at, entry)
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


def _found(parse: Parse, at: int, entry: Entry, sort: str) -> Found | None:
    """The entry at a token, where its particles, object and words stand."""
    tag = parse.tags[at]
    if tag == "x" or (tag == "e" and not entry.trail):
        return None
    group = parse.group(at, sort)
    walked = _trail(
        parse,
        at + 1,
        entry.trail,
        transitive=entry.options["subject"] != "agent" or entry.kind == "discipline",
    )
    if walked is None:
        return None
    end, obj = walked
    right = obj or parse.phrase_after(end)
    if obj is None and right is not None and right.first > end and "N" in parse.tags[end : right.first]:
        right = None
    if (
        right is not None
        and parse.tokens[right.first].word == "that"
        and parse.tags[right.last + 1 : right.last + 2] in ("v", "a", "m", "r", "n")
    ):
        right = None  # "said that X will"
    obj = None if group.passive and obj is None else right
    passive = group.passive or (
        (obj is None or parse.tags[obj.head] in "TMP#D") and _reduced(parse, group, sort, entry, end)
    )
    if passive:
        obj = None
        group.reduced = not group.passive
    if entry.options.get("voice") == "passive" and not passive:
        return None
    if _ergative(entry) and (
        passive
        or (parse.tags[end : end + 1] == "p" and parse.tokens[end].word in ("off", "out", "up"))
        or (obj is not None and parse.tags[obj.head] not in "DMP#")
    ):
        return None
    found = Found(entry, group, passive, obj, end, right)
    if entry.object and not _object_is(parse, found, entry.object):
        return None
    if obj is not None and not passive:
        found.end = max(end, obj.last + 1)
    return found if _later(parse, end, entry, at) else None


def _reduced(parse: Parse, group: Group, sort: str, entry: Entry, end: int) -> bool:
    """Whether a participle without "be" is a passive: "X, named chief executive in May,"; "X fined over ..."."""
    if sort not in ("ed", "participle") or not _needs_patient(entry):
        return False
    if any(tag == "a" for tag in parse.tags[group.first : group.verb]):
        return False
    if sort == "participle":
        return True
    before = parse.tags[group.first - 1 : group.first]
    if entry.kind in ("leadership", "discipline", "sanction") and before in (
        "",
        ",",
        "N",
        "c",
        "-",
        "T",
        ")",
    ):
        return parse.tokens[group.verb].word not in _SAID
    following = parse.tokens[end].word if end < len(parse.tokens) else ""
    return following == "by" or (before == "c" and bool(parse.subject(group)))


_SAID = classes("predicates_said")


def _ergative(entry: Entry) -> bool:
    """Whether an entry means that something closes, opens, ships by itself."""
    return (
        entry.options["subject"] == "agent"
        and entry.options.get("type") in ("unit", "part", "thing", "product", "shares", "organization")
        and not (
            entry.trail or entry.object or (entry.later and entry.verb not in ("list", "float", "debut"))
        )
    )


def _found_be(parse: Parse, at: int, entry: Entry) -> Found | None:
    """An entry of "be" with the word at a token: "is out", "are under investigation"."""
    i = at - 1
    while i > 0 and parse.tags[i] in "rdxpn" and at - i < 5 and parse.tags[i] != "a":
        if parse.tags[i] in "dxp" and entry.trail:
            return None
        i -= 1
    if i < 0 or parse.tags[i] != "a" or parse.tokens[i].word in ("has", "have", "had", "do", "does", "did"):
        return None
    walked = _trail(parse, at + 1, entry.trail[1:])
    if walked is None:
        return None
    group = parse.group(i, "base")
    group.finite = True
    group.negated = (
        group.negated
        or "n" in parse.tags[i:at]
        or "longer" in [t.word for t in parse.tokens[i:at]]
        or parse.tokens[i].word.endswith("n't")
    )
    found = Found(entry, group, False, None, walked[0])
    later = entry.later if entry.trail else entry.later[1:]
    return found if _within(parse, walked[0], later) else None


def _trail(
    parse: Parse, at: int, words: tuple[str, ...], *, transitive: bool = True
) -> tuple[int, Phrase | None] | None:
    """The token after the words that go with a verb, and the object that stood between them."""
    obj: Phrase | None = None
    for number, word in enumerate(words):
        here = at
        while here < len(parse.tags) and parse.tags[here] in "r" and parse.tokens[here].word != word:
            here += 1
        if (
            number
            and here < len(parse.tags)
            and parse.tokens[here].word != word
            and parse.tags[here] in "dp"
            and word not in _PARTICLES
        ):
            here += 1
        if (
            number == 0
            and word not in _PARTICLES
            and here + 1 < len(parse.tags)
            and parse.tags[here] in "dp"
            and parse.tokens[here].word != word
        ):
            if parse.tokens[here + 1].word == word:
                here += 1
        if here < len(parse.tags) and parse.tokens[here].word == word:
            at = here + 1
            continue
        if obj is None:
            if not transitive and word not in _PARTICLES:
                return None
            phrase = parse.phrase_after(at)
            behind = phrase.last + 1 if phrase else len(parse.tags)
            if (
                behind + 1 < len(parse.tags)
                and parse.tokens[behind].word == "of"
                and parse.tags[behind + 1] in "Nx"
            ):
                behind += 2
            if parse.tags[behind : behind + 1] == "," and "," in parse.tags[behind + 1 : behind + 12]:
                behind = parse.tags.index(",", behind + 1) + 1
            while (
                behind < len(parse.tags)
                and parse.tags[behind] in ("r" if word in _PARTICLES else "rd")
                and parse.tokens[behind].word != word
            ):
                behind += 1
            if (
                phrase
                and behind < len(parse.tags)
                and parse.tokens[behind].word == word
                and phrase.first <= at + 1
            ):
                obj, at = phrase, behind + 1
                continue
            if phrase and parse.tokens[phrase.last].word == word and phrase.last > phrase.first:
                obj, at = Phrase(phrase.first, phrase.last - 1, phrase.last - 1), phrase.last + 1
                continue
        return None
    return at, obj


def _needs_patient(entry: Entry) -> bool:
    return (
        entry.options["subject"] not in ("agent", "complement")
        or entry.options.get("predecessor") == "patient"
    )


def _object_is(parse: Parse, found: Found, wanted: frozenset[str]) -> bool:
    phrases = [found.retained] if found.entry.options.get("voice") == "passive" or not found.passive else []
    if found.passive and not phrases:
        phrases = [parse.subject(found.group), parse.clause_subject(found.group)]
    return any(
        parse.tokens[i].word in wanted
        for phrase in phrases
        if phrase
        for i in range(phrase.first, phrase.last + 1)
    )


def _later(parse: Parse, at: int, entry: Entry, verb: int) -> bool:
    if entry.subject:
        group = parse.group(verb, "base")
        phrases = [parse.subject(group), parse.clause_subject(group)]
        if not any(
            parse.tokens[i].word in entry.subject
            for phrase in phrases
            if phrase
            for i in range(phrase.first, phrase.head + 1)
        ):
            return False
    return _within(parse, at, entry.later)


def _within(parse: Parse, at: int, later: tuple[frozenset[str], ...]) -> bool:
    if not later:
        return True
    stretch = parse.tokens[at : at + _LOOSE]
    words = {token.word for token in stretch}
    for token in stretch:
        if token.node is not None:
            words.update(token.node.name.lower().replace("-", " ").split())
            if token.tag == "M":
                words.add("M")
    return all(words & wanted for wanted in later)


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
        resolver.several(parse, phrase, wanted, doer=_doer(arguments, resolver))
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
        node = resolver.included(parse, found.end, wanted) or node
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
