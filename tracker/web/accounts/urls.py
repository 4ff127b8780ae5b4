"""Addresses of accounts: those of allauth's that are wanted, under allauth's names, by which its flows find them.

Not there: signing up, adding and confirming e-mail addresses, sign-in by a mailed code, codes as a file.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from tracker.web.accounts import views

urlpatterns = [
    path("", views.overview, name="account_overview"),
    path("inactive/", never_cache(account.account_inactive), name="account_inactive"),
    path("confirm/", never_cache(account.reauthenticate), name="account_reauthenticate"),
    path("password/", never_cache(account.password_change), name="account_change_password"),
    path("password/set/", never_cache(account.password_set), name="account_set_password"),
    path("password/reset/", never_cache(account.password_reset), name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-0-9A-Za-z]+)/$",
        never_cache(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("factors/", never_cache(factors.index), name="mfa_index"),
    path("factors/code/", never_cache(factors.authenticate), name="mfa_authenticate"),
    path("factors/confirm/", never_cache(factors.reauthenticate), name="mfa_reauthenticate"),
    path("factors/app/", never_cache(totp.activate_totp), name="mfa_activate_totp"),
    path("factors/app/remove/", never_cache(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("factors/codes/", never_cache(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "factors/codes/new/", never_cache(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path("factors/passkeys/", never_cache(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("factors/passkeys/add/", never_cache(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("factors/passkeys/sign-in/", never_cache(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path(
        "factors/passkeys/confirm/",
        never_cache(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "factors/passkeys/<int:pk>/remove/", never_cache(passkeys.remove_webauthn), name="mfa_remove_webauthn"
    ),
    path("factors/passkeys/<int:pk>/name/", never_cache(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("sessions/", never_cache(sessions.list_usersessions), name="usersessions_list"),
]
