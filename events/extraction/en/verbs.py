"""The lexicon of verbs (verbs.txt): which verbs state which fact, and who stands in which role."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from events.extraction.en.inflection import forms
from events.extraction.lexicon import lines

_HEADER = re.compile(r"(\w+)/(\w+)((?: [\w]+=[\w-]+)*) : (.+)")
_PIECE = re.compile(r"\[([^\]]+)\]|\{([^}]+)\}|<([^>]+)>|(\S+)")


@dataclass(frozen=True)
class Entry:
    """One meaning of a verb (see the head of verbs.txt)."""

    kind: str
    action: str
    options: dict[str, str]
    verb: str
    trail: tuple[str, ...] = ()
    object: frozenset[str] = frozenset()
    later: tuple[frozenset[str], ...] = ()
    subject: frozenset[str] = frozenset()
    key: str = field(default="", compare=False)


@dataclass(frozen=True)
class Lexicon:
    """Entries by the form of their verb, entries with "be" by the word behind it, and what each form is."""

    by_form: dict[str, tuple[Entry, ...]]
    by_word: dict[str, tuple[Entry, ...]]
    sorts: dict[str, str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The verbs of verbs.txt. Raises ValueError for a bad line."""
    by_form: dict[str, list[Entry]] = {}
    by_word: dict[str, list[Entry]] = {}
    sorts: dict[str, str] = {}
    for line in (*lines("en", "verbs"), *lines("en", "verbs_companies")):
        match = _HEADER.fullmatch(line)
        if not match:
            raise ValueError(f"not a line of verbs: {line[:80]}")
        options = dict(pair.split("=", 1) for pair in match[3].split())
        for text in match[4].split(" ; "):
            found = _entry(match[1], match[2], options, text.strip())
            if found.verb == "be" and found.trail:
                by_word.setdefault(found.trail[0], []).append(found)
                continue
            if found.verb == "be":
                for word in found.later[0] if found.later else found.object:
                    by_word.setdefault(word, []).append(found)
                continue
            for form, sort in forms(found.verb).items():
                by_form.setdefault(form, []).append(found)
                sorts[form] = sort
    return Lexicon(
        {form: tuple(sorted(entries, key=_weight)) for form, entries in by_form.items()},
        {word: tuple(entries) for word, entries in by_word.items()},
        sorts,
    )


@lru_cache(maxsize=1)
def nouns() -> frozenset[str]:
    """The nouns that entries ask for: common words, also where a sentence begins with them."""
    known = lexicon()
    entries = [e for found in (known.by_form, known.by_word) for group in found.values() for e in group]
    return frozenset(word for e in entries for word in e.object | e.subject)


def _weight(entry: Entry) -> int:
    """Entries that ask for more come first."""
    return -len(entry.trail) * 2 - bool(entry.object) * 2 - len(entry.later) - bool(entry.subject)


def _entry(kind: str, action: str, options: dict[str, str], text: str) -> Entry:
    words: list[str] = []
    own = dict(options)
    object_: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    later: list[frozenset[str]] = []
    for match in _PIECE.finditer(text):
        if match[1]:
            object_ = frozenset(match[1].split("/"))
        elif match[2]:
            later.append(frozenset(match[2].split("/")))
        elif match[3]:
            subject = frozenset(match[3].split("/"))
        elif "=" in match[4]:
            key, _, value = match[4].partition("=")
            own[key] = value
        else:
            words.append(match[4].lower())
    return Entry(kind, action, own, words[0], tuple(words[1:]), object_, tuple(later), subject, text)
