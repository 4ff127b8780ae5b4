"""What disagrees with the record, as the desk shows it: with the numbers, the ladder's rungs, and the other event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, ngettext

from events.curation.parties import chosen
from events.dates import PartialDate
from events.exceptions import UnknownGrade
from events.models.candidates import Candidate
from events.models.grades import GradeLadder
from events.models.record import Event
from events.record.draft import PRINCIPAL_DATES
from events.record.ladders import find_ladder
from tracker.web.desk.beside import Row, beside, numbered

JSON = dict[str, Any]
MAX_RUNGS = 24
"""Rungs shown of a ladder; of a longer way only its ends are."""
MAX_LIKENESSES = 5


@dataclass(frozen=True)
class Rung:
    """A grade on the way from one to the other."""

    label: str
    is_end: bool


@dataclass(frozen=True)
class Conflict:
    """One thing to look at: what it says, the penalty's way down the ladder where it is about one."""

    code: str
    message: str
    rungs: list[Rung] = field(default_factory=list)
    pointer: str = ""


@dataclass(frozen=True)
class Likeness:
    """A published event that may be the same fact, field by field beside what the candidate says."""

    event: int
    head: int
    payload: JSON
    rows: list[Row]

    @property
    def differences(self) -> int:
        """How many fields say something else."""
        return sum(row.state in {"changed", "added", "removed"} for row in self.rows)


def disagreements(candidate: Candidate) -> list[Conflict]:
    """All conflicts but likenesses to events, in the candidate's order."""
    ladder = _ladder(candidate) if any(row["code"] == "ladder" for row in candidate.conflicts) else None
    return [
        _conflict(row, candidate.claim, ladder)
        for row in candidate.conflicts
        if row["code"] != "similar_event"
    ]


def likenesses(candidate: Candidate, preview: JSON) -> list[Likeness]:
    """The published events that may be the same, as curation found them. One SQL statement.

    `preview` is the candidate as it would be published: people and organizations then stand on both sides under the
    name of the register, whatever the source calls them; where it has a `problem`, the claim stands in for it.
    """
    wanted = [row["event"] for row in candidate.conflicts if row["code"] == "similar_event"][:MAX_LIKENESSES]
    if not wanted:
        return []
    ours = _told(numbered(candidate.claim) if "problem" in preview else preview)
    events = Event.objects.filter(pk__in=wanted, head__isnull=False).select_related("head").order_by("pk")
    return [
        Likeness(event.pk, event.head.seq, event.head.payload, beside(_told(event.head.payload), ours))
        for event in events
        if event.head
    ]


def _told(payload: JSON) -> JSON:
    """What a source tells, alone: of two sources the quotes differ anyway, and severity and case are the record's."""
    return {
        **{key: payload[key] for key in ("kind", "action", "subject", "dates")},
        "status": payload.get("assertion") or payload["status"],
        "details": _plain(payload["details"]),
    }


def _plain(details: JSON) -> JSON:
    """The details without what the record computed of them."""
    computed = {"penalties": {"steps", "ladder"}, "measures": {"computed"}}
    return {
        name: [{k: v for k, v in row.items() if k not in computed[name]} for row in value]
        if name in computed
        else value
        for name, value in details.items()
    }


def _conflict(row: JSON, claim: JSON, ladder: GradeLadder | None) -> Conflict:
    pointer = row.get("field", "")
    if row["code"] == "no_date":
        words = gettext("The source gives no date; the day of publication stands in for it.")
        return Conflict(row["code"], words)
    if row["code"] == "ladder" and ladder is not None:
        penalty = _penalty(claim, pointer)
        if penalty and (told := _steps(penalty, ladder)):
            return Conflict(row["code"], told, _rungs(penalty, ladder), pointer)
    return Conflict(row["code"], row["message"], pointer=pointer)


def _steps(penalty: JSON, ladder: GradeLadder) -> str:
    """The levels of the source against the steps computed; empty where those do not disagree."""
    try:
        steps = ladder.steps(penalty["from"], penalty["to"])
    except (KeyError, UnknownGrade):
        return ""
    levels = penalty.get("levels")
    if levels is None or levels == abs(steps):
        return ""
    told = ngettext("The source says %(levels)s level", "The source says %(levels)s levels", levels)
    counted = ngettext(
        "from %(start)s to %(end)s is %(steps)s step on %(ladder)s.",
        "from %(start)s to %(end)s is %(steps)s steps on %(ladder)s.",
        abs(steps),
    )
    values = {
        "levels": levels, "steps": abs(steps), "start": penalty["from"], "end": penalty["to"], "ladder": ladder,
    }  # fmt: skip
    return f"{told % values}; {counted % values}"


def _rungs(penalty: JSON, ladder: GradeLadder) -> list[Rung]:
    ranks = sorted(ladder.grade(penalty[end]).rank for end in ("from", "to"))
    way = [grade for grade in ladder.grades.all() if ranks[0] <= grade.rank <= ranks[1]]
    return [Rung(g.label, g.rank in ranks) for g in way] if len(way) <= MAX_RUNGS else []


def _penalty(claim: JSON, pointer: str) -> JSON | None:
    number = pointer.rpartition("/")[2]
    penalties = claim.get("penalties", [])
    return penalties[int(number)] if number.isdecimal() and int(number) < len(penalties) else None


def _ladder(candidate: Candidate) -> GradeLadder | None:
    """The ladder that curation held the penalties against: of the day on which the event is dated."""
    dates = candidate.claim.get("dates", {})
    day = next((PartialDate.from_json(dates[name]).value for name in PRINCIPAL_DATES if name in dates), None)
    document = candidate.document
    day = day or document.published_on or document.fetched_at.date()
    return find_ladder(chosen(candidate.resolution, "/subject/organization"), day)
