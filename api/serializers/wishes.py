"""What someone wants to hear of, as it is sent and shown: by subscriptions, webhooks and feeds alike."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.bodies import MAX_INTEGER, Body, Id, Text, Whole, Word
from api.serializers.common import Named
from events.alerts.wishes import sentence
from events.alerts.wording import words
from events.choices import Kind
from events.models.alerts import Wish
from events.models.organizations import Organization
from events.models.people import Executive
from events.timelines import organizations, people

JSON = dict[str, Any]
MAX_SEVERITY = 5
MAX_TEXT = 200
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]


class Parties(serializers.Serializer[Any]):
    """Turns the ids of a wish into rows."""

    def validate_executive(self, value: int | None) -> Executive | None:
        """The person, or the one that it was merged into. Raises ValidationError for an unknown id."""
        row = None if value is None else Executive.objects.filter(pk=value).first()
        if value is not None and row is None:
            raise serializers.ValidationError("There is no such person.")
        return people.survivor(row) if row else None

    def validate_organization(self, value: int | None) -> Organization | None:
        """The organization, or the one that it was merged into. Raises ValidationError for an unknown id."""
        row = None if value is None else Organization.objects.filter(pk=value).first()
        if value is not None and row is None:
            raise serializers.ValidationError("There is no such organization.")
        return organizations.survivor(row) if row else None


class WishSent(Parties, Body):
    """Every condition that is given must hold; with none, everything is meant. Null takes one back."""

    executive = Id(required=False, allow_null=True, help_text="Id of a person")
    organization = Id(
        required=False, allow_null=True, help_text="Id of an organization; its units count, too"
    )
    kind = Word(choices=Kind.pairs(), required=False, allow_blank=True)
    min_severity = Whole(required=False, min_value=0, max_value=MAX_SEVERITY)
    text = Text(required=False, allow_blank=True, max_length=MAX_TEXT, help_text="Words of the sentence")


class WishParameters(Parties):
    """A wish in an address."""

    executive = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_INTEGER, help_text="Id of a person"
    )
    organization = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_INTEGER,
        help_text="Id of an organization; its units count, too",
    )
    kind = serializers.ChoiceField(choices=Kind.pairs(), required=False)
    min_severity = serializers.IntegerField(required=False, min_value=0, max_value=MAX_SEVERITY)
    text = serializers.CharField(required=False, max_length=MAX_TEXT, help_text="Words of the sentence")
    language = serializers.ChoiceField(choices=LANGUAGES, default="en", help_text="Of the entries' words")


class WishShown(serializers.Serializer[Any]):
    """The conditions, and all of them as one phrase."""

    executive = Named(allow_null=True)
    organization = Named(allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.pairs(), allow_blank=True)
    min_severity = serializers.IntegerField(min_value=0, max_value=MAX_SEVERITY)
    text = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField(help_text="The conditions in words")


def wish_json(wish: Wish, language: str = "en") -> JSON:
    """A wish as answers show it; `said` on it is its sentence, where many are read together."""
    return {
        "executive": _named(wish.executive),
        "organization": _named(wish.organization),
        "kind": wish.kind,
        "min_severity": wish.min_severity,
        "text": wish.text,
        "sentence": getattr(wish, "said", "") or sentence(wish, words(language)),
    }


def _named(row: Executive | Organization | None) -> JSON | None:
    return {"id": row.pk, "name": row.name} if row else None
