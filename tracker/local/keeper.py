"""The keeper: a background process that owns one embedded server for as long as anyone uses it.

    python -m tracker.local.keeper postgres|redis --report DESCRIPTOR

It holds ``run/NAME.keeper.lock`` while it lives, starts the server as its child, and tries again and again for
an exclusive lock on ``run/NAME.users.lock``, of which every user holds a shared one. It gets that lock when the last user
has ended, no matter how; it then stops the server and ends. On Linux the server dies with the keeper as well.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from tracker.local.errors import LocalStackError
from tracker.local.locks import Lock
from tracker.local.paths import Layout, current_layout, make_layout
from tracker.local.postgres_server import PostgresServer
from tracker.local.redis_server import RedisServer
from tracker.local.servers import Server

_PAUSE = 0.1  # seconds between two looks at the users
_RESTARTS = 3
_TRIES = 10


class Stop(Exception):
    """Somebody asked the keeper to end."""


def server_named(name: str, layout: Layout) -> Server:
    """The server `name`, by this process' environment."""
    if name == "postgres":
        return PostgresServer(layout, durable=os.environ.get("TRACKER_LOCAL_DURABLE", "1") != "0")
    return RedisServer(layout)


class Keeper:
    """Runs one server until its last user has gone."""

    def __init__(self, server: Server, keeper_lock: Lock, users: Lock) -> None:
        self.server = server
        self.keeper_lock = keeper_lock
        self.users = users
        self.pid_file = server.layout.run / f"{server.name}.pid"
        self._process: subprocess.Popen[bytes] | None = None

    def sign(self) -> None:
        """Write down who keeps the server, for `python -m tracker.local stop`."""
        fresh = self.pid_file.with_suffix(".new")
        fresh.write_text(str(os.getpid()))
        fresh.rename(self.pid_file)

    def start(self) -> None:
        """Prepare and start the server, and return when it answers. Raises LocalStackError."""
        self.server.prepare()
        for left in reversed(range(_TRIES)):
            with self.server.log.open("ab") as log:
                self._process = self.server.spawn(log)
            try:
                self.server.wait_ready(self._process)
                break
            except LocalStackError:
                if left == 0 or not self.server.may_try_again():
                    raise
                time.sleep(1)

    def keep(self) -> None:
        """Return when nobody uses the server any more, or when its directory was deleted."""
        restarts = 0
        while not self.users.try_lock(exclusive=True):
            if not (self.keeper_lock.is_current() and self.users.is_current()):
                return
            if self._process is not None and self._process.poll() is not None:
                restarts += 1
                if restarts > _RESTARTS:
                    raise LocalStackError(
                        f"{self.server.name} ended {restarts} times.\n{self.server.last_words()}"
                    )
                self.start()
            time.sleep(_PAUSE)

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            self.server.stop(self._process)
        self.pid_file.unlink(missing_ok=True)


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    # A second signal must not break the orderly stop.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stop


def _report(descriptor: int, text: str) -> None:
    with contextlib.suppress(OSError):  # the one who asked may be gone
        os.write(descriptor, text.encode(errors="replace"))
    with contextlib.suppress(OSError):
        os.close(descriptor)


def run(name: str, report: int) -> int:
    """Keep server `name`; write "ready" or an error's text to descriptor `report` and close it."""
    layout = current_layout()
    make_layout(layout)
    keeper_lock = Lock(layout.run / f"{name}.keeper.lock")
    # A keeper that is stopping ends within seconds.
    if not keeper_lock.lock(exclusive=True, seconds=60):
        _report(report, f"Another process keeps {name} of {layout.root} and does not end.")
        return 1
    keeper = Keeper(server_named(name, layout), keeper_lock, Lock(layout.run / f"{name}.users.lock"))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _on_signal)
    try:
        keeper.sign()
        keeper.start()
        _report(report, "ready")
        keeper.keep()
    except Stop:
        return 0
    except LocalStackError as error:
        print(error, file=sys.stderr)
        _report(report, str(error))
        return 1
    finally:
        keeper.stop()
    return 0


def main(arguments: list[str]) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="tracker.local.keeper")
    parser.add_argument("name", choices=["postgres", "redis"])
    parser.add_argument("--report", type=int, required=True, metavar="DESCRIPTOR")
    options = parser.parse_args(arguments)
    if os.fork() != 0:  # so that the starter, often a server with children of its own, has none more to reap
        os._exit(0)
    os.setsid()
    os.chdir("/")
    return run(options.name, options.report)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
