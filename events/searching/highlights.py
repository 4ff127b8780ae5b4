"""Which words of a result answer the question: spans in code points, never markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from events.record.words import Token, tokens
from events.searching.questions import Term
from events.timelines.spellings import Span, joined

JSON = dict[str, Any]
SENTENCES = ("/summary", "/summary_zh")
MAX_QUOTES = 20
"""Quotes of one event that are looked at."""


class Highlighter:
    """Finds the terms in texts, as the server's stemmer would. Made once for a page: one query for all its words."""

    def __init__(self, terms: Sequence[Term], texts: Iterable[str]) -> None:
        self.terms = [term for term in terms if term.words]
        begins = tuple({word[0] for term in self.terms if not term.chinese for word in term.words})
        self._tokens = {text: list(tokens(text)) for text in dict.fromkeys(texts)}
        words = {word for term in self.terms if not term.chinese for word in term.words}
        for found in self._tokens.values():
            words.update(token.form for token in found if not token.chinese and token.form.startswith(begins))
        self._stems = stems(words) if begins else {}

    def spans(self, text: str) -> tuple[list[Span], int]:
        """Where the terms stand in the text, and how many of them do."""
        found = self._tokens.get(text) or list(tokens(text))
        spans: list[Span] = []
        hit = 0
        for term in self.terms:
            places = list(self._places(term, found))
            hit += bool(places)
            spans += places
        return joined(spans), hit

    def _places(self, term: Term, found: Sequence[Token]) -> Iterator[Span]:
        size = len(term.words)
        if size == 1 and not term.chinese and not self._stems.get(term.words[0]):
            return  # a stop word says nothing
        for at in range(len(found) - size + 1):
            if all(self._same(word, found[at + n], term) for n, word in enumerate(term.words)):
                yield found[at].start, found[at + size - 1].end

    def _same(self, word: str, token: Token, term: Term) -> bool:
        if token.form == word:
            return True
        stem = self._stems.get(word)
        return not term.chinese and bool(stem) and self._stems.get(token.form) == stem


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
