"""English names: runs of capitalized words, told apart into people, organizations and products by the company they keep."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from events.extraction.chart import Chart
from events.extraction.en.inflection import past_forms
from events.extraction.en.verbs import nouns
from events.extraction.known import KnownNames
from events.extraction.lexicon import alternatives, words
from events.extraction.model import Node

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĖĘĚĜĞĢĤĪİĶŁŃŅŇŌŐŘŚŜŞŠŤŪŮŰŲŴŶŹŻŽ"
_TOKEN = re.compile(
    rf"[{_UPPER}]\.(?:[{_UPPER}]\.)*(?=[ ,]|$)|[{_UPPER}][\w]*(?:['’](?!s\b)\w+|[-‑]\w+|\.\d\w*|&[{_UPPER}]\w*|/[{_UPPER}]\w*)*"
    rf"|[a-z]+[{_UPPER}][\w.-]*\w|\d[\w.-]*\w|\d|[a-zà-ÿ]+|&"
)
_QUOTED = rf"[“\"](?P<q>[{_UPPER}][\w-]*(?: (?:and|of|for|&|[{_UPPER}][\w-]*)){{0,7}} (?:Team|Group|Unit|Department|Division|Office|Lab|Committee|Program|Project))[”\"]"
PARTICLES = frozenset(
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
SUFFIX = re.compile(
    r",? (?:Inc|Ltd|LTD|LLC|LLP|L\.P|Corp|Co|PLC|plc|N\.V|S\.A|AG|SE|ASA|AB|Oyj|Oy|A/S|S\.p\.A|SpA|B\.V|BV|NV|KK|Bhd|Berhad|Pte|Pty|FZE|GmbH|Limited|Incorporated)\b\.?(?:,? Ltd\b\.?)?"
)
_DEGREE = re.compile(
    r"(?:,? (?:Ph\.? ?D\.?|M\.D\.|J\.D\.|D\.Phil\.|Esq\.|C\.?P\.?A\.?|CFA|MBA|LL\.[MB]\.|R\.N\.|P\.E\.|PH\.D\.|M\.B\.A\.)(?=[ ,.;)]|$))+"
)
"""What a name's bearer has studied: part of the mention, not of the name."""
_GENERATION = re.compile(r",? (?:Jr|Sr)\.|,? (?:II|III|IV)\b")
_TAKES_OF = frozenset(
    [
        "Authority",
        "Regulator",
        "Guild",
        "Institution",
        "Inspectorate",
        "Directorate",
        "League",
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
_GRADE = re.compile(r"[A-Z]\d{1,2}[A-Za-z]?")
_GRADE_BEFORE = re.compile(r"\b(?:from|to|[Gg]rade|[Ll]evel|[Bb]and) $")
_VERSION = re.compile(r"\d[\w.-]*")
_MIXED = re.compile(r"[a-z]+[A-Z]")


_LONGEST_STRETCH = 200
Token = tuple[int, int, str]
"""A word: its positions [start, end) in the sentence, and itself."""


_SMALL = re.compile(r"\b[a-z]+\b")


@dataclass
class Cast:
    """The names of one document: what each is, and the full form of its short ones."""

    people: dict[str, str] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    votes: dict[str, dict[str, int]] = field(default_factory=dict)
    company: str = ""
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    known: KnownNames | None = None
    text: str = ""

    @cached_property
    def lower(self) -> frozenset[str]:
        """The words that the text has in small letters somewhere."""
        return frozenset(_SMALL.findall(self.text))

    def vote(self, name: str, kind: str, weight: int = 1) -> None:
        """Notes a sign that a name is a person's, an organization's or a product's."""
        votes = self.votes.get(name)
        if votes is None:
            self.votes[name] = {kind: weight}
        else:
            votes[kind] = votes.get(kind, 0) + weight

    def kind(self, name: str) -> str:
        """What a name is, by the signs noted: person, organization, product, or "name" where nothing tells."""
        votes = self.votes.get(name)
        if not votes:
            return "name"
        best, most = "name", 0
        for kind, weight in votes.items():
            if weight > most or (weight == most and kind < best and weight > 0):
                best, most = kind, weight
        return best

    def full(self, name: str, kind: str) -> str:
        """The full form of a name of the document, or the name itself."""
        return (self.people if kind == "person" else self.organizations).get(name, name)


def find(chart: Chart, cast: Cast) -> None:
    """Replaces names by mentions of type "name"; `value` is "weak" for a lone word that starts a sentence."""
    chart.rewrite(_QUOTED, lambda m: _quoted(chart, m))
    s = chart.s
    found: list[tuple[int, int, Node]] = []
    at = 0
    while match := _TOKEN.match(s, _skip(s, at)):
        if not _starts(match[0]):
            at = match.end()
            continue
        tokens = _stretch(s, match)
        last = _run(s, tokens, 0)
        at = tokens[last][1]
        first = 0
        while first <= last and _not_first(s, tokens[first]) and not _new_place(tokens, first):
            first += 1
        if first <= last and (node := _node(chart, tokens, first, last, cast)):
            found.append(node)
    chart.replace(found)


_SKIPPED = re.compile(rf"(?:[a-zà-ÿ]++(?![{_UPPER}])|[^a-zà-ÿ{_UPPER}\d&])*+")
"""Words in small letters and what no name has: a run of them is passed over at once."""


def _skip(s: str, at: int) -> int:
    match = _SKIPPED.match(s, at)
    return match.end() if match else at


_INSIDE = PARTICLES | {"and", "of", "for", "&"}


def _stretch(s: str, match: re.Match[str]) -> list[Token]:
    """The tokens from a capitalized word on, one space between them, up to a word that no name goes on after."""
    tokens: list[Token] = [(match.start(), match.end(), match[0])]
    while len(tokens) < _LONGEST_STRETCH:
        end = tokens[-1][1]
        following = _TOKEN.match(s, end + 1) if s.startswith(" ", end) else None
        if following is None:
            break
        word = following[0]
        tokens.append((following.start(), following.end(), word))
        if not (_starts(word) or word in _INSIDE or word[0].isdigit()):
            break
    return tokens


_EXCHANGES = frozenset(["nasdaq", "nyse", "euronext"])
"""Names that the lexicon of verbs asks for as words."""
_BODIES = frozenset(
    [
        "Union",
        "Commission",
        "Council",
        "Parliament",
        "Central",
        "Court",
        "Banking",
        "Securities",
        "Medicines",
        "Investment",
        "Federal",
    ]
)
"""What makes one name with the adjective of a nation before it."""
_NEW = frozenset(
    ["York", "Jersey", "Zealand", "Delhi", "Orleans", "Hampshire", "Mexico", "England", "Caledonia"]
)


def _new_place(tokens: list[Token], at: int) -> bool:
    """Whether "New" begins a place in a longer name: "New York Stock Exchange"."""
    if tokens[at][2] in (
        "European",
        "American",
        "African",
        "Asian",
        "Indian",
        "Swiss",
        "Dutch",
        "German",
        "Nordic",
    ):
        return len(tokens) > at + 1 and tokens[at + 1][2] in _BODIES
    return (
        tokens[at][2] == "New"
        and len(tokens) > at + 2
        and tokens[at + 1][2] in _NEW
        and _starts(tokens[at + 2][2])
    )


def _not_first(s: str, token: Token) -> bool:
    """Whether a word cannot begin a name where it stands: function words never, nouns such as "Data" not in first place."""
    if not _starts(token[2]):
        return True
    if (
        "-turned-" in token[2]
        or token[2].partition("-")[0]
        in ("Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
        or token[2].endswith(
            (
                "-like",
                "-style",
                "-owned",
                "-backed",
                "-listed",
                "-based",
                "-quarter",
                "-half",
                "-year",
                "-month",
            )
        )
    ):
        return True
    if token[2].lower() in past_forms() and _OPENED.search(s[max(0, token[0] - 6) : token[0]]):
        return True
    if token[2] not in words("en", "not_names"):
        return False
    if token[2] in ("Board", "Directors", "Company", "Committee", "Registrant", "Corporation"):
        return True
    return token[2].lower() not in words("en", "title_words") or not s[: token[0]].strip(" “\"'‘(")


_OPENED = re.compile(r"(?:^|[-–—:.)•*] )[“\"'‘(]?$")


def _quoted(chart: Chart, match: re.Match[str]) -> Node:
    head = chart.span(match.start("q"), match.end("q"))
    span = chart.span(match.start(), match.end())
    return Node("name", *span, name=chart.text[head[0] : head[1]], head=head)


def _starts(token: str) -> bool:
    return token[0].isupper() or bool(_MIXED.match(token))


def _run(s: str, tokens: list[Token], index: int) -> int:
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


def _joins(s: str, tokens: list[Token], index: int, at: int) -> bool:
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
    return word in PARTICLES or word == "&"


def _and_inside(s: str, tokens: list[Token], index: int, at: int) -> bool:
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
    chart: Chart, tokens: list[Token], first: int, last: int, cast: Cast
) -> tuple[int, int, Node] | None:
    start, end = tokens[first][0], tokens[last][1]
    if (
        tokens[last][2] in ("Inc", "Corp", "Co", "Cos", "Ltd", "Bros", "Jr", "Sr")
        and chart.s[end : end + 1] == "."
    ):
        end += 1
    for extra in (SUFFIX, _GENERATION):
        if match := extra.match(chart.s, end):
            end = match.end()
    name = chart.s[start:end]
    degree = _DEGREE.match(chart.s, end)
    alone = first == last
    initial = alone and _is_initial(chart.s[:start])
    low = name.lower()
    if (
        initial
        and low not in _EXCHANGES
        and (low in cast.lower or low in words("en", "title_words") or low in nouns())
    ):
        return None
    if alone and _GRADE.fullmatch(name) and _GRADE_BEFORE.search(chart.s, max(0, start - 8), start):
        return None
    if name.endswith((" List", "-based")) or name in ("Company", "List"):
        return None
    if name in words("en", "places") or (alone and name.lower() in words("en", "title_heads")):
        return None
    head = chart.span(start, end)
    return (
        start,
        degree.end() if degree else end,
        Node("name", *head, name=name, head=head, value="weak" if initial else None),
    )


def _is_initial(before: str) -> bool:
    """Whether a word begins its sentence or what is said in it, by what stands before it."""
    return not before.strip(" “\"'‘(*•-–—0123456789.") or before.rstrip().endswith((":", "“", "—"))


def body_words() -> str:
    """The nouns of units and bodies, as alternatives."""
    return alternatives("en", "bodies")
