"""Whether a service is alive, for a container's health check, at the cost of a bare Python.

    python -I tracker/alive.py http://127.0.0.1:8000/healthz    answers 200
    python -I tracker/alive.py /tmp/alive                       was touched within two minutes

Workers touch the file that ALIVE_FILE names with every heartbeat that they send by the queue, beat with every task
that it sends: with the queue away the file grows old.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OLD = 120.0
"""Seconds after which a file that nobody has touched means that nobody is at work: some ticks of beat."""
SECONDS = 5.0
"""How long an answer may take."""


def install() -> None:
    """Has Celery's processes touch the file of ALIVE_FILE; without one, does nothing."""
    file = os.environ.get("ALIVE_FILE", "")
    if not file:
        return
    from celery.signals import after_task_publish, beat_init, heartbeat_sent

    def touch(**kwargs: Any) -> None:
        Path(file).touch()

    def beat_starts(**kwargs: Any) -> None:
        after_task_publish.connect(touch, weak=False)

    heartbeat_sent.connect(touch, weak=False)
    beat_init.connect(beat_starts, weak=False)


def answers(address: str) -> bool:
    """Whether a plain HTTP address gives 200."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_fresh(file: Path, now: float | None = None) -> bool:
    """Whether the file was touched within the last two minutes before `now` (seconds since 1970)."""
    try:
        return (time.time() if now is None else now) - file.stat().st_mtime < OLD
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    """0 when the one address or file of the command line is alive, else 1."""
    (what,) = arguments
    alive = answers(what) if what.startswith("http://") else is_fresh(Path(what))
    if not alive:
        print(f"{what} does not live")
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
