"""What the public pages show of the record, as rows ready for a template, in a fixed number of SQL statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext

from events.choices import EndState, NameType
from events.dates import PartialDate
from events.models.base import set_partial
from events.models.grades import Grade
from events.models.organizations import Organization
from events.models.people import Executive, Position
from events.models.sources import Document, Feed
from events.names import is_chinese
from events.record.places import NOW as NOW_PLACES
from events.record.places import Places
from events.record.quotes import passages
from events.timelines.clocks import AsOf, UnknownTime, parse_day, parse_instant
from events.timelines.entries import NEWEST_FIRST, Rows, bearing_on, entries, entry
from events.timelines.keyset import BadCursor, Page, paginate
from events.timelines.newest import of_organization, of_subject
from events.timelines.organizations import held_as_of
from events.timelines.people import positions
from events.timelines.periods import holds_on, is_in_force, period
from tracker.web import labels, presentation

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
    """An entry with its quotes as passages, the longest first, and with a link only where that is safe."""
    quotes = [
        {**item, "document": {**item["document"], "link": web_link(item["document"]["url"])}}
        for item in passages(payload.get("evidence") or [])
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


def timeline(subject: str, as_of: AsOf, cursor: str, places: Places = NOW_PLACES) -> tuple[list[JSON], str]:
    """A page of the timeline of `person:4` or `organization:2`, and the cursor of the next one.

    What bears on an organization's units, as of its date, is among its own. A cursor that is not ours is read as
    the beginning.
    """
    try:
        page: Page[Any] = paginate(
            _on_page(subject, as_of, cursor or None, places), NEWEST_FIRST, cursor or None, PAGE
        )
    except BadCursor:
        page = paginate(_on_page(subject, as_of, None, places), NEWEST_FIRST, None, PAGE)
    return [shown(entry(row)) for row in page.rows], page.next or ""


def _on_page(subject: str, as_of: AsOf, cursor: str | None, places: Places) -> Rows:
    kind, _, pk = subject.partition(":")
    if kind == "organization":
        return of_organization(entries(as_of), int(pk), as_of, cursor, PAGE, places=places)
    return of_subject(entries(as_of), subject, as_of, cursor, PAGE)


def counts() -> list[JSON]:
    """How much is tracked."""
    return [
        {"label": gettext("events"), "value": entries().count()},
        {"label": gettext("people"), "value": Executive.objects.filter(merged_into=None).count()},
        {"label": gettext("organizations"), "value": Organization.objects.filter(merged_into=None).count()},
        {"label": gettext("sources read"), "value": Document.objects.filter(is_latest=True).count()},
        {"label": gettext("feeds"), "value": Feed.objects.filter(is_active=True).count()},
    ]


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


def native_names(subject_name: str, names: Iterable[Any]) -> list[Any]:
    """The names to show beside the main one: native ones, else one in the other script."""
    rows = [row for row in names if row.name != subject_name]
    native = [row for row in rows if row.type == NameType.NATIVE.value]
    other = [row for row in rows if is_chinese(row.name) != is_chinese(subject_name)]
    return (native or other)[:1]


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


def officers(organization: Organization, as_of: AsOf, limit: int = 50) -> list[Any]:
    """The positions held at an organization, those that still hold first, each with its `period` in words.

    At `known_at` they follow from the ledger of that instant; the register's, which has no memory, are as now.
    """
    rows = Position.objects.filter(organization=organization).select_related("executive")
    if as_of.known_at is not None:
        return _officers_then(list(rows.filter(event=None)), organization, as_of, limit)
    rows = rows.order_by(F("until").desc(nulls_first=True), F("start").desc(nulls_last=True), "id")
    return _dated(rows if as_of.valid_at is None else rows.filter(holds_on(as_of.valid_at)), limit)


def _officers_then(declared: list[Any], organization: Organization, as_of: AsOf, limit: int) -> list[Any]:
    found: list[Any] = []
    assert as_of.known_at is not None  # noqa: S101 - asked by the caller
    for executive, spell in held_as_of([organization.pk], as_of.known_at):
        row: Any = Position(
            executive=executive, organization=organization, title=spell.title, event_id=spell.event_id
        )
        set_partial(row, "start", spell.start)
        set_partial(row, "until", spell.until)
        row.end_state = (EndState.ENDED if spell.until else EndState.OPEN).value
        found.append(row)
    rows = [*declared, *found]
    if as_of.valid_at is not None:
        rows = [row for row in rows if is_in_force(period(row), as_of.valid_at)]
    rows.sort(key=lambda row: row.start or date.min, reverse=True)
    rows.sort(key=lambda row: row.until or date.max, reverse=True)
    for row in rows:
        row.period = period_words(period(row))
    return rows[:limit]


def _dated(rows: QuerySet[Any], limit: int) -> list[Any]:
    found = list(rows[:limit])
    for row in found:
        row.period = period_words(period(row))
    return found


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


def figures(rows: Iterable[JSON]) -> list[JSON]:
    """The figures of performance entries as rows of a table, newest period first."""
    found = [
        {
            "event": row["event"],
            "action": row["action"],
            "marks": presentation.cautions(row),
            "metric": presentation.label(labels.METRICS, measure["metric"]),
            "period": measure.get("period", ""),
            "value": presentation.measure_value(measure),
            "change": presentation.measure_change(measure),
        }
        for row in rows
        for measure in row["details"].get("measures", [])
    ]
    return sorted(found, key=lambda row: str(row["period"]).removeprefix("FY"), reverse=True)


def measured(organization_id: int, as_of: AsOf, limit: int = 50) -> list[JSON]:
    """The entries with figures whose subject is the organization."""
    subject = {"type": "organization", "id": organization_id}
    rows = bearing_on(entries(as_of), [f"organization:{organization_id}"]).filter(kind="performance")
    found = [entry(row) for row in rows.order_by("-date", "-event_id")[:limit]]
    return [row for row in found if {key: row["subject"].get(key) for key in subject} == subject]


def of_case(case_id: int, limit: int = 200) -> list[JSON]:
    """The entries of a case that stand, gravest first."""
    rows = entries().filter(case=case_id).order_by("-severity", "event_id")
    return [shown(entry(row)) for row in rows[:limit]]
