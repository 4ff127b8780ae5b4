"""Inputs of a claim's values: dates as exact as the source, figures, the closed vocabularies in the page's language."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.choices import ACTIONS, CLAIM_STATUSES, Degree, Kind, Metric, PenaltyType, Qualifier, Role
from events.dates import PartialDate
from tracker.web import labels, presentation

PARTY_TYPES: dict[str, labels.Label] = {
    "person": _("Person"),
    "organization": _("Organization"),
    "product": _("Product"),
    "group": _("Group of people"),
}
EMPTY = ("", "–")
MAX_DIGITS = 40
Choices = list[tuple[str, Any]]


def kinds() -> Choices:
    """Every kind of event."""
    return list(labels.KINDS.items())


def actions() -> list[tuple[Any, Choices]]:
    """The actions, by kind."""
    return [
        (labels.KINDS[kind.value], [(name, presentation.label(labels.ACTIONS, name)) for name in names])
        for kind, names in ACTIONS.items()
    ]


def statuses() -> Choices:
    """What a source can say of how sure it is."""
    return [(status.value, labels.STATUSES[status.value]) for status in CLAIM_STATUSES]


def party_types() -> Choices:
    """What a party can be."""
    return list(PARTY_TYPES.items())


def roles() -> Choices:
    """What a party can be to an event, other than its subject."""
    return [(role.value, labels.ROLES[role.value]) for role in Role if role is not Role.SUBJECT]


def penalty_types() -> Choices:
    """Penalties, gravest first; none for a row that is not used."""
    return [EMPTY, *((item.value, presentation.label(labels.ACTIONS, item.value)) for item in PenaltyType)]


def degrees() -> Choices:
    """How grave a warning is."""
    return [EMPTY, *((item.value, labels.DEGREES[item.value]) for item in Degree)]


def metrics() -> Choices:
    """What a figure counts; none for a row that is not used."""
    return [EMPTY, *((item.value, labels.METRICS[item.value]) for item in Metric)]


def qualifiers() -> Choices:
    """How exact a figure is."""
    words = {**labels.QUALIFIERS, Qualifier.EXACT.value: _("exactly")}
    return [EMPTY, *((item.value, words[item.value]) for item in Qualifier)]


def departures() -> Choices:
    """Whether someone left of their own will."""
    return [EMPTY, *labels.DEPARTURES.items()]


def kind_of(action: str) -> str:
    """The kind that an action belongs to, the first where several have it; empty for an unknown one."""
    return next((kind.value for kind in Kind if action in ACTIONS[kind]), "")


class PartialDateField(forms.CharField):
    """YYYY, YYYY-MM or YYYY-MM-DD; its value is a claim's date, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10, **kwargs)
        self.widget.attrs |= {"placeholder": "YYYY-MM-DD", "inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for text that is no date."""
        text = super().clean(value)
        try:
            return dict(PartialDate.parse(text).as_json()) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class FigureField(forms.CharField):
    """A number as people write it: 12,000,000, 0.085 or 8.5%. Its value is a whole number where it is one, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=MAX_DIGITS, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """A number without an exponent."""
        return value if isinstance(value, str) or value is None else f"{Decimal(str(value)):f}"

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for what is no number."""
        text = super().clean(value).replace(",", "").replace(" ", "")
        if not text:
            return None
        try:
            amount = Decimal(text.removesuffix("%"))
        except InvalidOperation:
            raise forms.ValidationError(gettext("Write a number, such as 12000000, 0.085 or 8.5%.")) from None
        if not amount.is_finite():
            raise forms.ValidationError(gettext("Write a number, such as 12000000, 0.085 or 8.5%."))
        if text.endswith("%"):
            amount /= 100
        return int(amount) if amount == amount.to_integral_value() else float(amount)


class GroundsField(forms.CharField):
    """One ground a line; its value is the list of those that say something."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs
        )

    def clean(self, value: Any) -> Any:
        """The lines."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]
