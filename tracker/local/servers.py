"""What the keeper needs to know of a server, whichever it is."""

import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO

from tracker.local.errors import LocalStackError
from tracker.local.paths import Layout

START_SECONDS = 300.0  # crash recovery of a large database takes minutes; a broken start ends much sooner
STOP_SECONDS = 20.0


class Server(ABC):
    """One embedded server of one layout."""

    name: str

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.layout.logs / f"{self.name}.log"

    @abstractmethod
    def prepare(self) -> None:
        """Create the data, and clear away what a run that died hard has left. Raises LocalStackError."""

    @abstractmethod
    def command(self) -> list[str]:
        """The argument list that runs the server in the foreground, bound to the calling process' life."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server takes a connection now."""

    def complete(self) -> None:  # noqa: B027 - most servers have nothing left to do
        """What remains to do once the server answers."""

    def may_try_again(self) -> bool:
        """Whether a start that failed is likely to succeed a second later."""
        return False

    @abstractmethod
    def stop_signals(self) -> list[int]:
        """The signals that stop it, from kind to hard."""

    def spawn(self, log: IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start the server in a process group of its own, so that a Ctrl-C in the terminal is not its end."""
        return subprocess.Popen(
            self.command(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.directory(),
            env=self.environment(),
            start_new_session=True,
        )

    def directory(self) -> Path:
        """The working directory: one that can neither be unmounted nor deleted under the server."""
        return Path("/")

    def environment(self) -> dict[str, str]:
        """The server's environment: nothing of the caller's but where programs are."""
        return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}

    def wait_ready(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until the server answers. Raises LocalStackError, with the end of its log, if it ends instead."""
        limit = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None:
                raise LocalStackError(
                    f"{self.name} ended with status {process.returncode} at its start.\n{self.last_words()}"
                )
            if time.monotonic() > limit:
                raise LocalStackError(
                    f"{self.name} does not answer after {START_SECONDS:.0f} s; see {self.log}"
                )
            time.sleep(0.03)
        self.complete()

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """Stop the server, kindly first, and wait until it is gone."""
        for number in self.stop_signals():
            if process.poll() is not None:
                return
            process.send_signal(number)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        process.wait()

    def last_words(self, lines: int = 12) -> str:
        """The end of the server's log."""
        try:
            text = self.log.read_bytes()[-8192:].decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])
