"""An event's revisions with readable differences: what each changed field by field, who did it, why and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from events.models.record import Revision
from tracker.web.desk.beside import Row, beside

JSON = dict[str, Any]
SHOWN = 50


@dataclass(frozen=True)
class Step:
    """One revision and what it changed; nothing for the first."""

    revision: Revision
    rows: list[Row]


def history(event: int) -> list[Step]:
    """The latest revisions, newest first. Two SQL statements at most."""
    rows = list(
        Revision.objects.filter(event=event)
        .select_related("author", "approver", "act")
        .order_by("-seq")[: SHOWN + 1]
    )
    steps = []
    for place, row in enumerate(rows[:SHOWN]):
        before = rows[place + 1] if place + 1 < len(rows) else None
        steps.append(Step(row, changed(before.payload, row.payload) if before else []))
    return steps


def changed(old: JSON, new: JSON) -> list[Row]:
    """The fields that two payloads of an event differ in."""
    return [row for row in beside(old, new) if row.differs]
