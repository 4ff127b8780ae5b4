"""People and their grades."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.common import Bounds, Identifier, Name, Named


class PositionItem(Bounds):
    """A title held at an organization; `event` is null for an entry that a curator keeps."""

    organization = Named()
    title = serializers.CharField()
    interim = serializers.BooleanField()
    event = serializers.IntegerField(allow_null=True)
    current = serializers.BooleanField()


class GradeItem(Bounds):
    """A grade stood on, by the event that says so."""

    ladder = serializers.IntegerField()
    ladder_name = serializers.CharField()
    organization = Named()
    grade = serializers.CharField()
    event = serializers.IntegerField()


class GradeList(serializers.Serializer[Any]):
    """A grade history, in order of time."""

    results = GradeItem(many=True)


class Executive(Named):
    """A person of the record."""

    names = Name(many=True)
    identifiers = Identifier(many=True)
    positions = PositionItem(many=True, help_text="Those held now, then those held before, newest first")


class ExecutiveDetail(Executive):
    """A person with the grades that they stand on now."""

    grades = GradeItem(many=True)
