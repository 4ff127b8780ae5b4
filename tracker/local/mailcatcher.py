"""The demo's mail box: an SMTP server on the loopback interface that files what it receives.

    python -m tracker.local.mailcatcher --port 1025 --dir .local/mail

Each message becomes one .eml file whose name sorts by the time it came. A reader never sees half a file.
Nothing is ever passed on.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
MAX_BYTES = 10 * 1024 * 1024
"""Larger messages are refused with 552."""


class Filer:
    """Writes each accepted message to `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counter = itertools.count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's hook, called with the complete message; its answer goes to the client."""
        content = envelope.content or b""
        data = content.encode() if isinstance(content, str) else content
        try:
            file = self.save(data)
        except OSError:
            log.exception("a message could not be written")
            return "451 4.3.0 The message could not be written; try again later"
        log.info("%s for %s", file.name, ", ".join(envelope.rcpt_tos))
        return "250 2.0.0 OK"

    def save(self, data: bytes) -> Path:
        """Writes the message under a temporary name, then renames it."""
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(self.counter):06d}.eml"
        unfinished = self.folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return unfinished.replace(self.folder / name)


@contextmanager
def catching(folder: Path, port: int = 0, host: str = HOST) -> Iterator[int]:
    """Catches mail into `folder`, made if need be, while the block runs; gives the port.

    Raises OSError when the port is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(Filer(folder), hostname=host, port=port, data_size_limit=MAX_BYTES)
    if port == 0:
        # aiosmtpd knocks at the configured port to see that it listens, so the port must be known before.
        controller.port = free_port()
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port of the loopback interface that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def main(argv: Sequence[str] | None = None) -> int:
    """Catches mail until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="Catch mail and write it to files.")
    parser.add_argument("--host", default=HOST, help="where to listen; in a container: 0.0.0.0")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--dir", type=Path, required=True, help="one .eml file a message")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with catching(options.dir, options.port, options.host) as port:
            log.info("catching mail on %s:%s", options.host, port)
            stop.wait()
    except OSError as error:
        log.error("cannot listen on port %s: %s", options.port, error.strerror)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
