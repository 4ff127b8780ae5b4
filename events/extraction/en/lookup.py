"""Whether a verb of the lexicon stands in a clause with what goes with it: particles, object, voice, further words."""

from __future__ import annotations

from events.extraction.en.arguments import Found
from events.extraction.en.classes import classes
from events.extraction.en.clauses import Parse, Phrase
from events.extraction.en.groups import Group
from events.extraction.en.verbs import Entry

_LOOSE = 16  # how many tokens on a word in braces may stand


def find(parse: Parse, at: int, entry: Entry, sort: str) -> Found | None:
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
    found = Found(entry, group, passive, obj, end, right, end)
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


def find_be(parse: Parse, at: int, entry: Entry) -> Found | None:
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


def _behind(parse: Parse, phrase: Phrase | None, word: str) -> int:
    """The token behind an object, what is tied to it and an aside, where its verb's particle may stand."""
    behind = phrase.last + 1 if phrase else len(parse.tags)
    if behind + 1 < len(parse.tags) and parse.tokens[behind].word == "of" and parse.tags[behind + 1] in "Nx":
        behind += 2
    if parse.tags[behind : behind + 1] == "," and "," in parse.tags[behind + 1 : behind + 12]:
        behind = parse.tags.index(",", behind + 1) + 1
    while (
        behind < len(parse.tags)
        and parse.tags[behind] in ("r" if word in _PARTICLES else "rd")
        and parse.tokens[behind].word != word
    ):
        behind += 1
    return behind


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
            and parse.tokens[here + 1].word == word
        ):
            here += 1
        if here < len(parse.tags) and parse.tokens[here].word == word:
            at = here + 1
            continue
        if obj is None:
            if not transitive and word not in _PARTICLES:
                return None
            phrase = parse.phrase_after(at)
            behind = _behind(parse, phrase, word)
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


_PARTICLES = classes("predicates_particles")
