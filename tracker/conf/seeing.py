"""Settings of probes, metrics and reports."""

from __future__ import annotations

import os

from tracker.conf import number, secret, words

# /metrics is there for whoever shows the token (Authorization: Bearer ...) or asks, not through a proxy, from one of
# the networks; with neither set it does not exist. The same people see /readyz's details.
METRICS_TOKEN = secret("METRICS_TOKEN").strip()
METRICS_ALLOWED = words("METRICS_ALLOWED")
# Seconds that figures from the database are kept; those that read whole tables are kept twelve times as long.
METRICS_CACHE_SECONDS = number("METRICS_CACHE_SECONDS", 5)
# Seconds that the oldest message of a queue may wait before /readyz says that the service is not ready; 0: for ever.
READY_QUEUE_SECONDS = number("READY_QUEUE_SECONDS", 900)

# Where backups are kept, if this machine sees it: `manage.py doctor` then says how old the last one is.
BACKUP_DIRECTORY = os.environ.get("BACKUP_DIRECTORY", "").strip()

# Errors go to Sentry, or what speaks its protocol, if this is set; the optional packages `sentry` are needed.
SENTRY_DSN = secret("SENTRY_DSN").strip()
SENTRY_ENVIRONMENT = os.environ.get("SENTRY_ENVIRONMENT", "production").strip()
# Traces go to an OpenTelemetry collector (OTLP over HTTP) if this is set; the optional packages `telemetry` are needed.
OTEL_EXPORTER_OTLP_ENDPOINT = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip()
