"""What is proposed of a document, and by which extractor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from events.choices import Proposer
from events.extraction import extract
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
    claims = extract(document.text, published=document.published_on, language=language, known=known)
    return [
        Proposal(*found) for found in modelling.second_opinion(document, [dict(claim) for claim in claims])
    ]
