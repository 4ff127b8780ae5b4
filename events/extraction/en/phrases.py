"""English noun phrases: appositions, possessives, parentheses and coordination folded into one mention each."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import CODES, Cascade, Chart
from events.extraction.en import posts, units
from events.extraction.en.names import Cast, body_words
from events.extraction.en.posts import plausible
from events.extraction.lexicon import words
from events.extraction.model import Node

_DEFINES = re.compile(r"[“\"‘']([^”\"’']{2,60})[”\"’']")
_QUALIFIERS = r"(?:(?:the|its|our|The|Its|His|Her|his|her|a|an|then|as|currently|long-time|longtime|veteran|new|outgoing|incoming|current|acting|interim|so far|until now|formerly|previously) ){0,3}"
_FORMER = r"(?P<former>(?:former|ex-|onetime|previously|formerly|so far|retired) ?)?"
_PARTS = (
    r"team|unit|division|department|lab|office|plant|factory|arm|operation|operations|branch|depot|desk|studio|mill|site"
    r"|warehouse|brewery|bakery|refinery|smelter|foundry|shipyard|dairy|works|laboratory|subsidiary|line"
)
_ORG_TAIL = frozenset({"Company", "Board", "Registrant"})


def fold(chart: Chart, cast: Cast) -> None:
    """Folds a sentence's phrases, innermost first."""
    _definitions(chart, cast)
    posts.find(chart)
    units.find(chart)
    _folds().apply(chart)


def _grown(chart: Chart, match: re.Match[str], group: str, kind: str | None) -> Node | None:
    node = chart.node(match, group)
    if node is not None and kind:
        node.type = kind
    return node


def _grown_person(chart: Chart, match: re.Match[str]) -> Node | None:
    return _grown(chart, match, "p", "person")


def _same(chart: Chart, match: re.Match[str]) -> Node | None:
    return _grown(chart, match, "p", None)


def _definitions(chart: Chart, cast: Cast) -> None:
    """Takes up "X Corporation (“X” or the “Company”)": short names, and who "the Company" is."""

    def build(match: re.Match[str]) -> Node | None:
        node = chart.node(match, "o")
        if node is None:
            return None
        inner = chart.words(match.start("inner"), match.end("inner"))
        names = [name.strip(" .,") for name in _DEFINES.findall(inner)]
        kind = cast.kind(node.name)
        for name in names:
            bare = name.removeprefix("the ").removeprefix("The ")
            if bare == "Parent" and cast.company:
                continue
            if bare in ("Company", "Registrant", "Corporation", "Bank", "Issuer", "Firm", "Parent"):
                cast.company = node.name
                cast.vote(node.name, "organization", 5)
                node.type = "organization"
            elif bare[:1].isupper() and bare != "Board" and kind != "person":
                cast.organizations[bare] = node.name
                cast.vote(bare, "organization", 4)
        return node

    chart.rewrite(r"{A:o}(?:, (?:a|an) [^,()]{3,60})? \((?P<inner>[^()]{1,160})\)", build)
    chart.rewrite(r"{T:o} \((?:the )?[“\"][^()]{1,40}[”\"]\)", lambda m: chart.node(m, "o"))


def _body(chart: Chart, match: re.Match[str]) -> Node | None:
    owner = chart.node(match, "o")
    if owner is None or owner.type == "person":
        return None
    inner = chart.node(match, "b") if match["b"] else None
    if inner is not None:
        last = inner.name.split()[-1]
        if last.lower() not in words("en", "bodies") | {"ark lab"} and last not in (
            "Commission",
            "Ministry",
            "Lab",
        ):
            return None
    name = chart.words(match.start(), match.end())
    span = chart.span(match.start(), match.end())
    return Node("unit", *span, name=name, head=span, org=owner.name, org_span=owner.head)


_PARTS_OF = frozenset(
    [
        "Directors",
        "Committee",
        "Board",
        "Lab",
        "Laboratory",
        "Division",
        "Unit",
        "Team",
        "Department",
        "Centre",
        "Center",
        "Desk",
    ]
)


def _board_of(chart: Chart, match: re.Match[str]) -> Node | None:
    board, owner = chart.node(match, "b"), chart.node(match, "o")
    if board is None or owner is None or owner.type == "person" or board.name.split()[-1] not in _PARTS_OF:
        return None
    board.type, board.org, board.org_span = "unit", owner.name, owner.head
    return board


_HAS_VERB = re.compile(
    r"\b(?:become|becomes|became|is|are|was|were|will|has|have|had|to|into|with|merge|join|move)\b"
)


def _unit(chart: Chart, match: re.Match[str]) -> Node | None:
    if _HAS_VERB.search(match["noun"]):
        return None
    named = [group for group in ("u", "v") if match.groupdict().get(group)]
    start = match.start(named[0]) if named else match.start("noun")
    head = chart.span(start, match.end())
    return Node("unit", *head, name=chart.text[head[0] : head[1]], head=head)


def _bracketed(chart: Chart, match: re.Match[str]) -> Node | None:
    """ "Deputy General Manager (Stores)": what stands in the brackets belongs to the title."""
    title = chart.node(match, "t")
    if title is None:
        return None
    left, right = title.head[0], chart.span(match.start(), match.end())[1]
    title.head, title.name = (left, right), chart.text[left:right]
    return title


def _belongs(chart: Chart, match: re.Match[str]) -> Node | None:
    """ "Harbour TV's Ada Quill": whose somebody is."""
    owner, person = chart.node(match, "o"), chart.node(match, "p")
    if owner is None or person is None or owner.type == "person" or owner.members or person.members:
        return None
    if not person.org:
        person.org, person.org_span = owner.name, owner.head
    return person


def _joined_titles(chart: Chart, match: re.Match[str]) -> Node | None:
    parts = [node for group in "abcdef" if match[group] and (node := chart.node(match, group))]
    start, end = parts[0].head[0], parts[-1].head[1]
    return Node(
        "title",
        start,
        end,
        name=chart.text[start:end],
        head=(start, end),
        interim=any(p.interim for p in parts),
    )


def _titled(chart: Chart, match: re.Match[str]) -> Node | None:
    title, org = chart.node(match, "t"), chart.node(match, "o")
    if title is None or org is None or org.type == "person" or org.name in _ORG_TAIL or title.org:
        return None
    title.org, title.org_span = org.name, org.head
    title.former = title.former or bool(match.groupdict().get("former"))
    if re.search(r"\b(?:interim|acting)\b", match[0]):
        title.interim = True
    return title


def _person(chart: Chart, match: re.Match[str]) -> Node | None:
    person = chart.node(match, "p") if match["p"] else chart.node(match, "q")
    title = chart.node(match, "t")
    if person is None or title is None or (person.type == "name" and not plausible(person.name)):
        return None
    person.type = "person"
    group = match.groupdict()
    person.former = bool(group.get("former") or group.get("former2")) or title.former
    if not person.title:
        extra = chart.node(match, "extra") if group.get("extra") else None
        if extra is not None:
            title.head = (title.head[0], extra.end)
            title.name = chart.text[title.head[0] : title.head[1]]
        person.title, person.title_span = title.name, title.head
        person.org, person.org_span = title.org, title.org_span
    return person


_GROUP = (
    r"\b(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ss]everal|[Dd]ozens of|[Hh]undreds of|\d{1,4})(?: (?:senior|other|more|top|former|junior|local|regional|responsible))*"
    r"(?: [a-z]+){0,2}? (?:employees|managers|executives|traders|officials|workers|directors|people|officers|bankers|engineers|staff|individuals)(?: (?:at|of|from) {O:o})?(?=(?: [a-z]+){0,3} (?:was|were|been|received|resigned))"
)


_ROLES = (
    r"\b(?:[Tt]he|[Bb]oth|[Tt]wo|[Tt]hree|[Tt]hese|[Tt]hose|[Tt]heir) (?:(?:[a-z-]+|{T}) ){0,3}"
    r"(?:traders|managers|executives|employees|directors|officers|bankers|brokers|engineers|designers|workers|officials|partners|auditors"
    r"|accountants|lawyers|researchers|analysts|salesmen|salespeople|buyers|clerks|colleagues|consultants|developers|supervisors|men|women|pair|trio)(?: (?:of|at|from) {O:o})?"
    r"(?:,|, named as|, identified as|:) {P:p}(?:,|(?= (?:was|were|have|had)))"
)


_PLURAL = (
    r"\b(?:[Tt]he|[Bb]oth|[Tt]wo|[Tt]hree|[Ff]our|[Tt]hese|[Tt]hose) (?:[a-z-]+ ){0,2}[a-z-]+s, {P:p},"
    r"(?= (?:was|were|have|had|both|all) (?:been |both |all )?(?:fired|sacked|dismissed|demoted|suspended|reprimanded|warned|arrested|detained|expelled|let go))"
)
"""What is done to people only tells that plural nouns of any kind ("nurses") are of people."""


def _named_roles(chart: Chart, match: re.Match[str], *, several: bool = False) -> Node | None:
    """ "The traders, A and B,": the people named after what they are."""
    node = chart.node(match, "p")
    if node is None or not all(plausible(member.name) for member in node.each()):
        return None
    org = chart.node(match, "o") if match.groupdict().get("o") else None
    if several and (not node.members or any(m.type == "organization" for m in node.members)):
        return None
    for member in node.each():
        member.type = "person"
        if org is not None and not member.org:
            member.org, member.org_span = org.name, org.head
    node.type = "person"
    return node


def _several_roles(chart: Chart, match: re.Match[str]) -> Node | None:
    return _named_roles(chart, match, several=True)


def _people(chart: Chart, match: re.Match[str]) -> Node:
    """People who are not named, such as "two senior traders at X"."""
    org = chart.node(match, "o") if match["o"] else None
    head = chart.span(match.start(), match.end() if org is None else match.start("o"))
    name = (
        re.sub(r" (?:at|of|from)\s*$", "", chart.text[head[0] : head[1]])
        if org
        else chart.text[head[0] : head[1]]
    )
    node = Node("group", *head, name=name, head=(head[0], head[0] + len(name)))
    if org is not None:
        node.org, node.org_span = org.name, org.head
    return node


def _clause(chart: Chart, match: re.Match[str]) -> Node | None:
    person = chart.node(match, "p")
    if person is None or (person.type == "name" and not plausible(person.name)) or _TELLS.search(match[0]):
        return None
    person.type = "person"
    held = _HELD.match(match[0], 1)
    if held and not person.title:
        title = chart.nodes[match.start() + held.start("t")]
        if title is not None:
            person.title, person.title_span = title.name, title.head
            person.org, person.org_span = person.org or title.org, person.org_span or title.org_span
    return person


_HELD = re.compile(
    rf", who (?:is|was|has been|had been|has served as|served as)(?: (?:the|its|their|a|an))? (?P<t>{CODES['title']})"
)


_TELLS = re.compile(
    r"\bwho (?:(?:has|had|is|will|recently|also|was) ){0,2}(?:stepp?(?:ed|ing|s)? down|resign|retir|left|leav|depart)|\bwhose (?:contract|term|mandate)\b"
)


def _aside(chart: Chart, match: re.Match[str]) -> Node | None:
    if re.search(r" (?:said|says|wrote|announced)\b", match[0]):
        return None
    return chart.node(match, "p")


def _coordinated(slot: str) -> str:
    """ "A, B and C", which becomes one mention with members, where all are people or all are things of one kind."""
    joint = r"(?:,? and (?:the )?|; and |, (?:the )?|; )"
    return rf"{{{slot}}}(?:{joint}{{{slot}}}){{0,19}}(?:,? and (?:the )?|; and ){{{slot}}}"


_OF_ONE = re.compile(r"[\ue001-\ue003\ue00a] (?:of|in|at|from|near) (?:the )?$")


def _list(chart: Chart, match: re.Match[str], kind: str) -> Node | None:
    nodes = [node for node in chart.nodes[match.start() : match.end()] if node is not None]
    types = {node.type for node in nodes}
    if _OF_ONE.search(chart.s[max(0, match.start() - 12) : match.start()]):
        return None  # "A of Leeds and B of York": the first name is a place
    if kind == "person" and not all(plausible(node.name) for node in nodes):
        return None
    if len(types - {"name"}) == 0:
        kind = "name"
    if kind != "name" and kind not in types and not (kind == "organization" and "unit" in types):
        return None
    span = chart.span(match.start(), match.end())
    members = [member for node in nodes for member in node.each()]
    return Node(kind, *span, name=chart.text[span[0] : span[1]], head=span, members=members)


def _described_pair(chart: Chart, match: re.Match[str]) -> Node | None:
    """ "the shipping company A and the trader B": two of one sort, each with what it is."""
    nodes = [node for group in "ab" if (node := chart.node(match, group)) is not None]
    if len(nodes) < 2 or any(node.members or node.type == "unit" for node in nodes):
        return None
    for node in nodes:
        node.type = "organization"
    head = (nodes[0].head[0], nodes[1].head[1])
    return Node("organization", *head, name=chart.text[head[0] : head[1]], head=head, members=nodes)


@lru_cache(maxsize=1)
def _folds() -> Cascade:
    """What is folded into what, in order."""
    return Cascade(
        (r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame)\.? {P:p}", _grown_person),
        (rf"{{A:o}}['’]s? (?:[a-z][\w-]* ){{0,2}}(?:(?:{body_words()})\b(?! of)|{{o:b}})", _body),
        (r"{O:b}(?: of (?:the )?){O:o}", _board_of),
        (
            r"{T:a},? (?:and |& )(?:an? |the |as )?{T:b}(?:,? and {T:c})?|{T:d}, {T:e},? and {T:f}",
            _joined_titles,
        ),
        (r"{T:t} \((?:[\ue001-\uf8ff]|[A-Z][\w &-]{1,30})\)", _bracketed),
        (
            r"{T:t}(?:-[Ee]lect)? (?:of|at|with|for|in) (?:the )?(?:former |newly (?:created|formed) )?{O:o}",
            _titled,
        ),
        (
            rf"(?:the )?(?:{_QUALIFIERS})?{{O:o}}['’]s? {_FORMER}(?:(?:outgoing|incoming|current|new|previous|longtime|interim|acting) ){{0,2}}{{T:t}}",
            _titled,
        ),
        (r"(?<!\w){O:o} {T:t}(?= {P})", _titled),
        (
            r"(?:(?:[Tt]he |[Ii]ts |[Tt]heir )?{N:u}|(?:[Tt]he |[Ii]ts |[Tt]heir ){O:v}) (?P<noun>team|unit|division|department|lab|group|office)\b",
            _unit,
        ),
        (
            rf"(?:[Tt]he|[Ii]ts|[Tt]heir) (?P<noun>[\ue002\ue003\ue00a] (?:[a-z-]+ ){{0,2}}(?:{_PARTS}))\b(?! (?:of|said|says)\b)",
            _unit,
        ),
        (
            r"(?:[Ii]ts|[Tt]heir) (?P<noun>(?:(?:{A}|[A-Z]?[a-z-]+) ){1,3}(?:group|team|unit|division|department|lab|laboratory|office|centre|center|plant|factory|branch|studio|business|operation|operations|arm|segment))\b",
            _unit,
        ),
        (
            r"\b[Tt]he (?P<noun>(?:[a-z-]+ ){1,3}(?:team|unit|division|department)(?: (?:in|at) (?:{N}|[A-Z][a-z]+)(?= (?:will|is|was|has|to|clos|shut|,)|,|\.))?)(?!\w)",
            _unit,
        ),
        (
            r"(?:(?<=^)|(?<=[;,] ))The (?P<noun>(?:(?:{A}|[A-Z]?[a-z-]+) ){1,3}(?:office|plant|factory|branch|depot|centre|center|lab|laboratory|studio|warehouse)(?: (?:in|at) (?:{N}|[A-Z][a-z]+))?)(?= (?:will|is|was|has|closed|closes|shut)\b)",
            _unit,
        ),
        (
            r"(?:His|Her|Their|his|her|their) (?:(?:line|direct|immediate|former|long-time) )?(?:deputy|successor|predecessor|colleague|boss|lieutenant|supervisor|manager|superior|chief|team leader|assistant), {P:p}(?:,(?! (?:(?:the|its|an?|who|whose|former) |{T}|[a-z]+ of ))|(?=,))",
            _grown_person,
        ),
        (
            rf"(?:(?:its|their|the|his|her) (?=former|then|previous|ex-))?{_FORMER}(?:the )?(?:{_QUALIFIERS})?{{T:t}}(?:, {{P:p}},|(?:, | ){{P:q}})",
            _person,
        ),
        (r"{P:p}(?:,? age[d]? \d\d\b,?|, \d\d,)(?=[ ,])", _same),
        (
            rf"{{P:p}}, {_FORMER}{_QUALIFIERS}{_FORMER.replace('former>', 'former2>')}(?:(?:Company|company)['’]s )?(?:previous |former )?{{T:t}}(?P<tail>(?:, | ){{A:extra}}(?=[:,.;]| has| had))?(?: of (?:the|this) (?:[Cc]ompany|group|firm|unit|Registrant))?(?P<close>,(?! and)|(?=[;:.]|$| and| has| had| was| were| is| will| told| said|,))",
            _person,
        ),
        (rf"{{P:p}}, (?:who|whose) [^,;.{CODES['person']}]{{2,120}}(?P<close>,|(?=[.;]))", _clause),
        (
            r"{A:p}, (?:a|an|the|one of|head of|its|so far) (?!(?:company|plane|burger|unit|firm|regulator|group)[ \w-]* (?:said|wrote))[^,;:.]{2,90},(?! \d)",
            _aside,
        ),
        (r"{O:p}, which [^,;.]{2,100},(?= (?:has|had|was|is|will|were))", _same),
        (r"(?<!\w){O:o}['’]s {p:p}", _belongs),
        (r"{A:p}(?: |, )\([^()]{1,120}\),?", _same),
        (_GROUP, _people),
        (_coordinated("P"), lambda chart, m: _list(chart, m, "person")),
        (
            r"(?<=the )(?:[a-z-]+ ){1,3}{O:a},? and (?:the|an?) (?:[a-z-]+ ){1,3}{O:b}(?!['’]s)",
            _described_pair,
        ),
        (_coordinated("O"), lambda chart, m: _list(chart, m, "organization")),
        (_coordinated("X"), lambda chart, m: _list(chart, m, "product")),
        (_ROLES, _named_roles),
        (_PLURAL, _several_roles),
        makes=("person", "organization", "name", "product", "unit", "group"),
    )
