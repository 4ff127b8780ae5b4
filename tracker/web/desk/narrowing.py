"""What the queue can be narrowed by: kind, severity, language, how surely its names are known, words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.choices import ResolutionState
from tracker.web import labels

MAX_SEVERITY = 5
_NAMES = {
    ResolutionState.AMBIGUOUS.value: _("ambiguous"),
    ResolutionState.UNKNOWN.value: _("not known"),
    ResolutionState.RESOLVED.value: _("known"),
}


def _kinds() -> list[tuple[str, Any]]:
    return [("", _("any")), *labels.KINDS.items()]


class NarrowForm(forms.Form):
    """All may be left open."""

    q = forms.CharField(max_length=100, required=False, label=_("Name"))
    kind = forms.ChoiceField(choices=_kinds, required=False, label=_("Kind"))
    severity = forms.ChoiceField(
        choices=[("", _("any")), *((str(n), str(n)) for n in range(1, MAX_SEVERITY + 1))],
        required=False,
        label=_("Severity, at least"),
    )
    language = forms.ChoiceField(
        choices=[("", _("any")), ("en", _("English")), ("zh", _("Chinese"))],
        required=False,
        label=_("Language"),
    )
    names = forms.ChoiceField(choices=[("", _("any")), *_NAMES.items()], required=False, label=_("Names are"))
    conflicts = forms.BooleanField(required=False, label=_("With conflicts"))


_CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "q": lambda text: Q(subject_name__icontains=text) | Q(document__title__icontains=text),
    "kind": lambda kind: Q(kind=kind),
    "severity": lambda least: Q(severity__gte=int(least)),
    "language": lambda language: Q(document__language__startswith=language),
    "names": lambda state: Q(resolution_state=state),
    "conflicts": lambda asked: ~Q(conflicts=[]),
}


class Narrow:
    """The conditions of an address; those that cannot be meant are left out."""

    def __init__(self, data: QueryDict) -> None:
        self.form = NarrowForm(data)
        self.form.is_valid()
        self.values: dict[str, Any] = {k: v for k, v in self.form.cleaned_data.items() if v}

    @property
    def on(self) -> bool:
        """Whether the list is narrowed at all."""
        return bool(self.values)

    def query(self) -> Q:
        """The conditions on candidates."""
        found = Q()
        for name, value in self.values.items():
            found &= _CONDITIONS[name](value)
        return found

    def kept(self, state: str) -> str:
        """The address' parameters for another page of the same list, ending with `&`."""
        return (
            urlencode({"state": state} | {k: "on" if v is True else v for k, v in self.values.items()}) + "&"
        )
