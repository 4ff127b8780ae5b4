"""The tagged words of an English sentence: one letter a word says what it may do in a clause.

N mention, T title, D date, M money, P percent, # number, d determiner, o pronoun, w relative pronoun, p preposition,
t "to", c and/or, k subordinator, a auxiliary, m modal, n negation, r adverb, v verb, g -ing form, e participle of an
unknown verb, s possessive, x any other noun or adjective; marks stand for themselves (: and ; are ";").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.en.classes import classes
from events.extraction.en.inflection import forms
from events.extraction.lexicon import words
from events.extraction.model import Node

_WORD = re.compile(
    r"[\ue000-\uf8ff]|['’]s\b|[A-Za-z\u00c0-\u024f](?:[\w-]|['’](?!s\b)\w)*|\d(?:[\w.,-]*\w)?|[^\w\s]"
)
_NODE_TAGS = {
    "person": "N", "organization": "N", "name": "N", "product": "N", "unit": "N", "group": "N",
    "title": "T", "date": "D", "money": "M", "percent": "P", "grade": "#",
}  # fmt: skip
_CLOSED = {
    "d": "the a an this that these those its their his her our my your some each every all both another any no such",
    "o": "he she it they we i you him them us me himself herself itself themselves who",
    "w": "which whom whose where",
    "p": "of in on at by for from with without over under into onto after before since until during through within against"
    " about as among between off out up down across following amid despite despite per via toward towards upon behind"
    " beyond near around pending than like instead",
    "t": "to",
    "c": "and or but nor plus &",
    "k": "while although though because if when whereas unless whether once",
    "a": "be is are was were been being am has have had having do does did get gets got getting stands stood",
    "m": "will would shall may might could can should must ought cannot won't wouldn't couldn't shouldn't can't",
    "n": "not never hardly scarcely isn't wasn't aren't weren't hasn't haven't hadn't doesn't don't didn't n't",
    "r": "also already now then still just only again today yesterday tonight soon too even ever yet abroad instead together"
    " later earlier meanwhile therefore thus however perhaps maybe moreover further finally formally once twice ahead"
    " back away hereby thereby herewith forthwith henceforth hereafter thereafter shortly immediately first last duly overnight likewise elsewhere",
}
_TAG = {word: tag for tag, line in _CLOSED.items() for word in line.split()}
_ING_NOUNS = classes("tokens_ing_nouns")
_OF_MANY = classes("tokens_of_many")
_S_NOUNS = classes("tokens_s_nouns")
_ED_ADJECTIVES = frozenset(
    ["former", "limited", "united", "associated", "supposed", "alleged", "so-called", "embattled"]
)


@dataclass(slots=True)
class Token:
    """A word, a mark or a mention of the chart; `start` and `end` are positions in the chart's `s`."""

    start: int
    end: int
    word: str
    tag: str
    node: Node | None = None


@lru_cache(maxsize=1)
def plain_forms() -> dict[str, str]:
    """The forms of the frequent verbs and what each is."""
    return {form: sort for verb in words("en", "plain_verbs") for form, sort in forms(verb).items()}


def tokens_of(chart: Chart, verbs: dict[str, str]) -> list[Token]:
    """The tagged tokens of a sentence. `verbs` are further forms of verbs and what each is."""
    found: list[Token] = []
    s, nodes, plain = chart.s, chart.nodes, plain_forms()
    for match in _WORD.finditer(s):
        word = match[0]
        start, end = match.span()
        node = nodes[start] if word >= "\ue000" and len(word) == 1 else None
        if node is not None:
            low, tag = word, _NODE_TAGS[node.type]
            if tag == "N" and len(found) > 1:
                _name_of(found)
        else:
            low, tag = _known(word)
            if not tag:
                tag = _open(low, verbs.get(low) or plain.get(low, ""), found)
            elif tag == "d" and low in _FLOATING and found and found[-1].tag == "a":
                tag = "r"
            elif tag == "-" and word == "-" and s[start - 1 : start] != " ":
                tag = '"'
            if word == "longer" and found and found[-1].word == "no":
                found[-1].tag = tag = "n"
        found.append(Token(start, end, low, tag, node))
        if len(found) > 2 and found[-2].tag == "x" and _verb_before(found, verbs):
            found[-2].tag = "v"
    return found


_FLOATING = frozenset(["each", "both", "all"])


def _sort(word: str, verbs: dict[str, str]) -> str:
    """What form of a verb a word can be; "" for none."""
    return verbs.get(word) or plain_forms().get(word, "")


@lru_cache(maxsize=8192)
def _known(word: str) -> tuple[str, str]:
    """A word in small letters, and its tag where the word alone tells it ("" where the words before it do)."""
    low = word.lower()
    if low in _TAG:
        return low, _TAG[low]
    if word in ("'s", "’s"):
        return low, "s"
    if not word[0].isalnum():
        return low, _MARKS.get(word, '"')
    return low, "#" if word[0].isdigit() else ""


_MARKS = {
    ";": ";", ":": ";", ",": ",", "—": "-", "–": "-", "-": "-", "(": "(", "[": "(", ")": ")", "]": ")",
}  # fmt: skip


def _verb_before(found: list[Token], verbs: dict[str, str]) -> bool:
    """Whether the last word but one, which is taken for a noun, is a verb by what stands on both sides of it."""
    subject, verb, last = found[-3:]
    sort = _sort(verb.word, verbs)
    if (
        subject.tag in "xN" and last.tag in "doNT" and sort == "s"
    ):  # "a guild claims that", "the bank names X"
        return True
    if not subject.word.endswith("s"):
        return False
    if subject.tag == "x" and last.tag in "doN" and sort == "base":  # "drivers say that"
        return True
    return last.tag == "t" and verb.word in _TO_VERBS  # "duties pass to"


_TO_VERBS = classes("tokens_to_verbs")
_CALLED = classes("tokens_called")


def _name_of(found: list[Token]) -> None:
    """Drops what stands between a thing and its name ("an update known as ⟦name⟧"): then the name is the phrase's head."""
    end = len(found)
    if found[-1].tag == "d":
        end -= 1
    if end > 1 and found[end - 1].word in _CALLED and found[end - 2].tag in "x,":
        del found[end - 1 :]
    elif (
        end > 2
        and found[end - 1].word == "as"
        and found[end - 2].word == "known"
        and found[end - 3].tag in "x,"
    ):
        del found[end - 2 :]


def _open(word: str, sort: str, before: list[Token]) -> str:
    """The tag of a word of an open class: v verb, g -ing form, e participle of an unknown verb, r adverb, x noun or adjective."""
    last = before[-1].tag if before else "^"
    if sort in ("base", "any", "s"):
        return _noun_or_verb(word, sort, last, before)
    if sort in ("past", "participle", "ed"):
        return "e" if last == "d" or _after_adverb(before) else "v"
    if word.endswith("ing") and len(word) > 4:
        return _ing(word, sort, last)
    if word.endswith("ly") and len(word) > 4 and word not in _LY_OTHERS:
        return "r"
    return "e" if word.endswith("ed") and len(word) > 4 and word not in _ED_ADJECTIVES else "x"


_LY_OTHERS = classes("tokens_ly_others")


def _after_adverb(before: list[Token]) -> bool:
    """Whether a determiner and an adverb stand before: "the newly ..."."""
    return len(before) > 1 and before[-1].tag == "r" and before[-2].tag == "d"


def _noun_or_verb(word: str, sort: str, last: str, before: list[Token]) -> str:
    """The tag of a word that is a verb in the present, or a noun of the same form. `last` is the tag before it."""
    if sort == "any" and last not in "ds":
        return "v"
    if last == "x" and word in _OF_MANY and before[-1].word.endswith("s"):
        return "v"  # "shares start trading"
    if last == "x" and sort == "s" and word not in _S_NOUNS and len(before) > 1 and before[-2].tag in "dNxs":
        return "v"
    nominal = (
        last in "dsxeMP#gp"
        or (last in '^-"v' and sort == "s")
        or (last in "TN" and sort == "base")
        or _after_adverb(before)
    )
    return "x" if nominal else "v"


def _ing(word: str, sort: str, last: str) -> str:
    """The tag of a word in -ing: g, or x where it is a noun. `last` is the tag before it."""
    if word in ("trading", "dealing", "dealings"):
        return "x"
    if word in _ING_NOUNS and not (sort and last in "ac,^"):
        return "x"
    return "x" if last == "d" and not sort else "g"
