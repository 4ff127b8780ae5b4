"""What meets a wish: the standing events that a subscription, a webhook or a feed of these conditions is about.

The inverse of `events.alerts.audience.matching_subscriptions`, which finds the wishes that a revision meets: an
event is in `events_of(wish)` exactly if its latest revision would be matched to the wish.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, DateField, DateTimeField, F, Max, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat, Least, TruncMonth, TruncYear

from events.alerts.phrases import sentence, sentences
from events.choices import Precision, Status
from events.dates import first_day
from events.models.alerts import Wish
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Bearing, Event
from events.record.identity import MAX_MERGES
from events.record.places import ALWAYS, MAX_CHILDREN, NOW

__all__ = ["LATEST", "events_of", "latest", "retracted_of", "sentence", "sentences", "since_last"]

LATEST = 10
"""Events that a reader is shown before a wish is written down."""


Window = tuple[date, date]
"""A unit counts for events whose period has not ended before the first day and has begun by the second."""
Subjects = dict[Window, set[str]]
"""Whom an event must bear on, by the window in which that counts."""


def _days_on(days: int) -> Cast:
    return Cast(F("date") + Value(timedelta(days=days)), DateField())


_NEXT_DAY = Case(
    When(date_precision=Precision.MONTH.value, then=TruncMonth(_days_on(31))),
    When(date_precision=Precision.YEAR.value, then=TruncYear(_days_on(366))),
    default=_days_on(1),
    output_field=DateField(),
)
"""The day after the period of an event's date."""


def events_of(wish: Wish) -> QuerySet[Event]:
    """The standing events that meet every condition of the wish, in no order.

    An organization stands for its units as of each event's date; a person or organization that was merged into
    another stands for that one. The row need not be saved.
    """
    return _meeting(wish, _bearing).exclude(status=Status.RETRACTED.value)


def retracted_of(wish: Wish) -> QuerySet[Event]:
    """The retracted events that met the wish: whoever followed it must learn of that."""
    return _meeting(wish, _bore).filter(status=Status.RETRACTED.value, merged_into=None)


def _meeting(wish: Wish, bearing: Callable[[Subjects], Q]) -> QuerySet[Event]:
    rows = Event.objects.filter(head__isnull=False, severity__gte=wish.min_severity)
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    if wish.executive_id is not None:
        people = {f"person:{pk}" for pk in _upward(Executive, [wish.executive_id])}
        rows = rows.filter(bearing({ALWAYS: people}))
    if wish.organization_id is not None:
        rows = rows.filter(bearing(_subjects(wish.organization_id)))
    if wish.text:
        said = Concat(
            KeyTextTransform("summary", "head__payload"),
            Value("\n"),
            KeyTextTransform("summary_zh", "head__payload"),
            output_field=TextField(),
        )
        rows = rows.alias(said=said).filter(said__icontains=wish.text)
    return rows


def latest(wish: Wish, limit: int = LATEST) -> list[Event]:
    """The newest events that meet the wish, by date, with their heads."""
    rows = events_of(wish).select_related("head").order_by("-date", "-pk")
    return list(rows[:limit])


def since_last(wish: Wish) -> datetime | None:
    """When the last event that meets the wish happened; None where there is none.

    That is the end of the period of its date (UTC) or, where that lies later, as of an appointment that was told
    in advance, when it was first read of.
    """
    happened = Least(Cast(_NEXT_DAY, DateTimeField()), F("first_seen_at"))
    found: datetime | None = events_of(wish).aggregate(last=Max(happened))["last"]
    return found


def _bearing(during: Subjects) -> Q:
    """Events that bear on one of the subjects within its window."""
    rows = Bearing.objects.filter(subject__in=_all(during))
    if set(during) != {ALWAYS}:
        within = (
            Q(subject__in=sorted(named)) & _window(window, "event__") for window, named in during.items()
        )
        rows = rows.filter(reduce(or_, within))
    return Q(pk__in=rows.values("event_id"))


def _bore(during: Subjects) -> Q:
    """Retracted events, which bear on nobody any more, by whom their last revision names."""
    within = (
        Q(head__subjects__overlap=sorted(named)) & _window(window, "") for window, named in during.items()
    )
    return Q(head__subjects__overlap=_all(during)) & reduce(or_, within)


def _all(during: Subjects) -> list[str]:
    return sorted(set().union(*during.values()))


def _window(window: Window, event: str) -> Q:
    """Periods that meet the window: one has not ended before a day if it begins no earlier than the period of its
    precision in which that day lies. `event` leads to the event's columns."""
    first, last = window
    found = Q()
    if last != ALWAYS[1]:
        found &= Q(date__lte=last)
    if first != ALWAYS[0]:
        found &= reduce(
            or_,
            (
                Q(**{f"{event}date_precision": precision.value}, date__gte=first_day(first, precision))
                for precision in Precision
            ),
        )
    return found


def _subjects(organization: int) -> Subjects:
    """Whom an event must bear on to be about the organization or a unit of it, by the window in which it counts."""
    found = defaultdict[Window, set[str]](set)
    units = _descent(_upward(Organization, [organization]))
    survivors = _chains(Organization, units)
    for unit, windows in units.items():
        for window in windows:
            found[window] |= {f"organization:{pk}" for pk in survivors[unit]}
    return found


def _descent(roots: Iterable[int]) -> dict[int, set[Window]]:
    """The organizations and whatever was part of them, directly or through others; a query a level.

    The windows of a path are those of its steps together: `places.ancestors`, read downwards.
    """
    during: dict[int, set[Window]] = {root: {ALWAYS} for root in roots}
    level = dict(during)
    while level and len(during) < MAX_CHILDREN:
        found = defaultdict[int, set[Window]](set)
        for place in NOW.below(level):
            held = during.setdefault(place.child_id, set())
            for first, last in level[place.parent_id or 0]:
                window = (max(first, place.span.first), min(last, place.span.end))
                if not any(a <= window[0] and window[1] <= b for a, b in held):
                    held.add(window)
                    found[place.child_id].add(window)
        level = found
    return during


def _upward(model: type[Executive | Organization], pks: Iterable[int]) -> set[int]:
    """The rows and those into which they were merged, to the end of each chain. A query a level."""
    return set().union(*_chains(model, pks).values())


def _chains(model: type[Executive | Organization], pks: Iterable[int]) -> dict[int, set[int]]:
    """Each row with those into which it was merged."""
    chains = {pk: {pk} for pk in pks}
    ends = {pk: pk for pk in chains}
    for _ in range(MAX_MERGES):
        rows = model._default_manager.filter(pk__in=set(ends.values()), merged_into__isnull=False)
        into = dict(rows.values_list("pk", "merged_into_id"))
        ends = {pk: into[end] for pk, end in ends.items() if end in into and into[end] not in chains[pk]}
        if not ends:
            break
        for pk, end in ends.items():
            chains[pk].add(end)
    return chains
