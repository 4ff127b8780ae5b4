"""Mentions that are joined: "A and B", "A, along with B", "eight firms, including A and B"."""

from __future__ import annotations

from events.extraction.en.clauses import Parse, Phrase
from events.extraction.en.references import Resolver
from events.extraction.model import Node


def several(
    resolver: Resolver, parse: Parse, phrase: Phrase, wanted: str, doer: Node | None = None
) -> Node | None:
    """The mention that a phrase stands for, with those that are joined to it by "and" or "along with"."""
    if wanted == "shares":
        return resolver.shares(phrase)
    node = resolver.node(phrase, wanted, doer)
    if node is None:
        return resolver.companion(phrase, wanted)
    if node.members or node.value == "pronoun":
        return node
    members = [node]
    at = phrase.first
    while at > 1 and parse.tags[at - 1] in "c" and parse.tokens[at - 1].word in ("and", "&"):
        before = parse.phrase_before(at - 1 - (parse.tags[at - 2] == ","))
        whole = parse.whole(before) if before else None
        other = resolver.node(whole, wanted, doer) if whole and parse.tags[whole.head] == "N" else None
        if whole is None or other is None or parse.tags[phrase.head] != "N":
            break
        members.insert(0, other)
        at = whole.first
    members += _further(resolver, parse, phrase, wanted) + _joined(resolver, parse, phrase, wanted)
    if len(members) == 1:
        return node
    head = (members[0].head[0], members[-1].head[1])
    if head[0] >= head[1]:
        head = node.head
    return Node(node.type, *head, name=resolver.chart.text[head[0] : head[1]], head=head, members=members)


def _further(resolver: Resolver, parse: Parse, phrase: Phrase, wanted: str) -> list[Node]:
    """Who else is named behind "and": "the drone maker A and the radar firm B"."""
    at = phrase.last + 1
    if (
        parse.tags[at : at + 1] == ","
        and (closing := parse.tags.find(",", at + 1, at + 12)) > 0
        and not set(parse.tags[at + 1 : closing]) & set("vam")
        and parse.tags[closing + 1 : closing + 2] == "c"
    ):
        at = closing + 1
    if parse.tags[at : at + 1] != "c" or parse.tokens[at].word != "and" or parse.tags[phrase.head] != "N":
        return []
    behind = parse.phrase_after(at + 1)
    if (
        behind is None
        or behind.first > at + 1
        or (parse.tags[behind.head] != "N" and parse.tags[behind.last + 1 : behind.last + 3] != ",N")
        or parse.tags[behind.last + 1 : behind.last + 2] in ("v", "a", "m", "s", "T")
    ):
        return []
    if parse.tags[behind.last + 1 : behind.last + 2] == "," and wanted == "person":
        return []
    node = resolver.node(behind, wanted)
    return node.each() if node is not None and node.value != "pronoun" else []


def _joined(resolver: Resolver, parse: Parse, phrase: Phrase, wanted: str) -> list[Node]:
    """Who is named behind "along with", "together with", "as well as"."""
    found = []
    for i in range(phrase.last + 1, len(parse.tokens) - 2):
        pair = (parse.tokens[i].word, parse.tokens[i + 1].word)
        if pair in (("along", "with"), ("together", "with")) or (
            pair == ("as", "well") and parse.tokens[i + 2].word == "as"
        ):
            start = i + 2 + (pair[1] == "well")
            behind = parse.phrase_after(start)
            if behind and parse.tags[behind.last + 1 : behind.last + 3] == ",N":
                behind = Phrase(behind.last + 2, behind.last + 2, behind.last + 2)
            node = resolver.node(behind, wanted) if behind else None
            if node is not None and node.value != "pronoun":
                found += node.each()
    return found


def included(resolver: Resolver, parse: Parse, start: int, wanted: str) -> Node | None:
    """Those whom "including" names behind a group: "eight firms, including A and B"."""
    for i in range(start, len(parse.tokens) - 1):
        if parse.tokens[i].word in ("including", "among", "namely"):
            behind = parse.phrase_after(i + 1)
            return (
                several(resolver, parse, behind, wanted)
                if behind and parse.tags[behind.head] == "N"
                else None
            )
    return None
