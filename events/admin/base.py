"""Parts that several admins share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    AnyInline = admin.TabularInline[Any, Any]
    AnyModelForm = forms.ModelForm[Any]
else:  # Django's own classes take no type arguments
    AnyAdmin, AnyInline, AnyModelForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm


class ReadOnly:
    """Looked at, never written: for rows that another part of the service is the sole writer of."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody; who may view still sees every field."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


class ReadOnlyAdmin(ReadOnly, AnyAdmin):
    """A list and a page to look at."""

    actions = ()
    list_per_page = 50


class ReadOnlyInline(ReadOnly, AnyInline):
    """Rows that belong to the one looked at."""

    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """All that are shown: a form would refuse those that no form may write."""
        return tuple(self.fields or ())
