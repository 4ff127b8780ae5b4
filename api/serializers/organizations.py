"""Organizations and their chart."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.common import Bounds, Fields, Identifier, Name, Named, Partial
from events.choices import OrganizationType


class ParentItem(Bounds):
    """What an organization was part of; `event` is null for an entry that a curator keeps."""

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

    holders = Holder(many=True)

    def get_fields(self) -> Fields:
        """A unit holds units, which a class body cannot say."""
        return super().get_fields() | {"units": serializers.ListField(child=serializers.DictField())}


class Chart(serializers.Serializer[Any]):
    """An organization on a day."""

    organization = OrganizationBrief()
    valid_at = serializers.DateField()
    parents = OrganizationBrief(many=True, help_text="What it was part of, nearest first")
    holders = Holder(many=True)
    units = Unit(many=True)
    truncated = serializers.BooleanField(help_text="Whether units were left out")
