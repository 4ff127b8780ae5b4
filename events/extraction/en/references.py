"""Which mention a noun phrase stands for: a name in it, a pronoun's antecedent, a description, or the phrase itself."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace

from events.extraction.chart import Chart
from events.extraction.en.classes import classes
from events.extraction.en.clauses import Parse, Phrase
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.en.posts import plausible
from events.extraction.lexicon import words
from events.extraction.model import Node

_PERSON_NOUN = re.compile(
    r"(?:\w+-)?(?:year-old|boss|man|woman|chief|banker|executive|lawyer|engineer|veteran|official|trader|manager|director|founder|adviser|accountant|auditor|insider|outsider|chairman|chairwoman|president|dealer|salesman|saleswoman|employee|economist|scientist|designer|entrepreneur|billionaire|businessman|businesswoman|financier|politician|minister)$"
)
_GROUP_NOUN = re.compile(
    r"(?:employees|managers|executives|traders|officials|workers|directors|people|officers|bankers|engineers|staff|individuals|brokers|drivers|pilots|nurses|clerks|buyers|partners|auditors|salesmen|supervisors|colleagues|members|men|women|agents|firms|companies|entities|vessels|tankers|banks|shipowners|dealers|advisers|foremen|technicians|teachers|doctors|guards)$"
)
_COUNTS = classes("references_counts")
_SHARES = classes("references_shares")


_AUTHORITIES = classes("references_authorities")


def focus_authority(focus: Focus) -> Node | None:
    """The public body that a text named last."""
    return focus.authority


class Resolver:
    """Finds mentions for the noun phrases of one sentence."""

    def __init__(self, chart: Chart, cast: Cast, focus: Focus) -> None:
        """`focus` is what the text was about before the sentence."""
        self.chart, self.cast, self.focus = chart, cast, focus
        self.parse: Parse | None = None

    def use(self, parse: Parse) -> None:
        """Takes up the sentence's parse."""
        self.parse = parse

    def _companion(self, parse: Parse, phrase: Phrase, wanted: str) -> Node | None:
        """The name before "and its owner", where what stands behind "and" is nobody that has a name."""
        at = phrase.first
        if at < 2 or parse.tokens[at - 1].word != "and" or parse.tags[at] != "d":
            return None
        before = parse.phrase_before(at - 1)
        return self.node(before, wanted) if before and parse.tags[before.head] == "N" else None

    def heading(self, wanted: str) -> Node | None:
        """The name that heads the line, for a sentence without a subject."""
        node = self.focus.label
        if node is None:
            return None
        return self._named(
            node,
            "party" if wanted in ("party", "person") else "organization" if wanted == "shares" else wanted,
            0,
        )

    def unit(self, phrase: Phrase) -> Node | None:
        """A phrase as a part of an organization, whatever its noun: "research and development"."""
        parse = self.parse
        if parse is None or parse.tags[phrase.head] not in "xe":
            return None
        return self._phrase(phrase, "unit")

    def main(self, phrase: Phrase) -> Node | None:
        """The organization in focus for any "the ..." that an accusation or a finding is about: "the app", "the chain"."""
        parse = self.parse
        if (
            parse is None
            or parse.tokens[phrase.head].word in _COUNTS | {"pair", "men", "women", "trio"}
            or parse.tokens[phrase.first].word != "the"
            or parse.tags[phrase.head] != "x"
            or phrase.last - phrase.first > 2
        ):
            return None
        name, span = self.focus.organization()
        return Node("organization", *span, name=name, head=span, value="pronoun") if name and span else None

    def owner(self, phrase: Phrase) -> Node | None:
        """Whose something is: "the bank's books", "two of the company's disclosures"."""
        parse = self.parse
        if parse is None:
            return None
        for i in range(phrase.first, min(phrase.last + 5, len(parse.tokens))):
            owner = parse.tokens[i - 1].node
            if parse.tags[i] == "s" and parse.tags[i - 1] == "N" and owner is not None:
                return self._named(owner, "party", i - 1)
        return None

    def shares_anywhere(self, phrase: Phrase) -> Node | None:
        """Whose shares are meant where the phrase names nobody: the line's label, else the organization in focus."""
        parse = self.parse
        if parse is None or parse.tokens[phrase.head].word not in _SHARES:
            return None
        for i in range(phrase.first - 1, -1, -1):
            node = parse.tokens[i].node
            if parse.tags[i] == "N" and node is not None and node.type != "person":
                return node
        return self.shares(phrase)

    def node(self, phrase: Phrase, wanted: str, doer: Node | None = None) -> Node | None:
        """The mention that a phrase stands for, if it can be what is wanted: person, party, organization, unit, product."""
        parse = self.parse
        if parse is None:
            return None
        token = parse.tokens[phrase.head]
        if wanted == "open":  # whatever can be disbanded or spun off, by any noun
            node = self.node(phrase, "unit", doer)
            if node is None and token.tag == "x" and token.word not in classes("references_not_parts"):
                return self._phrase(phrase, "unit")
            return node
        if wanted == "part":
            wanted = "unit"
            node = token.node
            last = node.name.split()[-1].lower() if node is not None else ""
            if token.tag != "x" and (
                node is None or (node.type != "unit" and last not in words("en", "unit_nouns"))
            ):
                return None
        described = (
            token.tag == "N"
            and token.node is not None
            and token.node.type == "unit"
            and token.node.name[:1].islower()
        )
        if (token.tag in "xT" or described) and (apposed := self._apposed(phrase, wanted)) is not None:
            return apposed
        if token.tag == "N" and token.node is not None:
            return self._named(token.node, wanted, phrase.head)
        if token.tag == "o" or token.word in ("her", "his", "their", "its", "both", "all"):
            return self._pronoun(token.word, wanted, token.start, doer)
        if token.tag == "T" and wanted in ("person", "party") and token.node is not None:
            return self._by_title(token.node, phrase)
        if token.tag == "s":
            return None
        if token.tag in "xev":
            return self._described(phrase, wanted)
        return None

    def _apposed(self, phrase: Phrase, wanted: str) -> Node | None:
        """The name behind a description: "its streaming service, Harbour Plus,"; "two brothers, A and B,"."""
        parse = self.parse
        if parse is None or parse.tags[phrase.last + 1 : phrase.last + 3] != ",N":
            return None
        if parse.tags[phrase.last + 3 : phrase.last + 4] not in ("", ",", '"', ";", "(", "-"):
            return None
        node = parse.tokens[phrase.last + 2].node
        head = parse.tokens[phrase.head]
        word = head.node.name.split()[-1] if head.node is not None else head.word
        if node is None:
            return None
        if wanted in ("unit", "part") and word not in words("en", "unit_nouns"):
            return None
        if wanted == "product" and word in (
            "unit",
            "division",
            "team",
            "department",
            "office",
            "subsidiary",
            "arm",
            "company",
        ):
            return None
        return self._named(node, "unit" if wanted == "part" else wanted, phrase.last + 2)

    def title(self, phrase: Phrase) -> Node | None:
        """A post in words that no title list has: "as head brewer"."""
        parse = self.parse
        if parse is None or parse.tags[phrase.head] != "x":
            return None
        first = phrase.first
        while first < phrase.last and parse.tags[first] in "d#":
            first += 1
        if any(parse.tags[i] not in "xeg" for i in range(first, phrase.last + 1)):
            return None
        if parse.tokens[phrase.last].word in _NO_TITLE:
            return None
        while first < phrase.last and parse.tokens[first].word in (
            "new",
            "next",
            "first",
            "permanent",
            "full-time",
            "interim",
            "acting",
            "temporary",
            "caretaker",
        ):
            first += 1
        head = self.chart.span(parse.tokens[first].start, parse.tokens[phrase.last].end)
        interim = bool(
            re.search(r"\b(?:interim|acting|temporary|caretaker)\b", parse.text(phrase.first, phrase.last))
        )
        return Node("title", *head, name=self.chart.text[head[0] : head[1]], head=head, interim=interim)

    def _named(self, node: Node, wanted: str, at: int) -> Node | None:
        kinds = {member.type for member in node.each()}
        if wanted == "person":
            if kinds & {"product", "unit", "group"}:
                return None
            if "organization" in kinds:
                return None
            if node.type == "name" and not all(plausible(m.name) for m in node.each()):
                return None
            return node
        if wanted == "party":
            return node
        if "person" in kinds:
            return self._perhaps_company(node, wanted)
        if wanted == "product" and kinds & {"unit", "group"}:
            return None
        if wanted == "thing" and (kinds & {"unit", "group"} or self._surely_organization(node)):
            return None
        if wanted in ("organization", "issuer") and kinds & {"product", "group"}:
            return None
        if wanted == "unit" and kinds & {"product", "group"}:
            return None
        if wanted in ("product", "thing") and node.value == "pronoun":
            return self.focus.product
        if wanted == "unit" and node.value == "pronoun":
            return None
        return node

    def _perhaps_company(self, node: Node, wanted: str) -> Node | None:
        """A name that only verbs such as "has" make a person's, where only a company or a part of one can stand."""
        votes = self.cast.votes.get(node.name)
        if wanted not in ("unit", "organization") or node.members or node.title or node.value == "pronoun":
            return None
        if wanted == "unit" and not re.search(r"(?:[^s’']s|ing)$", node.name):
            return None
        if votes is None or votes.get("person", 0) > 2 or node.name in self.cast.people.values():
            return None
        return replace(node, type="organization")

    def _surely_organization(self, node: Node) -> bool:
        votes = self.cast.votes.get(node.name)
        return node.type == "organization" and bool(votes) and votes.get("organization", 0) > 1  # type: ignore[union-attr]

    def _pronoun(self, word: str, wanted: str, at: int, doer: Node | None = None) -> Node | None:
        focus = self.focus
        if word in ("he", "she", "him", "her", "his", "himself", "herself") and wanted in ("person", "party"):
            return focus.previous(self.chart, at, doer)
        if word in ("they", "them", "both", "their") and wanted in ("person", "party"):
            return focus.pair
        if word in ("it", "its", "itself"):
            if wanted == "unit":
                units = [node for i, node in self.chart.all("unit") if i < at]
                return units[-1] if units else focus.unit
            if wanted in ("product", "thing"):
                return focus.product
            if wanted == "issuer" and focus.authority is not None:
                return focus.authority
            for i, node in self.chart.all("organization", "name"):
                if node.type == "name" and self.cast.kind(node.name) in ("person", "product"):
                    continue
                if i < at and wanted in ("organization", "party") and not GOVERNMENT.search(node.name):
                    return None if doer is not None and node.name == doer.name else node
            name, span = focus.organization()
            if wanted in ("organization", "party", "issuer") and name and span:
                return Node("organization", *span, name=name, head=span, value="pronoun")
        return None

    def _by_title(self, title: Node, phrase: Phrase) -> Node | None:
        """Who holds a post that stands without a name: told before, or named at the start of the next sentence."""
        held = self.focus.holders.get(title.name.lower())
        if held is not None or self.focus.upcoming is None:
            return held
        named = copy(self.focus.upcoming)
        if not named.title:
            named.title, named.title_span = title.name, title.head
        if title.org and not named.org:
            named.org, named.org_span = title.org, title.org_span
        return named

    def _described(self, phrase: Phrase, wanted: str) -> Node | None:
        parse = self.parse
        assert parse is not None  # noqa: S101 - node() has asked
        word = parse.tokens[phrase.head].word
        if (
            word in ("name", "names")
            and phrase.last + 2 < len(parse.tokens)
            and parse.tokens[phrase.last + 1].word == "of"
        ):
            behind = parse.phrase_after(phrase.last + 2)
            return self.node(behind, wanted) if behind else None
        inner = [i for i in range(phrase.first, phrase.last + 1) if parse.tags[i] == "N"]
        if (
            wanted in ("person", "party")
            and _PERSON_NOUN.match(word)
            and parse.tokens[phrase.first].word in ("the", "his", "her", "its", "their")
        ):
            if parse.tokens[phrase.first].word == "the" and self.focus.person is not None:
                return self.focus.person
            return self.focus.upcoming
        if (
            wanted in ("person", "party")
            and _PERSON_NOUN.match(word)
            and parse.tokens[phrase.first].word in ("a", "an", "one", "another")
        ):
            return self.focus.upcoming
        if _GROUP_NOUN.match(word) and (wanted == "party" or (wanted == "person" and self._counted(phrase))):
            return self._group(phrase, inner)
        if (
            wanted == "unit"
            and word.removesuffix("s") in words("en", "unit_nouns")
            and parse.tokens[min(phrase.last + 1, len(parse.tokens) - 1)].word == "of"
        ):
            token = parse.tokens[phrase.last + 2] if phrase.last + 2 < len(parse.tokens) else None
            if token is not None and token.node is not None and token.node.members:
                return token.node
        if wanted == "unit" and word in words("en", "unit_nouns"):
            return self._phrase(phrase, "unit")
        if wanted in ("product", "thing") and (made := self._made(phrase, inner, word)) is not None:
            return made
        if wanted == "issuer" and word in _AUTHORITIES:
            bare = phrase.last - phrase.first < 1 + (parse.tags[phrase.first] == "d")
            return focus_authority(self.focus) if bare else self._phrase(phrase, "organization")
        if (
            wanted in ("organization", "party")
            and (parse.tokens[phrase.first].word in ("the", "its") or phrase.first == 0)
            and word in words("en", "company_nouns")
        ):
            name, span = self.focus.organization()
            if name and span:
                return Node("organization", *span, name=name, head=span, value="pronoun")
        return None

    def _made(self, phrase: Phrase, inner: list[int], word: str) -> Node | None:
        """The product that a phrase means: the name in it or behind its "of", the one told of before, or the phrase."""
        parse = self.parse
        assert parse is not None  # noqa: S101 - node() has asked
        if (
            inner
            and parse.tags[inner[-1] + 1 : inner[-1] + 2] != "s"
            and (inside := parse.tokens[inner[-1]].node) is not None
            and inside.type in ("name", "product")
        ):
            return inside
        if (
            parse.tags[phrase.last + 1 : phrase.last + 2] == "p"
            and parse.tokens[phrase.last + 1].word == "of"
        ):
            behind = parse.phrase_after(phrase.last + 2)
            named = behind is not None and parse.tokens[behind.head].node
            if named and named.type in ("name", "product"):
                return named
        if word in words("en", "product_nouns"):
            definite = parse.tokens[phrase.first].word in ("the", "this", "that")
            if definite and phrase.last - phrase.first <= 1 and self.focus.product is not None:
                return self.focus.product
            return self._phrase(phrase, "product") if phrase.last - phrase.first >= 1 else None
        return None

    def _counted(self, phrase: Phrase) -> bool:
        parse = self.parse
        return parse is not None and any(
            parse.tags[i] == "#" or parse.tokens[i].word in _COUNTS for i in range(phrase.first, phrase.head)
        )

    def _group(self, phrase: Phrase, inner: list[int]) -> Node | None:
        parse = self.parse
        assert parse is not None  # noqa: S101 - node() has asked
        first = phrase.first + (parse.tags[phrase.first] == "d")
        head = self.chart.span(parse.tokens[first].start, parse.tokens[phrase.head].end)
        node = Node("group", *head, name=self.chart.text[head[0] : head[1]], head=head)
        for i in range(phrase.head + 1, phrase.last + 1):
            if parse.tags[i] == "N":
                owner = parse.tokens[i].node
                if owner is not None:
                    node.org, node.org_span = owner.name, owner.head
                break
        del inner
        return node

    def _phrase(self, phrase: Phrase, kind: str) -> Node | None:
        """The phrase as a mention of its own, without its article, possessor and quantity."""
        parse = self.parse
        assert parse is not None  # noqa: S101 - node() has asked
        first = phrase.first
        owner: Node | None = None
        for i in range(phrase.first, phrase.head):
            if parse.tags[i] == "s":
                owner = parse.tokens[i - 1].node
                first = i + 1
        while first < phrase.head and (
            parse.tags[first] in "d#"
            or parse.tokens[first].word
            in ("new", "former", "entire", "whole", "own", "remaining", "loss-making")
        ):
            first += 1
        head = self.chart.span(parse.tokens[first].start, parse.tokens[phrase.head].end)
        node = Node(kind, *head, name=self.chart.text[head[0] : head[1]], head=head)
        if owner is not None:
            node.org, node.org_span = owner.name, owner.head
        return node

    def shares(self, phrase: Phrase) -> Node | None:
        parse = self.parse
        if parse is None:
            return None
        if parse.tokens[phrase.head].word not in _SHARES:
            return None
        for i in range(phrase.first, phrase.last + 1):
            node = parse.tokens[i].node
            if parse.tags[i] == "N" and node is not None and node.type in ("organization", "name", "unit"):
                return node
        name, span = self.focus.organization()
        if name and span:
            return Node("organization", *span, name=name, head=span, value="pronoun")
        return None


_NO_TITLE = classes("references_no_title")
