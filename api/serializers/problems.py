"""Errors."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class ProblemError(serializers.Serializer[Any]):
    """What is wrong: in a query parameter, or at a JSON Pointer of the body."""

    parameter = serializers.CharField(required=False)
    pointer = serializers.CharField(required=False)
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """Problem details (RFC 9457), `application/problem+json`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = ProblemError(many=True)  # type: ignore[assignment]  # the field, not the property
    grades = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="A ladder's grades, where the one asked for is not among",
    )
