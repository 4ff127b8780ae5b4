"""The cadence of an organization's releases, and what is asked about it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.parameters import Clocks
from api.serializers.common import Named, Partial
from events.timelines.cadence import MAX_PEERS

MAX_ID = 2**63 - 1


@extend_schema_field({"type": "string", "pattern": r"^\d{1,19}(,\d{1,19})*$"})
class IdsField(serializers.CharField):
    """Ids with commas."""

    def to_internal_value(self, data: Any) -> list[int]:  # type: ignore[override]
        """The ids. Raises ValidationError."""
        texts = [text.strip() for text in super().to_internal_value(data).split(",")]
        numbers = [int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0 for text in texts]
        if len(numbers) > MAX_PEERS or not all(0 < number <= MAX_ID for number in numbers):
            raise serializers.ValidationError(f"Write up to {MAX_PEERS} whole numbers from 1 with commas.")
        return numbers


class CadenceQuestion(Clocks):
    """Both clocks, and whom to compare with."""

    peers = IdsField(
        required=False,
        help_text="Ids of organizations to compare with; every other one with releases if not given",
    )


class ReleaseItem(serializers.Serializer[Any]):
    """One release."""

    event = serializers.IntegerField()
    name = serializers.CharField()
    date = Partial()


class Line(serializers.Serializer[Any]):
    """A product line with its releases, oldest first."""

    line = serializers.CharField(help_text="The product's name without the version at its end")
    releases = ReleaseItem(many=True)
    median_days = serializers.FloatField(allow_null=True, help_text="Between its releases; null for only one")
    last_gap_days = serializers.IntegerField(allow_null=True, help_text="Between its last two releases")
    days_since_last = serializers.IntegerField()


class Pace(serializers.Serializer[Any]):
    """The releases of one organization, all its lines together."""

    organization = Named()
    releases = serializers.IntegerField()
    median_days = serializers.FloatField(allow_null=True, help_text="Of the gaps within its lines")
    last_release = serializers.DateField(allow_null=True)
    days_since_last = serializers.IntegerField(allow_null=True)


class Peer(Pace):
    """Another organization's cadence."""

    lines = serializers.IntegerField()


class Cadence(Pace):
    """An organization's cadence beside that of its peers."""

    valid_at = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    lines = Line(many=True, help_text="The most recently released first")
    peers = Peer(many=True)
    peers_median_days = serializers.FloatField(allow_null=True, help_text="Median of the peers' medians")
