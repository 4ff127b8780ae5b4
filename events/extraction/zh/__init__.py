"""Reading Chinese."""

from __future__ import annotations

from datetime import date

from events.extraction.model import Draft


def read(text: str, published: date | None, source: str = "") -> list[Draft]:
    """The drafts of a Chinese text's claims, in the order of the text."""
    return []
