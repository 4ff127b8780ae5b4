"""Ladders, cases and documents."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.common import Bounds, Fields, Named, Partial
from api.serializers.events import Entry


class Ladder(Bounds):
    """An ordered list of an organization's grades."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    organization = Named()
    grades = serializers.ListField(child=serializers.CharField(), help_text="Highest first")
    source = serializers.CharField(  # type: ignore[assignment]  # the field, not the attribute
        help_text="Where the order of the grades is taken from"
    )


class StepsAnswer(serializers.Serializer[Any]):
    """Steps between two grades; negative is down."""

    ladder = serializers.IntegerField()
    ladder_name = serializers.CharField()
    steps = serializers.IntegerField()

    def get_fields(self) -> Fields:
        """`from` is a word of Python, so the fields are named here."""
        grades: Fields = {"from": serializers.CharField(), "to": serializers.CharField()}
        return super().get_fields() | grades


class Case(serializers.Serializer[Any]):
    """One decision that bears on several people or units."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    issuer = Named(allow_null=True)
    decided = Partial(allow_null=True)
    events = serializers.ListField(
        child=serializers.IntegerField(), help_text="Those that stand, in order of time"
    )


class CaseDetail(Case):
    """A case with its events in full."""

    entries = Entry(many=True)


class Quote(serializers.Serializer[Any]):
    """Words that prove a field of a published event."""

    event = serializers.IntegerField()
    field = serializers.CharField()
    quote = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class Document(serializers.Serializer[Any]):
    """An article's metadata and what published events quote from it; never its text."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    version = serializers.IntegerField()
    is_latest = serializers.BooleanField()
    title = serializers.CharField()
    authors = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField()
    published = serializers.DateTimeField(allow_null=True)
    fetched = serializers.DateTimeField()
    text_sha256 = serializers.CharField(help_text="SHA-256 of the text that offsets count in")
    quotes = Quote(many=True)
