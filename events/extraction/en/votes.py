"""What each English name of a document is, from its own words and from what stands beside it anywhere."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.en.names import PARTICLES, SUFFIX, Cast
from events.extraction.en.principal import is_part
from events.extraction.lexicon import words
from events.extraction.model import Node

_PRODUCT = re.compile(r"\d|^[a-z]+[A-Z]")
_INITIAL = re.compile(r"[A-Z][a-zà-ÿ]+ (?:[A-Z]\. )+[A-Z][\w’'-]+")
"""Two names with initials between them are a person's."""
_CAMEL = re.compile(r"[A-Z][a-z]+[A-Z]\w*")
_ACRONYM = re.compile(r"[A-Z]{2,}s?$")
_SPEAKS = r"(?:,? (?:who|whose|age[sd]? \d|\d\d,))"
_PERSON_AFTER = Pattern(
    rf"{_SPEAKS}|, (?:(?:the|its|our|a|an|so far|formerly|currently) )?(?:former |current |new |longtime |veteran )?{CODES['title']}(?! {CODES['name']})|, (?:his|her) "
)
_T = CODES["title"]
_HONORIFICS = tuple(
    f"{word}{dot} "
    for word in ("Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "Professor", "Sir", "Dame")
    for dot in ("", ".")
)
_PERSON_WORDS = tuple(
    f"{word}{comma} "
    for word in ("spokesman", "spokeswoman", "spokesperson", "analyst", "colleague", "deputy")
    for comma in ("", ",")
)
_ORG_AFTER = Pattern(
    rf"['’]s? (?:(?:former|current|interim|new|own|board|parent|chief|outgoing|incoming) )*(?:{CODES['title']}|board|shares|stock|annual|revenue|sales|parent|employees|staff|headquarters|{CODES['name']})"
    rf"| (?:\(the [“\"]|\([“\"])|, (?:a|an|the) (?:[\w’'.-]+ ){{0,6}}(?:company|corporation|firm|maker|group|chain|unit|subsidiary|division|startup|bank|retailer|producer|manufacturer|supplier|provider|developer|foundry)\b(?!['’])"
)
_ORG_WORDS = (
    *(f"{_T} {word} {article}" for word in ("of", "at", "for", "with") for article in ("", "the ")),
    *(f"{kind} of {article}" for kind in ("board", "Board", "directors", "management", "shareholders", "employees", "owners", "trustees") for article in ("", "the ")),
    *(f"{kind} in {article}" for kind in ("shares", "Shares", "trading", "Trading") for article in ("", "the ")),
    "company ", "firm ", "maker ", "group ", "chain ", "unit ", "startup ", "start-up ", "subsidiary ", "operator ", "retailer ", "regulator ",
    "employer ", "rival ", "airline ", "brewer ", "insurer ", "lender ", "bank ", "Bank ", "builder ", "miner ", "supplier ", "Supplier ",
    "distributor ", "broker ", "haulier ", "publisher ", "developer ", "exchange ", "giant ",
    *(f"{kind}maker " for kind in ("car", "Car", "auto", "Auto", "drug", "Drug", "chip", "Chip", "plane", "Plane", "shoe", "Shoe", "toy", "Toy")),
)  # fmt: skip
_NAMED_TO = re.compile(
    rf"(?: as)?(?: (?:its|the|their|an?|new|interim|acting|permanent|joint))* {_T}|,? to (?:succeed|replace|lead|head|run)\b"
)
_APPOINTS = tuple(
    f" {word} "
    for word in [
        "named",
        "names",
        "appointed",
        "appoints",
        "made",
        "makes",
        "elected",
        "elects",
        "promoted",
        "promotes",
        "hired",
        "hires",
        "chosen",
        "chose",
        "picked",
        "picks",
        "tapped",
        "selected",
        "installed",
        "designated",
        "asked",
        "asks",
        "recruited",
    ]
)
_JOINS = ("joined ", "joining ", "at ", "At ")
_PRODUCT_AFTER = Pattern(
    r" (?:model|app|phone|chip|car|sedan|device|software|platform|system|series|watch|laptop|tablet|console|drug|vaccine|processor|engine)s?\b"
)
_PRODUCT_WORDS = tuple(
    f"{word} "
    for word in ("model", "app", "chip", "released", "launched", "unveiled", "open-sourced", "the new")
)


def cast_of(charts: list[Chart], cast: Cast) -> None:
    """Decides what each name is, from its words and from what stands beside it anywhere in the document."""
    for chart in charts:
        if found := chart.all("name"):
            gates_ = _gates(chart)
            for at, node in found:
                _votes(chart, at, node, cast, gates_)
    seen = sorted(cast.votes, key=lambda name: (-len(name), name))
    companies = [name for name in seen if cast.kind(name) == "organization"]
    for name in sorted(companies, key=lambda name: (not SUFFIX.search(name), cast.spans[name][0])):
        _shorten(name, cast)
    for name in seen:
        if cast.kind(name) in ("person", "name") and " " in name and not _PRODUCT.search(name):
            _short_forms(name, cast)


def _short_forms(name: str, cast: Cast) -> None:
    """A person's family name (or given name) alone stands for the full name."""
    sure = cast.kind(name) == "person"
    for part in (name.split()[-1], name.split()[0], " ".join(name.split()[1:])):
        if (
            part not in cast.votes
            or part in cast.people
            or len(part) < 2
            or cast.kind(part) == "organization"
        ):
            continue
        if sure or cast.kind(part) == "person":
            cast.people[part] = name
            cast.vote(part, "person", 2)
            cast.vote(name, "person", 1)


def _shorten(name: str, cast: Cast) -> None:
    bare = SUFFIX.sub("", name)
    first = bare.split()[0]
    for short in (bare, " ".join(bare.split()[:2]), first, name.removeprefix("The ")):
        if (
            short != name
            and short in cast.votes
            and short not in cast.organizations
            and cast.kind(short) in ("name", "organization")
        ):
            longer = bool(bare.split()[len(short.split()) :])
            headed = longer and bare.split()[-1] in words("en", "org_heads")
            same = short == bare or headed or (longer and _introduced(short, name, cast))
            if same and not _is_part(short, name):
                cast.organizations[short] = name
            cast.vote(short, "organization", 2)


def _introduced(short: str, name: str, cast: Cast) -> bool:
    """Whether a text names an organization in full first, then by its first word, and has no other of that word."""
    surely = cast.votes[name].get("organization", 0) > 2 and cast.votes[short].get("person", 0) == 0
    if not surely or cast.spans[name][0] >= cast.spans[short][0]:
        return False
    return not any(other.startswith(short + " ") and other != name for other in cast.votes)


def _is_part(short: str, name: str) -> bool:
    """Whether the longer name is a part of the organization with the shorter one (Northlake, Northlake Cloud)."""
    rest = name[len(short) :].split()
    return bool(rest) and rest[-1] in (
        "Cloud",
        "Lab",
        "Labs",
        "Board",
        "Committee",
        "Department",
        "Division",
        "Unit",
        "Team",
        "Robotics",
        "Logistics",
        "Services",
        "Systems",
        "Airplanes",
        "Office",
        "Operations",
    )


def _looks_like_person(name: str) -> bool:
    parts = [part for part in name.split() if part not in PARTICLES]
    return (
        2 <= len(parts) <= 4
        and all(_NAME_PART.fullmatch(part) for part in parts)
        and not any(_ACRONYM.fullmatch(part) for part in parts)
    )


_NAME_PART = re.compile(r"[^\W\d_][\w’'-]*\.?(?:[A-Z]\.)*")


def _ends_in_word(before: str, words_: tuple[str, ...]) -> bool:
    """Whether a text ends in one of some words (with the space after it), each a whole word."""
    for word in words_:
        if before.endswith(word):
            return not _WORD_END.search(before, 0, len(before) - len(word))
    return False


_WORD_END = re.compile(r"\w\Z")


def _before(chart: Chart, at: int, headed: bool) -> list[tuple[str, int]]:
    """What the words before a name say of it."""
    before = chart.s[max(0, at - 40) : at]
    found = []
    if before.endswith(_HONORIFICS):
        found.append(("person", 6))
    elif before.endswith(_PERSON_WORDS) or _titled(before):
        found.append(("person", 0 if headed else 3))
    if before.endswith(_ORG_WORDS) or _ends_in_word(before, _JOINS):
        found.append(("organization", 2))
    elif _ends_in_word(before, ("the ", "The ")):
        found.append(("organization", 1))
    return found


def _titled(before: str) -> bool:
    """Whether a title stands just before, but not "of" another one's."""
    for end in (f"{_T} ", f"{_T}, "):
        if before.endswith(end):
            return not before.endswith("of " + end)
    return False


_KIND = re.compile(
    r"(?:\b(?:[Tt]he|[Ii]ts|[Aa]n?|[Tt]heir|[Oo]ur|[Nn]ew|[Ff]irst|of)|[’']s) (?:[a-z-]+ ){0,3}(?P<n>[a-z-]+)(?:, (?:the |called )?| (?:called |named )?)$"
)
_NOT_MADE = frozenset(
    [
        "chair",
        "printer",
        "seat",
        "fund",
        "policy",
        "account",
        "card",
        "bank",
        "line",
        "brand",
        "range",
        "series",
        "album",
        "film",
        "book",
        "service",
        "system",
        "program",
        "programme",
        "plane",
        "series",
        "ring",
        "hub",
        "version",
        "update",
        "suit",
        "train",
        "newspaper",
        "magazine",
        "reader",
        "test",
        "tool",
        "engine",
        "treatment",
        "film",
        "motor",
    ]
)
"""Nouns of products that firms' names stand beside as well."""


def _made(before: str) -> bool:
    """Whether a noun of things that are made and sold stands right before a name: "its home speaker, the"."""
    match = _KIND.search(before)
    return match is not None and match["n"] in words("en", "product_nouns") and match["n"] not in _NOT_MADE


_NOUN = re.compile(r" (?:[a-z-]+ )?(?P<n>[a-z-]+)\b")


def _makes(before: str, after: str) -> bool:
    """Whether a name stands between "its" and a noun of things that are made: "its ⟦name⟧ home speaker"."""
    if not before.endswith(("its ", "Its ", "new ", "their ")):
        return False
    match = _NOUN.match(after)
    return match is not None and match["n"] in words("en", "product_nouns") and match["n"] not in _NOT_MADE


def _after(chart: Chart, at: int, name: str, parts: list[str], gates_: _Gates) -> list[tuple[str, int]]:
    """What the words after a name say of it."""
    before, after = chart.s[max(0, at - 40) : at], chart.s[at + 1 : at + 80]
    found = []
    if gates_.person_after and _PERSON_AFTER.regex.match(after):
        found.append(("person", 3))
    if gates_.org_after and _ORG_AFTER.regex.match(after):
        found.append(("organization", 2))
    if _NAMED_TO.match(after) and before.endswith(_APPOINTS):
        found.append(("person", 3))
    elif after.startswith((_T, f" {_T}")):
        found.append(("organization", 1))
    if before.endswith(" ") and (_made(before) or _makes(before, after)):
        found.append(("product", 3))
    elif before.endswith(_PRODUCT_WORDS) or (gates_.product_after and _PRODUCT_AFTER.regex.match(after)):
        found.append(("product", 2))
    if (
        gates_.org_verb
        and _ORG_VERB.regex.match(after)
        and not _ends_in_word(before, ("of ", "in ", "from ", "near "))
    ):
        found.append(("organization", 2))
    if (
        gates_.person_verb
        and len(parts) in (2, 3)
        and not is_part(name)
        and _PERSON_VERB.regex.match(after)
        and _looks_like_person(name)
    ):
        found.append(("person", 1))
    return found


class _Gates(NamedTuple):
    """Which patterns of what stands after a name are worth trying on a sentence."""

    person_after: bool
    org_after: bool
    product_after: bool
    org_verb: bool
    person_verb: bool


def _gates(chart: Chart) -> _Gates:
    patterns = (_PERSON_AFTER, _ORG_AFTER, _PRODUCT_AFTER, _ORG_VERB, _PERSON_VERB)
    return _Gates(*(chart.may(pattern.gate) for pattern in patterns))


def _votes(chart: Chart, at: int, node: Node, cast: Cast, gates_: _Gates) -> None:
    """Notes what a name's own words and its neighbours say of it."""
    name = node.name
    cast.vote(name, "name", 0)
    if cast.known is not None and name not in cast.spans:
        cast.vote(name, "person", 4 * cast.known.has(name, "person"))
        cast.vote(name, "organization", 4 * cast.known.has(name, "organization"))
    cast.spans.setdefault(name, node.head)
    parts = name.split()
    headed, own = _own_words(name)
    for kind, weight in (
        own,
        *_before(chart, at, headed),
        *_after(chart, at, name, parts, gates_),
    ):
        cast.vote(name, kind, weight)


_ORG_VERB = Pattern(
    r" (?:(?:has|had|have|will|is|also|on \ue005|\ue005) ){0,3}(?:appoint(?:s|ed|ing)?|nam(?:es|ed|ing) (?!as\b|\ue004|chief)|hir(?:es|ed|ing)|launch(?:es|ed)"
    r"|unveil(?:s|ed)|acquir(?:es|ed)|recall(?:s|ed)|lay(?:s|ing)? off|laid off|plans to (?:cut|spin|split|merge|close|sell|list|fold)|cutting"
    r"|spinning|reported (?:an? |full|annual|quarterly|net|revenue|that revenue)|filed for|began trading|is folding|dissolved|disbanded|clos(?:e|es|ed|ing) (?:its|all|two|three|four)\b|shut(?:s|ting)? (?:down )?(?:its|all|two)\b|(?:fire|dismisse|sacke|ouste|suspende|demote)d its\b)"
)
_PERSON_VERB = Pattern(
    r" (?:has|had|was|is|will|said|resigned|retired|joined|became|wrote|told|notified|informed|retires|steps|stepped)\b"
)


@lru_cache(maxsize=1024)
def _own_words(name: str) -> tuple[bool, tuple[str, int]]:
    """Whether a name has a word of organizations in it, and what its own words say of it."""
    parts, heads = name.split(), words("en", "org_heads")
    headed = (
        any(part.rstrip(",") in heads for part in parts)
        or bool(SUFFIX.search(name))
        or (len(parts) > 1 and parts[-1].lower() in words("en", "unit_nouns"))
    )
    return headed, ("organization", 3) if headed else _make(name, parts)


def _make(name: str, parts: list[str]) -> tuple[str, int]:
    if _INITIAL.fullmatch(name):
        return ("person", 3)
    if _PRODUCT.search(name):
        return ("product", 2)
    if all(_ACRONYM.fullmatch(part) for part in parts):
        return ("organization", 2)
    return ("organization", 1) if len(parts) == 1 and _CAMEL.fullmatch(name) else ("name", 0)
