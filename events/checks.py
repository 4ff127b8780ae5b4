"""System checks: a bad setting is said at the start, in words, not at the first request that needs it."""

from __future__ import annotations

import ipaddress
import zoneinfo
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security)
def secret_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A deployment has a secret key of its own."""
    if settings.SECRET_KEY:
        return []
    return [
        Error(
            "SECRET_KEY is not set.",
            hint="Put 50 random characters in the variable SECRET_KEY.",
            id="events.E001",
        )
    ]


def _is_network(text: str) -> bool:
    try:
        return "/" in text and bool(ipaddress.ip_network(text))
    except ValueError:
        return False


@register()
def addresses(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Addresses and hosts have the form that they need."""
    from events.net.connection import Proxy

    errors: list[CheckMessage] = []
    if not settings.SITE_URL.startswith(("http://", "https://")):
        errors.append(Error("SITE_URL must begin with http:// or https://.", id="events.E002"))
    for name in ("FETCH_ALLOWED_HOSTS", "WEBHOOK_ALLOWED_HOSTS"):
        for entry in getattr(settings, name):
            host, _, port = entry.rpartition(":")
            if (not host or not port.isdigit()) and not _is_network(entry):
                errors.append(
                    Error(f"{name}: {entry!r} is neither host:port nor a network.", id="events.E003")
                )
    try:
        Proxy.parse(settings.FETCH_PROXY)
    except ValueError as error:
        errors.append(Error(f"FETCH_PROXY: {error}.", id="events.E005"))
    if settings.TIME_ZONE not in zoneinfo.available_timezones():
        errors.append(Error(f"TIME_ZONE: {settings.TIME_ZONE!r} is no IANA time zone.", id="events.E004"))
    return errors


@register()
def push(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Hubs that are asked to push can reach us."""
    from events.feeds.push import enabled

    if not settings.WEBSUB or enabled():
        return []
    return [
        Warning(
            "WEBSUB is on, but no hub is asked: SITE_URL is not https.",
            hint="Set SITE_URL to the https address at which the service is reached from outside.",
            id="events.W005",
        )
    ]


@register()
def model(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The model extractor's settings are whole, or not there at all."""
    from events.intake.modelling.endpoint import complaints, sends_key_in_the_open

    found: list[CheckMessage] = [Error(words, id="events.E020") for words in complaints()]
    if sends_key_in_the_open():
        found.append(
            Warning(
                "MODEL_KEY goes over the network unencrypted.",
                hint="Use an https address for MODEL_URL, or unset MODEL_KEY.",
                id="events.W020",
            )
        )
    return found
