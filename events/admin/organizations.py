"""Organizations with their names, identifiers and dated parents."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from events.admin.base import AnyAdmin, AnyInline
from events.models.organizations import (
    Organization,
    OrganizationIdentifier,
    OrganizationName,
    OrganizationParent,
)


class NameInline(AnyInline):
    """Short and former names, other scripts."""

    model = OrganizationName
    extra = 1
    fields = (
        "name",
        "language",
        "type",
    )


class IdentifierInline(AnyInline):
    """Identifiers in public schemes."""

    model = OrganizationIdentifier
    extra = 0


class ParentInline(AnyInline):
    """What it is or was part of, by register entry."""

    model = OrganizationParent
    fk_name = "child"
    extra = 0
    autocomplete_fields = ("parent",)
    exclude = ("event",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrganizationParent]:
        """Only entries without an event: the others are the record's."""
        return super().get_queryset(request).filter(event=None).select_related("parent")


@admin.register(Organization)
class OrganizationAdmin(AnyAdmin):
    """Organizations of every type."""

    list_display = (
        "name",
        "type",
        "country",
        "other_names",
        "created_at",
    )
    list_filter = (
        "type",
        "country",
    )
    search_fields = (
        "name",
        "names__name",
        "names__keys__icontains",
    )
    inlines = (
        NameInline,
        IdentifierInline,
        ParentInline,
    )
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        """With names."""
        return super().get_queryset(request).prefetch_related("names")

    @admin.display(description="other names")
    def other_names(self, obj: Organization) -> str:
        """The names beside the one shown."""
        return ", ".join(row.name for row in obj.names.all() if row.name != obj.name)
