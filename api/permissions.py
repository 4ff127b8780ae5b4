"""What a caller may do: everyone reads, unless a setting says otherwise; anything else needs a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from events.models.access import ApiKey

if TYPE_CHECKING:  # at run time it would be a circle: DRF's views read the settings that name this module
    from rest_framework.views import APIView

READ = "read"
SESSION_SCOPES = frozenset({READ, "export", "subscriptions", "webhooks"})


class ReadOnlyOrScoped(BasePermission):
    """Reading is open to all, or, with API_ANONYMOUS_READ off, to the scope "read". A view with a `required_scope` other than "read" asks for it at every method.

    A method that the view does not have passes, so that the answer is 405 and not "forbidden".
    """

    message = "This needs an API key with another scope."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the caller may go on; DRF answers 401 (no credentials) or 403 otherwise."""
        if getattr(view, (request.method or "").lower(), None) is None:
            return True
        scope: str = getattr(view, "required_scope", READ)
        if scope == READ and request.method in SAFE_METHODS:
            return settings.API_ANONYMOUS_READ or READ in scopes_of(request)
        # Writing is never covered by the scope that only reads.
        return scope != READ and scope in scopes_of(request)


def is_public(view: APIView) -> bool:
    """Whether everyone may see what the view shows, so that shared caches may keep it."""
    return settings.API_ANONYMOUS_READ and getattr(view, "required_scope", READ) == READ


def scopes_of(request: Request) -> frozenset[str]:
    """The scopes of the request's key, or those that a signed-in user has without one."""
    if isinstance(request.auth, ApiKey):
        return frozenset(request.auth.scopes)
    if not request.user or not request.user.is_authenticated:
        return frozenset()
    return SESSION_SCOPES | ({"review"} if request.user.has_perm("events.curate") else set())
