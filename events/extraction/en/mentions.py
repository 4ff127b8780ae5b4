"""Phrases as mentions of their own: parts of organizations, groups of people, posts that no list has."""

from __future__ import annotations

import re

from events.extraction.en.classes import classes
from events.extraction.en.clauses import Parse, Phrase
from events.extraction.model import Node

_NO_TITLE = classes("references_no_title")
_NEW = frozenset(
    ["new", "next", "first", "permanent", "full-time", "interim", "acting", "temporary", "caretaker"]
)
_INTERIM = re.compile(r"\b(?:interim|acting|temporary|caretaker)\b")
_QUALIFIERS = frozenset(["new", "former", "entire", "whole", "own", "remaining", "loss-making"])


def mention(parse: Parse, phrase: Phrase, kind: str) -> Node:
    """A phrase as a mention, without its article, possessor and quantity; the possessor is its organization."""
    first = phrase.first
    owner: Node | None = None
    for i in range(phrase.first, phrase.head):
        if parse.tags[i] == "s":
            owner = parse.tokens[i - 1].node
            first = i + 1
    while first < phrase.head and (parse.tags[first] in "d#" or parse.tokens[first].word in _QUALIFIERS):
        first += 1
    last = phrase.head
    if (
        kind == "unit"
        and first == last
        and parse.tokens[phrase.first].word == "the"
        and parse.tags[last + 1 : last + 3] == "pN"
        and parse.tokens[last + 1].word in ("in", "at")
    ):
        last += 2  # "the office in ⟦name⟧": the noun alone says nothing
    return _owned(_node(parse, kind, first, last), owner)


def group(parse: Parse, phrase: Phrase) -> Node:
    """People or companies that are told of by their number and noun: "two of the bank's traders"."""
    first = phrase.first + (parse.tags[phrase.first] == "d")
    at = parse.tags.find("N", phrase.head + 1, phrase.last + 1)
    return _owned(_node(parse, "group", first, phrase.head), parse.tokens[at].node if at > 0 else None)


def title(parse: Parse, phrase: Phrase) -> Node | None:
    """A post in words that no title list has: "as head brewer"."""
    if parse.tags[phrase.head] != "x":
        return None
    first = phrase.first
    while first < phrase.last and parse.tags[first] in "d#":
        first += 1
    if any(parse.tags[i] not in "xeg" for i in range(first, phrase.last + 1)):
        return None
    if parse.tokens[phrase.last].word in _NO_TITLE:
        return None
    while first < phrase.last and parse.tokens[first].word in _NEW:
        first += 1
    node = _node(parse, "title", first, phrase.last)
    node.interim = bool(_INTERIM.search(parse.text(phrase.first, phrase.last)))
    return node


def _node(parse: Parse, kind: str, first: int, last: int) -> Node:
    """The words from token `first` to `last` as a mention."""
    head = parse.chart.span(parse.tokens[first].start, parse.tokens[last].end)
    return Node(kind, *head, name=parse.chart.text[head[0] : head[1]], head=head)


def _owned(node: Node, owner: Node | None) -> Node:
    if owner is not None:
        node.org, node.org_span = owner.name, owner.head
    return node
