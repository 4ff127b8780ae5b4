"""Who may curate over the API: a key with the scope "review" whose owner may curate, or a curator who is signed in."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.views import APIView

from api.permissions import ReadOnlyOrScoped

REVIEW = "review"


class Curators(ReadOnlyOrScoped):
    """The scope alone is not enough: an owner who may no longer curate has keys that may not either."""

    message = "This needs the permission to curate, and an API key with the scope review."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the caller may go on; DRF answers 401 (no credentials) or 403 otherwise."""
        if getattr(view, (request.method or "").lower(), None) is None:
            return True  # 405
        return bool(
            super().has_permission(request, view)
            and request.user.is_active
            and request.user.has_perm("events.curate")
        )
