"""From a model's answer to claims that keep the contract: what the text does not prove is left out.

A quote that does not stand in the text word for word takes its field with it; a claim falls whose main quote or
subject does. Values that are words (names, titles, grounds, grades) must stand in the text themselves.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from jsonschema import Draft202012Validator

from events.choices import ACTIONS
from events.curation.claims import claim_schema, problems
from events.extraction.sanity import names_something
from events.intake.modelling.prompt import MAX_CLAIMS
from events.intake.modelling.quotes import Span, choose, cut, nearest, places

JSON = dict[str, Any]

SURE = 0.5
"""How sure a claim is that the model alone proposes. No labelled articles speak for it, so it comes after others."""
SHORTEST_QUOTE = 4
"""Code points of a main quote: fewer state nothing, and stand in every text."""
MOST_ITEMS = 30
_LISTS = ("participants", "penalties", "grounds", "measures")
_WORDS = ("name", "title", "organization", "from", "to", "text")
"""Values that are the article's own words."""
_FORMS = {
    "currency": re.compile(r"[A-Z]{3}"),
    "period": re.compile(r"(?:FY)?\d{4}(?:-(?:Q[1-4]|H[12]|(?:0[1-9]|1[0-2])))?"),
    "duration": re.compile(r"P(?=\w)(?:\d{1,4}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?"),
}
_FENCE = re.compile(r"\A\s*```(?:json)?\s*|\s*```\s*\Z")


@dataclass(slots=True)
class Checked:
    """Claims that keep the contract, and how many fields were left out (a claim left out counts once)."""

    claims: list[JSON] = field(default_factory=list)
    dropped: int = 0


def check(content: str, text: str, kinds: Iterable[str] = ()) -> Checked:
    """The claims of an answer that `text` proves, of these kinds, of all if none is named.

    Raises ValueError for an answer that is no list of claims.
    """
    wanted, checked = set(kinds), Checked()
    find = cache(partial(places, text))
    rows = _claims(content)
    checked.dropped += max(len(rows) - MAX_CLAIMS, 0)
    for row in rows[:MAX_CLAIMS]:
        work = _Work(text, find)
        claim = work.claim(row)
        checked.dropped += work.dropped
        if claim is not None and (not wanted or claim["kind"] in wanted):
            checked.claims.append(claim)
    return checked


def _claims(content: str) -> list[Any]:
    try:
        answer = json.loads(_FENCE.sub("", content), parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("the answer is nested too deeply") from None
    rows = answer.get("claims") if isinstance(answer, dict) else answer
    if not isinstance(rows, list):
        raise ValueError('the answer has no list "claims"')
    return rows


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is out of range")
    return value


class _Work:
    """One claim of an answer against the text; `dropped` counts what was left out."""

    def __init__(self, text: str, find: Callable[[str], list[Span]]) -> None:
        self.text = text
        self.find = find
        self.dropped = 0
        self.quotes: dict[str, list[list[Span]]] = {}
        self.bad: set[str] = set()
        self.main: Span = (0, 0)
        self.evidence: list[JSON] = []

    def claim(self, row: Any) -> JSON | None:
        """The claim as far as the text proves it, or None."""
        made = self._claim(row) if isinstance(row, dict) else None
        if made is None:
            self.dropped += 1
        return made

    def _claim(self, row: JSON) -> JSON | None:
        kind, action, subject = row.get("kind"), row.get("action"), row.get("subject")
        if not _is_known(kind, action) or not isinstance(subject, dict):
            return None
        self._read_quotes(row.get("evidence"))
        if not self._subject_stands(subject):
            return None
        main = [spans for spans in self.quotes.get("", []) if spans[0][1] - spans[0][0] >= SHORTEST_QUOTE]
        if not main:
            return None
        others = [spans for pointer, found in self.quotes.items() if pointer for spans in found]
        self.main = choose(main[0], [*others, *main[1:], self.find(subject["name"])])
        for spans in main:
            self._cite("", nearest(spans, self.main))
        made: JSON = {"kind": kind, "action": action}
        made["subject"] = self._party(subject, "/subject")
        self._plain(row, made)
        self._dates(row, made)
        self._lists(row, made)
        self._headcount(row, made)
        made |= {"confidence": SURE, "evidence": self.evidence}
        return self._valid(made)

    def _subject_stands(self, subject: JSON) -> bool:
        name = subject.get("name")
        if not isinstance(name, str) or not names_something(name) or not self.find(name):
            return False
        return name == name.strip() and not self.bad & {"", "/subject", "/subject/name", "/kind", "/action"}

    def _read_quotes(self, rows: Any) -> None:
        """Sorts an answer's quotes by the field that they prove; those that do not stand in the text make it bad."""
        found: dict[str, list[list[Span]]] = defaultdict(list)
        for row in rows[: 4 * MOST_ITEMS] if isinstance(rows, list) else []:
            pointer, quote = (row.get("field"), row.get("quote")) if isinstance(row, dict) else (None, None)
            if not isinstance(pointer, str) or not isinstance(quote, str):
                continue
            owner = _owner(pointer)
            if spans := self.find(quote):
                found[owner].append(spans)
            else:
                self.bad.add(owner)
        self.quotes = dict(found)

    def _plain(self, row: JSON, made: JSON) -> None:
        properties = claim_schema()["properties"]
        for name in ("departure", "status"):
            if name in row:
                known = row[name] in properties[name]["enum"] and f"/{name}" not in self.bad
                self._keep(made, name, row[name], known)
        if isinstance(row.get("interim"), bool):
            self._keep(made, "interim", row["interim"], "/interim" not in self.bad)
        if isinstance(row.get("case"), str) and row["case"].strip():
            made["case"] = row["case"].strip()[:40]
        made.setdefault("status", "reported")

    def _keep(self, made: JSON, name: str, value: Any, right: bool) -> None:
        if right:
            made[name] = value
        else:
            self.dropped += 1

    def _dates(self, row: JSON, made: JSON) -> None:
        rows = row.get("dates")
        for role, value in rows.items() if isinstance(rows, dict) else []:
            if isinstance(value, dict) and self._proven(f"/dates/{role}"):
                made.setdefault("dates", {})[role] = {
                    k: value[k] for k in ("value", "precision") if k in value
                }
                self._prove(f"/dates/{role}", f"/dates/{role}")
            else:
                self.dropped += 1

    def _headcount(self, row: JSON, made: JSON) -> None:
        value = row.get("headcount")
        if not isinstance(value, dict) or not value:
            return
        if self._proven("/headcount") and (kept := self._values(value)):
            made["headcount"] = kept
            self._prove("/headcount", "/headcount")
        else:
            self.dropped += 1

    def _lists(self, row: JSON, made: JSON) -> None:
        for name in _LISTS:
            rows = row.get(name)
            for number, value in enumerate(rows[:MOST_ITEMS] if isinstance(rows, list) else []):
                told, kept = f"/{name}/{number}", made.get(name, [])
                cited = len(self.evidence)
                item = self._item(name, value, told, f"/{name}/{len(kept)}")
                if item is not None and _fits(name, [item]):
                    made[name] = [*kept, item]
                else:
                    self.dropped += 1
                    del self.evidence[cited:]

    def _item(self, name: str, value: Any, told: str, pointer: str) -> Any:
        """One entry of a list, cited at `pointer`, its place in the claim that is made; None if nothing proves it."""
        if name == "grounds":
            spans = self.find(value) if isinstance(value, str) else []
            if not spans or told in self.bad:
                return None
            self._cite(pointer, nearest(spans, self.main))
            return value.strip()
        if not isinstance(value, dict):
            return None
        if name == "participants":
            party = value.get("name")
            if not isinstance(party, str) or not self.find(party) or told in self.bad:
                return None
            return self._party(value, told, pointer)
        if not self._proven(told):
            return None
        self._prove(told, pointer)
        return self._values(value)

    def _party(self, party: JSON, told: str, pointer: str = "") -> JSON:
        """A party whose name stands in the text, with a place for each of its words."""
        pointer = pointer or told
        kept: JSON = {name: party[name] for name in ("role", "type") if name in party}
        for name in ("name", "title", "organization"):
            value = party.get(name)
            if not isinstance(value, str) or not value.strip():
                continue
            spans = self.find(value)
            if spans and f"{told}/{name}" not in self.bad:
                kept[name] = value.strip()
                self._cite(f"{pointer}/{name}", nearest(spans, self.main))
            else:
                self.dropped += 1
        return kept

    def _values(self, value: JSON) -> JSON:
        """The values of an entry without those that are neither the article's words nor of a known form."""
        kept: JSON = {}
        for name, told in value.items():
            if name in _WORDS:
                right = isinstance(told, str) and bool(self.find(told))
            elif name in _FORMS:
                right = isinstance(told, str) and bool(_FORMS[name].fullmatch(told))
            else:
                right = told is not None
            self._keep(kept, name, told, right)
        return kept

    def _proven(self, pointer: str) -> bool:
        return pointer in self.quotes and pointer not in self.bad

    def _prove(self, told: str, pointer: str) -> None:
        for spans in self.quotes[told]:
            self._cite(pointer, nearest(spans, self.main))

    def _cite(self, pointer: str, span: Span) -> None:
        start, end = cut(span)
        item = {"field": pointer, "start": start, "end": end, "quote": self.text[start:end]}
        if item not in self.evidence:
            self.evidence.append(item)

    def _valid(self, made: JSON) -> JSON | None:
        """The claim without the fields that break the contract; None if it breaks it without them, too."""
        while found := problems(made, self.text):
            part = found[0].pointer.split("/")[1] if found[0].pointer else ""
            if part not in made or part in ("kind", "action", "subject", "evidence", "confidence"):
                return None
            del made[part]
            self.dropped += 1
            made["evidence"] = [e for e in made["evidence"] if e["field"].split("/")[1:2] != [part]]
        return made


def _is_known(kind: Any, action: Any) -> bool:
    return isinstance(kind, str) and any(
        kind == known.value and action in actions for known, actions in ACTIONS.items()
    )


@cache
def _form(name: str) -> Draft202012Validator:
    schema = claim_schema()
    return Draft202012Validator({**schema["properties"][name], "$defs": schema["$defs"]})


def _fits(name: str, value: Any) -> bool:
    """Whether a value has the form that the contract asks of a claim's field."""
    return bool(_form(name).is_valid(value))


def _owner(pointer: str) -> str:
    """The field that a quote proves, as far down as fields are kept or left out on their own."""
    pointer = pointer.strip()
    parts = (pointer if pointer.startswith("/") or not pointer else f"/{pointer}").split("/")
    top = parts[1] if len(parts) > 1 else ""
    if top in ("dates", *_LISTS):
        keeps_words = top == "participants" and parts[3:4] in (["title"], ["organization"])
        return "/".join(parts[: 4 if keeps_words else 3])
    if top == "subject":
        return "/".join(parts[:3])
    return f"/{top}" if top else ""
