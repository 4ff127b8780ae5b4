"""Reads governance facts in English and Chinese text: pure, deterministic, offline (see docs/extraction.md)."""

from __future__ import annotations

from datetime import date

from events.extraction.assembly import assemble
from events.extraction.context import Context, context_of
from events.extraction.known import KnownNames
from events.extraction.language import detect
from events.extraction.model import Claim, Draft

VERSION = "2.1"
"""Goes up whenever the same text may give other claims."""

__all__ = ["VERSION", "Claim", "Context", "KnownNames", "drafts", "extract"]


def extract(
    text: str,
    *,
    published: date | None = None,
    language: str | None = None,
    source: str = "",
    known: KnownNames | None = None,
    context: Context | None = None,
) -> list[Claim]:
    """The claims that a document makes, in the order of its text.

    `published` resolves relative dates; without it only dates with a stated year resolve. `language` is "en" or "zh";
    None detects it, any other gives no claims. `source` is where the text comes from, in words;
    `known` are names that the record has, which tell people and organizations apart. `context` is what is known of a
    filing (its form, items, company); None reads it from `source` and the text's headings. Each evidence
    span holds `text[start:end] == quote`. The same arguments always give the same claims.
    """
    found = drafts(text, published=published, language=language, source=source, known=known, context=context)
    return assemble(text, found)


def drafts(
    text: str,
    *,
    published: date | None = None,
    language: str | None = None,
    source: str = "",
    known: KnownNames | None = None,
    context: Context | None = None,
) -> list[Draft]:
    """What the sentences of a document state, one by one, before it is put together; arguments as for `extract`."""
    if (language or detect(text)) == "zh":
        from events.extraction import zh

        return zh.read(text, published, known)
    if language not in (None, "en"):
        return []
    from events.extraction import en

    return en.read(text, published, context or context_of(source, text), known)
