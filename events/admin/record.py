"""The record: events, cases and the ledger, to look at."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.admin.base import ReadOnlyAdmin, ReadOnlyInline
from events.models.record import Case, Event, Evidence, LedgerHead, Party, Penalty, Revision


class PartyInline(ReadOnlyInline):
    """Who has a part in it."""

    model = Party
    fields = (
        "role",
        "type",
        "name",
        "title",
        "executive",
        "organization",
    )


class PenaltyInline(ReadOnlyInline):
    """What was imposed."""

    model = Penalty
    fields = (
        "type",
        "levels",
        "from_label",
        "to_label",
        "steps",
        "degree",
        "amount",
        "currency",
    )


class EvidenceInline(ReadOnlyInline):
    """The words that prove it."""

    model = Evidence
    fields = (
        "field",
        "quote",
        "document",
    )


class RevisionInline(ReadOnlyInline):
    """What was published, in order."""

    model = Revision
    fk_name = "event"
    fields = (
        "seq",
        "number",
        "operation",
        "author",
        "approver",
        "reason",
        "recorded_at",
    )


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Published events, retracted ones among them."""

    list_display = (
        "sentence",
        "kind",
        "action",
        "date",
        "date_precision",
        "severity",
        "status",
        "page",
    )
    list_filter = (
        "kind",
        "status",
        "severity",
    )
    list_select_related = ("head",)
    search_fields = (
        "parties__name",
        "head__payload__summary",
    )
    inlines = (
        PartyInline,
        PenaltyInline,
        EvidenceInline,
        RevisionInline,
    )

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

    list_display = (
        "title",
        "issuer",
        "decided",
        "decided_precision",
    )
    list_select_related = ("issuer",)
    search_fields = ("title",)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """The ledger, newest first."""

    list_display = (
        "seq",
        "operation",
        "event",
        "number",
        "author",
        "approver",
        "recorded_at",
        "reason",
    )
    list_filter = ("operation",)
    list_select_related = (
        "event",
        "author",
        "approver",
    )
    search_fields = (
        "=seq",
        "=event__id",
        "reason",
    )
    ordering = ("-seq",)


@admin.register(LedgerHead)
class LedgerHeadAdmin(ReadOnlyAdmin):
    """Where the chain ends."""

    list_display = (
        "seq",
        "hash",
    )
