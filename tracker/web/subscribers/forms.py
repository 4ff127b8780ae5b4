"""What a reader asks to be told of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.models.organizations import Organization
from events.models.people import Executive
from events.timelines.finding import organizations_named, people_named
from tracker.web import labels
from tracker.web.presentation import is_chinese

MAX_CHOICES = 10


def _kinds() -> list[tuple[str, Any]]:
    return [("", _("Every kind")), *labels.KINDS.items()]


def _severities() -> list[tuple[int, str]]:
    return [(level, f"{level} – {words}") for level, words in enumerate(labels.SEVERITIES)]


class SubscribeForm(forms.Form):
    """An address, and what to follow: a person or organization by name or number, a kind, a least severity.

    A name that stands for several makes `choices` of them, and the form is shown again.
    """

    email = forms.EmailField(max_length=254, label=_("Your e-mail address"))
    about = forms.RegexField(r"^(person|organization):\d{1,18}$", required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=200, required=False, label=_("Person or organization"),
        help_text=_("In any script. Empty: everyone."),
    )  # fmt: skip
    kind = forms.ChoiceField(choices=_kinds, required=False, label=_("Kind of event"))
    min_severity = forms.TypedChoiceField(
        choices=_severities, coerce=int, initial=0, label=_("Severity, at least")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices: list[tuple[str, str]] = []
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}

    def clean(self) -> dict[str, Any]:
        """Finds whom the name or number stands for. Raises ValidationError where that is not one."""
        data: dict[str, Any] = super().clean() or {}
        data["executive"], data["organization"] = None, None
        if data.get("about"):
            self._by_number(data)
        elif data.get("name"):
            self._by_name(data)
        return data

    def _by_number(self, data: dict[str, Any]) -> None:
        subject = subject_of(data["about"])
        if subject is None:
            self.add_error("name", gettext("This person or organization is not known here."))
        elif isinstance(subject, Executive):
            data["executive"] = subject
        else:
            data["organization"] = subject

    def _by_name(self, data: dict[str, Any]) -> None:
        people = list(people_named(data["name"])[:MAX_CHOICES])
        organizations = list(organizations_named(data["name"])[:MAX_CHOICES])
        if len(people) + len(organizations) == 1:
            data["executive"] = people[0] if people else None
            data["organization"] = organizations[0] if organizations else None
            return
        self.choices = [(f"person:{row.pk}", row.name) for row in people]
        self.choices += [(f"organization:{row.pk}", row.name) for row in organizations]
        if self.choices:
            self.add_error("name", gettext("Several have this name: choose who is meant."))
        else:
            self.add_error("name", gettext("Nobody of this name is known here."))

    @staticmethod
    def language() -> str:
        """The language of the mails: that of the page."""
        return "zh-hans" if is_chinese() else (get_language() or "en")[:2]


def subject_of(about: str) -> Executive | Organization | None:
    """The person or organization of `person:4` or `organization:2`; None where there is none."""
    kind, _, number = about.partition(":")
    if not number.isdigit() or len(number) > 18:
        return None
    if kind == "person":
        return Executive.objects.filter(pk=int(number), merged_into=None).first()
    return Organization.objects.filter(pk=int(number), merged_into=None).first()
