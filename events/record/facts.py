"""What of a payload is the news itself, and what is only about its sources."""

from __future__ import annotations

from events.record.phrases.common import JSON

ABOUT_SOURCES = frozenset({"evidence", "confidence", "published", "first_seen"})
"""Fields that change when another source tells the same; nobody needs to be told of that."""


def same_facts(one: JSON, other: JSON) -> bool:
    """Whether two payloads of an event say the same, whoever their sources are."""
    return _facts(one) == _facts(other)


def _facts(payload: JSON) -> JSON:
    """Without what was computed of figures either: it follows from other events, which have news of their own."""
    told = {key: value for key, value in payload.items() if key not in ABOUT_SOURCES}
    measures = payload["details"].get("measures", [])
    stated = [{key: value for key, value in row.items() if key != "computed"} for row in measures]
    return told | {"details": payload["details"] | ({"measures": stated} if stated else {})}
