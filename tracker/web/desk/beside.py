"""Two versions of one fact side by side, field by field: original and edited, before and after, one event and another.

Pure functions over public payloads, or claims in their shape (`numbered`); entries of lists (parties, penalties,
figures, grounds) are paired where they say the same, then in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext

from tracker.web import labels, presentation
from tracker.web.presentation import Fact

JSON = dict[str, Any]
Quotes = tuple[Mapping[str, Any], ...]
SAME, CHANGED, ADDED, REMOVED, WORDS = "same", "changed", "added", "removed", "words"


@dataclass(frozen=True)
class Row:
    """One field in both versions. `state`: what the second did to the first; `words` where only the quotes differ."""

    label: str
    state: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_quotes: Quotes = ()
    new_quotes: Quotes = ()

    @property
    def differs(self) -> bool:
        """Whether anything is not as it was."""
        return self.state != SAME

    @property
    def gone(self) -> list[str]:
        """Quotes that the second version no longer has."""
        return _quotes_without(self.old_quotes, self.new_quotes)

    @property
    def come(self) -> list[str]:
        """Quotes that the first version did not have."""
        return _quotes_without(self.new_quotes, self.old_quotes)


def beside(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Row]:
    """Every field that either version has, in reading order."""
    one, other = facts(old), facts(new)
    groups = dict.fromkeys(_group(fact) for fact in (*other, *one))
    rows: list[Row] = []
    for group in groups:
        rows += _paired([f for f in one if _group(f) == group], [f for f in other if _group(f) == group])
    return rows


def facts(payload: Mapping[str, Any]) -> list[Fact]:
    """All fields in words, with what is done and how firmly it is stated before the rest."""
    heads = list(_heads(payload))
    own = {fact.pointer: fact for fact in heads}
    rest: list[Mapping[str, Any]] = []
    for quote in payload.get("evidence") or []:
        fact = own.get(str(quote.get("field") or ""))
        (fact.quotes if fact else rest).append(quote)
    return [fact for fact in heads if any(fact.values)] + presentation.facts({**payload, "evidence": rest})


def _heads(payload: Mapping[str, Any]) -> Sequence[Fact]:
    kind, action = payload.get("kind"), payload.get("action")
    what = ""
    if kind and action:
        what = f"{presentation.label(labels.KINDS, kind)} / {presentation.label(labels.ACTIONS, action)}"
    status = str(payload.get("status") or "")
    severe, case = payload.get("severity"), payload.get("case_title") or payload.get("case")
    return (
        Fact("/action", gettext("What"), (what,)),
        Fact("/status", gettext("Status"), (presentation.label(labels.STATUSES, status) if status else "",)),
        Fact("/severity", gettext("Severity"), ("" if severe is None else str(severe),)),
        Fact("/case", gettext("Case"), (str(case or ""),)),
    )


def _group(fact: Fact) -> str:
    """What a field belongs to: all penalties are one group."""
    parts = fact.pointer.split("/")
    return parts[1] if len(parts) > 2 and parts[2].isdecimal() else fact.pointer


def _paired(old: list[Fact], new: list[Fact]) -> list[Row]:
    """The fields of one group: those that say the same together, then the others in their order."""
    left = list(old)
    partners: dict[int, Fact] = {}
    for number, fact in enumerate(new):
        same = next((one for one in left if one.values == fact.values and one.label == fact.label), None)
        if same is not None:
            partners[number] = same
            left.remove(same)
    for number, _ in enumerate(new):
        if number not in partners and left:
            partners[number] = left.pop(0)
    rows = [_row(partners.get(number), fact) for number, fact in enumerate(new)]
    return rows + [_row(fact, None) for fact in left]


def _row(old: Fact | None, new: Fact | None) -> Row:
    values = tuple(fact.values if fact else () for fact in (old, new))
    quotes = tuple(tuple(fact.quotes) if fact else () for fact in (old, new))
    if old is None or new is None:
        state = ADDED if old is None else REMOVED
    elif values[0] != values[1] or old.label != new.label:
        state = CHANGED
    else:
        state = SAME if _told(quotes[0]) == _told(quotes[1]) else WORDS
    named = new or old
    label = named.label if named else ""
    return Row(label, state, values[0], values[1], quotes[0], quotes[1])


def _told(quotes: Quotes) -> list[tuple[Any, ...]]:
    return [_identity(quote) for quote in quotes]


def _identity(quote: Mapping[str, Any]) -> tuple[Any, ...]:
    return (_document(quote), quote.get("start"), quote.get("quote"))


def _document(quote: Mapping[str, Any]) -> Any:
    return (quote.get("document") or {}).get("id")


def _quotes_without(quotes: Quotes, others: Quotes) -> list[str]:
    known = {_identity(quote) for quote in others}
    return [str(quote.get("quote")) for quote in quotes if _identity(quote) not in known]


def numbered(claim: JSON) -> JSON:
    """A claim in the shape of a public payload; each quote with the number of its evidence, by which the article
    marks it."""
    names = ("participants", "penalties", "grounds", "headcount", "measures", "departure", "interim")
    return {
        "kind": claim["kind"],
        "action": claim["action"],
        "status": claim.get("status", "reported"),
        "case": claim.get("case"),
        "subject": claim["subject"],
        "dates": claim.get("dates", {}),
        "details": {name: claim[name] for name in names if claim.get(name)},
        "evidence": [{**item, "number": number} for number, item in enumerate(claim.get("evidence", []))],
    }


def pairs(versions: Sequence[Mapping[str, Any]]) -> list[list[Row]]:
    """For each of the versions, newest first, what it changed against the one before; nothing for the first."""
    following = zip_longest(versions, versions[1:])
    return [
        [row for row in beside(before, after) if row.differs] if before else [] for after, before in following
    ]
