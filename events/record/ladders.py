"""Which ladder a grade stands on, and whether a source's figures agree with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from events.exceptions import UnknownGrade
from events.models.base import holds_on
from events.models.grades import GradeLadder
from events.record.places import ancestry


def find_ladder(organization_id: int | None, day: date) -> GradeLadder | None:
    """The ladder in force on a day at the organization or the nearest one above it that has one.

    Who worked for a unit that was dissolved since stands on the ladder of what it was part of to the end.
    """
    if organization_id is None:
        return None
    for ancestor in ancestry(organization_id, day, outlived=True):
        ladder = (
            GradeLadder.objects.filter(holds_on(day), organization_id=ancestor)
            .prefetch_related("grades")
            .order_by("-version")
            .first()
        )
        if ladder:
            return ladder
    return None


def check_penalty(ladder: GradeLadder | None, penalty: Mapping[str, Any]) -> tuple[int | None, list[str]]:
    """Steps on the ladder (negative is down; None where not both grades are known there), and what disagrees.

    Each note is a sentence for the curator; published anyway, it stands on the event for all to see.
    """
    start, end, levels = penalty.get("from"), penalty.get("to"), penalty.get("levels")
    if not (start or end):
        return None, []
    if ladder is None:
        return None, [f"No grade ladder is known to hold {start or end}; the steps were not checked."]
    notes = []
    for label in (start, end):
        if label:
            try:
                ladder.grade(label)
            except UnknownGrade as error:
                notes.append(str(error))
    if notes or not (start and end):
        return None, notes
    steps = ladder.steps(start, end)
    if levels is not None and levels != abs(steps):
        notes.append(
            f"The source says {levels} levels, but from {start} to {end} is {abs(steps)} steps on {ladder}."
        )
    if penalty.get("type") == "demotion" and steps >= 0:
        notes.append(f"The source says demotion, but {end} is not below {start} on {ladder}.")
    return steps, notes
