"""The accounts' Django app: the last of those that register pages of the admin."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Signing in. It has no models of its own."""

    name = "tracker.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Takes allauth's tables out of the admin: they hold secrets of sign-in, and nothing there is to be edited."""
        from allauth.account.models import EmailAddress, EmailConfirmation
        from allauth.mfa.models import Authenticator
        from allauth.usersessions.models import UserSession
        from django.contrib import admin

        from tracker.web.accounts import addresses  # noqa: F401 - it listens

        for model in (EmailAddress, EmailConfirmation, Authenticator, UserSession):
            if admin.site.is_registered(model):
                admin.site.unregister(model)
