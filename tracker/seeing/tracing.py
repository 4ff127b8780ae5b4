"""Traces sent to an OpenTelemetry collector (OTLP over HTTP) where OTEL_EXPORTER_OTLP_ENDPOINT is set.

A span for each request, task and SQL statement, with the statement's text, which holds placeholders and no values.
"""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tracker.seeing.redaction import redact

NEEDED = (
    "opentelemetry.sdk",
    "opentelemetry.exporter.otlp.proto.http",
    "opentelemetry.instrumentation.django",
    "opentelemetry.instrumentation.celery",
    "opentelemetry.instrumentation.psycopg",
)
_PRIVATE = (
    "user_agent",
    "client.address",
    "net.peer",
    "http.client_ip",
    "url.query",
    "celery.argsrepr",
    "celery.kwargsrepr",
)


def start() -> None:
    """Has requests, tasks and statements traced if that is wanted.

    Raises ImproperlyConfigured when a package is missing.
    """
    if not settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        return
    try:
        _start()
    except ImportError as error:
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is set, but {error.name} is not installed: "
            "install governance-tracker[telemetry], or unset OTEL_EXPORTER_OTLP_ENDPOINT."
        ) from None


def _start() -> None:
    # Read when the instrumentation is imported.
    os.environ.setdefault("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", "healthz,readyz,metrics,static/")
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(
        resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", "governance-tracker")})
    )
    provider.add_span_processor(BatchSpanProcessor(_redacting(OTLPSpanExporter)()))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument()
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]
    PsycopgInstrumentor().instrument(skip_dep_check=True)


def _redacting(exporter: Any) -> Any:
    """The exporter, with spans redacted as they leave."""

    class Redacting(exporter):  # type: ignore[misc]
        """Sends copies of the spans without what is secret or personal."""

        def export(self, spans: Any) -> Any:
            return super().export([clean(span) for span in spans])

    return Redacting


def clean(span: Any) -> Any:
    """A copy of a finished span, as it may leave."""
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.trace import Status

    return ReadableSpan(
        name=redact(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_clean_attributes(span.attributes),
        events=[
            Event(redact(event.name), _clean_attributes(event.attributes), event.timestamp)
            for event in span.events
        ],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code, redact(span.status.description or "") or None),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _clean_attributes(attributes: Any) -> dict[str, Any]:
    return {
        name: redact(value.partition("?")[0] if name in {"http.target", "http.url", "url.full"} else value)
        if isinstance(value, str)
        else value
        for name, value in (attributes or {}).items()
        if not name.startswith(_PRIVATE)
    }
