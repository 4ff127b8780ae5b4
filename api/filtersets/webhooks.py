"""Filters of one's own webhooks and their messages."""

from __future__ import annotations

from django_filters.filterset import FilterSet

from api.filters import Ids, Words
from events.choices import DeliveryState, WebhookState


class WebhookFilter(FilterSet):
    """Lists take several values with commas or repeated."""

    state = Words(choices=WebhookState.pairs())


class DeliveryFilter(FilterSet):
    """Lists take several values with commas or repeated."""

    webhook = Ids(help_text="Ids of webhooks")
    state = Words(choices=DeliveryState.pairs())
    event = Ids(field_name="revision__event", help_text="Ids of events")
