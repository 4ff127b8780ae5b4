"""What is proposed of a document, and by which extractor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from events.choices import Proposer
from events.extraction import extract
from events.extraction.context import Context
from events.extraction.known import KnownNames
from events.intake import modelling
from events.models.sources import Document

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One claim, and who proposes it."""

    claim: JSON
    proposer: Proposer = Proposer.RULES


def propose(document: Document, known: KnownNames) -> list[Proposal]:
    """The built-in extractor's claims in the order of the text, then those of the model alone, if one is asked.

    May take as long as the model's endpoint: call it outside any transaction.
    """
    language = document.language.split("-")[0] or None
    claims = extract(
        document.text,
        published=document.published_on,
        language=language,
        known=known,
        context=context_of(document),
    )
    return [
        Proposal(*found) for found in modelling.second_opinion(document, [dict(claim) for claim in claims])
    ]


def context_of(document: Document) -> Context | None:
    """What the feed said of a filing (see `Document.context`); None for a document of which it said nothing."""
    told = document.context
    if not told.get("form"):
        return None
    items = tuple(str(item) for item in told.get("items", ()))
    return Context(str(told["form"]), items, str(told.get("company", "")))
