"""Grade ladders with their rungs, and the grade history as the record has it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from events.admin.base import AnyAdmin, AnyInline, ReadOnlyAdmin
from events.models.grades import Grade, GradeAssignment, GradeLadder


class GradeInline(AnyInline):
    """The rungs; rank 0 is the highest."""

    model = Grade
    extra = 1
    fields = (
        "rank",
        "label",
    )


@admin.register(GradeLadder)
class GradeLadderAdmin(AnyAdmin):
    """Ladders, a row a version."""

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
