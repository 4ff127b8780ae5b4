"""Whom the parties of a claim may stand for, as a candidate keeps it."""

from __future__ import annotations

from typing import Any

from events.curation.parties import parties
from events.extraction.known import KnownNames
from events.extraction.resolve import resolve

JSON = dict[str, Any]


def resolution_of(claim: JSON, known: KnownNames) -> JSON:
    """Whom each party of a claim may stand for, with scores and reasons, by JSON Pointer."""
    found = {}
    for pointer, (kind, name) in parties(claim).items():
        is_subject = pointer == "/subject"
        answer = resolve(
            name,
            "person" if kind == "person" else "organization",
            known,
            organization=claim["subject"].get("organization") if is_subject else None,
            title=claim["subject"].get("title") if is_subject else None,
        )
        found[pointer] = {
            "type": kind,
            "name": name,
            "state": str(answer.state),
            "chosen": answer.chosen,
            "options": [
                {"id": o.id, "name": o.name, "score": round(o.score, 3), "why": o.why} for o in answer.options
            ],
        }
    return found
