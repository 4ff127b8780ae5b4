"""English verb groups: a verb with its auxiliaries, adverbs, negation and what it depends on ("agreed to step down")."""

from __future__ import annotations

from dataclasses import dataclass

from events.extraction.en.classes import classes
from events.extraction.en.tokens import Token


@dataclass(slots=True)
class Group:
    """A verb with its auxiliaries: tokens [first, verb]."""

    first: int
    verb: int
    passive: bool = False
    negated: bool = False
    future: bool = False
    finite: bool = False
    modal: str = ""
    chain: str = ""
    perfect_past: bool = False
    infinitive: bool = False
    reduced: bool = False
    be: bool = False


_BE = classes("clauses_be")


_APPROVED = classes("clauses_approved")


_FIRM = classes("clauses_firm")


_PLANNED = classes("clauses_planned")


_NOT_SO = classes("clauses_not_so")


def group_of(tokens: list[Token], tags: str, verb: int, sort: str) -> Group:
    """The verb group that ends at a token. `sort` is what form of the verb stands there."""
    found = Group(verb, verb)
    while found.first > 0 and not found.infinitive:
        start = found.first
        found.first = _before(tokens, tags, found)
        if found.first == start:
            break
    found.passive = found.be and sort in ("ed", "participle", "any")
    if sort == "past" or (sort in ("ed", "s", "any", "base") and not found.infinitive and not found.be):
        found.finite = True
    return found


def _before(tokens: list[Token], tags: str, found: Group) -> int:
    """Where a group starts with what stands right before it taken in; where it started if that is no part of it."""
    at = found.first
    tag = tags[at - 1]
    if tag == "r" or (tag == '"' and at > 1 and tags[at - 2] in "amnr"):
        return at - 1
    if tag in "nam":
        _auxiliary(found, tag, tokens[at - 1].word)
        return at - 1
    if tag == "D":
        return _before_date(tags, at)
    if tag == "," and at > 2 and tags[at - 2] == "D" and "," in tags[max(0, at - 5) : at - 2]:
        return at - 1
    if tag == "t":
        if _chain(tokens, tags, found, at - 1):
            return found.first
        found.infinitive = True
        return at - 1
    return at


def _auxiliary(found: Group, tag: str, word: str) -> None:
    """What a negation (n), an auxiliary (a) or a modal (m) says of its group."""
    if tag == "n":
        found.negated = True
        found.be = found.be or word in ("isn't", "wasn't", "aren't", "weren't")
    elif tag == "a":
        found.be = found.be or word in _BE
        found.perfect_past = found.perfect_past or word == "had"
        found.finite = found.finite or word not in ("be", "been", "being", "having", "getting")
    else:
        found.modal, found.finite = word, True
        found.future = found.future or word in ("will", "shall", "would")


def _before_date(tags: str, at: int) -> int:
    """The token before a date that stands within a verb group; `at` where the date before `at` does not."""
    if at < 2:
        return at
    if tags[at - 2] == "p":
        return at - 2 if at > 2 and tags[at - 3] in "am,r" else at
    if tags[at - 2] not in "am,rv":
        return at
    if tags[at - 2] == "," and not (tags[at : at + 1] == "," or tags[at - 3 : at - 2] in "am"):
        return at
    return at - 1


def _chain(tokens: list[Token], tags: str, found: Group, to: int) -> bool:
    """Takes in "agreed on Monday to", "is set to"; False where "to" follows something else."""
    at = to - 1
    if at >= 0 and tags[at] == "n":
        found.negated, at = True, at - 1
    if at >= 0 and tags[at] == "D":
        at -= 2 if at > 0 and tags[at - 1] == "p" else 1
    while at >= 0 and tags[at] == "r":
        at -= 1
    if at < 0:
        return False
    word = tokens[at].word
    if not (word in _FIRM or word in _PLANNED or word in _NOT_SO or tags[at] == "a"):
        return False
    found.chain = _chained(tokens, at) or found.chain
    found.future = found.future or word in _COMING or (word in _BE and not _chained(tokens, at))
    found.first = at
    return True


_COMING = classes("clauses_coming")


def _chained(tokens: list[Token], at: int) -> str:
    """What the word at a token says of the infinitive behind it: no, planned, asked; "" for nothing."""
    word = tokens[at].word
    if any(token.word == "no" for token in tokens[max(0, at - 2) : at]):
        return "no"
    if word in _PLANNED and not any(token.word in _APPROVED for token in tokens[max(0, at - 4) : at]):
        return "planned"
    if word == "asked" and at > 0 and tokens[at - 1].word in _BE | {"also"}:
        return "asked"
    return "no" if word in _NOT_SO else ""
