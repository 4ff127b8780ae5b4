"""Who stands in which role of a verb that has been found: subject, object, or behind which preposition."""

from __future__ import annotations

from dataclasses import dataclass

from events.extraction.en.classes import classes
from events.extraction.en.clauses import Parse, Phrase
from events.extraction.en.groups import Group
from events.extraction.en.verbs import Entry

_CONTROL = classes("arguments_control")


@dataclass(slots=True)
class Found:
    """A verb of the lexicon in a sentence, with its arguments; `end` is the token after the last one it took."""

    entry: Entry
    group: Group
    passive: bool
    object: Phrase | None
    end: int
    retained: Phrase | None = None  # "was given [the job]"
    behind: int = 0  # the token behind the verb's own words: "reports to [the board]"


def controlled(parse: Parse, group: Group) -> Phrase | None:
    """The noun phrase before "to" whose verb makes it the doer: "ordered X to pay"."""
    phrase = parse.phrase_before(group.first)
    if phrase is None or phrase.first == 0:
        return None
    at = phrase.first - 1
    if parse.tokens[at].word == "as":  # "named X as chief executive to run Y"
        phrase = parse.phrase_before(at)
        if phrase is None or phrase.first == 0:
            return None
        at = phrase.first - 1
    return phrase if parse.tokens[at].word in _CONTROL else None


class Arguments:
    """The noun phrases that stand in the roles of a found verb."""

    def __init__(self, parse: Parse, found: Found) -> None:
        self.parse, self.found = parse, found
        self.last = found.end - 1
        self._end = -1
        self._behind: list[tuple[str, int, Phrase]] | None = None

    @property
    def end(self) -> int:
        """The token after the last one of the verb's clause."""
        if self._end < 0:
            self._end = self.parse.clause_end(self.found.end - 1)
        return self._end

    @property
    def behind(self) -> list[tuple[str, int, Phrase]]:
        """The prepositions behind the verb, with where they stand and the phrases that they govern."""
        if self._behind is None:
            self._behind = self.parse.prepositions(self.found.end, self.end)
        return self._behind

    def get(self, role: str) -> Phrase | None:
        """The phrase in a role; of several ("on-against") the first that is there."""
        for part in role.split("-"):
            phrase = self._one(part)
            if phrase is not None:
                return phrase
        return None

    def _one(self, role: str) -> Phrase | None:
        found = self.found
        if role == "agent":
            if found.passive:
                return self.preposition("by")
            return self.subject()
        if role == "patient":
            return self.subject() if found.passive else found.object
        if role == "complement":
            return self.complement()
        if role == "form":
            return self.formed()
        if role == "own":
            agent = self.get("agent")
            possessor = agent is not None and self.parse.tokens[agent.first].word in (
                "its",
                "their",
                "his",
                "her",
            )
            return Phrase(agent.first, agent.first, agent.first) if agent and possessor else None
        if role == "name":
            return self.renamed()
        phrase = self.preposition(role)
        if phrase is None and role in (
            "of",
            "in",
            "for",
            "to",
            "with",
            "from",
            "on",
            "against",
            "into",
            "at",
            "over",
        ):
            phrase = self.inside(role)
        return phrase

    def subject(self) -> Phrase | None:
        """The phrase that the verb's subject is, in an infinitive who controls it."""
        group = self.found.group
        if group.infinitive and not group.chain:
            doer = controlled(self.parse, group)
            if doer is not None:
                return doer
            return self.nearest()
        found = self.parse.subject(group)
        if found is None and self.found.passive is False and group.first == group.verb:
            return self.label()
        if (
            found is not None
            and self.found.object is None
            and found.first > 1
            and self.parse.tokens[found.first - 1].word in ("that", "which", "whom")
        ):
            before = self.parse.tags[found.first - 2]
            if (
                before in "Nx,"
                and self.found.entry.options["subject"] != "agent"
                and (group.reduced or not self.found.passive)
            ):
                return None
        return found

    def label(self) -> Phrase | None:
        """The name that heads a line, for a verb without a subject: "Harbour Mills - Swung to a loss"."""
        group = self.found.group
        before = self.parse.tags[: group.first].rstrip('"-;)(r')
        if before and before[-1] == "N" and len(before) <= 3 and self.parse.tags[group.first - 1] in "-;)":
            return Phrase(len(before) - 1, len(before) - 1, len(before) - 1)
        return None

    def nearest(self) -> Phrase | None:
        """The last person named before an infinitive, else the clause's subject."""
        for i in range(self.found.group.first - 1, -1, -1):
            node = self.parse.tokens[i].node
            if self.parse.tags[i] == "N" and node is not None and node.type == "person":
                return Phrase(i, i, i)
        whole = self.parse.clause_subject(self.found.group)
        if whole is not None and self.parse.tags[whole.head] == "N":
            return whole
        for i in range(self.found.group.first - 1, -1, -1):
            if (
                self.parse.tags[i] == "N"
                and (named := self.parse.tokens[i].node) is not None
                and named.type in ("person", "name")
            ):
                return Phrase(i, i, i)
        return None

    def preposition(self, word: str) -> Phrase | None:
        """The phrase behind a preposition that follows the verb; the object of the verb's own last one."""
        trail = self.found.entry.trail
        if trail and trail[-1] == word and word in ("to", "into", "under", "with", "as", "for", "of", "from"):
            phrase = self.parse.phrase_after(self.found.behind or self.found.end)
            if phrase is not None:
                self.last = max(self.last, phrase.last)
                return phrase
        for preposition, _, phrase in self.behind:
            if preposition == word:
                self.last = max(self.last, phrase.last)
                return phrase
        return None

    def inside(self, word: str) -> Phrase | None:
        """A phrase tied to the object (in the passive: the subject): "X's licence", "trading in X"."""
        found, parse = self.found, self.parse
        whole = self._whole()
        if whole is None:
            return None
        if found.entry.subject and (at := self._word(word, whole.head + 1, found.group.first)):
            return parse.phrase_after(at + 1)
        if found.passive and found.entry.object and not self._has(whole, found.entry.object):
            whole = parse.clause_subject(found.group) or whole
        if word in ("of", "in", "for") and (at := parse.tags.find("s", whole.first, whole.last + 1)) >= 0:
            return Phrase(whole.first, at - 1, at - 1)
        if at := self._word(word, whole.head + 1, found.group.first if found.passive else whole.last):
            return parse.phrase_after(at + 1)
        if word in ("of", "for") and parse.tokens[whole.first].word in ("his", "her", "their", "its"):
            return Phrase(whole.first, whole.first, whole.first)
        if word in ("of", "in") and (at := parse.tags.find("N", whole.first, whole.last)) >= 0:
            return Phrase(at, at, at)
        return None

    def _whole(self) -> Phrase | None:
        """The phrase that another may be tied to: the clause's subject where the entry asks for it, else the patient."""
        if self.found.entry.subject:
            return self.parse.clause_subject(self.found.group)
        return self.parse.subject(self.found.group) if self.found.passive else self.found.object

    def _word(self, word: str, start: int, end: int) -> int:
        """The first token of [start, end) that is a word; 0 where none is (no phrase starts behind token 0)."""
        return next((i for i in range(start, end) if self.parse.tokens[i].word == word), 0)

    def _has(self, phrase: Phrase, wanted: frozenset[str]) -> bool:
        return any(token.word in wanted for token in self.parse.tokens[phrase.first : phrase.last + 1])

    def complement(self) -> Phrase | None:
        """The subject of the clause that a verb of saying or finding governs."""
        at = self.found.group.verb + 1
        limit = min(at + 14, len(self.parse.tags))
        while at < limit and self.parse.tokens[at].word != "that":
            at += 1
        if at >= limit:
            return self.bare_complement()
        phrase = self.parse.phrase_after(at + 1)
        if phrase is not None:
            self.last = max(self.last, phrase.last)
        return phrase

    def formed(self) -> Phrase | None:
        """What something becomes part of: "to form X", "creating X"."""
        for i in range(self.found.end, min(self.end, self.found.end + 20)):
            if self.parse.tokens[i].word in ("form", "create", "become", "forming", "creating", "becoming"):
                return self.parse.phrase_after(i + 1)
        return None

    def bare_complement(self) -> Phrase | None:
        """The same without "that" ("drivers say X forged ..."), or before the verb ("X broke rules, a court found")."""
        parse, at = self.parse, self.found.group.verb + 1
        phrase = parse.phrase_after(at)
        if (
            phrase is not None
            and phrase.first == at
            and parse.tags[phrase.last + 1 : phrase.last + 2] in ("v", "a", "e", "m")
        ):
            return phrase
        if at >= len(parse.tags) - 1 and "," in parse.tags[:at]:
            return parse.clause_subject(Group(parse.tags.index(","), parse.tags.index(",")))
        return None

    def renamed(self) -> Phrase | None:
        """The new name behind "renamed X": the next noun phrase."""
        at = self.found.object.last + 1 if self.found.object and not self.found.passive else self.found.end
        if self.parse.tags[at : at + 3] == ",N,":
            at += 3
        if at < len(self.parse.tokens) and self.parse.tokens[at].word in ("as", "to"):
            at += 1
        phrase = self.parse.phrase_after(at)
        if phrase is not None:
            self.last = max(self.last, phrase.last)
        return phrase
