"""Feeds are edited here; polls, entries and documents are looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from events.admin.base import AnyAdmin, ReadOnlyAdmin, ReadOnlyInline
from events.choices import FeedState
from events.models.sources import Document, Feed, FeedItem, FetchRun, Story


class RunInline(ReadOnlyInline):
    """The last polls, newest first."""

    model = FetchRun
    fields = (
        "started_at",
        "outcome",
        "status_code",
        "size",
        "items_seen",
        "items_new",
        "error",
    )
    max_num = 0
    verbose_name_plural = "last polls"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The last twenty of the feed on this page."""
        rows = super().get_queryset(request)
        number = request.resolver_match.kwargs.get("object_id", 0) if request.resolver_match else 0
        last = FetchRun.objects.filter(feed_id=number).order_by("-id").values("id")[:20]
        return rows.filter(id__in=last)


@admin.register(Feed)
class FeedAdmin(AnyAdmin):
    """Feeds and their health."""

    # What is typed without a scheme is meant to be safe.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # noqa: RUF012 - typed by the parent
    list_display = (
        "__str__",
        "state",
        "is_active",
        "language",
        "last_polled_at",
        "last_success_at",
        "failures",
        "error",
    )
    list_filter = (
        "state",
        "is_active",
        "language",
    )
    search_fields = (
        "title",
        "url",
    )
    readonly_fields = (
        "state",
        "error",
        "failures",
        "last_polled_at",
        "last_success_at",
        "etag",
        "last_modified",
        "claimed_until",
    )
    inlines = (RunInline,)
    actions = (
        "poll_soon",
        "pause",
        "resume",
    )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A feed is added at the desk, which shows what it brings before it is kept. Raises PermissionDenied."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("desk:feed-add")

    @admin.action(description="Poll at the next tick", permissions=["change"])
    def poll_soon(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        """Makes the feeds due now."""
        count = feeds.update(next_poll_at=timezone.now())
        self.message_user(request, f"{count} feeds will be polled at the next tick.", messages.SUCCESS)

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        """Stops polling."""
        count = feeds.update(is_active=False, state=FeedState.PAUSED.value)
        self.message_user(request, f"{count} feeds paused.", messages.SUCCESS)

    @admin.action(description="Resume", permissions=["change"])
    def resume(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        """Polls again, from the next tick on."""
        count = feeds.update(is_active=True, state=FeedState.NEW.value, next_poll_at=timezone.now())
        self.message_user(request, f"{count} feeds resumed.", messages.SUCCESS)


@admin.register(FeedItem)
class FeedItemAdmin(ReadOnlyAdmin):
    """Entries as they came."""

    list_display = (
        "__str__",
        "feed",
        "state",
        "published_at",
        "attempts",
        "error",
    )
    list_filter = (
        "state",
        "feed",
    )
    list_select_related = ("feed",)
    search_fields = (
        "title",
        "url",
    )


@admin.register(FetchRun)
class FetchRunAdmin(ReadOnlyAdmin):
    """Polls."""

    list_display = (
        "feed",
        "started_at",
        "outcome",
        "status_code",
        "size",
        "items_new",
        "error",
    )
    list_filter = (
        "outcome",
        "feed",
    )
    list_select_related = ("feed",)


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Articles as fetched, one row a version."""

    list_display = (
        "__str__",
        "language",
        "state",
        "version",
        "published_at",
        "fetched_at",
        "error",
    )
    list_filter = (
        "state",
        "language",
        "is_latest",
    )
    list_select_related = ("feed",)
    search_fields = (
        "title",
        "url",
    )
    exclude = ("raw",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the bytes, which no page shows."""
        return super().get_queryset(request).defer("raw")


@admin.register(Story)
class StoryAdmin(ReadOnlyAdmin):
    """Documents that tell the same news."""

    list_display = (
        "title",
        "created_at",
    )
    search_fields = ("title",)
