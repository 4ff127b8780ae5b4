"""Reads governance facts in English and Chinese text: pure, deterministic, offline (see docs/extraction.md)."""

from __future__ import annotations

from datetime import date

from events.extraction.assembly import assemble
from events.extraction.known import KnownNames
from events.extraction.language import detect
from events.extraction.model import Claim

VERSION = "1.1"
"""Goes up whenever the same text may give other claims."""

__all__ = ["VERSION", "Claim", "KnownNames", "extract"]


def extract(
    text: str,
    *,
    published: date | None = None,
    language: str | None = None,
    source: str = "",
    known: KnownNames | None = None,
) -> list[Claim]:
    """The claims that a document makes, in the order of its text.

    `published` resolves relative dates; without it only dates with a stated year resolve. `language` is "en" or "zh";
    None detects it, any other gives no claims. `source` is where the text comes from, in words;
    `known` are names that the record has, which tell people and organizations apart. Each evidence
    span holds `text[start:end] == quote`. The same arguments always give the same claims.
    """
    if (language or detect(text)) == "zh":
        from events.extraction import zh

        return assemble(text, zh.read(text, published, source, known))
    if language not in (None, "en"):
        return []
    from events.extraction import en

    return assemble(text, en.read(text, published, source, known))
