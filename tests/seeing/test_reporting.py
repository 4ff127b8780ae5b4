"""Errors to Sentry and traces to OpenTelemetry: they arrive at a real receiver, and hold no secret."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.local.helpers import LIMIT, Stack
from tests.seeing.receiver import receiving
from tests.seeing.test_doctor import deployment, own_redis  # noqa: F401 - a fixture
from tests.seeing.world import DJANGO, wait_for
from tracker.local.paths import CHECKOUT
from tracker.local.readiness import LogReady
from tracker.local.supervisor import Service, Supervisor

pytestmark = pytest.mark.services

KEY = "gt_" + "k" * 43
TOKEN = "tOkEn0-OfSomebody_" + "tT1" * 8 + "x"
FAIL = f"""
from django.test import Client
from django.test.utils import override_settings
with override_settings(ROOT_URLCONF="tests.seeing.failing_urls", ALLOWED_HOSTS=["*"]):
    answer = Client(raise_request_exception=False, HTTP_HOST="127.0.0.1").post(
        "/subscriptions/{TOKEN}/?email=asker@example.org", {{"password": "pass-word-of-somebody"}},
        headers={{"Authorization": "Bearer {KEY}", "X-API-Key": "{KEY}", "X-Request-ID": "reader-0001",
                  "Cookie": "sessionid=session-of-somebody"}},
    )
print(answer.status_code)
"""
SECRETS = (
    KEY,
    TOKEN,
    "asker@",
    "reader@",
    "pass-word-of-somebody",
    "session-of-somebody",
    "only-for-this-test",
)


def test_an_error_arrives_at_sentry_without_secrets(migrated_stack: Stack) -> None:
    with receiving() as receiver:
        status = migrated_stack.run(
            f"{DJANGO}{FAIL}import sentry_sdk; sentry_sdk.flush(20)",
            SENTRY_DSN=f"http://publickey@127.0.0.1:{receiver.port}/7",
            SENTRY_ENVIRONMENT="rehearsal",
        )

    envelopes = receiver.bodies("/api/7/envelope/")
    text = b"\n".join(envelopes).decode()
    events = [
        json.loads(line) for line in text.splitlines() if line.startswith("{") and '"exception"' in line
    ]
    assert status == "500"
    assert [event["exception"]["values"][-1]["type"] for event in events] == ["ValueError"]
    assert events[0]["environment"] == "rehearsal"
    assert events[0]["tags"]["correlation_id"] == "reader-0001"
    assert "about to fail" in text, "what was logged before goes along"
    assert [secret for secret in SECRETS if secret in text] == []


def test_traces_of_a_request_arrive_without_secrets(migrated_stack: Stack) -> None:
    ask = FAIL + (
        "from events.models.sources import Feed\n"
        "list(Feed.objects.filter(title='title-of-somebody'))\n"
        "from opentelemetry import trace; trace.get_tracer_provider().force_flush(20000)\n"
    )
    with receiving() as receiver:
        migrated_stack.run(f"{DJANGO}{ask}", OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{receiver.port}")

    bodies = receiver.bodies("/v1/traces")
    names = [span.name for span in spans(bodies)]
    text = "\n".join(str(ExportTraceServiceRequest.FromString(body)) for body in bodies)
    assert "POST subscriptions/<str:token>/" in names
    assert "SELECT" in names
    assert [secret for secret in (*SECRETS, "title-of-somebody") if secret in text] == []


def test_traces_of_a_forked_worker_arrive(deployment: dict[str, str]) -> None:  # noqa: F811 - the fixture
    with receiving() as receiver, own_redis() as port:
        env = deployment | {
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.port}",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        argv = [sys.executable, "-m", "celery", "--quiet", "-A", "tracker", "worker", "--concurrency=1"]
        worker = Service("worker", argv, env=env, ready=LogReady(r"celery@\S+ ready\."))
        send = "from tracker.celery import app; app.send_task('events.tasks.forget_unconfirmed')"
        with Supervisor([worker], echo=False):
            subprocess.run([sys.executable, "-c", DJANGO + send], cwd=CHECKOUT, env=env, check=True)
            wait_for("the task's span", lambda: named(receiver.bodies("/v1/traces"), "run/"))

    assert named(receiver.bodies("/v1/traces"), "run/events.tasks.forget_unconfirmed")


@pytest.mark.parametrize(
    ("module", "variable", "value"),
    [
        ("sentry_sdk", "SENTRY_DSN", "http://publickey@127.0.0.1:9/7"),
        ("opentelemetry.sdk.trace", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
    ],
)
def test_a_setting_whose_package_is_missing_ends_the_start_with_a_sentence(
    own_stack: Stack, module: str, variable: str, value: str
) -> None:
    code = f"import sys; sys.modules[{module!r}] = None\n{DJANGO}"

    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=own_stack.environment(**{variable: value}),
        check=False,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )

    last = run.stderr.strip().splitlines()[-1]
    assert run.returncode == 1
    assert last.startswith("django.core.exceptions.ImproperlyConfigured")
    assert f"unset {variable}" in last


def spans(bodies: list[bytes]) -> list[Span]:
    """All spans of some posts."""
    return [
        span
        for body in bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def named(bodies: list[bytes], beginning: str) -> list[str]:
    """Names of spans that begin so."""
    return [span.name for span in spans(bodies) if span.name.startswith(beginning)]
