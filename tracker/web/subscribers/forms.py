"""What a reader asks to be told of, how often, and how to be written to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.alerts.naming import Choice, choices_named
from events.alerts.subscriptions import Preferences
from events.choices import Frequency, PartyType
from events.models.alerts import Subscriber, Subscription
from events.models.organizations import Organization
from events.models.people import Executive
from events.timelines import organizations, people
from tracker.web import labels
from tracker.web.presentation import is_chinese
from tracker.web.subscribers import zones

MAX_ID = 2**63 - 1
MAX_SILENCE = 3650
MAX_TEXT = 400_000
"""Characters of a watch-list that is sent as text."""
FREQUENCIES: dict[str, str | Promise] = {
    Frequency.INSTANT.value: _("At once"),
    Frequency.DAILY.value: _("Once a day, in the morning"),
    Frequency.WEEKLY.value: _("Once a week, on Monday morning"),
}
SHORT_FREQUENCIES: dict[str, str | Promise] = {
    Frequency.INSTANT.value: _("At once"),
    Frequency.DAILY.value: _("Daily"),
    Frequency.WEEKLY.value: _("Weekly"),
}
CONDITIONS = ("person", "person_name", "organization", "organization_name", "kind", "min_severity", "text", "silent_days")  # fmt: skip


def _kinds() -> list[tuple[str, Any]]:
    return [("", _("Every kind")), *labels.KINDS.items()]


def _severities() -> list[tuple[int, str]]:
    return [(level, f"{level} – {words}") for level, words in enumerate(labels.SEVERITIES)]


def _hours() -> list[tuple[str, str]]:
    return [("", "–"), *((str(hour), f"{hour:02d}:00") for hour in range(24))]


class WishForm(forms.Form):
    """A saved search: any combination of a person, an organization, a kind, a least severity and words.

    People and organizations come by number or by name; a name that several have makes `choices` of them by field,
    and the form is shown again. What was understood is `wish`, a row that is not saved.
    """

    person = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID, widget=forms.HiddenInput)
    person_name = forms.CharField(
        max_length=200, required=False, label=_("Person"), help_text=_("In any script. Empty: anyone.")
    )
    organization = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID, widget=forms.HiddenInput)
    organization_name = forms.CharField(
        max_length=200, required=False, label=_("Organization, with its units"),
        help_text=_("In any script. Empty: any."),
    )  # fmt: skip
    kind = forms.ChoiceField(choices=_kinds, required=False, label=_("Kind of event"))
    min_severity = forms.TypedChoiceField(
        choices=_severities, coerce=int, empty_value=None, required=False, label=_("Severity, at least")
    )
    text = forms.CharField(
        max_length=200, required=False, label=_("Words that the event's sentence holds"),
        help_text=_("As they are written there, in English or Chinese."),
    )  # fmt: skip
    silent_days = forms.IntegerField(
        min_value=1, max_value=MAX_SILENCE, required=False, label=_("Days of silence"),
        help_text=_("Filled in: you hear nothing of what happens, but that nothing has happened for so many days."),
    )  # fmt: skip

    wish: Subscription

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices: dict[str, list[Choice]] = {}
        for name in ("person_name", "organization_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["silent_days"].widget.attrs["inputmode"] = "numeric"

    @classmethod
    def of(cls, wish: Subscription) -> WishForm:
        """The form filled in with a wish."""
        return cls(initial=parameters(wish) | {
            "person_name": wish.executive.name if wish.executive else "",
            "organization_name": wish.organization.name if wish.organization else "",
        })  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Finds whom the names and numbers stand for."""
        data: dict[str, Any] = super().clean() or {}
        wish = Subscription(
            kind=data.get("kind") or "",
            min_severity=data.get("min_severity") or 0,
            text=data.get("text") or "",
            silent_days=data.get("silent_days"),
        )
        person, organization = self._found("person"), self._found("organization")
        wish.executive = people.survivor(Executive.objects.get(pk=person)) if person else None
        wish.organization = (
            organizations.survivor(Organization.objects.get(pk=organization)) if organization else None
        )
        self.wish = wish
        return data

    def _found(self, field: str) -> int | None:
        """The number of whom a field means; None for nobody, with an error where that is not what was meant.

        A number counts with an empty form (a link) or with a name that fits; a name that was typed over it wins.
        """
        number, name = self.cleaned_data.get(field), self.cleaned_data.get(f"{field}_name", "")
        model: type[Executive | Organization] = Executive if field == "person" else Organization
        row = model._default_manager.filter(pk=number).first() if number else None
        if f"{field}_name" not in self.data or (row and row.name == name):
            if number and row is None:
                self.add_error(f"{field}_name", gettext("This person or organization is not known here."))
            return row.pk if row else None
        if not name:
            return None
        found = choices_named(name, [PartyType(field)])
        if len(found) == 1 or number in {choice.pk for choice in found}:
            return found[0].pk if len(found) == 1 else number
        self.choices[field] = found
        if found:
            self.add_error(f"{field}_name", gettext("Several have this name: choose who is meant."))
        else:
            self.add_error(f"{field}_name", gettext("Nobody of this name is known here."))
        return None


class FrequencyForm(forms.Form):
    """How often a wish is answered."""

    frequency = forms.ChoiceField(
        choices=lambda: list(FREQUENCIES.items()), initial=Frequency.INSTANT.value, widget=forms.RadioSelect,
        label=_("How often?"),
    )  # fmt: skip


class PreferencesForm(forms.Form):
    """How a reader wants to be written to."""

    language = forms.ChoiceField(
        choices=[("en", "English"), ("zh-hans", "简体中文")], label=_("Language of the mails")
    )
    time_zone = forms.CharField(
        max_length=50, label=_("Time zone"),
        help_text=_("A place of it, such as Asia/Shanghai. Digests come at 8 in the morning there."),
    )  # fmt: skip
    quiet_from = forms.TypedChoiceField(
        choices=_hours, coerce=int, empty_value=None, required=False, label=_("from")
    )
    quiet_until = forms.TypedChoiceField(
        choices=_hours, coerce=int, empty_value=None, required=False, label=_("until")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        chosen = {"language": "zh-hans", "time_zone": "Asia/Shanghai"} if is_chinese() else {"language": "en", "time_zone": "UTC"}  # fmt: skip
        given = kwargs.get("initial") or {}
        super().__init__(*args, **{**kwargs, "initial": {**chosen, **given}})
        if not self.is_bound and not given:
            self.fields["time_zone"].widget.attrs["data-propose"] = ""
        self.fields["time_zone"].widget.attrs |= {
            "list": "time-zones",
            "autocomplete": "off",
            "spellcheck": "false",
        }

    @classmethod
    def of(cls, subscriber: Subscriber) -> PreferencesForm:
        """The form filled in with what holds now."""
        names = ("language", "time_zone", "quiet_from", "quiet_until")
        return cls(initial={name: getattr(subscriber, name) for name in names})

    def clean_time_zone(self) -> str:
        """The zone by its IANA name."""
        try:
            return zones.canonical(self.cleaned_data["time_zone"])
        except ValueError as error:
            raise forms.ValidationError(
                gettext("This is no time zone: write a name such as Europe/Berlin.")
            ) from error

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, and are not the whole day."""
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("quiet_from"), data.get("quiet_until")
        if (start is None) != (end is None):
            self.add_error("quiet_until", gettext("Quiet hours need a beginning and an end."))
        elif start is not None and start == end:
            self.add_error("quiet_until", gettext("Quiet hours cannot be the whole day."))
        return data

    @property
    def preferences(self) -> Preferences:
        """What was chosen."""
        names = ("language", "time_zone", "quiet_from", "quiet_until")
        return Preferences(**{name: self.cleaned_data[name] for name in names})

    @property
    def offered_zones(self) -> tuple[str, ...]:
        """For the datalist."""
        return zones.offered()


class EmailForm(forms.Form):
    """An e-mail address."""

    email = forms.EmailField(max_length=254, label=_("Your e-mail address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}


class JoinForm(EmailForm, FrequencyForm, PreferencesForm):
    """All that is asked beside the wish."""

    field_order = ("email", "frequency", "language", "time_zone", "quiet_from", "quiet_until")


class MoveForm(EmailForm):
    """Another address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class WatchlistForm(forms.Form):
    """A watch-list as a file or as text."""

    file = forms.FileField(
        required=False, label=_("A file"), help_text=_("CSV or OPML, at most 256 KB and 500 lines.")
    )
    text = forms.CharField(
        required=False, max_length=MAX_TEXT, strip=False, label=_("Or its lines"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("A name a line will do. With a header, columns have the names that the export has."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("file") and not (data.get("text") or "").strip() and not self.errors:
            self.add_error("text", gettext("Choose a file or write some lines."))
        return data


def parameters(wish: Subscription) -> dict[str, Any]:
    """The wish as the form's fields, without empty ones."""
    found = {
        "person": wish.executive_id,
        "organization": wish.organization_id,
        "kind": wish.kind,
        "min_severity": wish.min_severity,
        "text": wish.text,
        "silent_days": wish.silent_days,
    }
    return {name: value for name, value in found.items() if value}


def feed_query(wish: Subscription) -> str:
    """The wish as the parameters of the feeds."""
    found = {("executive" if name == "person" else name): value for name, value in parameters(wish).items()}
    found.pop("silent_days", None)
    return urlencode(found)
