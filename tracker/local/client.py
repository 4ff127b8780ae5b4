"""How a process becomes a user of an embedded server.

A user holds a shared flock on ``run/NAME.users.lock``. The kernel drops it with the last process that inherited it,
also after SIGKILL, and the keeper of the server notices. Starters take turns by ``run/NAME.start.lock``.
"""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
import time

from tracker.local.errors import LocalStackError
from tracker.local.locks import Lock
from tracker.local.paths import CHECKOUT, Addresses, Layout, addresses, current_layout, make_layout

_START_SECONDS = 330.0  # more than the keeper gives the server
_STOP_SECONDS = 60.0
_PAUSE = 0.03


class _Membership:
    """This process' use of one running server."""

    def __init__(self, name: str, layout: Layout) -> None:
        self.name = name
        self.layout = layout
        self.process = os.getpid()
        self.keeper = Lock(layout.run / f"{name}.keeper.lock")
        self.users = Lock(layout.run / f"{name}.users.lock")

    def holds(self) -> bool:
        """Whether the keeper still lives and the files are still those of the stack."""
        if not (self.keeper.is_current() and self.users.is_current()):
            return False
        return self.keeper_runs()

    def keeper_runs(self) -> bool:
        """Whether some process keeps the server: nobody can then have a shared lock on its file."""
        probe = Lock(self.layout.run / f"{self.name}.keeper.lock")
        try:
            return not probe.try_lock(exclusive=False)
        finally:
            probe.close()

    def close(self) -> None:
        """Stop being a user."""
        self.keeper.close()
        self.users.close()


_guard = threading.RLock()
_memberships: dict[str, _Membership] = {}


def ensure_database() -> str:
    """Start PostgreSQL unless it runs, become its user, and return its ``postgresql://`` URL.

    Raises LocalStackError, with the reason and the end of the server's log, when it cannot start.
    """
    return _ensure("postgres").database_url


def ensure_redis() -> str:
    """Start Redis unless it runs, become its user, and return its ``unix://`` URL. Raises LocalStackError."""
    return _ensure("redis").redis_url


def ensure() -> Addresses:
    """Both servers, as far as the environment has not named others. Raises LocalStackError."""
    if not os.environ.get("DATABASE_URL"):
        ensure_database()
    if not os.environ.get("REDIS_URL"):
        ensure_redis()
    return addresses()


def keeper_pid(name: str, layout: Layout | None = None) -> int | None:
    """The process that keeps server `name` ("postgres", "redis") now, or None; starts nothing."""
    layout = layout or current_layout()
    if not layout.run.is_dir():
        return None
    lock = Lock(layout.run / f"{name}.keeper.lock")
    try:
        if lock.try_lock(exclusive=False):
            return None
        return int((layout.run / f"{name}.pid").read_text())
    except (OSError, ValueError):
        return None  # it has the lock but has not said who it is: it starts or ends just now
    finally:
        lock.close()


def release() -> None:
    """Stop being a user. If that was the last one, return only when the servers have stopped."""
    with _guard:
        memberships = list(_memberships.values())
        _memberships.clear()
    for membership in memberships:
        membership.close()
    for membership in memberships:
        _wait_if_last(membership)


def _ensure(name: str) -> Addresses:
    layout = current_layout()
    with _guard:
        member = _memberships.get(name)
        if member is None or member.layout != layout or not member.holds():
            if member is not None:
                member.close()
            _memberships[name] = _join(name, layout)
    return addresses(layout)


def _join(name: str, layout: Layout) -> _Membership:
    make_layout(layout)
    start = Lock(layout.run / f"{name}.start.lock")
    member = _Membership(name, layout)
    try:
        if not start.lock(exclusive=True, seconds=_START_SECONDS):
            raise LocalStackError(f"Another process has been starting {name} of {layout.root} for too long.")
        # Held exclusively only by a keeper that is stopping.
        if not member.users.lock(exclusive=False, seconds=_STOP_SECONDS):
            raise LocalStackError(f"{name} of {layout.root} is stopping and does not end.")
        if not member.users.is_current():  # deleted in between
            member.close()
            member = _Membership(name, layout)
            member.users.lock(exclusive=False, seconds=_STOP_SECONDS)
        if not member.keeper_runs():
            _start_keeper(name, layout)
    except BaseException:
        member.close()
        raise
    finally:
        start.close()
    return member


def _start_keeper(name: str, layout: Layout) -> None:
    reader, writer = os.pipe()
    log_path = layout.logs / f"{name}.keeper.log"
    try:
        with log_path.open("ab") as log:
            # Returns as soon as the keeper has gone to the background.
            subprocess.run(
                [sys.executable, "-m", "tracker.local.keeper", name, "--report", str(writer)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=CHECKOUT,
                env=_environment(layout),
                pass_fds=[writer],
                check=False,
            )
    finally:
        os.close(writer)
    with os.fdopen(reader, "rb") as report:
        answer = report.read().decode(errors="replace")
    if answer != "ready":
        raise LocalStackError(f"The embedded {name} did not start. {answer or f'See {log_path}'}")


def _environment(layout: Layout) -> dict[str, str]:
    environment = os.environ | {"TRACKER_LOCAL_DIR": str(layout.root)}
    environment.pop("PYTHONSAFEPATH", None)  # the keeper is found by its working directory
    return environment


def _wait_if_last(member: _Membership) -> None:
    """While nobody else uses the server, wait for its end: a command that has ended leaves no process behind."""
    limit = time.monotonic() + _STOP_SECONDS
    with contextlib.suppress(LocalStackError, OSError):
        while member.layout.run.is_dir() and member.keeper_runs() and time.monotonic() < limit:
            users = Lock(member.layout.run / f"{member.name}.users.lock")
            try:
                # A shared lock beside no exclusive one: someone else uses the server. Neither: it is stopping.
                if not users.try_lock(exclusive=True) and users.try_lock(exclusive=False):
                    return
            finally:
                users.close()
            time.sleep(_PAUSE)


@atexit.register
def _leave() -> None:
    """At an orderly end; forks end by os._exit and do not come here, except those that call sys.exit."""
    if any(member.process != os.getpid() for member in _memberships.values()):
        return
    with contextlib.suppress(LocalStackError, KeyboardInterrupt):
        release()
