"""From rows and payloads to the pictures' numbers and their text alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext

from events.models.people import Executive
from events.timelines.clocks import AsOf
from events.timelines.grades import grade_history
from tracker.web import labels, presentation
from tracker.web.public import charts, reading

JSON = dict[str, Any]
WIDE, NARROW = 880, 320
"""Widths of the two versions of a chart, in user units: for a page and for a phone."""


def grades(executive: Executive, as_of: AsOf, today: date, said: Sequence[list[JSON]] | None = None) -> JSON:
    """What the person page needs for the chart of grades and for the table beside it; nothing where none is known.

    With `valid_at` the history is drawn up to that day. `said` are the person's payloads, if they are read already.
    """
    day = as_of.valid_at
    history = grade_history(executive, AsOf(known_at=as_of.known_at), said)
    history = [row for row in history if day is None or row["from"] is None or row["from"] <= day.isoformat()]
    if not history:
        return {}
    last = history[-1]
    name, ladder = reading.ladder_labels([last["ladder"]])[last["ladder"]]
    steps = [_step(row, ladder.index(row["grade"])) for row in history if row["grade"] in ladder]
    ranks = [step.rank for step in steps]
    low, high = max(min(ranks) - 1, 0), min(max(ranks) + 2, len(ladder))
    rungs = [(rank, ladder[rank]) for rank in range(low, high)]
    return {
        "history": [_row(step) for step in steps],
        "ladder_name": name,
        "wide": charts.step_chart(steps, rungs, day or today, WIDE),
        "narrow": charts.step_chart(steps, rungs, day or today, NARROW),
    }


def _step(row: JSON, rank: int) -> charts.GradeStep:
    start, until = reading.bound_date(row, "from"), reading.bound_date(row, "to")
    return charts.GradeStep(
        label=row["grade"],
        rank=rank,
        start=start.value if start else None,
        start_words=presentation.date_words(start),
        until=until.value if until else None,
        until_words=presentation.date_words(until),
        event=row["event"],
        end_known=row["end"] != "unknown",
    )


def _row(step: charts.GradeStep) -> JSON:
    start = step.start_words or gettext("not known")
    until = step.until_words or (gettext("still so") if step.end_known else gettext("not known"))
    return {
        "label": step.label,
        "start_words": start,
        "until_words": until,
        "period": f"{start} – {until}",
        "event": step.event,
        "told": step.start_words or step.until_words,
    }


def ladders(payload: JSON) -> list[JSON]:
    """For each penalty that moves on a ladder: the picture, its words, the ladder's name."""
    moves = [
        row
        for row in payload["details"].get("penalties", [])
        if row.get("ladder") and row.get("steps") is not None
    ]
    if not moves:
        return []
    known = reading.ladder_labels(row["ladder"] for row in moves)
    found = []
    for row in moves:
        name, grade_labels = known.get(row["ladder"], ("", []))
        picture = charts.ladder_picture(grade_labels, row["from"], row["to"])
        if picture:
            words = f"{row['from']} → {row['to']}: {presentation.steps_words(row['steps'])}"
            found.append({"name": name, "picture": picture, "words": words})
    return found


def severity_inputs(payload: JSON) -> list[JSON]:
    """What the severity rule looked at, in words; inputs that say nothing are left out."""
    inputs: JSON = payload.get("severity_inputs") or {}
    kind, _, action = str(inputs.get("rule") or f"{payload['kind']}/{payload['action']}").partition("/")
    rows = [
        (
            gettext("Rule"),
            f"{presentation.label(labels.KINDS, kind)} / {presentation.label(labels.ACTIONS, action)}",
        ),
        (gettext("Penalties"), ", ".join(_penalty(text) for text in inputs.get("penalties") or [])),
        (gettext("Departure"), presentation.label(labels.DEPARTURES, inputs.get("departure") or "")),
        (gettext("Senior title"), gettext("Yes") if inputs.get("senior") else ""),
        (gettext("Regulator"), gettext("Yes") if inputs.get("regulator") else ""),
        (gettext("People affected"), f"{inputs['headcount']:,}" if inputs.get("headcount") else ""),
    ]
    return [{"label": words, "value": value} for words, value in rows if value]


def _penalty(text: str) -> str:
    name, _, degree = text.partition(":")
    words = presentation.label(labels.ACTIONS, name)
    return f"{words} ({presentation.label(labels.DEGREES, degree)})" if degree else words
