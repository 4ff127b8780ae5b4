"""What the queue can be narrowed by: words, kind, severity, language, how surely its names are known, whose it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.choices import ResolutionState
from events.models.access import User
from tracker.web import labels

MAX_SEVERITY = 5
MINE, NOBODY = "me", "nobody"
MAX_COLLEAGUES = 100
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
    whose = forms.ChoiceField(required=False, label=_("Given to"))
    conflicts = forms.BooleanField(required=False, label=_("With conflicts"))
    story = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, user: User) -> None:
        super().__init__(data)
        others = [(str(pk), name) for pk, name in colleagues(user)]
        people = [("", _("any")), (MINE, _("me")), (NOBODY, _("nobody")), *others]
        self.fields["whose"].choices = people  # type: ignore[attr-defined]  # it is a ChoiceField


def colleagues(user: User) -> list[tuple[int, str]]:
    """The other users who may curate, by number and name, in the order of their names; at most MAX_COLLEAGUES."""
    rows = User.objects.with_perm("events.curate", backend="django.contrib.auth.backends.ModelBackend")
    others = rows.filter(is_staff=True).exclude(pk=user.pk).order_by("username")
    return list(others.values_list("pk", "username")[:MAX_COLLEAGUES])


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

    def __init__(self, data: QueryDict, user: User) -> None:
        self.form, self.user = NarrowForm(data, user), user
        self.form.is_valid()
        values = self.form.cleaned_data
        self.story: int | None = values.pop("story", None)
        self.values: dict[str, Any] = {k: v for k, v in values.items() if v}

    @property
    def on(self) -> bool:
        """Whether the list is narrowed at all."""
        return bool(self.values) or self.story is not None

    def query(self) -> Q:
        """The conditions on candidates; that on their story is aside, in `story`."""
        found = Q()
        for name, value in self.values.items():
            found &= self._whose(value) if name == "whose" else _CONDITIONS[name](value)
        return found

    def _whose(self, value: str) -> Q:
        if value == NOBODY:
            return Q(assigned_to=None)
        return Q(assigned_to=self.user.pk if value == MINE else int(value))

    def kept(self, state: str) -> str:
        """The address' parameters for another page of the same list, ending with `&`."""
        return self.address(state) + "&"

    def address(self, state: str) -> str:
        """The address' parameters of the beginning of the list."""
        values: dict[str, Any] = {"state": state} | self.values
        if self.story is not None:
            values["story"] = self.story
        return urlencode({name: "on" if value is True else value for name, value in values.items()})
