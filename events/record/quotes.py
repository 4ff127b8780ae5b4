"""Which quotes to show: every field keeps its own words in the payload, but a reader needs each passage once."""

from __future__ import annotations

from collections.abc import Iterable

from events.record.phrases.common import JSON


def passages(evidence: Iterable[JSON]) -> list[JSON]:
    """The evidence as passages to read, in order of document and place.

    A quote inside another ("CEO" in the sentence that names her) adds nothing for a reader; two that overlap
    are one longer passage of the same text. The `field` of a passage is that of its first quote.
    """
    rows = sorted(evidence, key=lambda e: (e["document"]["id"], e["start"], -e["end"]))
    kept: list[JSON] = []
    for row in rows:
        last = kept[-1] if kept else None
        if last is None or last["document"]["id"] != row["document"]["id"] or row["start"] > last["end"]:
            kept.append(row)
        elif row["end"] > last["end"]:
            text = last["quote"] + row["quote"][last["end"] - row["start"] :]
            kept[-1] = last | {"end": row["end"], "quote": text}
    return kept
