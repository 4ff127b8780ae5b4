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


_BE = classes("clauses_be")


_APPROVED = classes("clauses_approved")


_FIRM = classes("clauses_firm")


_PLANNED = classes("clauses_planned")


_NOT_SO = classes("clauses_not_so")


def group_of(tokens: list[Token], tags: str, verb: int, sort: str) -> Group:
    """The verb group that ends at a token. `sort` is what form of the verb stands there."""
    found = Group(verb, verb)
    at = verb
    be = have = False
    while at > 0:
        tag, word = tags[at - 1], tokens[at - 1].word
        if tag == "r" or (tag == '"' and at > 1 and tags[at - 2] in "amnr"):
            at -= 1
        elif tag == "n":
            found.negated, at = True, at - 1
            be = be or word in ("isn't", "wasn't", "aren't", "weren't")
        elif tag == "a":
            be = be or word in _BE
            have = have or word in ("has", "have", "had", "having")
            found.perfect_past = found.perfect_past or word == "had"
            found.finite = found.finite or word not in ("be", "been", "being", "having", "getting")
            at -= 1
        elif tag == "m":
            found.modal, found.finite = word, True
            found.future = found.future or word in ("will", "shall", "would")
            at -= 1
        elif (
            tag == "D"
            and at > 1
            and (tags[at - 2] in "am,rv" or (tags[at - 2] == "p" and at > 2 and tags[at - 3] in "am,r"))
        ):
            comma = tags[at - 2] == ","
            if comma and not (tags[at : at + 1] == "," or tags[at - 3 : at - 2] in "am"):
                break
            at -= 1 if tags[at - 2] != "p" else 2
        elif tag == "," and at > 2 and tags[at - 2] == "D" and "," in tags[max(0, at - 5) : at - 2]:
            at -= 1
        elif tag == "t":
            if not _chain(tokens, tags, found, at - 1):
                found.infinitive = True
                found.first = at - 1
                at -= 1
                break
            at = found.first
            continue
        else:
            break
        found.first = at
    found.first = min(found.first, at)
    found.passive = be and sort in ("ed", "participle", "any")
    if sort == "past" or (sort in ("ed", "s", "any", "base") and not found.infinitive and not be):
        found.finite = True
    return found


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
    if word in _FIRM or word in _PLANNED or word in _NOT_SO or tags[at] == "a":
        approved = any(token.word in _APPROVED for token in tokens[max(0, at - 4) : at])
        if any(token.word == "no" for token in tokens[max(0, at - 2) : at]):
            found.chain = "no"
        elif word in _PLANNED and not approved:
            found.chain = "planned"
        elif word == "asked" and at > 0 and tokens[at - 1].word in _BE | {"also"}:
            found.chain = "asked"
        elif word in _NOT_SO:
            found.chain = "no"
        elif word in _BE:
            found.future = True
        found.future = found.future or word in (
            "set",
            "due",
            "expected",
            "going",
            "agreed",
            "agrees",
            "about",
            "scheduled",
        )
        found.first = at
        return True
    return False
