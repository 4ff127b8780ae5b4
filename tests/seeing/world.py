"""The whole service with its own servers, for tests that look at what it shows: logs, figures, probes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import httpx

from tests.local.helpers import LIMIT, Stack
from tracker.local.paths import CHECKOUT
from tracker.local.supervisor import Supervisor

METRICS_TOKEN = "metrics-token-of-this-test"
DJANGO = (
    "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tracker.settings'; django.setup()\n"
    "from pathlib import Path\n"
)


@dataclass
class World:
    """A running service: its address, its logs, its mail, and a way to run commands beside it."""

    stack: Stack
    base: str
    folder: Path
    env: dict[str, str]
    supervisor: Supervisor
    secrets: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """The answer to a GET."""
        return httpx.get(f"{self.base}{path}", headers=headers, timeout=LIMIT)

    def figures(self) -> dict[str, float]:
        """What /metrics says, by name and labels."""
        answer = self.get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}")
        assert answer.status_code == 200, answer.text
        return samples(answer.text)

    def post(self, path: str, form: dict[str, str]) -> httpx.Response:
        """The answer to a form, sent with the token that a page has given."""
        with httpx.Client(base_url=self.base, timeout=LIMIT) as browser:
            browser.get("/subscriptions/")
            token = {"X-CSRFToken": browser.cookies.get("csrftoken") or ""}
            return browser.post(path, data=form, headers={"Referer": f"{self.base}{path}", **token})

    def run(self, code: str, **extra: str) -> str:
        """Runs Python code with Django set up; gives what it printed."""
        return self.stack.run(DJANGO + code, **self.env | extra)

    def manage(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Runs `manage.py` beside the service."""
        return manage(*arguments, env=self.stack.environment(**self.env | extra))

    def text(self, service: str) -> str:
        """A service's log so far."""
        return (self.folder / "logs" / f"{service}.log").read_text()

    def lines(self) -> list[dict[str, Any]]:
        """Every line that web, worker and beat have logged, which all are JSON objects."""
        return [
            json.loads(line)
            for service in ("web", "worker", "beat")
            for line in self.text(service).splitlines()
        ]

    def said(self, message: str, /, **fields: object) -> list[dict[str, Any]]:
        """The lines of one message whose fields have those values."""
        return [
            line
            for line in self.lines()
            if line["message"] == message and all(line.get(name) == value for name, value in fields.items())
        ]

    def mails(self) -> list[str]:
        """Subjects of the mails sent."""
        files = sorted((self.folder / "mail").glob("*.eml"))
        return [
            str(message_from_bytes(file.read_bytes(), policy=policy.default)["subject"]) for file in files
        ]


def manage(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs `manage.py` to its end; gives its status and what it said."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env=env,
        check=False,
        capture_output=True,
        text=True,
        timeout=LIMIT * 2,
    )


def samples(text: str) -> dict[str, float]:
    """Prometheus' text format, read strictly: every line but comments is a sample."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def wait_for(what: str, ready: Callable[[], object], seconds: float = 3 * LIMIT) -> None:
    """Waits until `ready`; fails with `what` it waited for."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.2)
