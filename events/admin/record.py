"""The record: events, cases and the ledger, to look at."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.admin.base import ReadOnlyAdmin, ReadOnlyInline
from events.models.record import Case, Event, Evidence, LedgerHead, Party, Penalty, Revision


class PartyInline(ReadOnlyInline):
    """Who has a part in it."""

    model = Party
    fields: ClassVar[list[str]] = ["role", "type", "name", "title", "executive", "organization"]


class PenaltyInline(ReadOnlyInline):
    """What was imposed."""

    model = Penalty
    fields: ClassVar[list[str]] = [
        "type",
        "levels",
        "from_label",
        "to_label",
        "steps",
        "degree",
        "amount",
        "currency",
    ]


class EvidenceInline(ReadOnlyInline):
    """The words that prove it."""

    model = Evidence
    fields: ClassVar[list[str]] = ["field", "quote", "document"]


class RevisionInline(ReadOnlyInline):
    """What was published, in order."""

    model = Revision
    fk_name = "event"
    fields: ClassVar[list[str]] = [
        "seq",
        "number",
        "operation",
        "author",
        "approver",
        "reason",
        "recorded_at",
    ]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Published events, retracted ones among them."""

    list_display: ClassVar[list[str]] = [
        "sentence",
        "kind",
        "action",
        "date",
        "date_precision",
        "severity",
        "status",
        "page",
    ]
    list_filter: ClassVar[list[str]] = ["kind", "status", "severity"]
    list_select_related: ClassVar[list[str]] = ["head"]
    search_fields: ClassVar[list[str]] = ["parties__name", "head__payload__summary"]
    inlines: ClassVar[list[Any]] = [PartyInline, PenaltyInline, EvidenceInline, RevisionInline]

    @admin.display(description="event")
    def sentence(self, obj: Event) -> str:
        """The published sentence."""
        return str(obj.head.payload.get("summary", obj)) if obj.head else str(obj)

    @admin.display(description="page")
    def page(self, obj: Event) -> SafeString:
        """Where readers see it."""
        return format_html('<a href="{}">open</a>', f"/events/{obj.pk}/")


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Decisions that bear on several."""

    list_display: ClassVar[list[str]] = ["title", "issuer", "decided", "decided_precision"]
    list_select_related: ClassVar[list[str]] = ["issuer"]
    search_fields: ClassVar[list[str]] = ["title"]


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """The ledger, newest first."""

    list_display: ClassVar[list[str]] = [
        "seq",
        "operation",
        "event",
        "number",
        "author",
        "approver",
        "recorded_at",
        "reason",
    ]
    list_filter: ClassVar[list[str]] = ["operation"]
    list_select_related: ClassVar[list[str]] = ["event", "author", "approver"]
    search_fields: ClassVar[list[str]] = ["=seq", "=event__id", "reason"]
    ordering: ClassVar[list[str]] = ["-seq"]


@admin.register(LedgerHead)
class LedgerHeadAdmin(ReadOnlyAdmin):
    """Where the chain ends."""

    list_display: ClassVar[list[str]] = ["seq", "hash"]
