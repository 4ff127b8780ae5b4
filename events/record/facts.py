"""What of a payload is the news itself, and what is only about its sources."""

from __future__ import annotations

from events.record.phrases.common import JSON

ABOUT_SOURCES = frozenset({"evidence", "confidence", "published", "first_seen"})
"""Fields that change when another source tells the same; nobody needs to be told of that."""


def same_facts(one: JSON, other: JSON) -> bool:
    """Whether two payloads of an event say the same, whoever their sources are."""
    return _facts(one) == _facts(other)


def _facts(payload: JSON) -> JSON:
    return {key: value for key, value in payload.items() if key not in ABOUT_SOURCES}
