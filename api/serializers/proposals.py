"""Proposals of readers, as they are sent and as their receipt answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from events.choices import ProposalKind, ProposalState
from events.proposals.submitting import (
    MAX_CONTACT,
    MAX_FIELD,
    MAX_NAME,
    MAX_TEXT,
    MAX_URL,
    MIN_TEXT,
)

MAX_ID = 2**63 - 1


class ProposalSent(serializers.Serializer[Any]):
    """A correction, or a reply of those concerned. Members that are not known are refused."""

    event = serializers.IntegerField(min_value=1, max_value=MAX_ID, help_text="The event's id")
    kind = serializers.ChoiceField(
        choices=ProposalKind.pairs(),
        help_text="correction: something is wrong; reply: what those concerned have to say",
    )
    text = serializers.CharField(min_length=MIN_TEXT, max_length=MAX_TEXT)
    field = serializers.CharField(
        max_length=MAX_FIELD,
        required=False,
        allow_blank=True,
        help_text="JSON Pointer into the event; empty is the whole",
    )
    source_url = serializers.URLField(
        max_length=MAX_URL, required=False, allow_blank=True, help_text="Where it can be checked, http(s)"
    )
    name = serializers.CharField(max_length=MAX_NAME, required=False, allow_blank=True)
    contact = serializers.EmailField(
        max_length=MAX_CONTACT,
        required=False,
        allow_blank=True,
        help_text="An e-mail address; seen by curators alone, never published",
    )
    revision = serializers.IntegerField(
        min_value=1,
        max_value=MAX_ID,
        required=False,
        help_text="The number (`seq`) of the revision that was seen; the latest where it is left out",
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The values. Raises ValidationError, also for members that there are not."""
        if isinstance(data, Mapping):
            unknown = [str(name)[:100] for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError(
                    {name: ["There is no such member."] for name in unknown[:10]}
                )
        values: dict[str, Any] = super().to_internal_value(data)
        return values


class ProposalTaken(serializers.Serializer[Any]):
    """What whoever sent it keeps. The receipt is not shown again."""

    receipt = serializers.CharField()
    url = serializers.URLField(help_text="Where its state can be asked for")
    state = serializers.ChoiceField(choices=ProposalState.pairs())


class ProposalStatus(serializers.Serializer[Any]):
    """What has become of a proposal. Neither its text nor who sent it is shown."""

    event = serializers.IntegerField()
    revision = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ProposalKind.pairs())
    field = serializers.CharField()
    state = serializers.ChoiceField(choices=ProposalState.pairs())
    answer = serializers.CharField(help_text="Empty while it is open")
    received_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
