"""From documents to candidates: where extraction's claims become rows that curators see."""

from events.intake.extracting import due_documents, extract_document, take_in
from events.intake.known import load_known_names

__all__ = ["due_documents", "extract_document", "load_known_names", "take_in"]
