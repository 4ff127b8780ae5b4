"""Where an organization stands among others, for its page, by both clocks."""

from __future__ import annotations

from typing import Any

from events.choices import EndState
from events.models.organizations import Organization, OrganizationParent
from events.record.places import Place
from events.timelines.clocks import AsOf
from events.timelines.periods import period
from events.timelines.units import places_at, span_bounds
from tracker.web.public.reading import period_words

JSON = dict[str, Any]


def units(organization: Organization, as_of: AsOf, limit: int = 200) -> list[JSON]:
    """The units of an organization by name, those of the day or else all that it ever had: each `child` with its
    `period` in words."""
    below = [place for place in places_at(as_of.known_at).below([organization.pk]) if _counts(place, as_of)]
    named = Organization.objects.in_bulk({place.child_id for place in below})
    found: list[JSON] = [
        {"child": named[place.child_id], "period": period_words(span_bounds(place.span))} for place in below
    ]
    if as_of.valid_at is None:
        ended = OrganizationParent.objects.filter(parent=organization, end_state=EndState.UNKNOWN.value)
        found += [
            {"child": row.child, "period": period_words(period(row))}
            for row in ended.select_related("child").order_by("child__name")[:limit]
        ]
    return sorted(found, key=lambda row: row["child"].name)[:limit]


def parent_of(organization: Organization, as_of: AsOf) -> JSON | None:
    """What the organization is part of on the day, or else what it last was part of: the `parent` with its
    `period` in words."""
    above = places_at(as_of.known_at).above([organization.pk])
    spans = {p.parent_id: p.span for p in above if p.parent_id is not None and _counts(p, as_of)}
    if not spans:
        return None
    parent_id, span = max(spans.items(), key=lambda item: item[1].first)
    return {"parent": Organization.objects.get(pk=parent_id), "period": period_words(span_bounds(span))}


def _counts(place: Place, as_of: AsOf) -> bool:
    return as_of.valid_at is None or place.holds_on(as_of.valid_at)
