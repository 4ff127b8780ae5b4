"""Dated periods as payloads write them: plain ISO days, how exact they are, and how the period ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from events.choices import EndState
from events.dates import PartialDate
from events.models.base import Period
from events.models.base import holds_on as holds_on

JSON = dict[str, Any]


def bounds(start: PartialDate | None, until: PartialDate | None, end_state: str) -> JSON:
    """`from` is the first day in force, `to` the first day no longer in force; null where there is none or it is
    not known. `end` tells "still so" (open) from "has ended, when is not known" (unknown)."""
    return {
        "from": start.value.isoformat() if start else None,
        "to": until.value.isoformat() if until else None,
        "from_precision": start.precision.value if start else None,
        "to_precision": until.precision.value if until else None,
        "end": end_state,
    }


def period(row: Period) -> JSON:
    """The bounds of a dated row."""
    return {
        "from": row.start.isoformat() if row.start else None,
        "to": row.until.isoformat() if row.until else None,
        "from_precision": row.start_precision or None,
        "to_precision": row.until_precision or None,
        "end": row.end_state,
    }


def is_in_force(bound: JSON, day: date) -> bool:
    """`events.models.base.holds_on` for bounds that were read already."""
    if bound["from"] is not None and bound["from"] > day.isoformat():
        return False
    return bool(
        bound["end"] == EndState.OPEN.value or (bound["to"] is not None and bound["to"] > day.isoformat())
    )
