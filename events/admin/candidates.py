"""Candidates and the activity log: looked at here, worked on at the desk."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.admin.base import ReadOnlyAdmin, ReadOnlyInline
from events.models.candidates import Candidate, Decision


class DecisionInline(ReadOnlyInline):
    """What was done."""

    model = Decision
    fields: ClassVar[list[str]] = ["created_at", "user", "verb", "reason"]


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    """Claims, whatever became of them."""

    list_display: ClassVar[list[str]] = [
        "subject_name", "kind", "action", "severity", "confidence", "state", "resolution_state", "document", "desk",
    ]  # fmt: skip
    list_filter: ClassVar[list[str]] = ["state", "kind", "severity", "resolution_state"]
    list_select_related: ClassVar[list[str]] = ["document"]
    search_fields: ClassVar[list[str]] = ["subject_name", "document__title"]
    inlines: ClassVar[list[Any]] = [DecisionInline]

    @admin.display(description="desk")
    def desk(self, obj: Candidate) -> SafeString:
        """Where it is worked on."""
        return format_html('<a href="{}">open</a>', f"/desk/candidates/{obj.pk}/")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """The activity log."""

    list_display: ClassVar[list[str]] = ["created_at", "user", "verb", "candidate", "event", "reason"]
    list_filter: ClassVar[list[str]] = ["verb", "user"]
    list_select_related: ClassVar[list[str]] = ["user", "candidate", "event"]
    search_fields: ClassVar[list[str]] = ["reason", "candidate__subject_name"]
