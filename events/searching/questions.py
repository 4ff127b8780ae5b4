"""What is asked: words, "phrases" and -exclusions, in English and Chinese, as a query on `Event.search`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from events.record.words import pairs, runs, tokens

MAX_QUESTION = 200
"""Characters of a question."""

Query = SearchQuery | CombinedSearchQuery

_CHUNK = re.compile(r'(?P<excluded>-(?=["\w]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """Words that must follow one another, or a run of Chinese characters."""

    words: tuple[str, ...]
    chinese: bool = False

    def query(self) -> Query:
        """The term for the server. Chinese runs are phrases of their pairs, one character alone a prefix."""
        if not self.chinese:
            kind = "phrase" if len(self.words) > 1 else "plain"
            return SearchQuery(" ".join(self.words), config="english", search_type=kind)
        if len(self.words) == 1:
            return SearchQuery(f"'{self.words[0]}':*", config="simple", search_type="raw")
        whole = pairs("".join(self.words))[:-1]
        return SearchQuery(" <-> ".join(f"'{pair}'" for pair in whole), config="simple", search_type="raw")


@dataclass(frozen=True)
class Question:
    """Everything that must be there (`terms`), what must not, and names any of which is an answer by itself."""

    text: str
    terms: tuple[Term, ...]
    excluded: tuple[tuple[Term, ...], ...] = ()
    names: tuple[tuple[Term, ...], ...] = ()

    @property
    def name(self) -> str:
        """The question as a name that someone may have; empty where it excludes something."""
        return "" if self.excluded else self.text.replace('"', " ").strip()

    def also(self, names: Iterable[str]) -> Question:
        """The same question, answered also by what has one of the names: a name's other scripts and spellings.

        One who uses quotation marks wants these words in this order, so nothing is added.
        """
        if '"' in self.text:
            return self
        return replace(self, names=tuple(found for name in names if (found := terms_of(name))))

    @property
    def shown(self) -> list[Term]:
        """The terms that highlighting looks for."""
        return list(dict.fromkeys([*self.terms, *(term for name in self.names for term in name)]))

    def query(self) -> Query | None:
        """The query on `Event.search`; None where nothing is asked for."""
        if not self.terms:
            return None
        found = _all([term.query() for term in self.terms])
        for name in self.names:
            found = found | _all([term.query() for term in name])
        for group in self.excluded:
            found = found & _any([~_plain(term.query()) for term in group])
        return found


def parse(text: str) -> Question:
    """Reads a question; punctuation and an open quotation mark are no errors."""
    text = text.replace("\x00", " ").strip()[:MAX_QUESTION]
    wanted: list[Term] = []
    excluded: list[tuple[Term, ...]] = []
    for chunk in _CHUNK.finditer(text):
        # Words that punctuation alone parts belong together: 120,000 and vice-president.
        found = terms_of(chunk["phrase"] if chunk["word"] is None else chunk["word"])
        if chunk["excluded"] and found:
            excluded.append(found)
        else:
            wanted += found
    return Question(text, tuple(dict.fromkeys(wanted)), tuple(excluded))


def terms_of(text: str) -> tuple[Term, ...]:
    """A text's terms: its words of alphabetic scripts, which must follow one another, and its Chinese runs."""
    terms: list[Term] = []
    words: list[str] = []
    for group in runs(tokens(text)):
        if not group[0].chinese:
            words.append(group[0].form)
            continue
        terms += _phrase(words)
        words = []
        terms.append(Term(tuple(token.form for token in group), chinese=True))
    return (*terms, *_phrase(words))


def _phrase(words: Sequence[str]) -> list[Term]:
    return [Term(tuple(words))] if words else []


def _plain(query: Query) -> SearchQuery:
    if not isinstance(query, SearchQuery):
        raise TypeError("only a single query can be excluded")
    return query


def _all(queries: Sequence[Query]) -> Query:
    found = queries[0]
    for query in queries[1:]:
        found = found & query
    return found


def _any(queries: Sequence[Query]) -> Query:
    found = queries[0]
    for query in queries[1:]:
        found = found | query
    return found
