"""The curator's edit of a claim: its main fields as inputs, or the whole of it as JSON."""

from __future__ import annotations

import copy
import json
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.choices import ACTIONS, CLAIM_STATUSES, PartyType
from events.dates import PartialDate
from events.models.record import DATE_FIELDS
from tracker.web import labels, presentation

JSON = dict[str, Any]

_FIELDS = {
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
    **{f"/dates/{name}": f"date_{name}" for name in DATE_FIELDS},
}

_WORDS_FOR = {
    "action": "/action",
    "subject_name": "/subject",
    "subject_title": "/subject/title",
    "subject_organization": "/subject/organization",
    "issuer": "/participants",
    "status": "/status",
    "grounds": "/grounds",
    **{f"date_{name}": f"/dates/{name}" for name in DATE_FIELDS},
}
"""What selected words can prove, by the input that they are chosen for."""
MAX_QUOTE = 400
"""Code points of one quote, as the record keeps it."""


def _kinds() -> list[tuple[str, Any]]:
    return list(labels.KINDS.items())


def _actions() -> list[tuple[Any, list[tuple[str, str]]]]:
    return [
        (labels.KINDS[kind.value], [(name, presentation.label(labels.ACTIONS, name)) for name in names])
        for kind, names in ACTIONS.items()
    ]


class PartialDateField(forms.CharField):
    """YYYY, YYYY-MM or YYYY-MM-DD; its value is a claim's date, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10, **kwargs)
        self.widget.attrs |= {"placeholder": "YYYY-MM-DD", "inputmode": "numeric"}

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for text that is no date."""
        text = super().clean(value)
        try:
            return dict(PartialDate.parse(text).as_json()) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class ClaimForm(forms.Form):
    """The main fields of a claim. What has no input here stays as it is in the claim."""

    kind = forms.ChoiceField(choices=_kinds, label=_("Kind"))
    action = forms.ChoiceField(choices=_actions, label=_("Action"))
    subject_type = forms.ChoiceField(choices=PartyType.pairs(), label=_("Subject is a"))
    subject_name = forms.CharField(max_length=300, label=_("Subject"))
    subject_title = forms.CharField(max_length=300, required=False, label=_("Position"))
    subject_organization = forms.CharField(max_length=300, required=False, label=_("At"))
    issuer = forms.CharField(max_length=300, required=False, label=_("Decided by"))
    status = forms.ChoiceField(
        choices=[(status.value, labels.STATUSES[status.value]) for status in CLAIM_STATUSES],
        label=_("Status"),
    )
    date_occurred = PartialDateField(label=_("Occurred"))
    date_decided = PartialDateField(label=_("Decided"))
    date_announced = PartialDateField(label=_("Announced"))
    date_effective = PartialDateField(label=_("Effective"))
    date_ended = PartialDateField(label=_("Ended"))
    grounds = forms.CharField(
        required=False,
        max_length=4000,
        label=_("Grounds, one a line"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    case = forms.CharField(max_length=100, required=False, label=_("Case label"))
    words = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    """Selected words as JSON: input -> [start, end] in code points of the article."""

    @staticmethod
    def values(claim: JSON) -> JSON:
        """The form's first values for a claim."""
        subject = claim["subject"]
        issuers = [party["name"] for party in claim.get("participants", []) if party.get("role") == "issuer"]
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
            "issuer": issuers[0] if issuers else "",
            "status": claim.get("status", "reported"),
            "grounds": "\n".join(claim.get("grounds", [])),
            "case": claim.get("case") or "",
            **dates,
        }

    @property
    def usable(self) -> list[forms.BoundField]:
        """The inputs that selected words can be used for."""
        return [self[name] for name in _WORDS_FOR]

    def clean_words(self) -> dict[str, tuple[int, int]]:
        """The spans by input. Raises ValidationError for anything that the page does not send."""
        text = self.cleaned_data["words"]
        try:
            found = json.loads(text) if text else {}
            spans = {name: (int(start), int(end)) for name, (start, end) in found.items()}
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise forms.ValidationError(gettext("These words cannot be found in the article.")) from None
        if any(name not in _WORDS_FOR or not 0 <= a < b <= a + MAX_QUOTE for name, (a, b) in spans.items()):
            raise forms.ValidationError(
                gettext("Select at most %(most)s characters for a field.") % {"most": MAX_QUOTE}
            )
        return spans

    def with_words(self, claim: JSON, text: str) -> JSON:
        """The claim with the selected words as evidence: for a field, they take the place of those it had."""
        spans = {_pointer(claim, name): span for name, span in self.cleaned_data["words"].items()}
        kept = [item for item in claim["evidence"] if item["field"] not in spans]
        new = [
            {"field": pointer, "start": start, "end": min(end, len(text)), "quote": text[start:end]}
            for pointer, (start, end) in spans.items()
        ]
        return {**claim, "evidence": [*kept, *new]} if new else claim

    def applied_to(self, claim: JSON) -> JSON:
        """The claim with the form's values; the claim given stays as it is."""
        new, data = copy.deepcopy(claim), self.cleaned_data
        new |= {"kind": data["kind"], "action": data["action"], "status": data["status"]}
        new["subject"] |= {"type": data["subject_type"], "name": data["subject_name"]}
        for key in ("title", "organization"):
            _set(new["subject"], key, data[f"subject_{key}"])
        _set(new, "dates", {name: data[f"date_{name}"] for name in DATE_FIELDS if data[f"date_{name}"]})
        _set(new, "grounds", [line.strip() for line in data["grounds"].splitlines() if line.strip()])
        _set(new, "case", data["case"])
        _set_issuer(new, data["issuer"])
        if data["status"] == "reported" and "status" not in claim:
            del new["status"]
        return new

    def add_problem(self, pointer: str, message: str) -> None:
        """Shows a problem of the claim at the input it belongs to, else above the form with its pointer."""
        while pointer and pointer not in _FIELDS:
            pointer, _, _ = pointer.rpartition("/")
        name = _FIELDS.get(pointer)
        self.add_error(name, message if name else f"{pointer or '/'}: {message}")


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


def _pointer(claim: JSON, name: str) -> str:
    """What the words chosen for an input prove in the claim."""
    if name != "issuer":
        return _WORDS_FOR[name]
    roles = [party.get("role") for party in claim.get("participants", [])]
    return f"/participants/{roles.index('issuer')}" if "issuer" in roles else ""


def _set(owner: JSON, key: str, value: Any) -> None:
    if value:
        owner[key] = value
    else:
        owner.pop(key, None)


def _set_issuer(claim: JSON, name: str) -> None:
    """Renames the issuer, adds one, or takes it out together with the words that proved it."""
    parties: list[JSON] = claim.get("participants", [])
    place = next((n for n, party in enumerate(parties) if party.get("role") == "issuer"), None)
    if name and place is not None:
        parties[place]["name"] = name
    elif name:
        claim["participants"] = [*parties, {"role": "issuer", "type": "organization", "name": name}]
    elif place is not None:
        del parties[place]
        _set(claim, "participants", parties)
        claim["evidence"] = _without_participant(claim["evidence"], place)


def _without_participant(evidence: list[JSON], place: int) -> list[JSON]:
    """The evidence after participant `place` is gone: its words stand for the whole, later ones move up."""
    moved = []
    for item in evidence:
        parts = item["field"].split("/")
        if parts[1:2] == ["participants"] and len(parts) > 2 and parts[2].isdigit():
            number = int(parts[2])
            if number == place:
                item = {**item, "field": ""}
            elif number > place:
                item = {**item, "field": "/".join(["", "participants", str(number - 1), *parts[3:]])}
        moved.append(item)
    return moved
