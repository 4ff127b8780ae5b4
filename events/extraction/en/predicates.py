"""English predicates at work: each verb of the lexicon, with who stands before and behind it, as a statement.

Where a frame (frames.txt) fixes the words between its slots, a predicate only asks what the clause's verb is and which
noun phrase is its subject, its object or behind which preposition, in any voice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from events.extraction.chart import Chart
from events.extraction.en import modality
from events.extraction.en.clauses import Group, Parse, Phrase
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.references import Resolver
from events.extraction.en.statement import Statement
from events.extraction.en.verbs import Entry, Lexicon, lexicon
from events.extraction.model import Node

_LOOSE = 16  # how many tokens on a word in braces may stand
_REPORTED = re.compile(r"\b(?:said|says|announced|told|wrote|disclosed|confirmed|statement|according)\b")
_CONTROL = frozenset(
    """appointed appoints appoint named names name hired hires hire elected elects elect chosen chose choose picked picks pick tapped
    taps ordered orders order forced forces force compelled required requires promoted brought led told instructed sentenced
    got drafted recruited""".split()
)
_SUCCESSION = frozenset("succeed replace follow supplant relieve supersede take fill step stand lead head run chair oversee become".split())
_PARTICLES = frozenset("down off out up in back aside over away on".split())
_PLANNABLE = ("reorganization", "product", "listing")
_PREPOSITIONS = frozenset("as to into under from with by for of in on at against and name".split())


@dataclass(slots=True)
class Found:
    """A verb of the lexicon in a sentence, with its arguments; `end` is the token after the last one it took."""

    entry: Entry
    group: Group
    passive: bool
    object: Phrase | None
    end: int
    retained: Phrase | None = None  # "was given [the job]"


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
    walked = _trail(parse, at + 1, entry.trail, transitive=entry.options["subject"] != "agent" or entry.kind == "discipline")
    if walked is None:
        return None
    end, obj = walked
    right = obj or parse.phrase_after(end)
    if obj is None and right is not None and right.first > end and "N" in parse.tags[end : right.first]:
        right = None
    if right is not None and parse.tokens[right.first].word == "that" and parse.tags[right.last + 1 : right.last + 2] in ("v", "a", "m", "r", "n"):
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
    if _ergative(entry) and (passive or parse.tags[end : end + 1] == "p" and parse.tokens[end].word in ("off", "out", "up") or obj is not None and parse.tags[obj.head] not in "DMP#"):
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
    if entry.kind in ("leadership", "discipline", "sanction") and before in ("", ",", "N", "c", "-", "T", ")"):
        return parse.tokens[group.verb].word not in _SAID
    following = parse.tokens[end].word if end < len(parse.tokens) else ""
    return following == "by" or (before == "c" and bool(parse.subject(group)))


_SAID = frozenset("announced confirmed reported disclosed proposed charged moved returned joined followed".split())


def _ergative(entry: Entry) -> bool:
    """Whether an entry means that something closes, opens, ships by itself."""
    return (
        entry.options["subject"] == "agent"
        and entry.options.get("type") in ("unit", "part", "thing", "product", "shares", "organization")
        and not (entry.trail or entry.object or entry.later)
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
    group.negated = group.negated or "n" in parse.tags[i:at] or "longer" in [t.word for t in parse.tokens[i:at]] or parse.tokens[i].word.endswith("n't")
    found = Found(entry, group, False, None, walked[0])
    later = entry.later if entry.trail else entry.later[1:]
    return found if _within(parse, walked[0], later) else None


def _trail(parse: Parse, at: int, words: tuple[str, ...], *, transitive: bool = True) -> tuple[int, Phrase | None] | None:
    """The token after the words that go with a verb, and the object that stood between them."""
    obj: Phrase | None = None
    for number, word in enumerate(words):
        here = at
        while here < len(parse.tags) and parse.tags[here] in "r" and parse.tokens[here].word != word:
            here += 1
        if number and here < len(parse.tags) and parse.tokens[here].word != word and parse.tags[here] in "dp" and word not in _PARTICLES:
            here += 1
        if number == 0 and word not in _PARTICLES and here + 1 < len(parse.tags) and parse.tags[here] in "dp" and parse.tokens[here].word != word:
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
            if behind + 1 < len(parse.tags) and parse.tokens[behind].word == "of" and parse.tags[behind + 1] in "Nx":
                behind += 2
            if parse.tags[behind : behind + 1] == "," and "," in parse.tags[behind + 1 : behind + 12]:
                behind = parse.tags.index(",", behind + 1) + 1
            while behind < len(parse.tags) and parse.tags[behind] in ("r" if word in _PARTICLES else "rd") and parse.tokens[behind].word != word:
                behind += 1
            if phrase and behind < len(parse.tags) and parse.tokens[behind].word == word and phrase.first <= at + 1:
                obj, at = phrase, behind + 1
                continue
            if phrase and parse.tokens[phrase.last].word == word and phrase.last > phrase.first:
                obj, at = Phrase(phrase.first, phrase.last - 1, phrase.last - 1), phrase.last + 1
                continue
        return None
    return at, obj


def _needs_patient(entry: Entry) -> bool:
    return entry.options["subject"] not in ("agent", "complement") or entry.options.get("predecessor") == "patient"


def _object_is(parse: Parse, found: Found, wanted: frozenset[str]) -> bool:
    phrases = [found.retained] if found.entry.options.get("voice") == "passive" or not found.passive else []
    if found.passive and not phrases:
        phrases = [parse.subject(found.group), parse.clause_subject(found.group)]
    return any(
        parse.tokens[i].word in wanted for phrase in phrases if phrase for i in range(phrase.first, phrase.last + 1)
    )


def _later(parse: Parse, at: int, entry: Entry, verb: int) -> bool:
    if entry.subject:
        group = parse.group(verb, "base")
        phrases = [parse.subject(group), parse.clause_subject(group)]
        if not any(
            parse.tokens[i].word in entry.subject for phrase in phrases if phrase for i in range(phrase.first, phrase.head + 1)
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
    arguments = _Arguments(parse, found)
    phrase = arguments.get(entry.options["subject"])
    wanted = entry.options.get("type", "party")
    node = resolver.several(parse, phrase, wanted, doer=_doer(arguments, resolver)) if phrase is not None else None
    if node is None and phrase is None and not parse.tags[: group.first].strip('r"c') and _elliptic(parse, found):
        node = resolver.heading(wanted)
    if node is not None and node.type == "group" and ";" in parse.tags[found.end :]:
        node = _listed_after(parse, parse.tags.index(";", found.end)) or node
    if node is None and phrase is None and found.passive and entry.options["subject"] == "of" and not parse.chart.all("person", "organization", "name"):
        node = resolver.heading(wanted)
    if node is None and phrase is not None and entry.options["subject"] == "complement":
        node = resolver.main(phrase)
    if node is None and phrase is not None and "owner" in entry.options:
        node = resolver.owner(phrase)
    if node is None and phrase is not None and entry.kind == "listing" and found.entry.options["subject"] == "in-of":
        node = resolver.shares_anywhere(phrase)
    if entry.kind == "product" and _presents(parse, arguments):
        return None
    if node is None or (entry.kind == "discipline" and phrase is not None and parse.tokens[phrase.head].word in _NOT_PEOPLE):
        return None
    first = min(group.first, phrase.first if phrase else group.first)
    if entry.subject or (entry.object and found.passive):
        first = min(first, parse.clause_start(group.first))
    last = min(max(found.end, arguments.last + 1), len(parse.tokens))
    start, end = parse.tokens[first].start, parse.tokens[last - 1].end
    clause = parse.clause_start(group.first)
    if modality.uncertain(parse.chart, parse.tokens[group.verb].start, parse.tokens[group.verb].end) and "modal" not in entry.options:
        return None
    options = {key: value for key, value in entry.options.items() if key in ("departure", "date", "forced", "status", "penalty", "interim")}
    options["verb"] = entry.verb
    if status:
        options["status"] = status
    statement = Statement(entry.kind, entry.action, options, start, end, parse.chart.s[start:end], people=wanted == "person")
    statement.nodes["subject"], statement.at["subject"] = node, parse.tokens[phrase.head if phrase else group.verb].start
    if not _fill(statement, arguments, resolver, node):
        return None
    del clause
    return statement if _needs(statement, arguments, resolver) else None


def _listed_after(parse: Parse, colon: int) -> Node | None:
    """Those whom a colon introduces: "three companies to the list: A, B and C"."""
    behind = parse.tokens[colon + 1] if parse.tokens[colon].word == ":" and colon + 1 < len(parse.tokens) else None
    return behind.node if behind is not None and behind.tag == "N" else None


_NOT_PEOPLE = frozenset("trading shares stock dealings dealing securities".split())


def _presents(parse: Parse, arguments: _Arguments) -> bool:
    """Whether what is presented is somebody in a post: "presented X as its head of sales"."""
    return any(word == "as" and parse.tags[phrase.head] == "T" for word, _, phrase in arguments.behind)


def _elliptic(parse: Parse, found: Found) -> bool:
    """Whether a sentence begins with its verb: "Made its debut on Friday"; "Expelled for ..."."""
    return found.group.first <= 1 and known_past(parse.tokens[found.group.verb].word)


def known_past(word: str) -> bool:
    """Whether a word is a past form, which no order or heading begins with."""
    return lexicon().sorts.get(word) in ("past", "ed", "participle", "any") and not word.endswith("ing")


def _doer(arguments: _Arguments, resolver: Resolver) -> Node | None:
    """Who does it, where the statement is of what is done to somebody: "he fired her" is of two people."""
    if arguments.found.entry.options["subject"] == "agent" or arguments.found.passive:
        return None
    phrase = arguments.get("agent")
    return resolver.node(phrase, "party") if phrase is not None else None


def _status(parse: Parse, found: Found) -> str | None:
    """What the verb group leaves of the statement: None (nothing is stated), "" (as the entry says) or a status."""
    entry, group = found.entry, found.group
    if entry.options.get("modal"):
        return "" if (group.negated and group.modal) or group.modal in ("cannot", "can't") else None
    if group.negated != bool(entry.options.get("negative")):
        return None
    if group.modal in ("may", "might", "could", "should", "can", "ought", "cannot", "must") and entry.kind != "discipline":
        return None
    if group.modal in ("may", "might", "could", "should", "can", "ought"):
        return None
    if group.modal == "would" and not _REPORTED.search(parse.chart.s):
        return None
    if group.chain == "no" or (group.chain == "asked" and (entry.kind != "leadership" or entry.action == "departure")):
        return None
    if group.chain == "planned":
        return "planned" if entry.kind in _PLANNABLE else None if entry.kind != "leadership" else ""
    if group.infinitive and not group.chain:
        return "" if _controlled(parse, group) or entry.verb in _SUCCESSION else None
    if parse.tags[group.verb] == "g" and group.first == group.verb:
        before = parse.tokens[group.verb - 1] if group.verb else None
        if before is not None and before.tag not in ",c;" and before.word not in ("by", "after", "with", "including", "while"):
            return None
    return ""


def _controlled(parse: Parse, group: Group) -> Phrase | None:
    """The noun phrase before "to" whose verb makes it the doer: "ordered X to pay"."""
    phrase = parse.phrase_before(group.first)
    if phrase is None or phrase.first == 0:
        return None
    at = phrase.first - 1
    if parse.tokens[at].word == "as":  # "named X as chief executive to run Y"
        phrase = parse.phrase_before(at)
        if phrase is None or phrase.first == 0:
            return None
        at = phrase.first - 1
    return phrase if parse.tokens[at].word in _CONTROL else None


class _Arguments:
    """The noun phrases that stand in the roles of a found verb."""

    def __init__(self, parse: Parse, found: Found) -> None:
        self.parse, self.found = parse, found
        self.end = parse.clause_end(found.end - 1)
        self.behind = parse.prepositions(found.end, self.end)
        self.last = found.end - 1

    def get(self, role: str) -> Phrase | None:
        """The phrase in a role; of several ("on-against") the first that is there."""
        for part in role.split("-"):
            phrase = self._one(part)
            if phrase is not None:
                return phrase
        return None

    def _one(self, role: str) -> Phrase | None:
        found = self.found
        if role == "agent":
            if found.passive:
                return self.preposition("by")
            return self.subject()
        if role == "patient":
            return self.subject() if found.passive else found.object
        if role == "complement":
            return self.complement()
        if role == "form":
            return self.formed()
        if role == "own":
            agent = self.get("agent")
            possessor = agent is not None and self.parse.tokens[agent.first].word in ("its", "their", "his", "her")
            return Phrase(agent.first, agent.first, agent.first) if agent and possessor else None
        if role == "name":
            return self.renamed()
        phrase = self.preposition(role)
        if phrase is None and role in ("of", "in", "for", "to", "with", "from", "on", "against", "into"):
            phrase = self.inside(role)
        return phrase

    def subject(self) -> Phrase | None:
        group = self.found.group
        if group.infinitive and not group.chain:
            controlled = _controlled(self.parse, group)
            if controlled is not None:
                return controlled
            return self.nearest()
        found = self.parse.subject(group)
        if found is None and self.found.passive is False and group.first == group.verb:
            return self.label()
        if found is not None and self.found.object is None and found.first > 1 and self.parse.tokens[found.first - 1].word in ("that", "which", "whom"):
            before = self.parse.tags[found.first - 2]
            if before in "Nx," and self.found.entry.options["subject"] != "agent" and (group.reduced or not self.found.passive):
                return None
        return found

    def label(self) -> Phrase | None:
        """The name that heads a line, for a verb without a subject: "Harbour Mills - Swung to a loss"."""
        group = self.found.group
        before = self.parse.tags[: group.first].rstrip('"-;)(r')
        if before and before[-1] == "N" and len(before) <= 3 and self.parse.tags[group.first - 1] in "-;)":
            return Phrase(len(before) - 1, len(before) - 1, len(before) - 1)
        return None

    def nearest(self) -> Phrase | None:
        """The last person named before an infinitive, else the clause's subject."""
        for i in range(self.found.group.first - 1, -1, -1):
            node = self.parse.tokens[i].node
            if self.parse.tags[i] == "N" and node is not None and node.type == "person":
                return Phrase(i, i, i)
        whole = self.parse.clause_subject(self.found.group)
        if whole is not None and self.parse.tags[whole.head] == "N":
            return whole
        for i in range(self.found.group.first - 1, -1, -1):
            if self.parse.tags[i] == "N" and self.parse.tokens[i].node and self.parse.tokens[i].node.type in ("person", "name"):  # type: ignore[union-attr]
                return Phrase(i, i, i)
        return None

    def preposition(self, word: str) -> Phrase | None:
        trail = self.found.entry.trail
        if trail and trail[-1] == word and word in ("to", "into", "under", "with", "as", "for", "of", "from"):
            phrase = self.parse.phrase_after(self.found.end)
            if phrase is not None:
                self.last = max(self.last, phrase.last)
                return phrase
        for preposition, at, phrase in self.behind:
            if preposition == word:
                self.last = max(self.last, phrase.last)
                return phrase
            del at
        return None

    def inside(self, word: str) -> Phrase | None:
        """A phrase tied to the object (in the passive: the subject): "X's licence", "trading in X"."""
        whole = self.found.object if not self.found.passive else self.parse.subject(self.found.group)
        if whole is None:
            whole = self.parse.clause_subject(self.found.group) if self.found.entry.subject else None
            if whole is not None:
                for i in range(whole.head + 1, self.found.group.first):
                    if self.parse.tokens[i].word == word:
                        return self.parse.phrase_after(i + 1)
            if whole is None:
                return None
        wanted = self.found.entry.object
        if self.found.passive and wanted and not any(t.word in wanted for t in self.parse.tokens[whole.first : whole.last + 1]):
            whole = self.parse.clause_subject(self.found.group) or whole
        for i in range(whole.first, whole.last + 1):
            if self.parse.tags[i] == "s" and word in ("of", "in", "for"):
                return Phrase(whole.first, i - 1, i - 1)
        end = self.found.group.first if self.found.passive else whole.last
        for i in range(whole.head + 1, end):
            if self.parse.tokens[i].word == word:
                return self.parse.phrase_after(i + 1)
        if word in ("of", "for") and self.parse.tokens[whole.first].word in ("his", "her", "their", "its"):
            return Phrase(whole.first, whole.first, whole.first)
        for i in range(whole.first, whole.last):
            if self.parse.tags[i] == "N" and word in ("of", "in"):
                return Phrase(i, i, i)
        return None

    def complement(self) -> Phrase | None:
        """The subject of the clause that a verb of saying or finding governs."""
        at = self.found.group.verb + 1
        limit = min(at + 14, len(self.parse.tags))
        while at < limit and self.parse.tokens[at].word != "that":
            at += 1
        if at >= limit:
            return self.bare_complement()
        phrase = self.parse.phrase_after(at + 1)
        if phrase is not None:
            self.last = max(self.last, phrase.last)
        return phrase

    def formed(self) -> Phrase | None:
        """What something becomes part of: "to form X", "creating X"."""
        for i in range(self.found.end, min(self.end, self.found.end + 20)):
            if self.parse.tokens[i].word in ("form", "create", "become", "forming", "creating", "becoming"):
                return self.parse.phrase_after(i + 1)
        return None

    def bare_complement(self) -> Phrase | None:
        """The same without "that" ("drivers say X forged ..."), or before the verb ("X broke rules, a court found")."""
        parse, at = self.parse, self.found.group.verb + 1
        phrase = parse.phrase_after(at)
        if phrase is not None and phrase.first == at and parse.tags[phrase.last + 1 : phrase.last + 2] in ("v", "a", "e", "m"):
            return phrase
        if at >= len(parse.tags) - 1 and "," in parse.tags[:at]:
            return parse.clause_subject(Group(parse.tags.index(","), parse.tags.index(",")))
        return None

    def renamed(self) -> Phrase | None:
        """The new name behind "renamed X": the next noun phrase."""
        at = self.found.object.last + 1 if self.found.object and not self.found.passive else self.found.end
        if self.parse.tags[at : at + 3] == ",N,":
            at += 3
        if at < len(self.parse.tokens) and self.parse.tokens[at].word in ("as", "to"):
            at += 1
        phrase = self.parse.phrase_after(at)
        if phrase is not None:
            self.last = max(self.last, phrase.last)
        return phrase


_POSTS = frozenset("company firm group bank board post role job position office organisation organization business agency business unit club".split())


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


def _fill(statement: Statement, arguments: _Arguments, resolver: Resolver, subject: Node) -> bool:
    """Puts the other roles into a statement; False where one that is needed is missing."""
    entry = arguments.found.entry
    for role in _ROLES:
        where = entry.options.get(role)
        if not where:
            continue
        phrase = arguments.get(where)
        wanted = "person" if entry.kind == "leadership" and role in ("predecessor", "successor") else _ROLE_TYPE[role]
        node = resolver.node(phrase, wanted, subject) if phrase is not None else None
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


def _title(arguments: _Arguments, resolver: Resolver) -> Node | None:
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


_SPANS = frozenset("month year week summer autumn winter spring fall end christmas".split())
_TRADE = re.compile(r"\b(?:head|chief|director|partner|manager|leader|president|chair|editor|officer|counsel)s?\b")


def _needs(statement: Statement, arguments: _Arguments, resolver: Resolver) -> bool:
    entry, found = arguments.found.entry, arguments.found
    need = entry.options.get("need", "")
    title = statement.nodes.get("title")
    words = arguments.parse.chart.s[arguments.parse.tokens[found.group.first].start : statement.end + 60]
    if entry.options.get("tense") == "now" and (found.group.future or found.group.modal):
        return False
    if need in ("successor", "counterparty"):
        return need in statement.nodes or len(statement.nodes["subject"].each()) > 1
    if need == "wrong" and entry.verb == "say" and GOVERNMENT.search(statement.nodes.get("claimant", statement.nodes["subject"]).name):
        return False
    if need == "wrong":
        after = arguments.parse.chart.s[statement.at["subject"] : statement.end + 90]
        return bool(_WRONG.search(after.split(". ")[0]))
    if need == "renamed":
        near = {token.word for token in arguments.parse.tokens[max(0, found.group.first - 2) : found.end]}
        return "counterparty" not in statement.nodes and "successor" in statement.nodes and (
            found.group.future or bool(near & {"now", "henceforth", "renamed"})
        )
    if need == "several":
        return len(statement.nodes["subject"].each()) > 1
    if need == "longer":
        return "longer" in {token.word for token in arguments.parse.tokens[found.group.first : found.group.verb]}
    if need == "as":
        return title is not None and any(word == "as" for word, _, _ in arguments.behind)
    if need == "leaving":
        return _leaving(arguments.parse, found)
    if need == "sanctions-text":
        return bool(_SANCTIONS.search(arguments.parse.chart.s))
    if need == "sanctions":
        return arguments.found.entry.verb == "list" and "\ue004" not in words and bool(_SANCTIONS.search(arguments.parse.chart.text))
    if need == "title":
        return title is not None
    if need == "future-title":
        return title is not None and (found.group.future or found.group.infinitive)
    if need == "post":
        return title is not None or bool(re.search(r"\bto (?:the |its |our )?board\b|\bto (?:be|become|serve as|act as) (?:its|the|their)\b|\bto (?:lead|head|run|chair|succeed|replace|take|oversee|fill)\b", words))
    if need == "future-post":
        return title is not None or bool(re.search(r"\bto (?:lead|head|run|chair|succeed|replace|take over|oversee|fill)\b|charge of|at the helm", words))
    if need == "sure":
        node = statement.nodes["subject"]
        return node.type in ("person", "name") and (title is not None or not re.match(r"\w+ed\b", "") )
    if need == "predecessor":
        return "predecessor" in statement.nodes
    if need == "future":
        return (found.group.future or found.group.infinitive) and "predecessor" not in statement.nodes and (found.object is not None or found.passive or title is not None)
    if need == "date":
        stretch = arguments.parse.tokens[found.group.first : arguments.end]
        return any(t.tag == "D" or t.word in _SPANS for t in stretch)
    if need == "charge":
        return any(word in ("of", "for", "with", "over") for word, _, _ in arguments.behind) or bool(re.match(r"[^.;]{0,60}? (?:of|with|for|over) [a-z]+", arguments.parse.chart.s[statement.end - 1 :]))
    return True
