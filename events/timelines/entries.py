"""Events as entries: the payload of a revision as it was written, and which revision that was.

A list is a query on events with their heads, or, at an instant, on the revisions that were heads then. Both have
the same named columns (`kind`, `date`, `severity`, ...), so that a filter is written once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from events.choices import Operation, PartyType, Status
from events.models.record import DATE_FIELDS, Event, Revision
from events.record.identity import MAX_MERGES, merged_from
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

Rows = QuerySet[Any]
"""Events with their heads, or revisions: what `entries` gives and `entry` shows."""

_TEXT, _NUMBER, _DAY = models.TextField(), models.BigIntegerField(), models.DateField()
_INSTANT, _FRACTION = models.DateTimeField(), models.FloatField()

_HEAD_COLUMNS = {
    "event_id": F("pk"),
    "published": F("published_at"),
    "first_seen": F("first_seen_at"),
    "recorded_at": F("head__recorded_at"),
    "subjects": F("head__subjects"),
}
"""The named columns that an event's row has under another name."""

_PAYLOAD_COLUMNS: dict[str, tuple[str, models.Field[Any, Any]]] = {
    "kind": ("payload__kind", _TEXT),
    "action": ("payload__action", _TEXT),
    "date": ("payload__date__value", _DAY),
    "status": ("payload__status", _TEXT),
    "assertion": ("payload__assertion", _TEXT),
    "severity": ("payload__severity", _NUMBER),
    "confidence": ("payload__confidence", _FRACTION),
    "case": ("payload__case", _NUMBER),
    "published": ("payload__published", _INSTANT),
    "first_seen": ("payload__first_seen", _INSTANT),
    "departure": ("payload__details__departure", _TEXT),
    **{name: (f"payload__dates__{name}__value", _DAY) for name in DATE_FIELDS},
}
"""The named columns where a revision's payload has them."""

_ORDERED = frozenset(key.name for keys in ORDERINGS.values() for key in keys)
"""The columns that lists are ordered by are read too, since cursors are made of them."""


def entries(as_of: AsOf = NOW) -> Rows:
    """What stood at `known_at` and whose date begins no later than `valid_at`, one row an event; retracted events
    are left out."""
    rows = _heads() if as_of.known_at is None else _heads_at(as_of.known_at)
    return rows if as_of.valid_at is None else rows.filter(Q(("date__lte", as_of.valid_at)))


def entries_up_to(seq: int) -> Rows:
    """What stood after the ledger's first `seq` revisions. The ledger never changes, so this answer never does."""
    return _latest(Revision.objects.filter(seq__lte=seq))


def revision_of(event_id: int, as_of: AsOf = NOW) -> Revision | None:
    """The revision of one event that was its latest at `known_at`, also when it retracts; None where none was.

    An event that had been merged into another by then answers with that one.
    """
    revision: Revision | None = None
    for _ in range(MAX_MERGES):
        rows = Revision.objects.filter(event_id=event_id).order_by("-seq")
        revision = (rows if as_of.known_at is None else rows.filter(recorded_at__lte=as_of.known_at)).first()
        into = revision.payload.get("merged_into") if revision else None
        if into is None:
            break
        event_id = into
    return revision


def surviving(event_id: int) -> int:
    """The event that this one was merged into, at the end of the chain; itself otherwise."""
    for _ in range(MAX_MERGES):
        into = Event.objects.filter(pk=event_id).values_list("merged_into_id", flat=True).first()
        if into is None:
            break
        event_id = into
    return event_id


def bearing_on(rows: Rows, subjects: list[str]) -> Rows:
    """Those of the entries that bear on one of the subjects (`person:4`, `organization:2`).

    At an instant they may name someone who was merged into one of the subjects since: those count, too.
    """
    return rows.filter(Q(("subjects__overlap", as_named_then(rows, subjects))))


def as_named_then(rows: Rows, subjects: list[str]) -> list[str]:
    """The subjects with those merged into them, where the entries are of an instant and may name these."""
    return [*subjects, *_former(subjects)] if rows.model is Revision else subjects


def _former(subjects: list[str]) -> list[str]:
    """The subjects that were merged into these, whenever that was."""
    found: list[str] = []
    for kind in (PartyType.PERSON, PartyType.ORGANIZATION):
        prefix = f"{kind.value}:"
        ids = [int(subject.removeprefix(prefix)) for subject in subjects if subject.startswith(prefix)]
        found += [f"{prefix}{pk}" for pk in merged_from(kind, *ids)]
    return found


def entry(row: Event | Revision) -> JSON:
    """An entry: the revision's payload as it was written, and the revision's number and time."""
    revision = row.head if isinstance(row, Event) else row
    if revision is None:
        raise ValueError("an event without a revision is not published")
    stamp = {"seq": revision.seq, "recorded_at": instant(revision.recorded_at)}
    return {**revision.payload, "revision": stamp}


def instant(value: datetime) -> str:
    """An instant as payloads write it: ISO 8601 in UTC, with Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _heads() -> Rows:
    standing = Event.objects.filter(head__isnull=False).exclude(status=Status.RETRACTED.value)
    shown = ("date", "severity", "head__payload", "head__recorded_at")
    return _named(standing.select_related("head").only(*shown), _HEAD_COLUMNS)


def _heads_at(known_at: datetime) -> Rows:
    return _latest(Revision.objects.filter(recorded_at__lte=known_at))


def _latest(said: QuerySet[Revision]) -> Rows:
    later = said.filter(event_id=OuterRef("event_id"), seq__gt=OuterRef("seq"))
    standing = said.filter(~Exists(later)).exclude(operation=Operation.DEL.value)
    shown = ("event_id", "payload", "recorded_at")
    return _named(standing.only(*shown), {name: _read(*column) for name, column in _PAYLOAD_COLUMNS.items()})


def _read(path: str, kind: models.Field[Any, Any]) -> Any:
    text = KT(path)
    if isinstance(kind, models.TextField):
        return Coalesce(text, models.Value(""), output_field=models.TextField())
    return Cast(text, kind)


def _named(rows: Rows, columns: Mapping[str, Any]) -> Rows:
    shown = {name: column for name, column in columns.items() if name in _ORDERED}
    named: Rows = rows.alias(**{name: c for name, c in columns.items() if name not in shown}).annotate(
        **shown
    )
    return named
