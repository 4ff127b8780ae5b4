"""Where allauth asks the project: who calls, where to go on, how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import time
from typing import TYPE_CHECKING, Any, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes

from api.throttling import AnonymousRate
from events.models.access import User
from tracker.web.accounts import mail
from tracker.web.desk.access import may_curate

if TYPE_CHECKING:
    from rest_framework.request import Request

NOWHERE = "0.0.0.0"  # noqa: S104 - not bound to: what a caller without an address counts as
"""Callers through a UNIX socket without a trusted proxy: all together have the rate of one address."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Users sign in by name; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: administrators make users."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The caller's address as the API's rates count it: `X-Forwarded-For` only behind a trusted proxy."""
        found = AnonymousRate().get_ident(cast("Request", request))
        try:
            return str(ipaddress.ip_address(found))
        except ValueError:
            return NOWHERE

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk for curators, the admin for other staff, the own account for everyone else."""
        user = cast("User", request.user)
        if may_curate(user):
            return reverse("desk:queue")
        return reverse("admin:index" if user.is_staff else "account_overview")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The own account."""
        return reverse("account_overview")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail, below SITE_URL: the request's `Host` is the caller's word."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "0", "key": "k"})
        return settings.SITE_URL + path.replace("0-k", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Has a mail sent beside the request."""
        values = {"email": email, "current_site": get_current_site(_request()), "site_url": settings.SITE_URL}
        mail.post(self.render_mail(template_prefix, email, values | context))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether a proof of who one is must be given again: not within some minutes after signing in."""
        if proven_recently(_request()):
            return False
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What failed attempts are counted by: the name alone.

        allauth's own key has the request's `Host`, whose port a caller may choose, and so would have as many
        attempts as there are ports.
        """
        return str(credentials.get("email") or credentials.get("username") or "").strip().lower()


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors lie encrypted in the database, by SECRET_KEY and SECRET_KEY_FALLBACKS."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises `cryptography.fernet.InvalidToken` where no known key made it."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def proven_recently(request: HttpRequest) -> bool:
    """Whether the signed-in user gave a password or a second factor in this session some minutes ago at most."""
    records = get_authentication_records(request, request.user)
    latest = max((float(record["at"]) for record in records), default=0.0)
    return bool(time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT)


def _request() -> HttpRequest:
    return cast("HttpRequest", context.request)


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str | bytes) -> bytes:
    """A key for this use alone, so that it says nothing of what signs cookies."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"second factors\0" + force_bytes(secret)).digest())
