"""A filter by yes or no that refuses everything else."""

from __future__ import annotations

from typing import Any

from django import forms
from django_filters import filters
from drf_spectacular.utils import extend_schema_field

_WORDS = {"true": True, "false": False}


class TruthField(forms.CharField):
    """true or false."""

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]  # the stub has a text
        """What is meant. Raises ValidationError."""
        if value in self.empty_values:
            return None
        if value not in _WORDS:
            raise forms.ValidationError("Write true or false.")
        return _WORDS[value]


@extend_schema_field({"type": "boolean"})
class Truth(filters.Filter):
    """Whether it is so."""

    field_class = TruthField
