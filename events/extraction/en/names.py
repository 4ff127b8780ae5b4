"""English names: runs of capitalized words, told apart into people, organizations and products by the company they keep."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from events.extraction.chart import CODES, Chart
from events.extraction.known import KnownNames
from events.extraction.lexicon import alternatives, words
from events.extraction.model import Node

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĖĘĚĜĞĢĤĪİĶŁŃŅŇŌŐŘŚŜŞŠŤŪŮŰŲŴŶŹŻŽ"
_TOKEN = re.compile(
    rf"[{_UPPER}]\.(?:[{_UPPER}]\.)*(?=[ ,]|$)|[{_UPPER}][\w]*(?:['’](?!s\b)\w+|[-‑]\w+|\.\d\w*|&[{_UPPER}]\w*|/[{_UPPER}]\w*)*"
    rf"|[a-z]+[{_UPPER}][\w.-]*\w|\d[\w.-]*\w|\d|[a-zà-ÿ]+|&"
)
_QUOTED = rf"[“\"](?P<q>[{_UPPER}][\w-]*(?: (?:and|of|for|&|[{_UPPER}][\w-]*)){{0,7}} (?:Team|Group|Unit|Department|Division|Office|Lab|Committee|Program|Project))[”\"]"
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "la",
        "le",
        "bin",
        "al",
        "el",
        "ten",
        "ter",
        "y",
        "e",
        "du",
        "dos",
    ]
)
_SUFFIX = re.compile(
    r",? (?:Inc|Ltd|LLC|LLP|L\.P|Corp|Co|PLC|plc|N\.V|S\.A|AG|SE|GmbH|Limited|Incorporated)\b\.?(?:,? Ltd\b\.?)?"
)
_GENERATION = re.compile(r",? (?:Jr|Sr)\.|,? (?:II|III|IV)\b")
_TAKES_OF = frozenset(
    [
        "Bank",
        "University",
        "Department",
        "Board",
        "Ministry",
        "Office",
        "Bureau",
        "College",
        "Institute",
        "Academy",
        "Court",
        "Commission",
        "Council",
        "Museum",
        "Church",
        "School",
        "Secretary",
        "Division",
        "Society",
        "Association",
        "Centre",
        "Center",
        "Faculty",
        "Directors",
        "Committee",
        "Agency",
        "Chamber",
        "Federation",
    ]
)
_VERSION = re.compile(r"\d[\w.-]*")
_MIXED = re.compile(r"[a-z]+[A-Z]")
_PRODUCT = re.compile(r"\d|^[a-z]+[A-Z]")
_CAMEL = re.compile(r"[A-Z][a-z]+[A-Z]\w*")
_ACRONYM = re.compile(r"[A-Z]{2,}s?$")


@dataclass
class Cast:
    """The names of one document: what each is, and the full form of its short ones."""

    people: dict[str, str] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    votes: dict[str, Counter[str]] = field(default_factory=dict)
    company: str = ""
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    known: KnownNames | None = None
    lower: frozenset[str] = frozenset()

    def vote(self, name: str, kind: str, weight: int = 1) -> None:
        """Notes a sign that a name is a person's, an organization's or a product's."""
        self.votes.setdefault(name, Counter())[kind] += weight

    def kind(self, name: str) -> str:
        """What a name is, by the signs noted: person, organization, product, or "name" where nothing tells."""
        votes = self.votes.get(name)
        if not votes:
            return "name"
        best, weight = max(sorted(votes.items()), key=lambda item: item[1])
        return best if weight > 0 else "name"

    def full(self, name: str, kind: str) -> str:
        """The full form of a name of the document, or the name itself."""
        return (self.people if kind == "person" else self.organizations).get(name, name)


def find(chart: Chart, cast: Cast) -> None:
    """Replaces names by mentions of type "name"; `value` is "weak" for a lone word that starts a sentence."""
    chart.rewrite(_QUOTED, lambda m: _quoted(chart, m))
    tokens = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(chart.s)]
    found: list[tuple[int, int, Node]] = []
    index = 0
    while index < len(tokens):
        last = _run(chart.s, tokens, index) if _starts(tokens[index][2]) else -1
        if last < 0:
            index += 1
            continue
        first = index
        while first <= last and _not_first(chart.s, tokens[first]):
            first += 1
        index = last + 1
        if first > last:
            continue
        node = _node(chart, tokens, first, last, cast)
        if node:
            found.append(node)
    chart.replace(found)


def _not_first(s: str, token: tuple[int, int, str]) -> bool:
    """Whether a word cannot begin a name where it stands: function words never, nouns such as "Data" not in first place."""
    if not _starts(token[2]):
        return True
    if "-turned-" in token[2] or token[2].endswith(
        ("-like", "-style", "-owned", "-backed", "-listed", "-based", "-quarter", "-half", "-year", "-month")
    ):
        return True
    if token[2] not in words("en", "not_names"):
        return False
    if token[2] in ("Board", "Directors", "Company", "Committee", "Registrant", "Corporation"):
        return True
    return token[2].lower() not in words("en", "title_words") or not s[: token[0]].strip(" “\"'‘(")


def _quoted(chart: Chart, match: re.Match[str]) -> Node:
    head = chart.span(match.start("q"), match.end("q"))
    span = chart.span(match.start(), match.end())
    return Node("name", *span, name=chart.text[head[0] : head[1]], head=head)


def _starts(token: str) -> bool:
    return token[0].isupper() or bool(_MIXED.match(token))


def _run(s: str, tokens: list[tuple[int, int, str]], index: int) -> int:
    """The last token of the name that starts at `index`."""
    last = at = index
    while at + 1 < len(tokens) and s[tokens[at][1] : tokens[at + 1][0]] == " " and at - index < 12:
        at += 1
        word = tokens[at][2]
        if word in ("Mr", "Ms", "Mrs", "Dr"):
            break
        if _starts(word) or (_VERSION.fullmatch(word) and not (len(word) == 4 and word.isdigit())):
            last = at
        elif not _joins(s, tokens, index, at):
            break
    return last


def _joins(s: str, tokens: list[tuple[int, int, str]], index: int, at: int) -> bool:
    """Whether a small word goes on inside a name: "van", "&", the "and" and "of" of offices and bodies."""
    word, before = tokens[at][2], tokens[at - 1][2]
    joined = at + 1 < len(tokens) and s[tokens[at][1] : tokens[at + 1][0]] == " "
    following = tokens[at + 1][2] if joined else ""
    if not following or not _starts(following):
        return False
    if word == "and":
        return _and_inside(s, tokens, index, at)
    if word in ("of", "for"):
        if before in ("Directors", "Committee", "Board"):
            return following == "Directors"
        return before in _TAKES_OF
    return word in _PARTICLES or word == "&"


def _and_inside(s: str, tokens: list[tuple[int, int, str]], index: int, at: int) -> bool:
    """Whether "and" belongs to one name: "Securities and Exchange Commission", not "Moore and Park Group"."""
    heads = words("en", "org_heads")
    right = at + 1
    while (
        right + 1 < len(tokens)
        and s[tokens[right][1] : tokens[right + 1][0]] == " "
        and tokens[right + 1][2][:1].isupper()
    ):
        right += 1
    while index < at and tokens[index][2] in words("en", "not_names"):
        index += 1
    if tokens[index][2] in ("U.S.", "US", "UK", "U.K."):
        index += 1
    return (
        at - index == 1
        and right > at + 1
        and tokens[right][2] in heads
        and (tokens[index][2] not in heads or tokens[index][2] == "Securities")
    )


def _node(
    chart: Chart, tokens: list[tuple[int, int, str]], first: int, last: int, cast: Cast
) -> tuple[int, int, Node] | None:
    start, end = tokens[first][0], tokens[last][1]
    if (
        tokens[last][2] in ("Inc", "Corp", "Co", "Cos", "Ltd", "Bros", "Jr", "Sr")
        and chart.s[end : end + 1] == "."
    ):
        end += 1
    for extra in (_SUFFIX, _GENERATION):
        if match := extra.match(chart.s, end):
            end = match.end()
    name = chart.s[start:end]
    alone = first == last
    initial = not chart.s[:start].strip(" “\"'‘(*•-–—0123456789.") or chart.s[:start].rstrip().endswith(
        (":", "“", "—")
    )
    if alone and initial and (name.lower() in cast.lower or name.lower() in words("en", "title_words")):
        return None
    if name.endswith((" List", "-based")) or name in ("Company", "List"):
        return None
    if name in words("en", "places") or (alone and name.lower() in words("en", "title_heads")):
        return None
    head = chart.span(start, end)
    return (
        start,
        end,
        Node("name", *head, name=name, head=head, value="weak" if alone and initial else None),
    )


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
    bare = _SUFFIX.sub("", name)
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
    parts = [part for part in name.split() if part not in _PARTICLES]
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
    headed = any(part.rstrip(",") in words("en", "org_heads") for part in parts) or bool(_SUFFIX.search(name))
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


def body_words() -> str:
    """The nouns of units and bodies, as alternatives."""
    return alternatives("en", "bodies")
