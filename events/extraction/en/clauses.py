"""A shallow parse of an English sentence: noun phrases, verb groups and who stands beside them.

Works on a chart whose names, titles, dates and sums are single placeholders already, so that the words left are few
and their order tells most: English puts the subject before its verb and the object behind it. Every scan moves over
the tags once, so that a sentence costs time in step with its length.
"""

from __future__ import annotations

from dataclasses import dataclass

from events.extraction.chart import Chart
from events.extraction.en.classes import classes
from events.extraction.en.groups import Group, group_of
from events.extraction.en.tokens import tokens_of


@dataclass(slots=True)
class Phrase:
    """A noun phrase: tokens [first, last]; `head` is the token that says what it is."""

    first: int
    last: int
    head: int


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
        return group_of(self.tokens, self.tags, verb, sort)

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

    def _skip(self, start: int) -> int:
        """The token behind adverbs, quotation marks and dates from a token on."""
        at = start
        while at < len(self.tags) and (
            self.tags[at] in 'r"'
            or (self.tags[at] == "D" and at + 1 < len(self.tags) and self.tags[at + 1] in "dN")
        ):
            at += 1
        while self.tags[at : at + 2] in ("pD", ",p") and at + 2 < len(self.tags):
            at += 2
            if self.tags[at : at + 1] == ",":
                at += 1
        return at

    def phrase_after(self, start: int) -> Phrase | None:
        """The noun phrase that starts at token `start`, adverbs, dates and quotation marks before it left out."""
        first = self._skip(start)
        if first >= len(self.tags):
            return None
        if self.tags[first] == "o":
            return Phrase(first, first, first)
        begin = at = self._opened(first)
        while at < len(self.tags) and self._continues(at, first, begin):
            at += 1
            if self.tags[at - 1] == "N" and self._name_ends(at):
                break
        if at > begin:
            return Phrase(first, at - 1, at - 1)
        alone = self.tags[first] == "d" and self.tokens[first].word in ("her", "both", "all", "that", "this")
        return Phrase(first, first, first) if alone else None

    def _opened(self, first: int) -> int:
        """The token behind a phrase's comparison ("more than") and determiners."""
        at = first
        if (
            self.tokens[at].word in ("more", "fewer", "less", "up", "at", "as")
            and self.tags[at + 2 : at + 3] == "#"
        ):
            at += 2
        if self.tags[at] == "d":
            at += 1
            while at < len(self.tags) and self.tags[at] in "rd":
                at += 1
        return at

    def _continues(self, at: int, first: int, begin: int) -> bool:
        """Whether a token belongs to the noun phrase that starts at `first` and whose words start at `begin`."""
        tag, before, behind = self.tags[at], self.tags[at - 1], self.tags[at + 1 : at + 2]
        if at == begin:
            if tag == "D":
                return at > first and behind in ("x", "N")
            return (
                tag in "NTMP#x"
                or (tag in "eg" and behind != "" and behind in "xNTeg")
                or (tag == "v" and self.tags[first] == "d")
            )
        if tag == "M":
            return before not in "xe"
        if tag in "eg":
            return before != "N" and behind != "" and behind in "xNTeg"
        return tag in "NTP#xs" or (
            tag == "c"
            and before in "xe"
            and self.tags[at + 1 : at + 3] in ("xx", "xN")
            and self.tokens[at].word == "and"
            and self.tags[first] == "d"
        )

    def _name_ends(self, at: int) -> bool:
        """Whether the phrase ends with the name before a token."""
        tag = self.tags[at : at + 1]
        return tag != "" and (tag in "NTDM#P" or (tag == "x" and self.tokens[at].word in _BEHIND_NAMES))

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
        return (
            phrase is not None
            and phrase.last < verb
            and self.tags[phrase.last + 1 : phrase.last + 2] not in ("", ",")
        )

    def clause_end(self, at: int) -> int:
        """The token after the last one of the clause that holds token `at`."""
        for i in range(at + 1, len(self.tags)):
            if self.tags[i] == ";":
                return i
            if self.tags[i] == "k":
                return i
            if (
                self.tags[i] == "c"
                and self.tags[i - 1] == ","
                and self._subject_starts(i + 1, len(self.tags))
                and self._verb_follows(i + 1)
            ):
                return i
        return len(self.tags)

    def _verb_follows(self, first: int) -> bool:
        phrase = self.phrase_after(first)
        at = phrase.last + 1 if phrase else first
        while at < len(self.tags) and self.tags[at] in "rDp" and at - first < 12:
            at += 1
        return at < len(self.tags) and self.tags[at] in "amv"

    def subject(self, group: Group) -> Phrase | None:
        """Who or what stands before a verb group as its subject."""
        at = self._group_start(group)
        if at <= 0:
            return None
        tag, word = self.tags[at - 1], self.tokens[at - 1].word
        if word in ("who", "which", "that") and at > 1:
            return self._antecedent(at - 1)
        if tag == ",":
            directly = self.phrase_before(at - 1) if group.reduced else None
            if directly is not None and self.tags[directly.head] == "N":
                return self.whole(directly)
            return self._over_aside(at - 1, group)
        if tag in ")-":
            opening = self.tags.rfind("(", 0, at) if tag == ")" else self.tags.rfind("-", 0, at - 1)
            return self.whole(self.phrase_before(opening)) if opening > 0 else None
        if tag in "cv":
            return self._of_clause(at - 1)
        return self.whole(self.phrase_before(at)) if tag in "NTxo#MPD" else None

    def _group_start(self, group: Group) -> int:
        """The first token of a verb group, or of the adverbs and dates before it: "X on Monday named Y"."""
        at = group.first
        while at > 0 and self.tags[at - 1] in 'r"':
            at -= 1
        while at > 1 and self.tags[at - 1] == "D":
            at -= 2 if self.tags[at - 2] == "p" else 1
        return at

    def _antecedent(self, at: int) -> Phrase | None:
        """What the relative pronoun at a token stands for."""
        if self.tags[at - 1] == ",":
            at -= 1
        found = self.phrase_before(at)
        if found is None or self.tags[at - 1] not in "NTx":
            return None
        return found if self.tags[found.head] == "N" else self.whole(found)

    def whole(self, phrase: Phrase | None) -> Phrase | None:
        """A noun phrase with the phrases before it that "of", "in" and "at" tie it to: the head is the first one's."""
        for _ in range(4):
            if (
                phrase is None
                or phrase.first < 2
                or self.tags[phrase.first - 1] != "p"
                or self.tokens[phrase.first - 1].word not in _TIES
            ):
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
            if found is not None and (
                self.tags[opening - 1] in "NT"
                or (
                    self.tags[opening - 1] == "x"
                    and (self._opens(start, found) or self.tags[found.first - 1 : found.first] == "c")
                )
            ):
                named = self._named_aside(opening, comma, found) if self.tags[opening - 1] in "xT" else None
                return named or self.whole(found)
            opening = self.tags.rfind(",", start, opening)
        if self.tags[group.verb] == "g" or not group.finite or group.first == group.verb:
            return self._of_clause(comma)
        found = self.phrase_before(comma)
        if found and self.tags[found.first] == "d" and found.first > 0 and self.tags[found.first - 1] == "N":
            return Phrase(found.first - 1, found.first - 1, found.first - 1)  # "X, 44, a clerk, was"
        return self.whole(found) if found else None

    def _opens(self, start: int, phrase: Phrase) -> bool:
        """Whether a clause begins with a phrase (whatever is tied to it left out)."""
        whole = self.whole(phrase)
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
        if self.tags[at : at + 1] == "p" or self.tags[at : at + 1] in (
            "g",
            "e",
        ):  # "On Monday X ..."; "After a vote, X ..."
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


_BEHIND_NAMES = classes("clauses_behind_names")
"""What stands behind a name without belonging to it: "found X liable", "took X private"."""
_TIES = frozenset(["of", "in", "at", "for", "on", "from", "with"])
