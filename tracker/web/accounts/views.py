"""The page of one's own account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events import roles
from events.models.access import User
from tracker.web.desk.access import curator, may_curate

ROLES = {
    roles.CURATOR: _("Curators"),
    roles.SENIOR: _("Senior curators"),
    roles.ADMINISTRATOR: _("Administrators"),
}
"""What the roles' groups are called on pages."""


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """What the user may do and how the user signs in, with the ways to change it."""
    user = curator(request)
    types = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    shown = {
        "roles": [str(ROLES.get(name, name)) for name in sorted(_groups(user))],
        "may_curate": may_curate(user),
        "has_app": Authenticator.Type.TOTP in types,
        "passkeys": types.count(Authenticator.Type.WEBAUTHN),
        "has_codes": Authenticator.Type.RECOVERY_CODES in types,
        "sessions": len(UserSession.objects.purge_and_list(user)),
        "required": settings.REQUIRE_MFA,
    }
    return render(request, "account/overview.html", shown | {"account": _name(user)})


def _groups(user: User) -> list[str]:
    return list(user.groups.values_list("name", flat=True))


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
