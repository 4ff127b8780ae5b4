"""Where an organization stands among others, for its page, by both clocks."""

from __future__ import annotations

from typing import Any

from events.choices import EndState
from events.models.organizations import Organization, OrganizationParent
from events.record.places import Place, Places
from events.timelines.clocks import AsOf
from events.timelines.periods import period
from events.timelines.units import span_bounds
from tracker.web.public.reading import period_words

JSON = dict[str, Any]
MAX_SHOWN = 200
"""Units on one page."""


def around(organization: Organization, as_of: AsOf, places: Places) -> tuple[JSON | None, list[JSON]]:
    """What an organization is part of and its units, on the day or else ever: the last `parent` (None where there is
    none), and each `child` by name, both with their `period` in words."""
    above = [p for p in places.above([organization.pk]) if p.parent_id is not None and _counts(p, as_of)]
    below = [place for place in places.below([organization.pk]) if _counts(place, as_of)]
    last = max(above, key=lambda place: place.span.first, default=None)
    wanted = {place.child_id for place in below} | ({last.parent_id} if last else set())
    named = Organization.objects.in_bulk({pk for pk in wanted if pk is not None})
    found: list[JSON] = [
        {"child": named[place.child_id], "period": period_words(span_bounds(place.span))} for place in below
    ]
    if as_of.valid_at is None:
        found += _ended(organization)
    parent = None
    if last is not None and last.parent_id is not None:
        parent = {"parent": named[last.parent_id], "period": period_words(span_bounds(last.span))}
    return parent, sorted(found, key=lambda row: row["child"].name)[:MAX_SHOWN]


def _ended(organization: Organization) -> list[JSON]:
    """The units that it no longer has, since when is not known: they count on no day, but they were there."""
    rows = OrganizationParent.objects.filter(parent=organization, end_state=EndState.UNKNOWN.value)
    ordered = rows.select_related("child").order_by("child__name")[:MAX_SHOWN]
    return [{"child": row.child, "period": period_words(period(row))} for row in ordered]


def _counts(place: Place, as_of: AsOf) -> bool:
    return as_of.valid_at is None or place.holds_on(as_of.valid_at)
