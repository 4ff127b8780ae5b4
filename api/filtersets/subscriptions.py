"""Filters of one's own alerts."""

from __future__ import annotations

from django_filters.filterset import FilterSet

from api.filters import Ids, Words
from api.filtersets.truth import Truth
from events.choices import Frequency, Kind


class SubscriptionFilter(FilterSet):
    """Lists take several values with commas or repeated."""

    executive = Ids(help_text="Ids of people")
    organization = Ids(help_text="Ids of organizations")
    kind = Words(choices=Kind.pairs())
    frequency = Words(choices=Frequency.pairs())
    is_active = Truth(help_text="Those that are sent")
