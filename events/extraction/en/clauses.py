"""A shallow parse of an English sentence: tagged words, noun phrases, verb groups and who stands beside them.

Works on a chart whose names, titles, dates and sums are single placeholders already, so that the words left are few
and their order tells most: English puts the subject before its verb and the object behind it. Every scan moves over
the tags once, so that a sentence costs time in step with its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.en.inflection import forms
from events.extraction.lexicon import words
from events.extraction.model import Node

_WORD = re.compile(r"[\ue000-\uf8ff]|['’]s\b|[A-Za-z\u00c0-\u024f](?:[\w-]|['’](?!s\b)\w)*|\d(?:[\w.,-]*\w)?|[^\w\s]")
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
_ING_NOUNS = frozenset(
    """building trading banking engineering marketing shipping mining clothing training manufacturing packaging housing
    farming printing lending wing ring king meeting hearing filing listing earning earnings savings holding holdings accounting
    planning testing consulting advertising publishing broadcasting catering cleaning brewing baking fishing milling spring morning
    evening nothing something anything everything string thing offering rating warning finding ruling staffing pricing learning
    computing financing funding gaming streaming casting coating machining recycling refining tooling underwriting logging spending
    plating dyeing weaving spinning sailing sterling ceiling pudding wedding being bearing bearings drilling ticketing""".split()
)
_S_NOUNS = frozenset(
    """sanctions fines plans sales moves cuts names lists shares reports claims charges orders launches releases recalls suits leads heads stocks
    trades deals files bans bars pushes splits bonuses rules terms rates results profits losses targets forms units books papers records
    investigates probes searches raids opens loans funds awards grants costs prices values counts visits tests checks reviews designs works
    needs uses offers bids votes talks calls questions queries answers notes posts links marks signs supports backs contracts exports imports
    models trains ships drives flies rides walks stands turns returns rises falls drops jumps gains climbs slides surges debuts exits
    delays merges stores covers concerns fears hopes doubts aims tries attempts efforts protests strikes attacks clears seats chairs desks""".split()
) - {"opens", "merges", "investigates", "clears", "flies", "stands"}
_ED_ADJECTIVES = frozenset("former limited united associated supposed alleged so-called embattled".split())


@dataclass(slots=True)
class Token:
    """A word, a mark or a mention of the chart; `start` and `end` are positions in the chart's `s`."""

    start: int
    end: int
    word: str
    tag: str
    node: Node | None = None


@dataclass(slots=True)
class Phrase:
    """A noun phrase: tokens [first, last]; `head` is the token that says what it is."""

    first: int
    last: int
    head: int


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
            tag = ";" if word in ";:" else "," if word == "," else "-" if word in "—–" or (word == "-" and chart.s[match.start() - 1 : match.start()] == " ") else "(" if word in "([" else ")" if word in ")]" else '"'
        elif word[0].isdigit():
            tag = "#"
        else:
            sort = verbs.get(low) or plain.get(low, "")
            tag = _open(low, sort, found)
        if tag == "N" and len(found) > 1:
            _name_of(found)
        found.append(Token(match.start(), match.end(), low, tag, node))
        if len(found) > 2 and found[-2].tag == "x" and found[-3].tag in "xN" and tag in "doNT" and (verbs.get(found[-2].word) or plain.get(found[-2].word)) == "s":
            found[-2].tag = "v"  # "a guild claims that", "the bank names X"
        elif len(found) > 2 and found[-2].tag == "x" and found[-3].tag == "x" and found[-3].word.endswith("s") and tag in "doN" and (verbs.get(found[-2].word) or plain.get(found[-2].word)) == "base":
            found[-2].tag = "v"  # "drivers say that"
        elif tag == "t" and len(found) > 2 and found[-2].tag == "x" and found[-2].word in _TO_VERBS and found[-3].word.endswith("s"):
            found[-2].tag = "v"  # "duties pass to"
    return found


_TO_VERBS = frozenset("pass go move fall report transfer belong switch shift return".split())
_CALLED = frozenset("called named dubbed branded nicknamed christened code-named codenamed titled entitled labelled".split())


def _name_of(found: list[Token]) -> None:
    """Drops what stands between a thing and its name ("an update known as ⟦name⟧"): then the name is the phrase's head."""
    end = len(found)
    if found[-1].tag == "d":
        end -= 1
    if end > 1 and found[end - 1].word in _CALLED and found[end - 2].tag in "x,":
        del found[end - 1 :]
    elif end > 2 and found[end - 1].word == "as" and found[end - 2].word == "known" and found[end - 3].tag in "x,":
        del found[end - 2 :]
    if found and found[-1].tag == "," and len(found) > 1 and found[-2].tag == "x" and end < len(found) + 1:
        return


def _open(word: str, sort: str, before: list[Token]) -> str:
    """The tag of a word of an open class: v verb, g -ing form, e participle of an unknown verb, r adverb, x noun or adjective."""
    last = before[-1].tag if before else "^"
    if sort in ("base", "any", "s"):
        if sort == "any" and last not in "ds":
            return "v"
        nominal = (last in '^-"' and sort == "s") or last in "dsxeMP#gp" or (last == "T" and sort == "base") or (last == "N" and sort == "base")
        if last == "x" and sort == "s" and word not in _S_NOUNS and len(before) > 1 and before[-2].tag in "dNxs":
            return "v"
        if last == "r" and len(before) > 1 and before[-2].tag == "d":
            nominal = True
        return "x" if nominal else "v"
    if sort in ("past", "participle", "ed"):
        return "e" if last in "d" or (last == "r" and len(before) > 1 and before[-2].tag == "d") else "v"
    if word.endswith("ing") and len(word) > 4:
        if word in ("trading", "dealing", "dealings") or word in _ING_NOUNS and not (sort and last in "ac,^"):
            return "x"
        return "x" if last in "d" and not sort else "g"
    if word.endswith("ly") and len(word) > 4 and word not in ("family", "supply", "monthly", "weekly", "daily", "quarterly", "assembly", "early", "only", "italy"):
        return "r"
    if word.endswith("ed") and len(word) > 4 and word not in _ED_ADJECTIVES:
        return "e"
    return "x"


class Parse:
    """A tagged sentence with questions that a predicate asks of it."""

    def __init__(self, chart: Chart, verbs: dict[str, str]) -> None:
        """`verbs`: forms of the lexicon's verbs and what each is."""
        self.chart = chart
        self.tokens = tokens_of(chart, verbs)
        self.tags = "".join(token.tag for token in self.tokens)

    def text(self, first: int, last: int) -> str:
        """The chart's words from token `first` to `last`."""
        return self.chart.s[self.tokens[first].start : self.tokens[last].end]

    # -- verb groups

    def group(self, verb: int, sort: str) -> Group:
        """The verb group that ends at a token. `sort` is what form of the verb stands there."""
        found = Group(verb, verb)
        at = verb
        be = have = False
        while at > 0:
            tag, word = self.tags[at - 1], self.tokens[at - 1].word
            if tag == "r" or (tag == '"' and at > 1 and self.tags[at - 2] in "amnr"):
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
            elif tag == "D" and at > 1 and (self.tags[at - 2] in "am,rv" or (self.tags[at - 2] == "p" and at > 2 and self.tags[at - 3] in "am,r")):
                comma = self.tags[at - 2] == ","
                if comma and not (self.tags[at : at + 1] == "," or self.tags[at - 3 : at - 2] in "am"):
                    break
                at -= 1 if self.tags[at - 2] != "p" else 2
            elif tag == "," and at > 2 and self.tags[at - 2] == "D" and "," in self.tags[max(0, at - 5) : at - 2]:
                at -= 1
            elif tag == "t":
                if not self._chain(found, at - 1):
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

    def _chain(self, found: Group, to: int) -> bool:
        """Takes in "agreed on Monday to", "is set to"; False where "to" follows something else."""
        at = to - 1
        if at >= 0 and self.tags[at] == "n":
            found.negated, at = True, at - 1
        if at >= 0 and self.tags[at] == "D":
            at -= 2 if at > 0 and self.tags[at - 1] == "p" else 1
        while at >= 0 and self.tags[at] == "r":
            at -= 1
        if at < 0:
            return False
        word = self.tokens[at].word
        if word in _FIRM or word in _PLANNED or word in _NOT_SO or self.tags[at] == "a":
            approved = any(token.word in _APPROVED for token in self.tokens[max(0, at - 4) : at])
            if word in _PLANNED and not approved:
                found.chain = "planned"
            elif word == "asked" and at > 0 and self.tokens[at - 1].word in _BE | {"also"}:
                found.chain = "asked"
            elif word in _NOT_SO:
                found.chain = "no"
            elif word in _BE:
                found.future = True
            found.future = found.future or word in ("set", "due", "expected", "going", "agreed", "agrees", "about", "scheduled")
            found.first = at
            return True
        return False

    # -- noun phrases

    def phrase_before(self, end: int) -> Phrase | None:
        """The noun phrase that ends just before token `end`."""
        last = end - 1
        first = end
        while first > 0 and self.tags[first - 1] in "NTxs#MPegD":
            tag = self.tags[first - 1]
            if tag in "N" and first < end and self.tags[first] in "N":
                break
            if tag == "g" and first == end:
                break
            if tag == "D" and (first == end or self.tags[first] not in "xN"):
                break
            first -= 1
        while first < end and self.tags[first] in "sD":
            first += 1
        if first > 0 and self.tags[first - 1] == "d":
            first -= 1
        if first > 0 and first == end and self.tags[first - 1] == "o":
            return Phrase(first - 1, first - 1, first - 1)
        if first >= end or self.tags[last] in "s":
            return None
        return Phrase(first, last, last)

    def phrase_after(self, start: int) -> Phrase | None:
        """The noun phrase that starts at token `start`, adverbs, dates and quotation marks before it left out."""
        at = start
        while at < len(self.tags) and (self.tags[at] in 'r"' or (self.tags[at] == "D" and at + 1 < len(self.tags) and self.tags[at + 1] in "dN")):
            at += 1
        while self.tags[at : at + 2] in ("pD", ",p") and at + 2 < len(self.tags):
            at += 2
            if self.tags[at : at + 1] == ",":
                at += 1
        if at >= len(self.tags):
            return None
        if self.tags[at] == "o":
            return Phrase(at, at, at)
        first = at
        if self.tokens[at].word in ("more", "fewer", "less", "up", "at", "as") and self.tags[at + 2 : at + 3] in "#" and at + 2 < len(self.tags):
            at += 2
        if self.tags[at] == "d":
            at += 1
            while at < len(self.tags) and self.tags[at] in "rd":
                at += 1
        begin = at
        while at < len(self.tags):
            tag = self.tags[at]
            if tag == "M" and at > begin and self.tags[at - 1] in "xe":
                break
            if tag == "D" and at == begin and at > first and self.tags[at + 1 : at + 2] in ("x", "N"):
                at += 1
                continue
            if tag in "NTMP#x" or (tag == "s" and at > begin):
                at += 1
            elif tag in "eg" and (at == begin or self.tags[at - 1] not in "N") and self.tags[at + 1 : at + 2] and self.tags[at + 1] in "xNTeg":
                at += 1
            elif tag == "v" and at == begin and self.tags[first] == "d":
                at += 1
            elif tag == "c" and self.tags[at - 1] in "xe" and at > begin and self.tags[at + 1 : at + 3] in ("xx", "xN") and self.tokens[at].word == "and" and self.tags[first] == "d":
                at += 1
            elif tag == "-" and self.tags[at - 1] == "x":
                break
            elif tag == "N":
                at += 1
            else:
                break
            if tag == "N" and at < len(self.tags) and self.tags[at] in "NTDM#P":
                break
            if tag == "N" and at < len(self.tags) and self.tags[at] == "x" and self.tokens[at].word in _BEHIND_NAMES:
                break
        if at == begin:
            return Phrase(first, first, first) if self.tags[first] == "d" and self.tokens[first].word in ("her", "both", "all", "that", "this") else None
        return Phrase(first, at - 1, at - 1)

    def clause_start(self, at: int) -> int:
        """The first token of the clause that holds token `at`."""
        for i in range(at - 1, -1, -1):
            if self.tags[i] == ";" or (self.tags[i] in "-" and self.tags[i + 1 : i + 2] not in "c"):
                return i + 1
            if self.tags[i] == "k":
                return i + 1
            if self.tags[i] in "c" and i > 0 and self.tags[i - 1] == "," and self._subject_starts(i + 1, at):
                return i + 1
        return 0

    def _subject_starts(self, first: int, verb: int) -> bool:
        """Whether a noun phrase and then a verb follow: the start of a clause of its own."""
        phrase = self.phrase_after(first)
        return phrase is not None and phrase.last < verb and self.tags[phrase.last + 1 : phrase.last + 2] not in ("", ",")

    def clause_end(self, at: int) -> int:
        """The token after the last one of the clause that holds token `at`."""
        for i in range(at + 1, len(self.tags)):
            if self.tags[i] == ";":
                return i
            if self.tags[i] == "k":
                return i
            if self.tags[i] == "c" and self.tags[i - 1] == "," and self._subject_starts(i + 1, len(self.tags)) and self._verb_follows(i + 1):
                return i
        return len(self.tags)

    def _verb_follows(self, first: int) -> bool:
        phrase = self.phrase_after(first)
        at = phrase.last + 1 if phrase else first
        while at < len(self.tags) and self.tags[at] in "rDp" and at - first < 12:
            at += 1
        return at < len(self.tags) and self.tags[at] in "amv"

    def subject(self, group: Group, depth: int = 0) -> Phrase | None:
        """Who or what stands before a verb group as its subject."""
        at = group.first
        while at > 0 and self.tags[at - 1] in 'r"':
            at -= 1
        while at > 1 and self.tags[at - 1] == "D":  # "X on Monday named Y"
            at -= 2 if self.tags[at - 2] == "p" else 1
        if at <= 0 or depth > 3:
            return None
        tag, word = self.tags[at - 1], self.tokens[at - 1].word
        if word in ("who", "which", "that") and at > 1:
            antecedent = at - 1
            if self.tags[antecedent - 1] == ",":
                antecedent -= 1
            found = self.phrase_before(antecedent)
            if found is None or self.tags[antecedent - 1] not in "NTx":
                return None
            return found if self.tags[found.head] == "N" else self._whole(found)
        if tag == "," and group.reduced:
            directly = self.phrase_before(at - 1)
            if directly is not None and self.tags[directly.head] == "N":
                return self._whole(directly)
        if tag == ",":
            return self._over_aside(at - 1, group)
        if tag == ")":
            opening = self.tags.rfind("(", 0, at)
            return self._whole(self.phrase_before(opening)) if opening > 0 else None
        if tag == "-":
            opening = max(self.tags.rfind("-", 0, at - 1), 0)
            return self._whole(self.phrase_before(opening)) if opening else None
        if tag == "c" or (tag == "v" and depth == 0):
            return self._of_clause(at - 1)
        if tag in "NTxo#MPD":
            return self._whole(self.phrase_before(at))
        return None

    def _whole(self, phrase: Phrase | None) -> Phrase | None:
        """A noun phrase with the phrases before it that "of", "in" and "at" tie it to: the head is the first one's."""
        for _ in range(4):
            if phrase is None or phrase.first < 2 or self.tags[phrase.first - 1] != "p" or self.tokens[phrase.first - 1].word not in _TIES:
                return phrase
            before = self.phrase_before(phrase.first - 1)
            if before is None or self.tags[before.head] not in "NTx#P":
                return phrase
            phrase = Phrase(before.first, phrase.last, before.head)
        return phrase

    def _over_aside(self, comma: int, group: Group) -> Phrase | None:
        """The subject before ", chief executive since 2019,": the phrase before the comma that opens the aside."""
        start = self.clause_start(comma)
        opening = self.tags.rfind(",", start, comma)
        for _ in range(3):
            if opening < 0:
                break
            found = self.phrase_before(opening)
            if found is not None and (self.tags[opening - 1] in "NT" or (self.tags[opening - 1] == "x" and (self._opens(start, found) or self.tags[found.first - 1 : found.first] == "c"))):
                named = self._named_aside(opening, comma, found) if self.tags[opening - 1] in "xT" else None
                return named or self._whole(found)
            opening = self.tags.rfind(",", start, opening)
        if self.tags[group.verb] == "g" or not group.finite or group.first == group.verb:
            return self._of_clause(comma)
        found = self.phrase_before(comma)
        if found and self.tags[found.first] == "d" and found.first > 0 and self.tags[found.first - 1] == "N":
            return Phrase(found.first - 1, found.first - 1, found.first - 1)  # "X, 44, a clerk, was"
        return self._whole(found) if found else None

    def _opens(self, start: int, phrase: Phrase) -> bool:
        """Whether a clause begins with a phrase (whatever is tied to it left out)."""
        whole = self._whole(phrase)
        return whole is not None and not self.tags[start : whole.first].strip('c"r')

    def _named_aside(self, opening: int, comma: int, outer: Phrase) -> Phrase | None:
        """The name in "The latest, Ada Quill, took charge": the aside itself, where it is a name."""
        if self.tags[comma - 1] == "N" and not set(self.tags[opening + 1 : comma - 1]) - set("dxTge"):
            return Phrase(outer.first, comma - 1, comma - 1)
        return None

    def clause_subject(self, group: Group) -> Phrase | None:
        """The first noun phrase of a verb group's clause."""
        return self._of_clause(group.first)

    def _of_clause(self, before: int) -> Phrase | None:
        """The first noun phrase of the clause before a token: the subject that coordinated verbs and participles share."""
        start = self.clause_start(before)
        at = start
        while at < before and self.tags[at] in 'cr"-,':
            at += 1
        if self.tags[at : at + 1] == "p" or self.tags[at : at + 1] in ("g", "e"):  # "On Monday X ..."; "After a vote, X ..."
            comma = self.tags.find(",", at, before)
            if self.tags[at + 1 : at + 2] == "D":
                at += 2
                if self.tags[at : at + 1] == ",":
                    at += 1
            elif comma > 0:
                at = comma + 1
            else:
                return None
        found = self.phrase_after(at)
        return found if found and found.last < before else None

    def first_phrase_after(self, comma: int) -> Phrase | None:
        """The main clause's subject behind an opening participle."""
        return self.phrase_after(comma + 1)

    # -- what follows

    def prepositions(self, start: int, end: int) -> list[tuple[str, int, Phrase]]:
        """(preposition, its token, noun phrase behind it) from token `start` to `end`, in order."""
        found = []
        for i in range(start, min(end, len(self.tags))):
            if self.tags[i] in "pt":
                phrase = self.phrase_after(i + 1)
                if phrase is not None and phrase.first <= i + 3:
                    found.append((self.tokens[i].word, i, phrase))
        return found


_BEHIND_NAMES = frozenset(
    "chief head boss liable responsible guilty accountable negligent public private redundant".split()
)
"""What stands behind a name without belonging to it: "found X liable", "took X private"."""
_BE = frozenset("be is are was were been being am get gets got getting stands stood isn't wasn't aren't weren't".split())
_APPROVED = frozenset("approved adopted agreed okayed backed passed endorsed cleared ratified approves adopts signed".split())
_TIES = frozenset("of in at for on from with".split())
_FIRM = frozenset(
    """agreed agrees agree decided decides decide resolved resolves voted votes vote elected opted opts chosen chose chooses
    set due ordered forced compelled obliged required made about going scheduled slated begun began begins starting started starts
    promised promises pledged pledges vowed vows undertook moved moves ready prepared bound allowed permitted authorised authorized
    told instructed sentenced condemned continued continues managed arranged sworn signed proceeded offered offers offering cleared
    approved timed poised announced decision""".split()
)
_PLANNED = frozenset(
    """plans plan planning planned intends intend intended intending proposes propose proposed proposing wants want wanted hopes hope
    hoped hoping aims aim aimed aiming intention expects expected expecting targets preparing seeks sought seeking looking
    projected projects""".split()
)
_NOT_SO = frozenset(
    """refused refuses refusing declined declines declining failed fails failing unlikely likely tipped threatened threatens threatening tried
    tries trying asked asks urged urges unable considering wished wishes wish able reluctant unwilling keen eager tempted free right
    calls call demands pressure pressed invited encouraged power powers rumoured rumored thought believed said reported understood
    alleged supposed yet attempt attempts bid effort efforts chance need needs reason how where what whether enough impossible hard
    easy difficult used""".split()
)
