"""Events as entries: the payload of a revision as it was written, and which revision that was.

Every list is a query on revisions: the heads of the events now, or what was their head at an instant. Both have
the same named columns (`kind`, `date`, `severity`, ...), so that a filter is written once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from events.choices import Operation
from events.models.record import DATE_FIELDS, Revision
from events.timelines.clocks import NOW, AsOf
from events.timelines.keyset import Key

JSON = dict[str, Any]

NEWEST_FIRST = (Key("date", date, descending=True), Key("event_id", int, descending=True))
"""The order of timelines: by principal date, and by the event's id within a day."""

ORDERINGS: dict[str, tuple[Key, ...]] = {
    f"{sign}{name}": (Key(name, kind, descending=bool(sign)), Key("event_id", int, descending=bool(sign)))
    for name, kind in {"date": date, "severity": int, "first_seen": datetime, "recorded_at": datetime}.items()
    for sign in ("", "-")
}
"""What lists of events can be ordered by, by the name that a caller gives."""

_TEXT, _NUMBER, _DAY = models.TextField(), models.BigIntegerField(), models.DateField()
_INSTANT, _FRACTION, _FLAG = models.DateTimeField(), models.FloatField(), models.BooleanField()

_COLUMNS: dict[str, tuple[str, str, models.Field[Any, Any]]] = {
    "kind": ("event__kind", "payload__kind", _TEXT),
    "action": ("event__action", "payload__action", _TEXT),
    "date": ("event__date", "payload__date__value", _DAY),
    "status": ("event__status", "payload__status", _TEXT),
    "assertion": ("event__assertion", "payload__assertion", _TEXT),
    "severity": ("event__severity", "payload__severity", _NUMBER),
    "confidence": ("event__confidence", "payload__confidence", _FRACTION),
    "case": ("event__case_id", "payload__case", _NUMBER),
    "published": ("event__published_at", "payload__published", _INSTANT),
    "first_seen": ("event__first_seen_at", "payload__first_seen", _INSTANT),
    "departure": ("event__departure", "payload__details__departure", _TEXT),
    **{name: (f"event__{name}", f"payload__dates__{name}__value", _DAY) for name in DATE_FIELDS},
}
"""Each named column: where it stands for an event's head, where in a payload, and its type."""

_ORDERED = ("date", "severity", "first_seen")


def entries(as_of: AsOf = NOW) -> QuerySet[Revision]:
    """The revisions that stood at `known_at` and whose date begins no later than `valid_at`; retracted ones are out.

    One row an event, with the columns of `_COLUMNS`.
    """
    rows = _heads() if as_of.known_at is None else _heads_at(as_of.known_at)
    rows = rows.exclude(operation=Operation.DEL.value)
    return rows if as_of.valid_at is None else rows.filter(Q(("date__lte", as_of.valid_at)))


def revision_of(event_id: int, as_of: AsOf = NOW) -> Revision | None:
    """The revision of one event that was its latest at `known_at`, also when it retracts; None where none was."""
    rows = Revision.objects.filter(event_id=event_id).order_by("-seq")
    return (rows if as_of.known_at is None else rows.filter(recorded_at__lte=as_of.known_at)).first()


def bearing_on(rows: QuerySet[Revision], subjects: list[str]) -> QuerySet[Revision]:
    """Those of the entries that bear on one of the subjects (`person:4`, `organization:2`)."""
    return rows.filter(subjects__overlap=subjects)


def entry(revision: Revision) -> JSON:
    """An entry: the revision's payload as it was written, and the revision's number and time."""
    return {
        **revision.payload,
        "revision": {"seq": revision.seq, "recorded_at": instant(revision.recorded_at)},
    }


def instant(value: datetime) -> str:
    """An instant as payloads write it: ISO 8601 in UTC, with Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _heads() -> QuerySet[Revision]:
    columns = {name: F(column) for name, (column, _, _) in _COLUMNS.items()}
    return _named(Revision.objects.filter(seq=F("event__head_id")), columns)


def _heads_at(known_at: datetime) -> QuerySet[Revision]:
    said = Revision.objects.filter(recorded_at__lte=known_at)
    later = said.filter(event_id=OuterRef("event_id"), seq__gt=OuterRef("seq"))
    columns = {name: _cast(path, kind) for name, (_, path, kind) in _COLUMNS.items()}
    return _named(said.filter(~Exists(later)), columns)


def _cast(path: str, kind: models.Field[Any, Any]) -> Any:
    text = KT(path)
    if isinstance(kind, models.TextField):
        return Coalesce(text, models.Value(""), output_field=models.TextField())
    return Cast(text, kind)


def _named(rows: QuerySet[Revision], columns: dict[str, Any]) -> QuerySet[Revision]:
    """Names the columns; those that lists are ordered by are read too, since cursors are made of them."""
    shown = {name: columns[name] for name in _ORDERED}
    return rows.alias(**{name: column for name, column in columns.items() if name not in shown}).annotate(
        **shown
    )
