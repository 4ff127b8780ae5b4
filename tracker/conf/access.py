"""Signing in: passwords, second factors, sessions and how often one may try. What README's table calls "Access".

django-allauth does the work (its apps account, mfa and usersessions); nobody signs up here, users are made by
administrators.
"""

from __future__ import annotations

from tracker.conf import flag, number

ACCESS_APPS = ("allauth", "allauth.account", "allauth.mfa", "allauth.usersessions", "tracker.web.accounts")
"""After `django.contrib.admin` and after `tracker.web`, whose templates stand in for allauth's."""
ACCESS_MIDDLEWARE = (
    "allauth.account.middleware.AccountMiddleware",
    "tracker.web.accounts.middleware.StaffAccess",
)
"""After the authentication's."""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:queue"
LOGOUT_REDIRECT_URL = "web:home"

REQUIRE_MFA = flag("REQUIRE_MFA")
"""Staff without a second factor are led to set one up before the desk, the admin and the review API by session."""

SESSION_COOKIE_AGE = number("SESSION_HOURS", 12) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

ACCOUNT_ADAPTER = "tracker.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Nobody learns by a reset whether there is such an account, nor can have us write to whom we do not know.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
"""Seconds since the last proof of who one is within which acts that give power to others are done without another."""
ACCOUNT_FORMS = {"login": "tracker.web.accounts.forms.SignInForm"}
ACCOUNT_RATE_LIMITS = {
    # Of one address, right or wrong: an office may be one. Wrong ones are counted closer, by address and by name.
    "login": f"{number('SIGN_INS_PER_MINUTE', 30)}/m/ip",
    "login_failed": "10/m/ip,60/h/ip,5/5m/key",
    "reset_password": "5/m/ip,20/h/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "5/m/user",
    "change_password": "5/m/user",
}
PASSWORD_RESET_TIMEOUT = 3600

MFA_ADAPTER = "tracker.web.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
# Users are made by administrators: there is no step in which an address would be verified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Governance tracker"
# With a tolerance a code would be good for longer than allauth remembers that it was used.
MFA_TOTP_TOLERANCE = 0
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
USERSESSIONS_TRACK_ACTIVITY = False
