"""Which quotes to show: every field keeps its own words in the payload, but a reader needs each passage once."""

from __future__ import annotations

from collections.abc import Iterable

from events.record.phrases.common import JSON


def passages(evidence: Iterable[JSON]) -> list[JSON]:
    """The evidence that no other of the same document contains, in order of document and place.

    A short quote inside a longer one ("CEO" in the sentence that names her) adds nothing for a reader.
    """
    rows = sorted(evidence, key=lambda e: (e["document"]["id"], e["start"], -e["end"]))
    kept: list[JSON] = []
    for row in rows:
        last = kept[-1] if kept else None
        inside = last and last["document"]["id"] == row["document"]["id"] and row["end"] <= last["end"]
        if not inside:
            kept.append(row)
    return kept
