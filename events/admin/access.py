"""Users, and the keys of API consumers."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from events.admin.base import AnyAdmin, AnyModelForm
from events.models.access import SCOPES, ApiKey, User

admin.site.site_header = "Governance tracker"
admin.site.site_title = "Governance tracker"
admin.site.index_title = "Registers and settings"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Who signs in, in which role. Only superusers have power over superusers, and over what goes beyond roles."""

    list_display = (
        "username",
        "name",
        "roles",
        "second_factor",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
    )
    list_filter = ("groups", "is_active", "is_staff", "is_superuser")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        (
            "Role",
            {
                "fields": ("groups", "is_staff", "is_active"),
                "description": (
                    "Curators review and publish. Senior curators also keep registers, ladders and feeds. Administrators "
                    "also keep users, keys and subscribers. Each needs staff status to sign in to the desk. Instead of "
                    "deleting an account, make it inactive: what it did keeps its name."
                ),
            },
        ),
        ("Beyond roles", {"fields": ("is_superuser", "user_permissions"), "classes": ("collapse",)}),
        ("Dates", {"fields": ("last_login", "date_joined"), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2"), "classes": ("wide",)}),
        ("Person", {"fields": ("first_name", "last_name", "email"), "classes": ("wide",)}),
        ("Role", {"fields": ("groups", "is_staff"), "classes": ("wide",)}),
    )
    filter_horizontal = ("user_permissions",)
    readonly_fields = ("last_login", "date_joined")
    actions = ("forget_second_factors",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Users with their roles and whether they have a second factor, in two statements."""
        factors = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=("totp", "webauthn"))
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.prefetch_related("groups").annotate(has_factor=Exists(factors))

    @admin.display(description="Name", ordering="last_name")
    def name(self, row: User) -> str:
        """First and last name."""
        return row.get_full_name()

    @admin.display(description="Roles")
    def roles(self, row: User) -> str:
        """The groups' names."""
        return ", ".join(sorted(group.name for group in row.groups.all()))

    @admin.display(description="Second factor", boolean=True, ordering="has_factor")
    def second_factor(self, row: Any) -> bool:
        """Whether there is an authenticator app or a passkey."""
        return bool(row.has_factor)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles as boxes to tick."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Who is no superuser makes none, and gives no permission by itself."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if _is_superuser(request) else (*fields, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Superusers are changed by superusers alone, their passwords too."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (_is_superuser(request) or obj is None or not obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Superusers alone: an account that is not needed is made inactive."""
        return _is_superuser(request)

    @admin.action(description="Forget second factors (lost phone or key)", permissions=["change"])
    def forget_second_factors(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Takes apps, passkeys and recovery codes away, so that the password alone lets in; superusers' by superusers."""
        if not _is_superuser(request):
            users = users.exclude(is_superuser=True)
        ids = list(users.values_list("pk", flat=True))
        Authenticator.objects.filter(user_id__in=ids).delete()
        self.message_user(request, f"Second factors of {len(ids)} users forgotten.", messages.SUCCESS)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


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
