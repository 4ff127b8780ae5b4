"""System checks of what shows the service: a bad setting is said at the start."""

from __future__ import annotations

import importlib.util
import ipaddress
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from tracker.seeing import reports, tracing

SHORTEST_TOKEN = 16


@register()
def seeing(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Tokens are long, networks are networks, and packages that a setting needs are there."""
    return [*_metrics(), *_packages()]


def _metrics() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        found.append(
            Warning(
                "METRICS_TOKEN is short enough to be guessed.",
                hint=f"Use {SHORTEST_TOKEN} random characters or more.",
                id="seeing.W001",
            )
        )
    for network in settings.METRICS_ALLOWED:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            found.append(
                Error(f"METRICS_ALLOWED: {network!r} is neither an address nor a network.", id="seeing.E001")
            )
    return found


def _packages() -> list[CheckMessage]:
    wanted = (
        ("SENTRY_DSN", settings.SENTRY_DSN, "sentry", reports.NEEDED),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", settings.OTEL_EXPORTER_OTLP_ENDPOINT, "telemetry", tracing.NEEDED),
    )
    return [
        Error(
            f"{name} is set, but the package that it needs is not installed: {', '.join(lacking)}.",
            hint=f"Install governance-tracker[{extra}], or unset {name}.",
            id="seeing.E002",
        )
        for name, value, extra, packages in wanted
        if value and (lacking := [package for package in packages if not is_installed(package)])
    ]


def is_installed(package: str) -> bool:
    """Whether a package can be imported; imports its parents only."""
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False
