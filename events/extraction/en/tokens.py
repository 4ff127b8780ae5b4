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
_S_NOUNS = frozenset(
    [
        "sanctions",
        "fines",
        "plans",
        "sales",
        "moves",
        "cuts",
        "names",
        "lists",
        "shares",
        "reports",
        "claims",
        "charges",
        "orders",
        "launches",
        "releases",
        "recalls",
        "suits",
        "leads",
        "heads",
        "stocks",
        "trades",
        "deals",
        "files",
        "bans",
        "bars",
        "pushes",
        "splits",
        "bonuses",
        "rules",
        "terms",
        "rates",
        "results",
        "profits",
        "losses",
        "targets",
        "forms",
        "units",
        "books",
        "papers",
        "records",
        "investigates",
        "probes",
        "searches",
        "raids",
        "opens",
        "loans",
        "funds",
        "awards",
        "grants",
        "costs",
        "prices",
        "values",
        "counts",
        "visits",
        "tests",
        "checks",
        "reviews",
        "designs",
        "works",
        "needs",
        "uses",
        "offers",
        "bids",
        "votes",
        "talks",
        "calls",
        "questions",
        "queries",
        "answers",
        "notes",
        "posts",
        "links",
        "marks",
        "signs",
        "supports",
        "backs",
        "contracts",
        "exports",
        "imports",
        "models",
        "trains",
        "ships",
        "drives",
        "flies",
        "rides",
        "walks",
        "stands",
        "turns",
        "returns",
        "rises",
        "falls",
        "drops",
        "jumps",
        "gains",
        "climbs",
        "slides",
        "surges",
        "debuts",
        "exits",
        "delays",
        "merges",
        "stores",
        "covers",
        "concerns",
        "fears",
        "hopes",
        "doubts",
        "aims",
        "tries",
        "attempts",
        "efforts",
        "protests",
        "strikes",
        "attacks",
        "clears",
        "seats",
        "chairs",
        "desks",
    ]
) - {"opens", "merges", "investigates", "clears", "flies", "stands"}
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
    plain = plain_forms()
    for match in _WORD.finditer(chart.s):
        word = match[0]
        if word == "longer" and found and found[-1].word == "no":
            found[-1].tag = "n"
            found.append(Token(match.start(), match.end(), word, "n"))
            continue
        node = chart.nodes[match.start()] if len(word) == 1 and word >= "\ue000" else None
        low = word.lower()
        if node is not None:
            tag = _NODE_TAGS[node.type]
        elif low in _TAG:
            tag = _TAG[low]
            if tag == "d" and low in ("each", "both", "all") and found and found[-1].tag == "a":
                tag = "r"
        elif word in ("'s", "’s"):
            tag = "s"
        elif not (word[0].isalnum()):
            tag = (
                ";"
                if word in ";:"
                else ","
                if word == ","
                else "-"
                if word in "—–" or (word == "-" and chart.s[match.start() - 1 : match.start()] == " ")
                else "("
                if word in "(["
                else ")"
                if word in ")]"
                else '"'
            )
        elif word[0].isdigit():
            tag = "#"
        else:
            sort = verbs.get(low) or plain.get(low, "")
            tag = _open(low, sort, found)
        if tag == "N" and len(found) > 1:
            _name_of(found)
        found.append(Token(match.start(), match.end(), low, tag, node))
        if (
            len(found) > 2
            and found[-2].tag == "x"
            and found[-3].tag in "xN"
            and tag in "doNT"
            and (verbs.get(found[-2].word) or plain.get(found[-2].word)) == "s"
        ):
            found[-2].tag = "v"  # "a guild claims that", "the bank names X"
        elif (
            len(found) > 2
            and found[-2].tag == "x"
            and found[-3].tag == "x"
            and found[-3].word.endswith("s")
            and tag in "doN"
            and (verbs.get(found[-2].word) or plain.get(found[-2].word)) == "base"
        ):
            found[-2].tag = "v"  # "drivers say that"
        elif (
            tag == "t"
            and len(found) > 2
            and found[-2].tag == "x"
            and found[-2].word in _TO_VERBS
            and found[-3].word.endswith("s")
        ):
            found[-2].tag = "v"  # "duties pass to"
    return found


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
    if found and found[-1].tag == "," and len(found) > 1 and found[-2].tag == "x" and end < len(found) + 1:
        return


def _open(word: str, sort: str, before: list[Token]) -> str:
    """The tag of a word of an open class: v verb, g -ing form, e participle of an unknown verb, r adverb, x noun or adjective."""
    last = before[-1].tag if before else "^"
    if sort in ("base", "any", "s"):
        if sort == "any" and last not in "ds":
            return "v"
        nominal = (
            (last in '^-"' and sort == "s")
            or last in "dsxeMP#gp"
            or (last == "v" and sort == "s")
            or (last == "T" and sort == "base")
            or (last == "N" and sort == "base")
        )
        if last == "x" and word in _OF_MANY and before[-1].word.endswith("s"):
            return "v"  # "shares start trading"
        if (
            last == "x"
            and sort == "s"
            and word not in _S_NOUNS
            and len(before) > 1
            and before[-2].tag in "dNxs"
        ):
            return "v"
        if last == "r" and len(before) > 1 and before[-2].tag == "d":
            nominal = True
        return "x" if nominal else "v"
    if sort in ("past", "participle", "ed"):
        return "e" if last in "d" or (last == "r" and len(before) > 1 and before[-2].tag == "d") else "v"
    if word.endswith("ing") and len(word) > 4:
        if word in ("trading", "dealing", "dealings") or (
            word in _ING_NOUNS and not (sort and last in "ac,^")
        ):
            return "x"
        return "x" if last in "d" and not sort else "g"
    if (
        word.endswith("ly")
        and len(word) > 4
        and word
        not in (
            "family",
            "supply",
            "monthly",
            "weekly",
            "daily",
            "quarterly",
            "assembly",
            "early",
            "only",
            "italy",
        )
    ):
        return "r"
    if word.endswith("ed") and len(word) > 4 and word not in _ED_ADJECTIVES:
        return "e"
    return "x"
