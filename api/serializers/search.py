"""What a search answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.events import Entry
from events.searching.hits import EVENT, MAX_RANKED, TYPES
from events.timelines.spellings import EXECUTIVE, ORGANIZATION


class Highlight(serializers.Serializer[Any]):
    """Which words of a text answer the question."""

    field = serializers.CharField(
        help_text="JSON Pointer: into `entry`, or `/matched` for a person or organization"
    )
    text = serializers.CharField()
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2),
        help_text="Start and end, in code points of `text`, the end not included",
    )


class SearchResult(serializers.Serializer[Any]):
    """An event, person or organization."""

    type = serializers.ChoiceField(choices=[(name, name) for name in TYPES])
    id = serializers.IntegerField()
    url = serializers.URLField(help_text="Where the API has it")
    score = serializers.FloatField(
        min_value=0, max_value=1, help_text="How well it fits; comparable within one answer only"
    )
    name = serializers.CharField(required=False, help_text="Of a person or organization")
    matched = serializers.CharField(required=False, help_text="Which of their names fits")
    names = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Their other names, native ones first"
    )
    summary = serializers.CharField(required=False, help_text="Of an event")
    highlights = Highlight(many=True)
    entry = Entry(required=False, help_text="The event as timelines show it")


class TypeCounts(serializers.Serializer[Any]):
    """Results by type, whatever `type` asks for."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One count for each type."""
        return {name: serializers.IntegerField(min_value=0) for name in (EVENT, EXECUTIVE, ORGANIZATION)}


class Facets(serializers.Serializer[Any]):
    """What there is to narrow the answer by."""

    type = TypeCounts()
    kind = serializers.DictField(child=serializers.IntegerField(min_value=1), help_text="Events by kind")
    complete = serializers.BooleanField(
        help_text=f"False where more than {MAX_RANKED - 1} events answer: the newest {MAX_RANKED} are ranked and counted"
    )


class SearchPage(serializers.Serializer[Any]):
    """A page of results, best first."""

    results = SearchResult(many=True)
    facets = Facets()
    suggestions = serializers.ListField(
        child=serializers.CharField(),
        help_text="Names that may have been meant, where no name fits as written",
    )
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
