"""What each English name of a document is, from its own words and from what stands beside it anywhere."""

from __future__ import annotations

import re

from events.extraction.chart import CODES, Chart
from events.extraction.en.names import PARTICLES, SUFFIX, Cast
from events.extraction.lexicon import words
from events.extraction.model import Node

_PRODUCT = re.compile(r"\d|^[a-z]+[A-Z]")
_CAMEL = re.compile(r"[A-Z][a-z]+[A-Z]\w*")
_ACRONYM = re.compile(r"[A-Z]{2,}s?$")
_HONORIFIC = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame)\.? "
_SPEAKS = r"(?:,? (?:who|whose|age[sd]? \d|\d\d,))"
_PERSON_AFTER = re.compile(
    rf"{_SPEAKS}|, (?:(?:the|its|our|a|an|so far|formerly|currently) )?(?:former |current |new |longtime |veteran )?{CODES['title']}(?! {CODES['name']})|, (?:his|her) "
)
_PERSON_BEFORE = re.compile(
    rf"{_HONORIFIC}$|(?<!of ){CODES['title']},? $|(?:spokesman|spokeswoman|spokesperson|analyst|colleague|deputy),? $"
)
_ORG_AFTER = re.compile(
    rf"['’]s? (?:(?:former|current|interim|new|own|board|parent|chief|outgoing|incoming) )*(?:{CODES['title']}|board|shares|stock|annual|revenue|sales|parent|employees|staff|headquarters|{CODES['name']})"
    rf"| (?:\(the [“\"]|\([“\"])|, (?:a|an|the) (?:[\w’'.-]+ ){{0,6}}(?:company|corporation|firm|maker|group|chain|unit|subsidiary|division|startup|bank|retailer|producer|manufacturer|supplier|provider|developer|foundry)\b(?!['’])"
)
_ORG_BEFORE = re.compile(
    rf"{CODES['title']} (?:of|at|for|with) (?:the )?$|(?:company|firm|maker|group|chain|unit|startup|subsidiary|operator|retailer|regulator|employer|rival|(?:[Cc]ar|[Aa]uto|[Dd]rug|[Cc]hip|[Pp]lane|[Ss]hoe|[Tt]oy)maker|airline|brewer|insurer|lender|[Bb]ank|builder|miner|supplier|[Ss]upplier|distributor|broker|haulier|publisher|developer|exchange|startup|start-up|giant) $|\b(?:joined|joining|[Aa]t) $"
)
_PRODUCT_AFTER = re.compile(
    r" (?:model|app|phone|chip|car|sedan|device|software|platform|system|series|watch|laptop|tablet|console|drug|vaccine|processor|engine)s?\b"
)
_PRODUCT_BEFORE = re.compile(r"(?:model|app|chip|released|launched|unveiled|open-sourced|the new) $")


def cast_of(charts: list[Chart], cast: Cast) -> None:
    """Decides what each name is, from its words and from what stands beside it anywhere in the document."""
    for chart in charts:
        for at, node in chart.all("name"):
            _votes(chart, at, node, cast)
    seen = sorted(cast.votes, key=lambda name: (-len(name), name))
    for name in seen:
        if cast.kind(name) == "organization":
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
            same = short == bare or (
                bare.split()[len(short.split()) :][-1:] and bare.split()[-1] in words("en", "org_heads")
            )
            if same and not _is_part(short, name):
                cast.organizations[short] = name
            cast.vote(short, "organization", 2)


def _is_part(short: str, name: str) -> bool:
    """Whether the longer name is a part of the organization with the shorter one (Huawei, Huawei Cloud)."""
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
        and all(re.fullmatch(r"[^\W\d_][\w’'-]*\.?(?:[A-Z]\.)*", part) for part in parts)
        and not any(_ACRONYM.fullmatch(part) for part in parts)
    )


def _votes(chart: Chart, at: int, node: Node, cast: Cast) -> None:
    """Notes what a name's own words and its neighbours say of it."""
    name, before, after = node.name, chart.s[max(0, at - 40) : at], chart.s[at + 1 : at + 80]
    parts = name.split()
    cast.vote(name, "name", 0)
    if cast.known is not None and name not in cast.spans:
        cast.vote(name, "person", 4 * cast.known.has(name, "person"))
        cast.vote(name, "organization", 4 * cast.known.has(name, "organization"))
    cast.spans.setdefault(name, node.head)
    headed = any(part.rstrip(",") in words("en", "org_heads") for part in parts) or bool(SUFFIX.search(name))
    kind, weight = _own_words(name, parts, headed)
    cast.vote(name, kind, weight)
    if re.search(rf"{_HONORIFIC}$", before):
        cast.vote(name, "person", 6)
    elif _PERSON_BEFORE.search(before):
        cast.vote(name, "person", 0 if headed else 3)
    if _ORG_BEFORE.search(before):
        cast.vote(name, "organization", 2)
    elif re.search(r"\b[Tt]he $", before):
        cast.vote(name, "organization", 1)
    signs = (
        ("person", 3, _PERSON_AFTER.match(after)),
        ("organization", 2, _ORG_AFTER.match(after)),
        ("organization", 1, re.match(rf" ?{CODES['title']}", after)),
        ("product", 2, _PRODUCT_AFTER.match(after) or _PRODUCT_BEFORE.search(before)),
        ("organization", 2, _ORG_VERB.match(after) and not re.search(r"\b(?:of|in|from|near) $", before)),
        ("person", 1, len(parts) in (2, 3) and _looks_like_person(name) and _PERSON_VERB.match(after)),
    )
    for kind, weight, found in signs:
        if found:
            cast.vote(name, kind, weight)


_ORG_VERB = re.compile(
    r" (?:(?:has|had|have|will|is|also|on \ue005|\ue005) ){0,3}(?:appoint(?:s|ed|ing)?|nam(?:es|ed|ing) (?!as\b|\ue004|chief)|hir(?:es|ed|ing)|launch(?:es|ed)"
    r"|unveil(?:s|ed)|acquir(?:es|ed)|recall(?:s|ed)|lay(?:s|ing)? off|laid off|plans to (?:cut|spin|split|merge|close|sell|list|fold)|cutting"
    r"|spinning|reported (?:an? |full|annual|quarterly|net|revenue|that revenue)|filed for|began trading|is folding|dissolved|disbanded|clos(?:e|es|ed|ing) (?:its|all|two|three|four)\b|shut(?:s|ting)? (?:down )?(?:its|all|two)\b|(?:fire|dismisse|sacke|ouste|suspende|demote)d its\b)"
)
_PERSON_VERB = re.compile(
    r" (?:has|had|was|is|will|said|resigned|retired|joined|became|wrote|told|notified|informed|retires|steps|stepped)\b"
)


def _own_words(name: str, parts: list[str], headed: bool) -> tuple[str, int]:
    if headed:
        return ("organization", 3)
    if _PRODUCT.search(name):
        return ("product", 2)
    if all(_ACRONYM.fullmatch(part) for part in parts):
        return ("organization", 2)
    return ("organization", 1) if len(parts) == 1 and _CAMEL.fullmatch(name) else ("name", 0)
