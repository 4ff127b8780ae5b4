"""What the public pages show of the record, as rows ready for a template, in a fixed number of SQL statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext

from events.choices import EndState, NameType
from events.dates import PartialDate
from events.models.grades import Grade
from events.models.organizations import Organization
from events.models.people import Executive
from events.names import is_chinese
from events.record.quotes import passages
from events.timelines.clocks import AsOf, UnknownTime, parse_day, parse_instant
from events.timelines.entries import NEWEST_FIRST, Rows, entries, entry
from events.timelines.people import positions
from tracker.web import presentation

JSON = dict[str, Any]
PAGE = 20
_LENGTHS = {"day": 10, "month": 7, "year": 4}


@dataclass(frozen=True)
class Clocks:
    """The two clocks as a page's form shows them: what was typed, what it means, what is wrong with it."""

    as_of: AsOf
    valid_at: str = ""
    known_at: str = ""
    error: str = ""

    @property
    def turned(self) -> bool:
        """Whether anything but the present is shown."""
        return self.as_of != AsOf()


def clocks(query: Mapping[str, Any]) -> Clocks:
    """Reads `valid_at` and `known_at` from an address. What cannot be read is said, and the present is shown."""
    valid, known = (str(query.get(name) or "").strip()[:40] for name in ("valid_at", "known_at"))
    try:
        as_of = AsOf(parse_day(valid) if valid else None, parse_instant(known) if known else None)
    except UnknownTime as error:
        return Clocks(AsOf(), valid, known, str(error))
    return Clocks(as_of, valid, known)


def shown(payload: JSON) -> JSON:
    """An entry with its quotes as passages, the longest first, the same words once, and with a link only where that
    is safe."""
    by_words = {item["quote"]: item for item in reversed(passages(payload.get("evidence") or []))}
    quotes = [
        {**item, "document": {**item["document"], "link": web_link(item["document"]["url"])}}
        for item in reversed(by_words.values())
    ]
    quotes.sort(key=lambda item: -len(item["quote"]))
    return {**payload, "quotes": quotes, "more": max(len(quotes) - 1, 0)}


def web_link(url: str) -> str:
    """The address where it is one of the web; empty for a file by hand and for any other scheme."""
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def latest(limit: int = 12) -> list[JSON]:
    """The newest entries of the record."""
    rows = entries().order_by(*[key.order for key in NEWEST_FIRST])
    return [shown(entry(row)) for row in rows[:limit]]


def most_recorded(model: type[Executive] | type[Organization], limit: int = 8) -> QuerySet[Any]:
    """The people or organizations with most events, each with `events`, their number."""
    stands = ~Q(parties__event__status="retracted")
    return (
        model._default_manager.filter(merged_into=None)
        .annotate(
            events=Count("parties__event", filter=stands, distinct=True),
            newest=Max("parties__event__date", filter=stands),
        )
        .filter(events__gt=0)
        .order_by("-events", "-newest", "pk")[:limit]
    )


def heading(name: str, names: Iterable[JSON]) -> tuple[JSON, JSON | None]:
    """The name that heads a page and the one to show beside it, in the other script: each `name` and `language`.

    On a Chinese page a Chinese name comes first, where there is one.
    """
    first: JSON = {"name": name, "language": "", "type": NameType.PRIMARY.value}
    rows = [row for row in names if row["name"] != name]
    native = [row for row in rows if row["type"] == NameType.NATIVE.value]
    other = [row for row in rows if is_chinese(row["name"]) != is_chinese(name)]
    beside = next(iter(native or other), None)
    if beside and presentation.is_chinese() and is_chinese(beside["name"]) and not is_chinese(name):
        return beside, first
    return first, beside


def period_words(bound: JSON) -> str:
    """A period in words: `until 18 October 2025`, `since 2019`, `2019 – August 2025`; empty where nothing is known."""
    start, until = bound_words(bound, "from"), bound_words(bound, "to")
    if bound["end"] == EndState.UNKNOWN.value:
        until = gettext("an unknown day")
    if start and until:
        return f"{start} – {until}"
    if start:
        return gettext("since %(date)s") % {"date": start}
    return gettext("until %(date)s") % {"date": until} if until else ""


def bound_words(bound: JSON, side: str) -> str:
    """The day (month, year) of one side of a period, `from` or `to`; empty where it is open or not known."""
    date = bound_date(bound, side)
    return presentation.date_words(date) if date else ""


def bound_date(bound: JSON, side: str) -> PartialDate | None:
    """One side of a period as a partial date; None where it is open or not known."""
    value = bound[side]
    return PartialDate.parse(value[: _LENGTHS[bound[f"{side}_precision"]]]) if value else None


def held_positions(executive: Executive, as_of: AsOf, said: Sequence[list[JSON]] | None = None) -> list[JSON]:
    """The positions of a person, current ones first, each with its period in words."""
    return [{**held, "period": period_words(held)} for held in positions(executive, as_of, said)]


def ladder_labels(ladder_ids: Iterable[int]) -> dict[int, tuple[str, list[str]]]:
    """By ladder: its name and its grades' labels, highest first. One SQL statement."""
    found: dict[int, tuple[str, list[str]]] = {}
    grades = (
        Grade.objects.filter(ladder_id__in=set(ladder_ids))
        .select_related("ladder")
        .order_by("ladder", "rank")
    )
    for grade in grades:
        found.setdefault(grade.ladder_id, (str(grade.ladder), []))[1].append(grade.label)
    return found


def ladders_of(organization_id: int) -> list[JSON]:
    """The ladders of an organization, each with its grades' labels, highest first. One SQL statement."""
    grades = Grade.objects.filter(ladder__organization=organization_id).select_related("ladder")
    found: dict[int, JSON] = {}
    for grade in grades.order_by("ladder", "rank"):
        ladder = grade.ladder
        row = found.setdefault(ladder.pk, {"name": ladder.name, "source": ladder.source, "grades": []})
        row["grades"].append(grade.label)
    return list(found.values())


def case_rows(case_id: int) -> Rows:
    """The entries of a case that stand, gravest first."""
    return entries().filter(case=case_id).order_by("-severity", "event_id")
