"""The differences between two revisions, as a reader can use them."""

from __future__ import annotations

from typing import Any

from events.record.quotes import passages

JSON = dict[str, Any]
_HIDDEN = ("/severity_inputs", "/first_seen")


def readable(changes: list[JSON]) -> list[JSON]:
    """The differences without the machine's copies of the same change, and of the quotes only those that came or
    went."""
    rows = [row for row in changes if not row["field"].startswith(_HIDDEN)] or changes
    return [_quotes_that_differ(row) if row["field"] == "/evidence" else row for row in rows]


def _quotes_that_differ(row: JSON) -> JSON:
    old, new = row["old"] or [], row["new"] or []
    gone, come = ([q for q in one if q not in other] for one, other in ((old, new), (new, old)))
    return {**row, "old": passages(gone), "new": passages(come)}
