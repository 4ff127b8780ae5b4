"""Candidates and the activity log: looked at here, worked on at the desk."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.admin.base import ReadOnlyAdmin, ReadOnlyInline
from events.models.candidates import Candidate, Decision, ModelCall


class DecisionInline(ReadOnlyInline):
    """What was done."""

    model = Decision
    fields = (
        "created_at",
        "user",
        "verb",
        "reason",
    )


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    """Claims, whatever became of them."""

    list_display = (
        "subject_name",
        "kind",
        "action",
        "severity",
        "confidence",
        "proposer",
        "state",
        "resolution_state",
        "document",
        "desk",
    )
    list_filter = (
        "state",
        "kind",
        "severity",
        "proposer",
        "resolution_state",
    )
    list_select_related = ("document",)
    search_fields = (
        "subject_name",
        "document__title",
    )
    inlines = (DecisionInline,)

    @admin.display(description="desk")
    def desk(self, obj: Candidate) -> SafeString:
        """Where it is worked on."""
        return format_html('<a href="{}">open</a>', f"/desk/candidates/{obj.pk}/")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """The activity log."""

    list_display = (
        "created_at",
        "user",
        "verb",
        "candidate",
        "event",
        "reason",
    )
    list_filter = (
        "verb",
        "user",
    )
    list_select_related = (
        "user",
        "candidate",
        "event",
    )
    search_fields = (
        "reason",
        "candidate__subject_name",
    )


@admin.register(ModelCall)
class ModelCallAdmin(ReadOnlyAdmin):
    """Questions to the model extractor: what was asked, what came back, what it cost."""

    list_display = (
        "created_at",
        "document",
        "model",
        "state",
        "claims_kept",
        "fields_dropped",
        "tokens_in",
        "tokens_out",
        "elapsed",
    )
    list_filter = (
        "state",
        "model",
    )
    list_select_related = ("document",)
    search_fields = (
        "document__title",
        "error",
    )
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelCall]:
        """Without the articles themselves, which the list does not show."""
        return super().get_queryset(request).defer("document__raw", "document__text")
