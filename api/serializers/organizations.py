"""Organizations and their chart."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.parameters import Clocks
from api.serializers.common import Bounds, Fields, Identifier, Name, Named, Partial
from events.choices import OrganizationType

DESCENDANTS = (
    "Events that bear on a unit count as well, if it was part of the organization on the event's date; "
    "`false` leaves them out"
)


@extend_schema_field({"type": "boolean"})
class TrueOrFalse(serializers.ChoiceField):
    """`true` or `false`, as a query writes it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("true", "true"), ("false", "false")], **kwargs)

    def to_internal_value(self, data: Any) -> bool:  # type: ignore[override]
        """Whether it is true. Raises ValidationError."""
        return bool(super().to_internal_value(data) == "true")


class TimelineQuestion(Clocks):
    """Both clocks, and whether units count."""

    descendants = TrueOrFalse(required=False, help_text=f"{DESCENDANTS}. True if not given")


class ParentItem(Bounds):
    """What an organization was part of; `event` is null for an entry that a curator keeps.

    On a day of which an event speaks the curator's entry does not count, and is shown without that day.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    event = serializers.IntegerField(allow_null=True)


class OrganizationBrief(Named):
    """An organization by id, name and type."""

    type = serializers.ChoiceField(choices=OrganizationType.pairs())


class Organization(OrganizationBrief):
    """A company, division, unit, team, committee, regulator or exchange."""

    country = serializers.CharField(help_text="ISO 3166-1 alpha-2; empty where not known")
    founded = Partial(allow_null=True)
    dissolved = Partial(allow_null=True)
    names = Name(many=True)
    identifiers = Identifier(many=True)
    parents = ParentItem(many=True)


class Holder(serializers.Serializer[Any]):
    """Who held which title."""

    executive = Named()
    title = serializers.CharField()
    interim = serializers.BooleanField()
    event = serializers.IntegerField(allow_null=True)


class Unit(OrganizationBrief):
    """A unit with those under it."""

    event = serializers.IntegerField(
        allow_null=True, help_text="The event that put it there; null where the register says so"
    )
    merged = serializers.BooleanField(
        help_text="It was merged into the unit above it; its people and units are found here"
    )
    holders = Holder(many=True)

    def get_fields(self) -> Fields:
        """A unit holds units, which a class body cannot say."""
        return super().get_fields() | {"units": serializers.ListField(child=serializers.DictField())}


class Chart(serializers.Serializer[Any]):
    """An organization on a day."""

    organization = OrganizationBrief()
    valid_at = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True, help_text="The instant asked for; null is now")
    parents = OrganizationBrief(many=True, help_text="What it was part of, nearest first")
    holders = Holder(many=True)
    units = Unit(many=True)
    truncated = serializers.BooleanField(help_text="Whether units were left out")
