"""What readers propose, to look at: the desk answers."""

from __future__ import annotations

from django.contrib import admin

from events.admin.base import ReadOnlyAdmin
from events.models.proposals import Proposal


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """Corrections and replies, the latest first. A receipt cannot be read again: only its hash is stored."""

    list_display = (
        "id",
        "kind",
        "event",
        "state",
        "created_at",
        "handled_by",
        "handled_at",
    )
    list_filter = (
        "state",
        "kind",
    )
    list_select_related = (
        "event",
        "handled_by",
    )
    search_fields = (
        "=event__id",
        "text",
        "name",
        "contact",
    )
    ordering = ("-id",)
