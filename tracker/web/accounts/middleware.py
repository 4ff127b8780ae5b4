"""What staff must have proven before the desk, the admin and the review API, by session, let them in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext
from redis.exceptions import RedisError
from rest_framework.request import Request

from api.authentication import key_of
from events.models.access import User

log = logging.getLogger(__name__)
OPEN = frozenset({"login", "logout", "jsi18n"})
"""Names below the desk and the admin that need no second factor."""
POWER = ("events_user_", "auth_user_", "auth_group_", "events_apikey_")
"""Pages of the admin that give power to someone begin with these."""
LOOKS = ("_changelist", "_history")
"""Ends of those that only show, as long as they are read."""
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class StaffAccess:
    """Asks for a second factor where REQUIRE_MFA is set, and for a fresh proof before power is given away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hands the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """The answer to who must prove more first, else None."""
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return None
        if settings.REQUIRE_MFA and _is_guarded(match) and not _by_key(request, match):
            refusal = _second_factor(request, match)
            if refusal is not None:
                return refusal
        return _fresh_proof(request) if _gives_power(match, request) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Nobody signs in while Redis is away: without it nobody counts who guesses passwords."""
        match = request.resolver_match
        if not isinstance(error, RedisError) or match is None or not _is_sign_in(match):
            return None
        log.warning("nobody can sign in, Redis does not answer: %s", type(error).__name__)
        response = render(request, "account/unavailable.html", status=503)
        response.headers["Retry-After"] = "60"
        return response


def has_second_factor(user: User) -> bool:
    """Whether the user has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def _is_sign_in(match: ResolverMatch) -> bool:
    return match.view_name == "desk:login" or (match.url_name or "").startswith(("account_", "mfa_"))


def _is_guarded(match: ResolverMatch) -> bool:
    """Whether a route is the desk's, the admin's or the review API's."""
    space, name = match.namespace, match.url_name or ""
    if space == "api":
        return name.startswith("review-")
    return space in {"desk", "admin"} and name not in OPEN


def _by_key(request: HttpRequest, match: ResolverMatch) -> bool:
    """Whether an API key is what lets the request in; the API refuses one that is not known."""
    return match.namespace == "api" and key_of(Request(request)) is not None


def _second_factor(request: HttpRequest, match: ResolverMatch) -> HttpResponse | None:
    if has_second_factor(request.user):  # type: ignore[arg-type]  # the caller has seen that it is a user
        return None
    if match.namespace == "api":
        problem = {
            "type": "about:blank",
            "title": "Forbidden",
            "status": 403,
            "detail": "Your account needs a second factor first: set one up at the desk.",
        }
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    messages.warning(request, gettext("Set up a second factor first: an authenticator app or a passkey."))
    return HttpResponseRedirect(reverse("mfa_index"))


def _gives_power(match: ResolverMatch, request: HttpRequest) -> bool:
    name = match.url_name or ""
    if match.namespace != "admin" or not name.startswith(POWER):
        return False
    return request.method == "POST" or not name.endswith(LOOKS)


def _fresh_proof(request: HttpRequest) -> HttpResponse | None:
    """Leads to where a password or a second factor is given again. What was typed is not kept: it may hold a password."""
    try:
        _ask(request)
    except ReauthenticationRequired:
        ways = get_adapter().get_reauthentication_methods(request.user)
        if not ways:
            return None
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{ways[0]['url']}?{query}")
    return None


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def _ask(request: HttpRequest) -> None:
    """Raises ReauthenticationRequired unless who one is was proven lately."""
