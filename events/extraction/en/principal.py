"""Which organization runs through an English text, and which names in it are only places or parts of organizations."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.en.names import SUFFIX, Cast
from events.extraction.lexicon import words
from events.extraction.model import Node

_IN = re.compile(r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Ff]rom|[Aa]round|[Tt]hroughout|[Aa]cross) (?:the )?$")
_SITE = re.compile(
    r"(?: [a-z-]+)? (?:base|plant|site|offices?|studios?|factory|factories|branch|branches|region|market|warehouse|mill|works|yard|depot|stores?|hotel"
    r"|terminal|port|airport|campus|hub|labs?|laboratory|headquarters|desk|centre|center|exchange|listing|suburb|district|area|court|police)\b"
)
_ACTS = re.compile(
    r"['’]s? (?:board|chief|shares|[\ue004])|,? (?:said|says|has|had|will|plans|announced|appointed|named|told|added|fined)\b"
)
_DATELINE = re.compile(r"(?:,? [\w. ]{0,20})?,?(?: \ue005)?(?: \([^()]{1,40}\))? ?(?:[-–—]|--) |, \ue005")
"""What stands behind the city that a report was sent from: "OSLO, 14 June - "."""
_LINES = 4
_FIRST = 2
"""Sentences at the start of a text whose organizations count more."""


@lru_cache(maxsize=1024)
def is_part(name: str) -> bool:
    """Whether a name is made of the words of functions and units only, as those of departments are: "Data Products"."""
    return all(word.lower() in _functions() for word in name.split())


@lru_cache(maxsize=1)
def _functions() -> frozenset[str]:
    heads = {word.lower() for word in words("en", "org_heads")}
    return (
        words("en", "title_words")
        | words("en", "unit_nouns")
        | heads & _OWN
        | {"and", "&", "of", "for", "the"}
    )


_OWN = frozenset(
    [
        "operations",
        "services",
        "service",
        "systems",
        "logistics",
        "research",
        "analytics",
        "finance",
        "management",
        "media",
        "mobile",
        "online",
        "retail",
        "engineering",
        "materials",
        "data",
        "digital",
        "transport",
        "office",
        "group",
        "team",
        "unit",
        "department",
        "division",
        "board",
        "committee",
        "rail",
        "marine",
        "health",
        "power",
        "water",
        "paper",
        "freight",
        "packaging",
        "hardware",
        "software",
        "machines",
        "tools",
        "components",
    ]
)
"""Heads of companies' names that alone are as often those of departments."""


_GEOGRAPHY = frozenset(
    [
        "Tower",
        "Towers",
        "House",
        "Street",
        "Road",
        "Avenue",
        "Lane",
        "Square",
        "Bridge",
        "Hall",
        "Creek",
        "Bay",
        "Island",
        "Islands",
        "Valley",
        "Lake",
        "Hill",
        "Hills",
        "Mountain",
        "Coast",
        "Beach",
        "Harbor",
        "Harbour",
        "Peninsula",
        "County",
        "Province",
        "Prefecture",
        "Borough",
        "District",
        "Village",
        "Town",
        "City",
        "Castle",
        "Gate",
        "Plaza",
    ]
)
"""Last words of names that are where something is."""


def places(charts: list[Chart], cast: Cast) -> frozenset[str]:
    """The names of a text that it uses for where something is, and never for who does something."""
    seen: dict[str, int] = {}
    where: dict[str, int] = {}
    for chart in charts:
        for at, node in chart.all("organization", "name", "unit"):
            inside = _IN.search(chart.s, max(0, at - 12), at)
            site = _SITE.match(chart.s, at + 1)
            acts = _ACTS.match(chart.s, at + 1)
            for each in node.each():
                if " " in each.name.strip() and SUFFIX.search(each.name):
                    continue
                seen[each.name] = seen.get(each.name, 0) + 1
                geographic = each.name.split()[-1] in _GEOGRAPHY
                opens = (
                    chart.number < _LINES and _DATELINE.match(chart.s, at + 1) and not chart.s[:at].strip()
                )
                if (
                    (opens and each.name.isupper())
                    or (geographic and "’" not in chart.s[at + 1 : at + 2])
                    or ((inside or site) and not acts)
                ):
                    where[each.name] = where.get(each.name, 0) + 1
    return frozenset(name for name, count in where.items() if count == seen[name])


_HEADING = re.compile(r"^(?:[A-Z]{2,} )+[A-Z]{2,}$|\b(?:MEMO|NOTICE|RELEASE|NEWS|DIGEST|MOVES)\b")


@lru_cache(maxsize=1024)
def is_heading(name: str) -> bool:
    """Whether a name in capitals is the heading of a text, not whose text it is."""
    return bool(_HEADING.search(name)) and not SUFFIX.search(f", {name.split()[-1]}")


_BYLINE = re.compile(r"\W*(?:By|BY|Reporting by|Edited by|Source:) ")


def byline(chart: Chart) -> bool:
    """Whether a sentence only says who wrote the text."""
    return bool(_BYLINE.match(chart.s)) and len(chart.s) < 60


_WHOSE = re.compile(r"\b(?:[Aa]t|[Oo]f|[Ff]or|[Bb]y|[Ff]rom: [^.;]{2,40},) (?:the )?$")


def perhaps(
    chart: Chart,
    at: int,
    node: Node,
    cast: Cast,
    where: frozenset[str],
    weights: dict[str, float],
    spans: dict[str, tuple[int, int]],
) -> None:
    """Counts a name of no known kind a little, where it stands as an employer does: "at", "of", "by" it."""
    if node.members or node.name in where or cast.kind(node.name) != "name" or is_heading(node.name):
        return
    if _WHOSE.search(chart.s, max(0, at - 40), at) and not is_part(node.name):
        weights[node.name] = weights.get(node.name, 0) + 0.3
        spans.setdefault(node.name, node.head)


def weight(chart: Chart, node: Node) -> float:
    """How much a mention says that the text is about an organization."""
    extra = 1.5 if chart.number < _FIRST else 0.0
    return 1.0 + extra + bool(SUFFIX.search(node.name))
