"""How the inputs of a claim are set out: what belongs together, for which kinds, and which words prove which input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.choices import Kind
from events.models.record import DATE_FIELDS
from tracker.web import presentation
from tracker.web.desk.rows import Row, Rows

if TYPE_CHECKING:
    from tracker.web.desk.forms import ClaimForm

FIGURES = " ".join(
    kind.value
    for kind in (
        Kind.PERFORMANCE,
        Kind.LISTING,
        Kind.PRODUCT,
        Kind.CONTROVERSY,
        Kind.SANCTION,
        Kind.REORGANIZATION,
    )
)
_SECTIONS: tuple[tuple[str | Promise, tuple[str, ...], str], ...] = (
    (_("What"), ("kind", "action", "status", "case"), ""),
    (_("About"), ("subject_type", "subject_name", "subject_title", "subject_organization"), ""),
    (_("Other parties"), ("participants",), ""),
    (_("When"), tuple(f"date_{name}" for name in DATE_FIELDS), ""),
    (_("Leaving or interim"), ("departure", "interim"), Kind.LEADERSHIP.value),
    (_("Penalties"), ("penalties",), Kind.DISCIPLINE.value),
    (_("Grounds"), ("grounds",), ""),
    (
        _("People affected"),
        ("headcount_min", "headcount_max", "headcount_text"),
        Kind.REORGANIZATION.value,
    ),
    (_("Figures"), ("measures",), FIGURES),
)
HELP: dict[str, str | Promise] = {
    "date_occurred": _("As exact as the source: 2025, 2025-10 or 2025-10-18."),
    "participants": _("Who decided, who takes over, whose product it is."),
}


@dataclass(frozen=True)
class Input:
    """One input, the pointer of what it says, and what another curator has set it to meanwhile."""

    field: forms.BoundField
    proves: str = ""
    theirs: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a list."""

    form: Row
    pointer: str


@dataclass(frozen=True)
class Section:
    """Inputs that belong together. `kinds`: those that have them, all where it is empty; `shown`: whether the claim
    is of one of those, or has them all the same."""

    title: str | Promise
    inputs: list[Input] = field(default_factory=list)
    rows: Rows | None = None
    lines: list[Line] = field(default_factory=list)
    kinds: str = ""
    shown: bool = True
    help: str | Promise = ""
    theirs: str = ""


@dataclass(frozen=True)
class Proof:
    """A quote and the fields that it may prove: (pointer, words, whether it is this one)."""

    form: Row
    options: list[tuple[str, str, bool]]
    number: int


def sections(form: ClaimForm) -> Iterator[Section]:
    """The inputs in reading order."""
    kind = str(form["kind"].value() or "")
    for title, names, kinds in _SECTIONS:
        rows = form.rows.get(names[0])
        inputs = [] if rows else [_input(form, name) for name in names]
        filled = bool(rows and rows.kept) or any(one.field.value() for one in inputs)
        yield Section(
            title,
            inputs,
            rows,
            [Line(row, f"/{names[0]}/{number}") for number, row in enumerate(rows)] if rows else [],
            kinds,
            not kinds or kind in kinds.split() or filled,
            HELP.get(names[0], ""),
            form.theirs.get(names[0], "") if rows else "",
        )


def _input(form: ClaimForm, name: str) -> Input:
    return Input(form[name], form.proves(name), form.theirs.get(name, ""))


def proofs(form: ClaimForm) -> list[Proof]:
    """The quotes, and one more to type."""
    choices = dict(_provable(form))
    found = []
    for number, row in enumerate(form.proofs):
        now = str(row["field"].value() or "")
        known = choices if now in choices else {**choices, now: presentation.pointer_words(now)}
        found.append(Proof(row, [(value, words, value == now) for value, words in known.items()], number))
    return found


def _provable(form: ClaimForm) -> Iterator[tuple[str, str]]:
    """What words can prove, as the form stands: (pointer, words)."""
    yield "", gettext("the report as a whole")
    seen = set()
    for section in sections(form):
        if not section.shown:
            continue
        for one in section.inputs:
            if one.proves and one.proves != "/grounds" and one.proves not in seen:
                seen.add(one.proves)
                yield one.proves, str(one.field.label)
        for line in section.lines:
            if line.form.used:
                yield line.pointer, f"{section.title} {int(line.pointer.rpartition('/')[2]) + 1}"
        if section.inputs and section.inputs[0].proves == "/grounds":
            lines = [line for line in str(form["grounds"].value() or "").splitlines() if line.strip()]
            for number, words in enumerate(lines):
                yield f"/grounds/{number}", f"{gettext('Ground')} {number + 1}: {words[:40]}"
