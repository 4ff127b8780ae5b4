"""Errors sent to Sentry, or to what speaks its protocol, where SENTRY_DSN is set.

Sent without who asked, without bodies, cookies and local variables, and redacted as the logs are.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tracker.seeing.context import correlation_id
from tracker.seeing.redaction import redacted

NEEDED = ("sentry_sdk",)


def start() -> None:
    """Connects Sentry if it is wanted. Raises ImproperlyConfigured when its package is missing, or the DSN is none."""
    if not settings.SENTRY_DSN:
        return
    try:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but the package sentry-sdk is not installed: "
            "install governance-tracker[sentry], or unset SENTRY_DSN."
        ) from None
    try:
        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,
            environment=settings.SENTRY_ENVIRONMENT,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            before_send=clean,
            before_breadcrumb=lambda crumb, hint: redacted(crumb),
            # Names of machines are nobody's business, and would tell workers apart that are the same.
            server_name="tracker",
            traces_sample_rate=None,
        )
    except BadDsn as error:
        raise ImproperlyConfigured(f"SENTRY_DSN is no DSN: {type(error).__name__}.") from None


def clean(event: Any, hint: Any) -> Any:
    """The report as it may leave: redacted, without headers, query and person, with the chain of work."""
    request = event.get("request", {})
    for name in ("headers", "cookies", "data", "query_string", "env"):
        request.pop(name, None)
    event.pop("user", None)
    if chain := correlation_id():
        event.setdefault("tags", {})["correlation_id"] = chain
    return redacted(event)
