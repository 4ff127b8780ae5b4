"""Filters of events, written once for the record as it is and as it was: both have the same named columns."""

from __future__ import annotations

from typing import Any

from django_filters import filters
from django_filters.filterset import FilterSet

from api.filters import Day, Ids, Instant, Severities, Words, no_filter
from api.filtersets.details import DETAIL_FILTERS
from api.filtersets.truth import Truth
from api.serializers.organizations import DESCENDANTS
from events.choices import ACTIONS, CLAIM_STATUSES, DepartureType, Kind, Status
from events.models.record import DATE_FIELDS
from events.timelines.clocks import AsOf
from events.timelines.entries import ORDERINGS, Rows, bearing_on
from events.timelines.units import bearing_on_organizations

_ACTIONS = sorted({action for actions in ACTIONS.values() for action in actions})
_ENDS = {"after": "gte", "before": "lte"}


def _ranges(name: str, kind: type[filters.Filter], what: str) -> dict[str, filters.Filter]:
    """`NAME_after` and `NAME_before`, both inclusive."""
    words = {"after": "at or after this", "before": "at or before this"}
    return {
        f"{name}_{end}": kind(field_name=name, lookup_expr=lookup, help_text=f"{what}, {words[end]}")
        for end, lookup in _ENDS.items()
    }


RANGES: dict[str, Any] = {
    **_ranges("date", Day, "The date that timelines sort by"),
    **{
        key: item
        for name in DATE_FIELDS
        for key, item in _ranges(name, Day, f"The date it was {name}").items()
    },
    **_ranges("published", Instant, "The earliest document's publication"),
    **_ranges("first_seen", Instant, "When this service first saw it"),
    **_ranges("recorded_at", Instant, "When the revision was written"),
}
RangeFilter = type("RangeFilter", (FilterSet,), RANGES | DETAIL_FILTERS)
"""The ranges of every date and instant of an event, and its details."""


class EventFilter(RangeFilter):  # type: ignore[misc, valid-type]
    """Lists take several values with commas or repeated; ranges are inclusive."""

    event = Ids(field_name="event_id", help_text="Ids of events")
    event_id = Ids(field_name="event_id", help_text="The same as `event`")
    kind = Words(choices=Kind.pairs())
    action = Words(choices=[(action, action) for action in _ACTIONS])
    status = Words(choices=[pair for pair in Status.pairs() if pair[0] != Status.RETRACTED])
    assertion = Words(choices=[(s.value, s.label) for s in CLAIM_STATUSES])
    departure = Words(choices=DepartureType.pairs())
    severity = Severities()
    min_severity = filters.ChoiceFilter(
        field_name="severity",
        lookup_expr="gte",
        choices=[(str(n), str(n)) for n in range(6)],
        empty_label=None,
    )
    max_severity = filters.ChoiceFilter(
        field_name="severity",
        lookup_expr="lte",
        choices=[(str(n), str(n)) for n in range(6)],
        empty_label=None,
    )
    executive = Ids(method="about_people", help_text="Ids of people that it bears on")
    executive_id = Ids(method="about_people", help_text="The same as `executive`")
    organization = Ids(
        method="about_organizations",
        help_text="Ids of organizations that it bears on, or a unit of theirs then",
    )
    organization_id = Ids(method="about_organizations", help_text="The same as `organization`")
    descendants = Truth(method=no_filter, help_text=f"With `organization`: {DESCENDANTS}")
    case = Ids(help_text="Ids of cases")
    case_id = Ids(field_name="case", help_text="The same as `case`")
    valid_at = Day(method=no_filter, help_text="Only what has begun by that day")
    known_at = Instant(method=no_filter, help_text="As this record said it at that instant")
    ordering = filters.ChoiceFilter(
        method=no_filter,
        choices=[(name, name) for name in ORDERINGS],
        empty_label=None,
        help_text="-date if not given",
    )

    def about_people(self, queryset: Rows, name: str, value: list[int]) -> Rows:
        """Those that bear on one of the people."""
        return bearing_on(queryset, [f"person:{pk}" for pk in value])

    def about_organizations(self, queryset: Rows, name: str, value: list[int]) -> Rows:
        """Those that bear on one of the organizations or, unless `descendants` is false, on their units."""
        asked = self.form.cleaned_data
        wide = asked.get("descendants") is not False
        return bearing_on_organizations(
            queryset, value, AsOf(known_at=asked.get("known_at")), descendants=wide
        )
