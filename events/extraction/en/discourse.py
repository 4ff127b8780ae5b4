"""What an English text is talking about as it goes on: the last person, the organization in focus, the decision at hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.en import decisions, principal
from events.extraction.en.decisions import Decision
from events.extraction.en.names import Cast
from events.extraction.en.posts import plausible
from events.extraction.lexicon import alternatives, pattern, words
from events.extraction.model import DateValue, Draft, Node, Span

_PARTLY = (
    "business|unit|lab|laboratory|studio|practice|network|platform|label|clinic|hospital|franchise|restaurant|hotel|gallery|theatre|cinema"
    "|council|club|casino|farm|estate|terminal|station|terminus|line|port|airport|railway|bank|fund"
)
_COMPANY = rf"(?:(?:[\w’'-]+ ){{0,2}}?(?!(?:{_PARTLY})\b)(?:{alternatives('en', 'company_nouns')})|(?:[a-z]+ )?(?:bank|fund|council|club|airport|railway)|(?:{_PARTLY}))"
GOVERNMENT = re.compile(
    r"Commission|Fraud Office|Authority|Court|SEC\b|Ministry|Department|Regulator|Exchange|Bureau|Tribunal|Agency|FCA|FINRA|Treasury|(?:Reporting|Press|Media|Medical|Bar|Dental|Nursing|Safety|Security) Council|^(?:[Tt]he )?Council$|Inspect|[Pp]olice|Ombudsman|Federal Reserve|Central Bank|Prosecut|Parliament|Pentagon|^(?:the )?(?:European Union|EU|UN|United Nations|European Council|Council of the (?:EU|European Union))$|^(?:Nasdaq|NASDAQ|NYSE|Euronext|SEBI|ASIC|MAS|BaFin|CNV|OFAC|FTC|DOJ|CMA|Ofcom|Ofgem|Ofwat)$"
)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:by|of|from|than|to|with|like|on|at|against|for|following|rival|competitor|client) (?:the )?$"
)
_ALSO = r"(?:^|(?<=[;,] ))[Ii]t(?= (?:also |has also |then )?(?:fined|banned|barred|suspended|censured|reprimanded|ordered|warned|disqualified|revoked))"
_PART = re.compile(r"(?:Office|Team|Unit|Division|Department|Board|Directors|List)$")


_LISTS = Pattern(r"\b(?:sanctions|blacklist|[Ll]ist|register)\b")
_HE = Pattern(
    r"[HhSs](?:(?<=^.)|(?<=[\"“—–] .)|(?<=[;,] .)|(?<=, and .)|(?<=; and .)|(?<= and .))(?:(?<=[Hh])e|(?<=[Ss])he)(?= (?!said|says|who))"
)
"""Its first letter comes first, which spares the places with other ones."""
_THE_COMPANY = Pattern(
    rf"\b[Tt]he {_COMPANY}\b(?! (?:of|that|which)\b)(?! [\ue001-\ue003\ue009\ue00a])(?!['’]s (?:notice|first))"
)
_LABEL = re.compile(
    rf"[^\w\ue000-\uf8ff]{{0,4}}(?:\w[\w .]{{0,12}}[.:] )?(?P<n>[{CODES['organization']}{CODES['name']}{CODES['person']}{CODES['unit']}])"
    r"(?: ?\([^()]{1,60}\))?(?:, [^.;]{2,80})?(?:[.:]| [-–—])(?= |$)"
)
"""What heads a line: "Harbour Mills (Hull):", "* Oriel.", "Mr Ivo Kell, formerly a partner."."""


@lru_cache(maxsize=1024)
def is_public(name: str) -> bool:
    """Whether a name is that of a public body."""
    return bool(GOVERNMENT.search(name))


def _begins_line(chart: Chart) -> bool:
    return chart.start == 0 or chart.text[chart.start - 1] == "\n"


@dataclass
class Focus:
    """The state that sentences hand on."""

    cast: Cast
    person: Node | None = None
    org: str = ""
    org_span: Span | None = None
    decision: str = ""
    ahead: Sequence[Chart] = ()  # the sentence, and the two after it
    published: date | None = None
    last_listed: Draft | None = None
    measure: tuple[dict[str, Any], Span] | None = None
    rejected: bool = False
    paragraph: int = -1
    day: tuple[DateValue, Span] | None = None
    decisions: list[Decision] = field(default_factory=list)
    header: dict[str, tuple[DateValue, Span]] = field(default_factory=dict)
    main: str = ""
    main_span: Span | None = None
    mentions: dict[str, int] = field(default_factory=dict)
    filing: bool = False
    told: bool = False  # whether the paragraph's day is only that of saying it
    where: frozenset[str] = frozenset()  # names that are only places
    places: dict[str, Span] = field(default_factory=dict)
    bare: bool = False  # whether the line has only been numbered so far
    past_line: int = -1  # the line whose last sentence told history
    listed: bool = False  # whether the text is a list of items that begin with whom they are about
    label: Node | None = None  # the name that heads the line
    line: int = -1
    upcoming: Node | None = None  # whom the next sentence begins with
    authority: Node | None = None  # the public body named last
    listing_day: tuple[DateValue, Span] | None = None
    product: Node | None = None
    unit: Node | None = None
    pair: Node | None = None
    holders: dict[str, Node] = field(default_factory=dict)

    def organization(self) -> tuple[str, Span | None]:
        """The organization in focus and where the text names it ("" where there is none).

        That is whose name heads the line, else the one named last, unless another runs through the text.
        """
        label = self.label
        if label is not None and (label.type == "organization" or (label.type == "name" and self.listed)):
            return (self.cast.full(label.name, "organization"), label.head)
        if self.filing and self.cast.company in self.cast.spans:
            return (self.cast.company, self.cast.spans[self.cast.company])
        if (
            self.main
            and self.main != self.org
            and self.main_span
            and (self.mentions.get(self.main, 0) > 1 or not self.org)
        ):
            mentions = self.mentions.get(self.org, 0)
            if (
                self.mentions.get(self.main, 0) >= 2 * mentions + 1
                or GOVERNMENT.search(self.org)
                or not self.org
            ):
                return (self.main, self.main_span)
        return (self.org, self.org_span)

    @property
    def following(self) -> str:
        """The words of the next two sentences of the line."""
        here, *others = self.ahead
        return " ".join(other.s for other in others if "\n" not in here.text[here.end : other.start])

    def survey(self, charts: list[Chart]) -> None:
        """Counts which organization runs through a text."""
        self.where = principal.places(charts, self.cast)
        weights: dict[str, float] = {}
        for chart in charts:
            for at, node in chart.all("organization", "name"):
                if node.name.title() in words("en", "places"):
                    continue
                if node.type == "name" and not self.house(chart, at, node):
                    principal.perhaps(chart, at, node, self.cast, self.where, weights, self.places)
                    continue
                for each in node.each():
                    name = self.cast.full(
                        each.org if each.type == "unit" and each.org else each.name, "organization"
                    )
                    if is_public(name) or principal.is_heading(name) or _PART.search(name):
                        continue
                    if each.name in self.where or principal.byline(chart):
                        continue
                    part = 0.2 if principal.is_part(name) or decisions.BODY.search(name) else 1.0
                    weights[name] = weights.get(name, 0) + part * principal.weight(chart, each)
                    self.mentions[name] = self.mentions.get(name, 0) + 1
                    self.places.setdefault(name, each.head)
        heads = [m for chart in charts if _begins_line(chart) and (m := _LABEL.match(chart.s))]
        self.listed = len(heads) > 2
        if weights:
            self.main = max(weights, key=lambda name: (weights[name], -self.places[name][0]))
            self.main_span = self.places[self.main]

    def anaphora(self, chart: Chart) -> None:
        """Puts the people and organizations meant in place of "he", "the company", "it"."""
        if self.person is not None:
            person = self.person
            chart.rewrite(_HE, lambda m: _copy(chart, m, self.previous(chart, m.start()) or person))
        last = self.decisions[-1] if self.decisions else None
        if last and last.issuer_span and 0 < chart.number - last.sentence <= 2:
            issuer, issuer_span = last.issuer, last.issuer_span
            chart.rewrite(_ALSO, lambda m: _org(chart, m, issuer, issuer_span))
        company = self.cast.company
        if company and company in self.cast.spans:
            chart.rewrite(
                r"\b[Tt]he (?:Company|Registrant|Corporation)\b(?!['’]s [Bb]oard)",
                lambda m: _org(chart, m, company, self.cast.spans[company]),
            )
        name, span = self.organization()
        if name and span:
            chart.rewrite(_THE_COMPANY, lambda m: _org(chart, m, name, span))
            chart.rewrite(
                r"(?:(?<=^)|(?<=[,;] )|(?<=until [\ue005], when )|(?<=when )|(?<=; )|(?<=: on [\ue005] )|(?<=[\ue005] ))[Ii]t(?= (?:has |had |will |is |was |would |also |then ){{0,3}}(?:\w+-)?(?:\w+ed|plans|said|launched|sold|shut)\b)",
                lambda m: _org(chart, m, name, span),
            )

    def house(self, chart: Chart, at: int, node: Node) -> bool:
        """Whether a name of no sure type may be an organization's: no place, nobody's."""
        if self.cast.kind(node.name) in ("person", "product") or re.search(
            r"\b(?:in|from|near|outside) $", chart.s[max(0, at - 9) : at]
        ):
            return False
        votes = self.cast.votes.get(node.name)
        owns = chart.s[at + 1 : at + 3] in ("'s", "’s")
        sure = "&" in node.name or bool(votes and votes.get("organization", 0) > 0)
        return sure or (owns and " " not in node.name) or not plausible(node.name)

    def open(self, chart: Chart, following: Chart | None) -> None:
        """Takes up what heads the line that a sentence stands in, and whom the next sentence begins with."""
        line = chart.text.rfind("\n", 0, chart.start) + 1
        if line != self.line or self.bare:
            self.line, self.label = line, None
            if self.main and self.mentions.get(self.main, 0) > 1 and not self.listed:
                self.org, self.org_span = self.main, self.main_span
            self.bare = len(chart.s) < 24 and not chart.all(
                "organization", "name", "person", "unit"
            )  # "Case 4."
            match = _LABEL.match(chart.s)
            if match:
                node = chart.nodes[match.start("n")]
                self.label = node
                if node is not None and node.type in ("organization", "name"):
                    self.org, self.org_span = self.cast.full(node.name, "organization"), node.head
                if node is not None and node.type == "person":
                    self.person = node
        self.upcoming = None
        if following is not None:
            first = [
                (at, node) for at, node in following.all("person", "name")
                if node.type == "person"
                or (" " in node.name and plausible(node.name) and self.cast.kind(node.name) in ("person", "name"))
            ]  # fmt: skip
            if first and first[0][0] < 40:
                self.upcoming = first[0][1].each()[0]

    def previous(self, chart: Chart, at: int, doer: Node | None = None) -> Node | None:
        """The person named last before a position (but `doer`): earlier in the sentence, else in the sentences before."""
        people = [
            n for i, n in chart.all("person", "name") if i < at and (n.type == "person" or " " in n.name)
        ]
        people = [
            n for n in people
            if n.type == "person" or (self.cast.kind(n.name) in ("person", "name") and plausible(n.name))
        ]  # fmt: skip
        if doer is not None:
            people = [n for n in people if n.name != doer.name]
        return people[-1].each()[0] if people else self.person

    def follow(self, chart: Chart, units: frozenset[str] = frozenset()) -> None:
        """Takes up whom and what a sentence was about. `units` are names that stand for parts of the organization."""
        people = [node for _, node in chart.all("person")]
        if not people:
            people = [
                node for _, node in chart.all("name")
                if " " in node.name and plausible(node.name) and self.cast.kind(node.name) == "name"
            ]  # fmt: skip
        if people:
            self.person = people[0].each()[0]
        self._things(chart)
        self._decision(chart)
        if not self._take(chart, units, named_first=True):
            self._label(chart)
            if not self.org:
                self._take(chart, units, named_first=False)

    def _things(self, chart: Chart) -> None:
        """Takes up the product, the several people and who holds which post, as a sentence names them."""
        for _, node in chart.all("organization", "unit"):
            if is_public(node.name) and not node.members:
                self.authority = node
                break
        if _LISTS.search(chart):
            days = [n for _, n in chart.all("date") if n.value.day and n.value.day["precision"] == "day"]
            if days:
                self.listing_day = (days[0].value.day, days[0].head)
        for _, node in chart.all("unit"):
            self.unit = node
        for _, node in chart.all("product"):
            self.product = node.each()[0]
            break
        for _, node in chart.all("person"):
            if node.members:
                self.pair = node
            if node.title:
                self.holders.setdefault(node.title.lower(), node)

    def _take(self, chart: Chart, units: frozenset[str], *, named_first: bool) -> bool:
        """Takes up the first organization of a sentence; with `named_first`, not one after a preposition far inside."""
        for at, node in chart.all("organization", "unit"):
            inside = at > 20 and _AFTER_PREPOSITION.search(chart.s[max(0, at - 16) : at])
            each = node.each()[0]
            name = each.org or each.name
            if name in self.where or (self.main and principal.is_part(name)):
                continue
            if (inside and named_first) or name in units or (each.type == "unit" and not each.org):
                continue
            owned = chart.s.startswith(("'s ", "’s "), at + 1) and not self._lone(chart)
            official = is_public(name) and (
                self.org or any(not is_public(n.name) for _, n in chart.all("organization"))
            )
            if (
                principal.is_heading(name)
                or _PART.search(name)
                or official
                or (owned and self.org)
                or (decisions.BODY.search(name) and self.org)
            ):
                continue
            self.org, self.org_span = self.cast.full(name, "organization"), each.org_span or each.head
            return True
        return False

    def _lone(self, chart: Chart) -> bool:
        return len(chart.all("organization", "unit", "name")) == 1

    def _label(self, chart: Chart) -> None:
        """A line's first words that only name somebody: "* Oriel." """
        if match := pattern("en", r"^\W{0,4}{N:n}\.$").match(chart.s):
            node = chart.node(match, "n")
            if node is not None:
                self.org, self.org_span = node.name, node.head

    def _decision(self, chart: Chart) -> None:
        found = decisions.note(chart, self.decisions, self.header)
        if found is not None:
            self.decision = str(found.sentence)

    def ruled(self, chart: Chart, issuer: Node) -> None:
        """Notes who imposed a penalty: the next ones that name nobody are of the same decision."""
        if not any(d.issuer for d in decisions.of_sentence(chart.number, self.decisions)):
            self.decisions.append(Decision(chart.number, issuer.name.removeprefix("the "), issuer.head))

    def decide(self, chart: Chart, draft: Draft) -> None:
        """Marks the sentence of a penalty, so that its decision can be found once the whole text is read."""
        draft.sentence = chart.number


def _copy(chart: Chart, match: re.Match[str], person: Node) -> Node:
    span = chart.span(match.start(), match.end())
    return Node(
        "person",
        *span,
        name=person.name,
        head=person.head,
        title=person.title,
        title_span=person.title_span,
        org=person.org,
        org_span=person.org_span,
        value="pronoun",
    )


def _org(chart: Chart, match: re.Match[str], name: str, head: Span) -> Node:
    span = chart.span(match.start(), match.end())
    return Node("organization", *span, name=name, head=head, value="pronoun")
