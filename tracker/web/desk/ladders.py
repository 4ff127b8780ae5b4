"""Grade ladders at the desk: each version with its rungs, and the next version from a list, looked at before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from events.choices import EndState
from events.dates import PartialDate
from events.models.grades import GradeLadder, grade_key
from events.record.ladder_csv import BadLadders, Sheet
from events.record.ladder_versions import Outcome, import_ladders, in_use
from tracker.web.desk.access import curator, curators_only, staff_with
from tracker.web.desk.tabs import tabs

JSON = dict[str, Any]
MOST_GRADES = 200
LONGEST_LABEL = 30
MAY_ADD = "events.add_gradeladder"


class LadderForm(forms.Form):
    """The next version of a ladder, or the first one of a new ladder."""

    organization = forms.CharField(max_length=300, label=_("Organization, by name or number"))
    name = forms.CharField(max_length=100, label=_("Name of the ladder"))
    start = forms.CharField(
        max_length=10, required=False, label=_("Holds from"),
        help_text=_("A day, a month or a year: 2026-03-15, 2026-03, 2026. Empty where it is not known."),
    )  # fmt: skip
    grades = forms.CharField(
        max_length=MOST_GRADES * (LONGEST_LABEL + 2), label=_("Grades, the highest first, one a line"),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )  # fmt: skip
    source = forms.CharField(
        max_length=2000, required=False, label=_("Where this order is taken from"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def clean_start(self) -> PartialDate | None:
        """A partial date. Raises ValidationError."""
        text = self.cleaned_data["start"].strip()
        try:
            return PartialDate.parse(text) if text else None
        except ValueError:
            raise ValidationError(gettext("Write it as 2026, 2026-03 or 2026-03-15.")) from None

    def clean_grades(self) -> tuple[str, ...]:
        """The labels. Raises ValidationError for none, too many, too long ones, or one that is there twice."""
        found = [line.strip() for line in self.cleaned_data["grades"].splitlines() if line.strip()]
        if len(found) > MOST_GRADES:
            raise ValidationError(gettext("At most %(n)s grades.") % {"n": MOST_GRADES})
        for label in found:
            if len(label) > LONGEST_LABEL:
                raise ValidationError(gettext("This label is too long: %(label)s") % {"label": label[:60]})
        known = [grade_key(label) for label in found]
        twice = [label for label in found if known.count(grade_key(label)) > 1]
        if twice:
            raise ValidationError(
                gettext("These are the same grade: %(labels)s") % {"labels": ", ".join(twice)}
            )
        return tuple(found)

    def sheet(self) -> Sheet:
        """What was typed, as an import takes it."""
        data = self.cleaned_data
        return Sheet(
            data["organization"].strip(), data["name"].strip(), None, data["start"], None, EndState.OPEN,
            data["grades"], data["source"].strip(),
        )  # fmt: skip


@dataclass(frozen=True)
class Rung:
    """A line of the comparison of two lists: where a grade stands, and where it stood (None: nowhere)."""

    label: str
    rank: int | None
    before: int | None

    @property
    def moved(self) -> int:
        """By how many rungs it went up; negative is down. 0 for one that is new or gone."""
        return self.before - self.rank if self.rank is not None and self.before is not None else 0

    @property
    def down(self) -> int:
        """By how many rungs it went down."""
        return -self.moved


@require_safe
@curators_only
def ladders(request: HttpRequest) -> HttpResponse:
    """Every version of every ladder, by organization."""
    rows = _rows().annotate(rungs=Count("grades")).order_by("organization__name", "name", "-version")
    context = {"rows": rows[:500], "may_add": curator(request).has_perm(MAY_ADD), **tabs("ladders")}
    return render(request, "web/desk/ladders.html", context)


@require_safe
@curators_only
def ladder(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its rungs, how they differ from those of the version before, and whether events stand on it."""
    row = get_object_or_404(_rows().prefetch_related("grades"), pk=pk)
    versions = list(
        GradeLadder.objects.filter(organization=row.organization, name=row.name)
        .prefetch_related("grades")
        .order_by("version")
    )
    before = next((one for one in reversed(versions) if one.version < row.version), None)
    context = {
        "row": row,
        "versions": versions,
        "latest": versions[-1],
        "rungs": compared(row.labels(), before.labels() if before else []),
        "before": before,
        "in_use": in_use(row),
        "may_add": curator(request).has_perm(MAY_ADD),
        **tabs("ladders"),
    }
    return render(request, "web/desk/ladder.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(MAY_ADD, _("This page is for staff who may add grade ladders."))
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The next version of a ladder, or a new one: what it would change is shown before it is saved."""
    latest = None if pk is None else get_object_or_404(_rows().prefetch_related("grades"), pk=pk)
    if request.method != "POST":
        return _form(request, LadderForm(initial=_initial(latest)), latest)
    form = LadderForm(request.POST)
    if not form.is_valid():
        return _form(request, form, latest, status=400)
    save = request.POST.get("do") == "save"
    try:
        (outcome,) = import_ladders([form.sheet()], dry_run=not save)
    except BadLadders as error:
        for problem in error.problems:
            form.add_error(None, problem.message)
        return _form(request, form, latest, status=400)
    if not save:
        return _form(request, form, latest, outcome)
    messages.success(request, said(outcome))
    if outcome.added or outcome.changed:
        flag = ADDITION if outcome.added else CHANGE
        LogEntry.objects.log_actions(
            curator(request).pk, [outcome.ladder], flag, said(outcome), single_object=True
        )
    return redirect("desk:ladder", outcome.ladder.pk)


def said(outcome: Outcome) -> str:
    """What became of a list, in words."""
    name = f"{outcome.ladder.organization}: {outcome.ladder}"
    if outcome.added:
        return gettext("Added: %(name)s") % {"name": name}
    if outcome.changed:
        return gettext("Changed in its end or source: %(name)s") % {"name": name}
    return gettext("This changes nothing: %(name)s has this list already.") % {"name": name}


def compared(labels: list[str], before: list[str]) -> list[Rung]:
    """The rungs of a list, the highest first, with where each stood before; those that are gone come last."""
    places = {grade_key(label): rank for rank, label in enumerate(before)}
    rungs = [Rung(label, rank, places.get(grade_key(label))) for rank, label in enumerate(labels)]
    stay = {grade_key(label) for label in labels}
    return rungs + [
        Rung(label, None, rank) for rank, label in enumerate(before) if grade_key(label) not in stay
    ]


def _rows() -> QuerySet[GradeLadder]:
    return GradeLadder.objects.select_related("organization")


def _initial(latest: GradeLadder | None) -> JSON:
    if latest is None:
        return {}
    return {
        "organization": str(latest.organization_id),
        "name": latest.name,
        "grades": "\n".join(latest.labels()),
        "source": latest.source,
    }


def _form(
    request: HttpRequest,
    form: LadderForm,
    latest: GradeLadder | None,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    context: JSON = {"form": form, "row": latest, **tabs("ladders")}
    if outcome is not None:
        context["said"] = said(outcome)
        context["rungs"] = compared(
            list(form.cleaned_data["grades"]), latest.labels() if latest is not None else []
        )
    return render(request, "web/desk/ladder_edit.html", context, status=status)
