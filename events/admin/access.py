"""Users, and the keys of API consumers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from events.admin.base import AnyAdmin, AnyModelForm
from events.models.access import SCOPES, ApiKey, User

admin.site.site_header = "Governance tracker"
admin.site.site_title = "Governance tracker"
admin.site.index_title = "Registers and settings"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Who signs in. A curator is staff with the permission to curate."""

    list_display = ("username", "first_name", "last_name", "email", "is_staff", "is_superuser", "last_login")


class ApiKeyForm(AnyModelForm):
    """Scopes as boxes to tick."""

    scopes = forms.MultipleChoiceField(
        choices=[(name, name) for name in SCOPES], widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiKey
        fields = ("name", "owner", "scopes", "rate", "expires_at")


@admin.register(ApiKey)
class ApiKeyAdmin(AnyAdmin):
    """Keys are issued and revoked, never read again: only their hash is stored."""

    form = ApiKeyForm
    list_display = (
        "name",
        "prefix",
        "owner",
        "scopes",
        "rate",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("owner",)
    search_fields = (
        "name",
        "prefix",
        "owner__username",
    )
    autocomplete_fields = ("owner",)
    readonly_fields = (
        "prefix",
        "last_used_at",
        "revoked_at",
    )
    actions = (
        "revoke",
        "issue_again",
    )

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        """A new key is issued, and shown this once."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made, key = ApiKey.issue(obj.owner, obj.name, list(obj.scopes))
        obj.pk, obj.prefix, obj.digest = made.pk, made.prefix, made.digest
        ApiKey.objects.filter(pk=made.pk).update(expires_at=obj.expires_at, rate=obj.rate)
        self._show(request, key)

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        """The keys are refused from now on."""
        count = keys.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{count} keys revoked.", messages.SUCCESS)

    @admin.action(description="Revoke and issue anew", permissions=["change", "add"])
    def issue_again(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        """A new key with the same owner, name and scopes in place of each."""
        for row in keys.filter(revoked_at=None).select_related("owner"):
            ApiKey.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
            _, key = ApiKey.issue(row.owner, row.name, list(row.scopes))
            self._show(request, key)

    def _show(self, request: HttpRequest, key: str) -> None:
        """Messages are kept in the session or a signed cookie until shown, and then gone."""
        self.message_user(request, f"The key, shown this once: {key}", messages.WARNING)
