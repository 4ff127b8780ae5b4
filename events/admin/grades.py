"""Grade ladders with their rungs, as forms and as CSV, and the grade history as the record has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from events.admin.base import AnyAdmin, AnyInline, ReadOnlyAdmin
from events.models.grades import Grade, GradeAssignment, GradeLadder, grade_key
from events.record.ladder_csv import MAX_BYTES, BadLadders, read_ladders, write_ladders
from events.record.ladder_versions import Outcome, import_ladders, in_use, sheets

if TYPE_CHECKING:
    GradeForms = forms.BaseInlineFormSet[Grade, GradeLadder, forms.ModelForm[Grade]]
else:  # Django's own class takes no type arguments
    GradeForms = forms.BaseInlineFormSet


def _stands(ladder: Any) -> bool:
    """Whether events stand on a ladder that is there already; asked once a request."""
    if ladder is None or ladder.pk is None:
        return False
    if not hasattr(ladder, "_in_use"):
        ladder._in_use = in_use(ladder)
    return bool(ladder._in_use)


class RungForms(GradeForms):
    """The rungs of one ladder: ranks from 0 without gaps, each label once whatever its case."""

    def clean(self) -> None:
        """Raises ValidationError."""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        kept = [row for row in rows if not row.get("DELETE") and "rank" in row and "label" in row]
        if sorted(row["rank"] for row in kept) != list(range(len(kept))):
            raise forms.ValidationError("Ranks go from 0, the highest, without gaps.")
        keys = [grade_key(row["label"]) for row in kept]
        twice = [row["label"] for row in kept if keys.count(grade_key(row["label"])) > 1]
        if twice:
            raise forms.ValidationError(f"These labels are the same grade: {', '.join(twice)}.")


class GradeInline(AnyInline):
    """The rungs; rank 0 is the highest. Those that events stand on are looked at only: other ranks or labels would
    make the steps of published events wrong. A changed list is a new version."""

    model = Grade
    formset = RungForms
    extra = 1

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not on a ladder in use."""
        return not _stands(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not on a ladder in use."""
        return not _stands(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not on a ladder in use."""
        return not _stands(obj) and super().has_delete_permission(request, obj)

    fields = (
        "rank",
        "label",
    )


class LadderFileForm(forms.Form):
    """A file of ladders."""

    file = forms.FileField(help_text="CSV, as docs/ladders.md describes it")
    dry_run = forms.BooleanField(required=False, label="Only say what would change")

    def clean_file(self) -> bytes:
        """The file's bytes. Raises ValidationError for a file that is too large."""
        data: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise forms.ValidationError(f"The file is larger than {MAX_BYTES:,} bytes.")
        return data


@admin.register(GradeLadder)
class GradeLadderAdmin(AnyAdmin):
    """Ladders, a row a version."""

    change_list_template = "admin/events/gradeladder/change_list.html"

    list_display = (
        "name",
        "organization",
        "version",
        "rungs",
        "start",
        "until",
    )
    list_select_related = ("organization",)
    search_fields = (
        "name",
        "organization__name",
    )
    autocomplete_fields = ("organization",)
    inlines = (GradeInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GradeLadder]:
        """With the number of rungs."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(rungs=Count("grades"))
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Which ladder and version it is stays, once events stand on it."""
        return ("organization", "name", "version") if _stands(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not one in use."""
        return not _stands(obj) and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """With the file in and out."""
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_view), name="events_gradeladder_import"),
            path("export/", wrap(self.export_view), name="events_gradeladder_export"),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Every version of every ladder as CSV. Raises PermissionDenied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        headers = {"Content-Disposition": 'attachment; filename="ladders.csv"'}
        return HttpResponse(write_ladders(sheets()), content_type="text/csv; charset=utf-8", headers=headers)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A form for a file, and what became of it. Raises PermissionDenied."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = LadderFileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            dry = form.cleaned_data["dry_run"]
            try:
                outcomes = import_ladders(read_ladders(form.cleaned_data["file"]), dry_run=dry)
            except BadLadders as error:
                form.add_error("file", [str(problem) for problem in error.problems])
            else:
                self._tell(request, outcomes, dry)
                return HttpResponseRedirect(reverse("admin:events_gradeladder_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "title": "Import grade ladders",
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/events/gradeladder/import.html", context)

    def _tell(self, request: HttpRequest, outcomes: list[Outcome], dry: bool) -> None:
        for outcome in outcomes:
            words = "added" if outcome.added else "end or source changed" if outcome.changed else ""
            if words and not dry:
                log = self.log_addition if outcome.added else self.log_change
                log(request, outcome.ladder, f"Imported: {words}.")
            if words:
                name = f"{outcome.ladder.organization}: {outcome.ladder}"
                self.message_user(request, f"{name}: {'would be ' if dry else ''}{words}.", messages.SUCCESS)
        if not any(outcome.added or outcome.changed for outcome in outcomes):
            self.message_user(request, "The file changes nothing.", messages.INFO)

    @admin.display(description="grades")
    def rungs(self, obj: Any) -> int:
        """How many grades it has."""
        return int(obj.rungs)


@admin.register(GradeAssignment)
class GradeAssignmentAdmin(ReadOnlyAdmin):
    """Who stood on which rung when: a projection of the ledger."""

    list_display = (
        "executive",
        "grade",
        "organization",
        "start",
        "until",
        "event",
    )
    list_select_related = (
        "executive",
        "grade",
        "organization",
        "event",
    )
    search_fields = (
        "executive__name",
        "executive__names__name",
    )
