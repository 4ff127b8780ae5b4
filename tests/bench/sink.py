"""A mail server that takes every message and keeps none, in a process of its own: `python -m tests.bench.sink PORT`."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.bench.scratch import environment
from tracker.local.mailcatcher import HOST, free_port


class Sink:
    """Accepts."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's hook."""
        return "250 2.0.0 OK"


@contextmanager
def running_sink() -> Iterator[int]:
    """Runs a sink while the block runs; gives its port. Raises RuntimeError when it does not start."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.sink", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=environment(),
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            if process.stdout.readline().strip() != b"ready":
                raise RuntimeError("the mail sink did not start")
            yield port
        finally:
            process.terminate()


def main(port: int) -> None:
    """Listens until the parent closes standard input or ends."""
    controller = Controller(Sink(), hostname=HOST, port=port)
    controller.start()
    print("ready", flush=True)
    reader = threading.Thread(target=sys.stdin.read)
    reader.start()
    reader.join()
    controller.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
