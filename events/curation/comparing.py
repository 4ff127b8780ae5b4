"""What two readings of one claim differ in: the facts, not the words that prove them. Pure."""

from __future__ import annotations

from typing import Any

from events.record.canonical import differences

JSON = dict[str, Any]
_NOT_FACTS = frozenset({"evidence", "confidence", "case"})
"""Where the words stand, how sure extraction is, and a label that means something within one document only."""


def facts(claim: JSON) -> JSON:
    """The claim's facts alone; an assertion that is not told counts as reported, as it is published."""
    return {"status": "reported"} | {key: value for key, value in claim.items() if key not in _NOT_FACTS}


def changed_facts(old: JSON, new: JSON) -> list[JSON]:
    """Fields that differ, as `{"field": JSON Pointer, "old", "new"}`; an empty `new` says nothing any more."""
    return differences(facts(old), facts(new) if new else {})


def same_facts(old: JSON, new: JSON) -> bool:
    """Whether both state the same facts."""
    return facts(old) == facts(new)
