"""The curator's edit of a claim: every field of it as inputs and rows, or the whole of it as JSON."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.choices import Kind
from events.dates import PartialDate
from events.models.record import DATE_FIELDS
from tracker.web.desk import fields, layout, moving
from tracker.web.desk.fields import GroundsField, PartialDateField
from tracker.web.desk.rows import MAX_QUOTE, EvidenceRow, MeasureRow, PartyRow, PenaltyRow, Rows

JSON = dict[str, Any]

INPUTS = {
    "/kind": "kind",
    "/action": "action",
    "/subject": "subject_name",
    "/subject/name": "subject_name",
    "/subject/type": "subject_type",
    "/subject/title": "subject_title",
    "/subject/organization": "subject_organization",
    "/status": "status",
    "/grounds": "grounds",
    "/case": "case",
    "/departure": "departure",
    "/interim": "interim",
    "/headcount": "headcount_min",
    "/headcount/min": "headcount_min",
    "/headcount/max": "headcount_max",
    "/headcount/text": "headcount_text",
    **{f"/dates/{name}": f"date_{name}" for name in DATE_FIELDS},
}
"""The input of each field of a claim; lists have rows of their own."""

PROVES = {
    "action": "/action",
    "subject_name": "/subject",
    "subject_title": "/subject/title",
    "subject_organization": "/subject/organization",
    "status": "/status",
    "grounds": "/grounds",
    "departure": "/departure",
    "interim": "/interim",
    "headcount_min": "/headcount",
    "headcount_max": "/headcount",
    "headcount_text": "/headcount",
    **{f"date_{name}": f"/dates/{name}" for name in DATE_FIELDS},
}
"""What selected words can prove, by the input that they are chosen for."""
LISTS: dict[str, type[PartyRow | PenaltyRow | MeasureRow]] = {
    "participants": PartyRow,
    "penalties": PenaltyRow,
    "measures": MeasureRow,
}
OWNERS = {"penalties": Kind.DISCIPLINE, "departure": Kind.LEADERSHIP, "interim": Kind.LEADERSHIP}
"""Fields that claims of one kind alone may have."""
_ROW = re.compile(r"(participants|penalties|measures|grounds)-(\d{1,3})(?:-[a-z_]{1,30})?")


class ClaimForm(forms.Form):
    """Every field of a claim. Rows and inputs that the data does not tell of stay as they are in the claim."""

    use_required_attribute = False

    kind = forms.ChoiceField(choices=fields.kinds, label=_("Kind"))
    action = forms.ChoiceField(choices=fields.actions, label=_("Action"))
    status = forms.ChoiceField(choices=fields.statuses, label=_("Status"))
    case = forms.CharField(
        max_length=100,
        required=False,
        label=_("Case label"),
        help_text=_("The same for all claims of one decision in this article"),
    )
    subject_type = forms.ChoiceField(choices=fields.party_types, label=_("Subject is a"))
    subject_name = forms.CharField(max_length=300, label=_("Subject"))
    subject_title = forms.CharField(max_length=300, required=False, label=_("Position"))
    subject_organization = forms.CharField(max_length=300, required=False, label=_("At"))
    date_occurred = PartialDateField(label=_("Occurred"))
    date_decided = PartialDateField(label=_("Decided"))
    date_announced = PartialDateField(label=_("Announced"))
    date_effective = PartialDateField(label=_("Effective"))
    date_ended = PartialDateField(label=_("Ended"))
    grounds = GroundsField(label=_("Grounds, one a line"))
    departure = forms.ChoiceField(choices=fields.departures, required=False, label=_("Departure"))
    interim = forms.BooleanField(required=False, label=_("Interim"))
    headcount_min = forms.IntegerField(required=False, min_value=0, label=_("People, at least"))
    headcount_max = forms.IntegerField(required=False, min_value=0, label=_("People, at most"))
    headcount_text = forms.CharField(required=False, max_length=200, label=_("In the source's words"))
    words = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    """Selected words as JSON: input -> [start, end] in code points of the article."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, claim: JSON | None = None) -> None:
        """With `data`, what was typed; with `claim` alone, a form to begin with."""
        super().__init__(data, initial=None if claim is None else self.values(claim))
        known = claim or {}
        self.rows = {name: Rows(name, row, data, known.get(name, [])) for name, row in LISTS.items()}
        self.proofs = Rows("evidence", EvidenceRow, data, known.get("evidence", []))
        self._quotes: list[int | None] = []
        self._places: dict[str, dict[int, int]] = {}
        self.theirs: dict[str, str] = {}
        """By input or list: what another curator has set it to while this was typed."""

    @staticmethod
    def values(claim: JSON) -> JSON:
        """The form's first values for a claim."""
        subject, headcount = claim["subject"], claim.get("headcount", {})
        dates = {
            f"date_{name}": str(PartialDate.from_json(value))
            for name, value in claim.get("dates", {}).items()
        }
        return {
            "kind": claim["kind"],
            "action": claim["action"],
            "subject_type": subject["type"],
            "subject_name": subject["name"],
            "subject_title": subject.get("title", ""),
            "subject_organization": subject.get("organization", ""),
            "status": claim.get("status", "reported"),
            "grounds": "\n".join(claim.get("grounds", [])),
            "case": claim.get("case") or "",
            "departure": claim.get("departure", ""),
            "interim": claim.get("interim", False),
            **{f"headcount_{name}": headcount.get(name) for name in ("min", "max", "text")},
            **dates,
        }

    def is_valid(self) -> bool:
        """Whether inputs and rows are right; looks at all of them, so that each says what is wrong."""
        found = [super().is_valid(), *(rows.is_valid() for rows in (*self.rows.values(), self.proofs))]
        return all(found)

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong, as far as was looked."""
        lists = (*self.rows.values(), self.proofs)
        return not self.errors and not any(form.errors for rows in lists for form in rows.forms)

    @property
    def sections(self) -> list[layout.Section]:
        """The inputs as they are set out."""
        return list(layout.sections(self))

    @property
    def quotes(self) -> list[layout.Proof]:
        """The quotes with what they may prove."""
        return layout.proofs(self)

    @staticmethod
    def proves(name: str) -> str:
        """The pointer of what words chosen for an input prove; empty for an input that needs none."""
        return PROVES.get(name, "")

    def clean_words(self) -> dict[str, tuple[int, int]]:
        """The spans by input. Raises ValidationError for anything that the page does not send."""
        text = self.cleaned_data["words"]
        try:
            found = json.loads(text) if text else {}
            spans = {name: (int(start), int(end)) for name, (start, end) in found.items()}
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise forms.ValidationError(gettext("These words cannot be found in the article.")) from None
        if any(
            not (name in PROVES or _ROW.fullmatch(name)) or not 0 <= a < b <= a + MAX_QUOTE
            for name, (a, b) in spans.items()
        ):
            raise forms.ValidationError(
                gettext("Select at most %(most)s characters for a field.") % {"most": MAX_QUOTE}
            )
        return spans

    def applied_to(self, claim: JSON) -> JSON:
        """The claim with the form's values; the claim given stays as it is."""
        new, data = copy.deepcopy(claim), self.cleaned_data
        new |= {"kind": data["kind"], "action": data["action"], "status": data["status"]}
        new["subject"] |= {"type": data["subject_type"], "name": data["subject_name"]}
        for key in ("title", "organization"):
            _set(new["subject"], key, data[f"subject_{key}"])
        _set(new, "dates", {name: data[f"date_{name}"] for name in DATE_FIELDS if data[f"date_{name}"]})
        self._places = {"grounds": moving.follow(claim.get("grounds", []), data["grounds"])}
        for key in ("grounds", "case"):
            _set(new, key, data[key])
        self._set_told(new)
        for name, rows in self.rows.items():
            if rows.told:
                _set(new, name, rows.entries(claim.get(name, [])))
                self._places[name] = rows.places
        for name, owner in OWNERS.items():
            if data["kind"] != owner and claim["kind"] == owner:
                new.pop(name, None)
                self._places[name] = {}
        if data["status"] == "reported" and "status" not in claim:
            del new["status"]
        return new

    def _set_told(self, new: JSON) -> None:
        """Sets what only some forms have inputs for: an input that was not sent is no answer."""
        data = self.cleaned_data
        if "departure" in self.data:
            _set(new, "departure", data["departure"])
            _set(new, "interim", data["interim"])
        if "headcount_text" in self.data:
            count = {name: data[f"headcount_{name}"] for name in ("min", "max", "text")}
            _set(new, "headcount", {name: value for name, value in count.items() if value not in (None, "")})

    def with_words(self, claim: JSON, text: str) -> JSON:
        """The claim with its evidence as typed, each quote found in the article, and the selected words on top: for
        a field, they take the place of those it had. After `applied_to`."""
        proofs = self._typed_evidence(text) if self.proofs.told else claim["evidence"]
        proofs = [{**item, "field": moving.moved(item["field"], self._places)} for item in proofs]
        numbers: list[int | None] = list(range(len(proofs))) if self.proofs.told else [None] * len(proofs)
        spans = {self._proven(name): span for name, span in self.cleaned_data["words"].items()}
        kept = [(item, n) for item, n in zip(proofs, numbers, strict=True) if item["field"] not in spans]
        self._quotes = [n for _, n in kept]
        new = [
            {"field": pointer, "start": start, "end": min(end, len(text)), "quote": text[start:end]}
            for pointer, (start, end) in spans.items()
        ]
        return {**claim, "evidence": [*(item for item, _ in kept), *new]}

    def _typed_evidence(self, text: str) -> list[JSON]:
        """The quotes of the rows; one that the article does not have keeps its place, so that it is refused there."""
        found = []
        for _number, form in self.proofs.kept:
            data = form.cleaned_data
            quote = data["quote"].replace("\r\n", "\n")
            start, end = data["start"] or 0, data["end"] or 0
            span = moving.span_of(quote, text, start, end)
            if span:
                quote, (start, end) = text[slice(*span)], span
            found.append({"field": data["field"], "start": max(start, 0), "end": max(end, 1), "quote": quote})
        return found

    def _proven(self, name: str) -> str:
        """What the words chosen for an input prove in the claim as typed."""
        row = _ROW.fullmatch(name)
        if row is None:
            return PROVES[name]
        pointer = f"/{row[1]}/{int(row[2])}"
        return pointer if row[1] == "grounds" else moving.moved(pointer, self._places)

    def add_problem(self, pointer: str, message: str) -> None:
        """Shows a problem of the claim at the input it belongs to, else above the form with its pointer."""
        parts = pointer.split("/")[1:]
        if (
            len(parts) > 1
            and parts[1].isdecimal()
            and self._at_row(parts[0], int(parts[1]), parts[2:], message)
        ):
            return
        shorter = pointer
        while shorter and shorter not in INPUTS:
            shorter = shorter.rpartition("/")[0]
        name = INPUTS.get(shorter)
        self.add_error(name, message if name else f"{pointer or '/'}: {message}")

    def _at_row(self, name: str, place: int, members: list[str], message: str) -> bool:
        if name == "evidence":
            number = self._quotes[place] if place < len(self._quotes) else None
            return number is not None and self.proofs.add_error(number, members or ["quote"], message)
        return name in self.rows and self.rows[name].add_error(place, members, message)


class RawClaimForm(forms.Form):
    """The whole claim as JSON."""

    claim = forms.CharField(max_length=200_000, label=_("Claim as JSON"), strip=False, widget=forms.Textarea(
        attrs={"rows": 18, "spellcheck": "false", "class": "code"}))  # fmt: skip

    @staticmethod
    def values(claim: JSON) -> JSON:
        """The form's first value for a claim."""
        return {"claim": json.dumps(claim, ensure_ascii=False, indent=2)}

    def clean_claim(self) -> JSON:
        """Raises ValidationError, with the line, for text that is no JSON object."""
        try:
            claim = json.loads(self.cleaned_data["claim"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(gettext("This is not JSON: %(error)s") % {"error": error}) from None
        if not isinstance(claim, dict):
            raise forms.ValidationError(gettext("A claim is a JSON object."))
        return claim

    def applied_to(self, claim: JSON) -> JSON:
        """The claim as typed."""
        return dict(self.cleaned_data["claim"])

    def with_words(self, claim: JSON, text: str) -> JSON:
        """The claim as it is: its evidence was typed with it."""
        return claim

    def add_problem(self, pointer: str, message: str) -> None:
        """Shows a problem with the pointer of its field."""
        self.add_error("claim", f"{pointer or '/'}: {message}")


def _set(owner: JSON, key: str, value: Any) -> None:
    if value:
        owner[key] = value
    else:
        owner.pop(key, None)
