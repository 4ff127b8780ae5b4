"""Shapes that several answers share."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from events.choices import EndState, Precision

Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class Named(serializers.Serializer[Any]):
    """A person or organization by id and name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class Partial(serializers.Serializer[Any]):
    """A date no more exact than the source: first day of a day, month or year."""

    value = serializers.DateField()
    precision = serializers.ChoiceField(choices=Precision.pairs())


class Name(serializers.Serializer[Any]):
    """One of the names."""

    name = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47; empty where not known")
    type = serializers.CharField()


class Identifier(serializers.Serializer[Any]):
    """An identifier in a public scheme."""

    scheme = serializers.CharField()
    value = serializers.CharField()


class Bounds(serializers.Serializer[Any]):
    """A period: `from` is its first day, `to` the first day no longer in it."""

    def get_fields(self) -> Fields:
        """`from` is a word of Python, so the fields are named here."""
        return super().get_fields() | {
            "from": serializers.DateField(allow_null=True),
            "to": serializers.DateField(allow_null=True),
            "from_precision": serializers.ChoiceField(choices=Precision.pairs(), allow_null=True),
            "to_precision": serializers.ChoiceField(choices=Precision.pairs(), allow_null=True),
            "end": serializers.ChoiceField(
                choices=EndState.pairs(), help_text="open: still so; unknown: has ended, when is not known"
            ),
        }


class Subject(Named):
    """Whose timeline it is."""

    type = serializers.ChoiceField(choices=[("person", "Person"), ("organization", "Organization")])
