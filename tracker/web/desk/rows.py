"""The lists of a claim as rows of inputs: parties, penalties, figures, and the words that prove them.

A row whose key input is empty is not used; a row that is ticked for removal is taken out. What a row of the claim
holds beyond its inputs stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from events.curation.limits import MAX_ITEMS, MAX_NAME, MAX_POINTER
from tracker.web.desk import fields
from tracker.web.desk.fields import FigureField

JSON = dict[str, Any]
BLANK = "__n__"
"""The place of a row that a script adds, until it has a number."""
MAX_QUOTE = 400


class Row(forms.Form):
    """One entry of a list."""

    use_required_attribute = False
    key: ClassVar[str] = ""
    names: ClassVar[dict[str, str]] = {}
    """The claim's member by input, where they differ."""

    drop = forms.BooleanField(required=False, label=_("Remove"))

    @classmethod
    def values(cls, row: JSON) -> JSON:
        """The first values for an entry of a claim."""
        return {name: row.get(cls.names.get(name, name)) for name in cls.base_fields if name != "drop"}

    @property
    def used(self) -> bool:
        """Whether the row stands for an entry."""
        if not self.is_bound:
            return bool(self.initial.get(self.key))
        kept = not self.data.get(self.add_prefix("drop"))
        return kept and bool(str(self.data.get(self.add_prefix(self.key), "")).strip())

    def full_clean(self) -> None:
        """Nothing is wrong with a row that is not used."""
        if self.is_bound and not self.used:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    @property
    def inputs(self) -> list[forms.BoundField]:
        """The visible inputs, without the one that takes the row out."""
        return [field for field in self.visible_fields() if field.name != "drop"]

    def entry(self, old: JSON) -> JSON:
        """The entry as typed, over what it was. An input that is empty takes its member out."""
        new = dict(old)
        for name, value in self.cleaned_data.items():
            member = self.names.get(name, name)
            if name == "drop":
                continue
            if value in (None, "", False):
                new.pop(member, None)
            else:
                new[member] = value
        return new


class PartyRow(Row):
    """Someone other than the subject who has a part in it."""

    key = "name"
    role = forms.ChoiceField(choices=fields.roles, label=_("Part"))
    type = forms.ChoiceField(choices=fields.party_types, label=_("Is a"), initial="organization")
    name = forms.CharField(max_length=MAX_NAME, label=_("Name"))
    title = forms.CharField(max_length=MAX_NAME, required=False, label=_("Position"))


class PenaltyRow(Row):
    """One of the things that a decision imposes."""

    key = "type"
    names: ClassVar[dict[str, str]] = {"grade_from": "from", "grade_to": "to"}
    type = forms.ChoiceField(choices=fields.penalty_types, label=_("Penalty"))
    degree = forms.ChoiceField(choices=fields.degrees, required=False, label=_("Degree"))
    grade_from = forms.CharField(max_length=30, required=False, label=_("From grade"))
    grade_to = forms.CharField(max_length=30, required=False, label=_("To grade"))
    levels = forms.IntegerField(min_value=1, max_value=100, required=False, label=_("Levels in the source"))
    amount = FigureField(label=_("Amount"))
    currency = forms.RegexField(
        regex=r"^[A-Z]{3}\Z", required=False, label=_("Currency"), help_text="ISO 4217: USD, CNY"
    )
    duration = forms.CharField(
        max_length=20,
        required=False,
        label=_("For how long"),
        help_text=_("P5Y is five years, P6M six months"),
    )


class MeasureRow(Row):
    """One figure."""

    key = "metric"
    metric = forms.ChoiceField(choices=fields.metrics, label=_("Figure"))
    qualifier = forms.ChoiceField(choices=fields.qualifiers, required=False, label=_("How exact"))
    value = FigureField(label=_("Value"), help_text=_("In units; a percentage as 8.5%"))
    currency = forms.RegexField(regex=r"^[A-Z]{3}\Z", required=False, label=_("Currency"))
    period = forms.CharField(
        max_length=10, required=False, label=_("Period"), help_text="2024, FY2025, 2025-Q3"
    )
    change = FigureField(label=_("Change on the year before"))
    change_qualifier = forms.ChoiceField(
        choices=fields.qualifiers, required=False, label=_("How exact is the change")
    )
    threshold = FigureField(label=_("Held against"))

    def clean_value(self) -> Any:
        """Raises ValidationError without a value."""
        value = self.cleaned_data["value"]
        if value is None:
            raise forms.ValidationError(forms.Field.default_error_messages["required"], code="required")
        return value

    def entry(self, old: JSON) -> JSON:
        """The figure; a value or change of 0 is one, too."""
        new = super().entry(old)
        figures = ("value", "change", "threshold")
        return new | {name: value for name in figures if (value := self.cleaned_data.get(name)) is not None}


class EvidenceRow(Row):
    """Words of the article and what they prove."""

    key = "quote"
    field = forms.CharField(max_length=MAX_POINTER, required=False, strip=False, label=_("Proves"))
    quote = forms.CharField(
        max_length=MAX_QUOTE * 2, label=_("Words"), widget=forms.Textarea(attrs={"rows": 2}), strip=False
    )
    start = forms.IntegerField(required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Rows:
    """All rows of one list. Data without the number of its rows leaves the list as it is."""

    def __init__(
        self, name: str, row: type[Row], data: Mapping[str, Any] | None, entries: Sequence[JSON] = ()
    ) -> None:
        self.name, self.row = name, row
        asked = "" if data is None else str(data.get(f"{name}-rows", ""))
        self.told = asked.isascii() and asked.isdigit() and len(asked) <= 4
        if self.told:
            count = min(int(asked), MAX_ITEMS + 1)
            self.forms = [row(data, prefix=f"{name}-{number}") for number in range(count)]
        else:
            self.forms = [
                row(initial=row.values(entry), prefix=f"{name}-{number}")
                for number, entry in enumerate(entries)
            ]

    def __iter__(self) -> Iterator[Row]:
        """The rows, and one more to fill in."""
        yield from self.forms
        if not self.forms or self.forms[-1].used:
            yield self.row(prefix=f"{self.name}-{len(self.forms)}")

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return len(list(self))

    @property
    def blank(self) -> Row:
        """The row that a script copies."""
        return self.row(prefix=f"{self.name}-{BLANK}")

    @property
    def kept(self) -> list[tuple[int, Row]]:
        """The rows that stand for an entry, with their numbers in the form."""
        return [(number, form) for number, form in enumerate(self.forms) if form.used]

    def is_valid(self) -> bool:
        """Whether each of those is right; looks at all of them, so that each says what is wrong."""
        found = [form.is_valid() for _number, form in self.kept]
        return not self.told or all(found)

    def entries(self, old: Sequence[JSON]) -> list[JSON]:
        """The list as typed, over what its entries were."""
        return [form.entry(old[number] if number < len(old) else {}) for number, form in self.kept]

    @property
    def places(self) -> dict[int, int]:
        """Where each row of the form stands in the list as typed."""
        return {number: place for place, (number, _) in enumerate(self.kept)}

    def add_error(self, place: int, members: Sequence[str], message: str) -> bool:
        """Shows a problem of an entry at its row and input; False where no row is that entry."""
        if not self.told or place >= len(self.kept):
            return False
        form = self.kept[place][1]
        inputs = {form.names.get(name, name): name for name in form.fields}
        form.add_error(inputs.get(members[0]) if members else None, message)
        return True
