"""Which mention a noun phrase stands for: a name in it, a pronoun's antecedent, a description, or the phrase itself."""

from __future__ import annotations

import re
from dataclasses import replace

from events.extraction.en.antecedents import holder, main_organization, pronoun
from events.extraction.en.classes import classes
from events.extraction.en.clauses import Parse, Phrase
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.mentions import group, mention
from events.extraction.en.names import Cast
from events.extraction.en.posts import plausible
from events.extraction.en.tokens import Token
from events.extraction.lexicon import words
from events.extraction.model import Node

_PERSON_NOUN = re.compile(
    r"(?:\w+-)?(?:year-old|boss|man|woman|chief|banker|executive|lawyer|engineer|veteran|official|trader|manager|director|founder|adviser|accountant|auditor|insider|outsider|chairman|chairwoman|president|dealer|salesman|saleswoman|employee|economist|scientist|designer|entrepreneur|billionaire|businessman|businesswoman|financier|politician|minister)$"
)
_GROUP_NOUN = re.compile(
    r"(?:employees|managers|executives|traders|officials|workers|directors|people|officers|bankers|engineers|staff|individuals|brokers|drivers|pilots|nurses|clerks|buyers|partners|auditors|salesmen|supervisors|colleagues|members|men|women|agents|firms|companies|entities|vessels|tankers|banks|shipowners|dealers|advisers|foremen|technicians|teachers|doctors|guards)$"
)
_COUNTS = classes("references_counts")
_NOT_PARTS = classes("references_not_parts")
_NO_PRODUCTS = frozenset(["unit", "division", "team", "department", "office", "subsidiary", "arm", "company"])
_ARTICLES = frozenset(["the", "his", "her", "its", "their", "a", "an", "one", "another"])
_NONE: frozenset[str] = frozenset()
_NO_PERSONS = frozenset(["product", "unit", "group", "organization"])
_CANNOT_BE = {
    "product": frozenset(["unit", "group"]),
    "thing": frozenset(["unit", "group"]),
    "organization": frozenset(["product", "group"]),
    "issuer": frozenset(["product", "group"]),
    "unit": frozenset(["product", "group"]),
}
"""What kinds of mention cannot be what is wanted."""
_SHARES = classes("references_shares")


_AUTHORITIES = classes("references_authorities")


class Resolver:
    """Finds mentions for the noun phrases of one sentence."""

    def __init__(self, parse: Parse, cast: Cast, focus: Focus) -> None:
        """`focus` is what the text was about before the sentence."""
        self.parse, self.cast, self.focus = parse, cast, focus
        self.chart = parse.chart

    def companion(self, phrase: Phrase, wanted: str) -> Node | None:
        """The name before "and its owner", where what stands behind "and" is nobody that has a name."""
        parse, at = self.parse, phrase.first
        if at < 2 or parse.tokens[at - 1].word != "and" or parse.tags[at] != "d":
            return None
        before = parse.phrase_before(at - 1)
        return self.node(before, wanted) if before and parse.tags[before.head] == "N" else None

    def heading(self, wanted: str) -> Node | None:
        """The name that heads the line, for a sentence without a subject."""
        node = self.focus.label
        if node is None:
            return None
        if wanted in ("party", "person"):
            return self._named(node, "party")
        return self._named(node, "organization" if wanted == "shares" else wanted)

    def unit(self, phrase: Phrase) -> Node | None:
        """A phrase as a part of an organization, whatever its noun: "research and development"."""
        parse = self.parse
        if parse.tags[phrase.head] not in "xe":
            return None
        return mention(parse, phrase, "unit")

    def main(self, phrase: Phrase) -> Node | None:
        """The organization in focus for any "the ..." that an accusation or a finding is about: "the app", "the chain"."""
        parse = self.parse
        if (
            parse.tokens[phrase.head].word in _COUNTS | {"pair", "men", "women", "trio"}
            or parse.tokens[phrase.first].word != "the"
            or parse.tags[phrase.head] != "x"
            or phrase.last - phrase.first > 2
        ):
            return None
        return main_organization(self.focus)

    def owner(self, phrase: Phrase) -> Node | None:
        """Whose something is: "the bank's books", "two of the company's disclosures"."""
        parse = self.parse
        for i in range(phrase.first, min(phrase.last + 5, len(parse.tokens))):
            owner = parse.tokens[i - 1].node
            if parse.tags[i] == "s" and parse.tags[i - 1] == "N" and owner is not None:
                return self._named(owner, "party")
        return None

    def shares_anywhere(self, phrase: Phrase) -> Node | None:
        """Whose shares are meant where the phrase names nobody: the line's label, else the organization in focus."""
        parse = self.parse
        if parse.tokens[phrase.head].word not in _SHARES:
            return None
        for i in range(phrase.first - 1, -1, -1):
            node = parse.tokens[i].node
            if (
                parse.tags[i] == "N"
                and node is not None
                and node.type != "person"
                and not GOVERNMENT.search(node.name)
            ):
                return node
        return self.shares(phrase)

    def node(self, phrase: Phrase, wanted: str, doer: Node | None = None) -> Node | None:
        """The mention that a phrase stands for, if it can be what is wanted: person, party, organization, unit, product."""
        parse = self.parse
        token = parse.tokens[phrase.head]
        if wanted == "open":  # whatever can be disbanded or spun off, by any noun
            node = self.node(phrase, "unit", doer)
            if node is None and token.tag == "x" and token.word not in _NOT_PARTS:
                return mention(parse, phrase, "unit")
            return node
        if wanted == "part":
            return self.node(phrase, "unit", doer) if self._part(token) else None
        described = (
            token.tag == "N"
            and token.node is not None
            and token.node.type == "unit"
            and token.node.name[:1].islower()
        )
        apposed = self._apposed(phrase, wanted) if token.tag in "xT" or described else None
        return apposed or self._by_head(phrase, token, wanted, doer)

    def _part(self, head: Token) -> bool:
        """Whether a phrase with this head can be a part of an organization."""
        if head.tag == "x":
            return True
        node = head.node
        return node is not None and (
            node.type == "unit" or node.name.split()[-1].lower() in words("en", "unit_nouns")
        )

    def _by_head(self, phrase: Phrase, head: Token, wanted: str, doer: Node | None) -> Node | None:
        """The mention that a phrase stands for by the kind of its head."""
        if head.tag == "N" and head.node is not None:
            return self._named(head.node, wanted)
        if head.tag == "o" or head.word in ("her", "his", "their", "its", "both", "all"):
            return pronoun(head.word, wanted, head.start, doer, self.chart, self.cast, self.focus)
        if head.tag == "T" and wanted in ("person", "party") and head.node is not None:
            return holder(head.node, self.focus)
        return self._described(phrase, wanted) if head.tag in "xev" else None

    def _apposed(self, phrase: Phrase, wanted: str) -> Node | None:
        """The name behind a description: "its streaming service, Harbour Plus,"; "two brothers, A and B,"."""
        parse = self.parse
        if parse.tags[phrase.last + 1 : phrase.last + 3] != ",N":
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
        if wanted == "product" and word in _NO_PRODUCTS:
            return None
        return self._named(node, "unit" if wanted == "part" else wanted)

    def _named(self, node: Node, wanted: str) -> Node | None:
        """A named mention, where it can be what is wanted."""
        kinds = {member.type for member in node.each()}
        if wanted == "party":
            return node
        if wanted == "person":
            return None if kinds & _NO_PERSONS or not _plausible(node) else node
        if "person" in kinds:
            return self._perhaps_company(node, wanted)
        if kinds & _CANNOT_BE.get(wanted, _NONE):
            return None
        if wanted == "thing" and self._surely_organization(node):
            return None
        if node.value == "pronoun" and wanted in ("product", "thing"):
            return self.focus.product
        return None if node.value == "pronoun" and wanted == "unit" else node

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
        return node.type == "organization" and votes is not None and votes.get("organization", 0) > 1

    def _described(self, phrase: Phrase, wanted: str) -> Node | None:
        """What a phrase without a name stands for."""
        parse = self.parse
        word, first = parse.tokens[phrase.head].word, parse.tokens[phrase.first].word
        if word in ("name", "names") and self._of(phrase) and phrase.last + 2 < len(parse.tokens):
            behind = parse.phrase_after(phrase.last + 2)
            return self.node(behind, wanted) if behind else None
        if wanted in ("person", "party") and _PERSON_NOUN.match(word) and first in _ARTICLES:
            person = self.focus.person if first == "the" else None
            return person or self.focus.upcoming
        if _GROUP_NOUN.match(word) and (wanted == "party" or (wanted == "person" and self._counted(phrase))):
            return group(parse, phrase)
        if wanted == "unit":
            return self._unit(phrase, word)
        if wanted in ("product", "thing"):
            return self._made(phrase, word)
        if wanted == "issuer":
            return self._issuer(phrase, word)
        definite = first in ("the", "its") or phrase.first == 0
        if wanted in ("organization", "party") and definite and word in words("en", "company_nouns"):
            return main_organization(self.focus)
        return None

    def _of(self, phrase: Phrase) -> bool:
        """Whether "of" stands behind a phrase."""
        return any(token.word == "of" for token in self.parse.tokens[phrase.last + 1 : phrase.last + 2])

    def _unit(self, phrase: Phrase, word: str) -> Node | None:
        """The part of an organization that a phrase with a noun for parts means: "the units of ⟦A and B⟧"."""
        if word.removesuffix("s") in words("en", "unit_nouns") and self._of(phrase):
            for token in self.parse.tokens[phrase.last + 2 : phrase.last + 3]:
                if token.node is not None and token.node.members:
                    return token.node
        return mention(self.parse, phrase, "unit") if word in words("en", "unit_nouns") else None

    def _issuer(self, phrase: Phrase, word: str) -> Node | None:
        """The public body that a phrase means: the one named last for a bare "the regulator", else the phrase."""
        if word not in _AUTHORITIES:
            return None
        bare = phrase.last - phrase.first < 1 + (self.parse.tags[phrase.first] == "d")
        seat = self._seat(phrase)
        if bare and seat is None:
            return self.focus.authority
        return seat or mention(self.parse, phrase, "organization")

    def _seat(self, phrase: Phrase) -> Node | None:
        """A public body with where it sits: "a court in ⟦name⟧"."""
        parse, at = self.parse, phrase.head + 1
        if parse.tags[at : at + 2] != "pN" or parse.tokens[at].word not in ("in", "of"):
            return None
        return mention(parse, Phrase(phrase.first, at + 1, at + 1), "organization")

    def _made(self, phrase: Phrase, word: str) -> Node | None:
        """The product that a phrase means: the name in it or behind its "of", the one told of before, or the phrase."""
        parse = self.parse
        inner = [i for i in range(phrase.first, phrase.last + 1) if parse.tags[i] == "N"]
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
            return mention(parse, phrase, "product") if phrase.last - phrase.first >= 1 else None
        return None

    def _counted(self, phrase: Phrase) -> bool:
        parse = self.parse
        return any(
            parse.tags[i] == "#" or parse.tokens[i].word in _COUNTS for i in range(phrase.first, phrase.head)
        )

    def shares(self, phrase: Phrase) -> Node | None:
        """Whose shares a phrase means: the name in it, else the organization in focus."""
        parse = self.parse
        if parse.tokens[phrase.head].word not in _SHARES:
            return None
        for i in range(phrase.first, phrase.last + 1):
            node = parse.tokens[i].node
            if parse.tags[i] == "N" and node is not None and node.type in ("organization", "name", "unit"):
                return node
        return main_organization(self.focus)


def _plausible(node: Node) -> bool:
    """Whether a mention of unknown kind can be people's names."""
    return node.type != "name" or all(plausible(member.name) for member in node.each())
