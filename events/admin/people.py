"""Executives with their names, identifiers and positions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from events.admin.base import AnyAdmin, AnyInline, ReadOnlyInline
from events.models.grades import GradeAssignment
from events.models.people import Executive, ExecutiveIdentifier, ExecutiveName, Position


class NameInline(AnyInline):
    """Other spellings and scripts."""

    model = ExecutiveName
    extra = 1
    fields = (
        "name",
        "language",
        "type",
    )


class IdentifierInline(AnyInline):
    """Identifiers in public schemes."""

    model = ExecutiveIdentifier
    extra = 0


class PositionInline(AnyInline):
    """Register entries; positions that follow from an event are written by the record."""

    model = Position
    extra = 0
    autocomplete_fields = ("organization",)
    exclude = ("event",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Position]:
        """Only entries without an event: the others are the record's."""
        return super().get_queryset(request).filter(event=None).select_related("organization")


class GradeInline(ReadOnlyInline):
    """What the record says."""

    model = GradeAssignment
    fields = (
        "grade",
        "organization",
        "start",
        "until",
        "event",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the columns show."""
        return super().get_queryset(request).select_related("grade", "organization", "event")


@admin.register(Executive)
class ExecutiveAdmin(AnyAdmin):
    """People. A merge is made at the desk, not here."""

    list_display = (
        "name",
        "other_names",
        "created_at",
    )
    search_fields = (
        "name",
        "names__name",
        "names__keys__icontains",
    )
    inlines = (
        NameInline,
        IdentifierInline,
        PositionInline,
        GradeInline,
    )
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Executive]:
        """With names."""
        return super().get_queryset(request).prefetch_related("names")

    @admin.display(description="other names")
    def other_names(self, obj: Executive) -> str:
        """The names beside the one shown."""
        return ", ".join(row.name for row in obj.names.all() if row.name != obj.name)
