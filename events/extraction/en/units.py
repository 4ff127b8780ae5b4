"""English names of departments that are ordinary words: "Data Products and Support will be merged", "its Tools and Pumps divisions"."""

from __future__ import annotations

import re

from events.extraction.chart import Chart, Pattern
from events.extraction.en.principal import is_part
from events.extraction.lexicon import words
from events.extraction.model import Node

_WORD = r"(?:[A-Z][\w&’-]*|[\ue002\ue003\ue00a])"
_ITEM = rf"{_WORD}(?: (?:& )?{_WORD}){{0,4}}"
_NOUN = r"(?:division|department|team|unit|business|group|function|desk|office|arm|practice|studio|lab|laboratory|section|area)"
_DONE = (
    r"(?:merged?|merges|combined?|combine|folded|fold|integrated|absorbed|rolled|brought together|renamed|called|known as|rebranded|retitled|become part|becomes part|became part|become an?|become one|becomes|become|join forces"
    r"|moved?|moves|transferred|placed under|reports? to|reported to|answers? to|closed?|closes|shut|dissolved|disbanded|wound up|wound down|abolished|scrapped|broken up|split|spun off|hived off|separated|eliminated|handed|passe[sd]|pass|go to|goes to)\b"
)
_AUX = r"(?: (?:will|would|is|are|was|were|has|have|had|to|be|been|being|also|now|henceforth|then|both|soon|each|\ue005|(?:on|from|in|by) \ue005))*"
_SUBJECT = Pattern(
    rf"(?:^\W*|(?<=[;:,] )|(?<=that )|(?<=[\ue005] )|(?<=and )|(?<=while ))(?P<art>(?:[Tt]he|[Ii]ts|[Oo]ur|[Tt]heir) )?(?P<kind>(?:business )?(?:areas?|departments?|divisions?|units?|functions?|teams?) )?"
    rf"(?P<a>{_ITEM})(?:(?:, (?P<b>{_ITEM}))?,? and (?:the |its )?(?P<c>{_ITEM}))?(?P<tail> {_NOUN}s?\b)?"
    rf"(?P<of> (?:of|at|in) (?:the )?(?P<o>[\ue002\ue003]))?(?=(?:, (?:which|until|so far|with)[^,;]{{3,60}},)?{_AUX} {_DONE})"
)
_OBJECT = Pattern(
    r"\b(?:[Mm]erg|[Cc]ombin|[Ff]old|[Ii]ntegrat|[Bb]ring|[Bb]rought|[Cc]los|[Ss]hut|[Dd]issolv|[Dd]isband|[Aa]bolish|[Rr]enam|[Ss]plit|[Mm]ov|[Tt]ransfer|[Jj]oin|[Bb]r[oe]ak|[Ss]crap|[Ww]ound|[Ww]ind|[Ss]eparat|[Ss]p[iu]n|merger of|closure of|under which)[a-z]*"
    rf"(?: (?:up|down|off|out|together))? (?:its|the|their|our|his) (?:own |entire |whole )?(?P<a>{_ITEM})(?:(?:, (?:its |the )?(?P<b>{_ITEM}))?,? and (?:its |the )?(?P<c>{_ITEM}))?(?P<tail> {_NOUN}s?\b)?(?! (?:said|says))"
)


def find(chart: Chart) -> None:
    """Makes units of what only the verb and the capital letters show to be parts of an organization."""
    for pattern in (_OBJECT, _SUBJECT):
        found = []
        for match in pattern.finditer(chart):
            node = _unit(chart, match)
            if node is not None:
                found.append(
                    (
                        match.start("kind") if match.groupdict().get("kind") else match.start("a"),
                        _end(match),
                        node,
                    )
                )
        chart.replace(found)


def _end(match: re.Match[str]) -> int:
    group = match.groupdict()
    return (
        match.end("of")
        if group.get("of")
        else match.end("tail")
        if group["tail"]
        else match.end("c")
        if group["c"]
        else match.end("a")
    )


def _unit(chart: Chart, match: re.Match[str]) -> Node | None:
    group = match.groupdict()
    spots = [match.span(name) for name in "abc" if group[name]]
    if all(_named(chart, spot) for spot in spots) and not (group["tail"] or group.get("kind")):
        return None
    sure = bool(group["tail"] or group.get("kind")) or (
        len(spots) > 1 and any(is_part(chart.words(*spot)) for spot in spots)
    )
    if not all(_department(chart, spot, sure=sure) for spot in spots):
        return None
    tail = match.end("tail") if group["tail"] and len(spots) == 1 else 0
    units = []
    for start, end in spots:
        head = chart.span(start, tail or end)
        units.append(Node("unit", *head, name=chart.text[head[0] : head[1]], head=head))
    owner = chart.node(match, "o") if group.get("o") else None
    if owner is not None:
        for unit in units:
            unit.org, unit.org_span = owner.name, owner.head
    if len(units) == 1:
        return units[0]
    head = (units[0].head[0], units[-1].head[1])
    return Node("unit", *head, name=chart.text[head[0] : head[1]], head=head, members=units)


def _named(chart: Chart, spot: tuple[int, int]) -> bool:
    """Whether an item is one mention already, which needs no help."""
    node = chart.nodes[spot[0]]
    return spot[1] - spot[0] == 1 and node is not None and not is_part(node.name)


def _department(chart: Chart, spot: tuple[int, int], *, sure: bool) -> bool:
    """Whether the words of an item may be a department's: no people, no pronoun, no company of many members."""
    for place in range(*spot):
        node = chart.nodes[place]
        if node is not None and (node.type == "person" or node.members):
            return False
    name = chart.words(*spot)
    first = name.split()[0]
    if name.lower() in _PEOPLE or (
        first in words("en", "not_names")
        and first.lower() not in words("en", "title_words")
        and " " not in name
    ):
        return False
    if first in _OPENERS:
        return False
    return sure or is_part(name) or " " in name


_PEOPLE = frozenset(
    [
        "staff",
        "workers",
        "employees",
        "shareholders",
        "customers",
        "jobs",
        "posts",
        "people",
        "sales",
        "shares",
        "trading",
        "production",
        "prices",
        "talks",
        "plans",
        "operations",
    ]
)
_OPENERS = frozenset(
    [
        "The",
        "A",
        "An",
        "It",
        "They",
        "He",
        "She",
        "We",
        "I",
        "This",
        "That",
        "These",
        "Those",
        "There",
        "On",
        "In",
        "At",
        "By",
        "From",
        "After",
        "Before",
        "As",
        "For",
        "With",
        "If",
        "When",
        "While",
        "Both",
        "All",
        "Some",
        "Most",
        "Its",
        "Their",
        "His",
        "Her",
        "Our",
        "My",
        "Two",
        "Three",
        "Four",
        "Five",
        "Six",
        "New",
        "Mr",
        "Ms",
        "Mrs",
        "Dr",
        "Shares",
    ]
)
