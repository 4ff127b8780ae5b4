"""Which words of a result answer the question: spans in code points, never markup."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.db import connection

from events.record.words import LETTER, WORD, Token, fold, tokens
from events.searching.questions import Term
from events.timelines.spellings import Span, joined

JSON = dict[str, Any]
SENTENCES = ("/summary", "/summary_zh")
_BEGIN = 3
"""Letters with which all words of one stem begin alike, but for very short ones."""
_ACCENTED = re.compile(r"[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff\uff21-\uff5a]")
"""Letters that are not as they are compared."""
_ANY_WORD = re.compile(r"[^\W_]")
MAX_QUOTES = 20
"""Quotes of one event that are looked at."""


class Highlighter:
    """Finds the terms in texts, as the server's stemmer would. Made once for a page: one query for all its words."""

    def __init__(self, terms: Sequence[Term], texts: Iterable[str]) -> None:
        self._chinese = [re.compile("".join(term.words)) for term in terms if term.chinese]
        words = {word for term in terms if not term.chinese for word in term.words}
        self._begins = tuple({word[:_BEGIN] for word in words})
        begins = "|".join(map(re.escape, self._begins))
        self._likely = re.compile(rf"(?<!{LETTER})(?={begins}){WORD}", re.IGNORECASE)
        self._words = {text: self._candidates(text) for text in dict.fromkeys(texts)} if words else {}
        known = (
            stems(words | {token.form for found in self._words.values() for token in found}) if words else {}
        )
        forms: dict[str, set[str]] = {}
        for word, stem in known.items():
            forms.setdefault(stem, set()).add(word)
        # For each place in a term the forms that may stand there; a stop word alone says nothing.
        self._terms = [
            [forms[known[word]] if known[word] else {word} for word in term.words]
            for term in terms
            if not term.chinese and any(known[word] for word in term.words)
        ]
        self._found: dict[str, tuple[list[Span], int]] = {}

    def spans(self, text: str) -> tuple[list[Span], int]:
        """Where the terms stand in the text, one of those given before, and how many of them do."""
        if text not in self._found:
            self._found[text] = self._spans(text)
        return self._found[text]

    def _candidates(self, text: str) -> list[Token]:
        """The words that begin as a word of the terms does."""
        if _ACCENTED.search(text):
            return [token for token in tokens(text) if token.form.startswith(self._begins)]
        return [Token(at.start(), at.end(), fold(at[0]), False) for at in self._likely.finditer(text)]

    def _spans(self, text: str) -> tuple[list[Span], int]:
        places = [[at.span() for at in run.finditer(text)] for run in self._chinese]
        found = self._words.get(text, [])
        for term in self._terms:
            starts = [at for at, token in enumerate(found) if token.form in term[0]]
            places.append([span for at in starts if (span := _follows(term, found, at, text))])
        return joined(span for spans in places for span in spans), sum(map(bool, places))


def _follows(term: Sequence[Collection[str]], found: Sequence[Token], at: int, text: str) -> Span | None:
    """The span of a term that begins with the token at that place; None where other words follow."""
    part = found[at : at + len(term)]
    if len(part) < len(term) or any(token.form not in forms for token, forms in zip(part, term, strict=True)):
        return None
    if any(_ANY_WORD.search(text, one.end, other.start) for one, other in pairwise(part)):
        return None
    return part[0].start, part[-1].end


def stems(words: Iterable[str]) -> dict[str, str]:
    """What the `english` configuration makes of each word; empty for a stop word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w, array_to_string(tsvector_to_array(to_tsvector('english', w)), ' ')"
            " FROM unnest(%s::text[]) AS w",
            [sorted(words)],
        )
        return dict(cursor.fetchall())


def highlight(highlighter: Highlighter, entry: JSON) -> list[JSON]:
    """The sentences and the one other text of an entry that have most of the terms, each with its spans.

    `field` is a JSON Pointer into the entry.
    """
    found = []
    for pointer in SENTENCES:
        spans, _ = highlighter.spans(entry[pointer[1:]])
        if spans:
            found.append(shown(pointer, entry[pointer[1:]], spans))
    best = max(
        ((hit, pointer, text, spans) for pointer, text in others(entry) for spans, hit in [highlighter.spans(text)]),
        key=lambda row: row[0], default=None,
    )  # fmt: skip
    if best and best[0]:
        found.append(shown(*best[1:]))
    return found


def shown(field: str, text: str, spans: Iterable[Span]) -> JSON:
    """A highlight."""
    return {"field": field, "text": text, "spans": [list(span) for span in spans]}


def texts_of(entry: JSON) -> list[str]:
    """Every text of an entry that may be highlighted."""
    return [*(entry[pointer[1:]] for pointer in SENTENCES), *(text for _, text in others(entry))]


def others(entry: JSON) -> list[tuple[str, str]]:
    """The texts beside the sentences, with their pointers: quotes first, since they prove what was found."""
    rows = [(f"/evidence/{n}/quote", row["quote"]) for n, row in enumerate(entry["evidence"][:MAX_QUOTES])]
    rows += [(f"/details/grounds/{n}", text) for n, text in enumerate(entry["details"].get("grounds", []))]
    rows += [("/subject/title", entry["subject"].get("title")), ("/case_title", entry.get("case_title"))]
    rows += [
        (f"/evidence/{n}/document/title", row["document"].get("title"))
        for n, row in enumerate(entry["evidence"][:MAX_QUOTES])
    ]
    return [(pointer, text) for pointer, text in rows if text]
