"""The embedded stack from a terminal: ``python -m tracker.local start | stop | status | urls``."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time

from tracker.local.client import ensure, keeper_pid, release
from tracker.local.errors import LocalStackError
from tracker.local.locks import Lock
from tracker.local.paths import CHECKOUT, addresses, current_layout

_NAMES = ("postgres", "redis")
_STOP_SECONDS = 60.0


def start() -> int:
    """Start both servers and keep them until `stop`: a background process becomes their user."""
    ensure()
    subprocess.Popen(
        [sys.executable, "-m", "tracker.local", "hold"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=CHECKOUT,
        env=os.environ | {"TRACKER_LOCAL_DIR": str(current_layout().root)},
        start_new_session=True,
    )
    holder = Lock(current_layout().run / "holder.lock")
    limit = time.monotonic() + _STOP_SECONDS
    while holder.try_lock(exclusive=True):
        holder.close()
        if time.monotonic() > limit:
            raise LocalStackError("The process that holds the servers did not start.")
        time.sleep(0.05)
        holder = Lock(current_layout().run / "holder.lock")
    holder.close()
    return status()


def hold() -> int:
    """Be a user of both servers until they stop."""
    ensure()
    lock = Lock(current_layout().run / "holder.lock")
    if not lock.try_lock(exclusive=True):
        return 0
    while lock.is_current() and any(keeper_pid(name) for name in _NAMES):
        time.sleep(0.5)
    return 0


def stop() -> int:
    """Stop both servers, whoever uses them, and wait until they are gone."""
    for name in _NAMES:
        limit = time.monotonic() + _STOP_SECONDS
        while (pid := keeper_pid(name)) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            if time.monotonic() > limit:
                raise LocalStackError(f"{name} does not stop; its keeper is process {pid}.")
            time.sleep(0.1)
    return status()


def status() -> int:
    """Print which server runs; returns 0 when at least one does, else 3 as init scripts do."""
    running = {name: pid for name in _NAMES if (pid := keeper_pid(name)) is not None}
    for name in _NAMES:
        print(f"{name}: {'running, kept by process ' + str(running[name]) if name in running else 'stopped'}")
    return 0 if running else 3


def urls() -> int:
    """Print the URLs as shell assignments; starts nothing."""
    print(f"DATABASE_URL={addresses().database_url}\nREDIS_URL={addresses().redis_url}")
    return 0


def main(arguments: list[str]) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tracker.local", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status", "urls", "hold"])
    action = parser.parse_args(arguments).action
    try:
        code = {"start": start, "stop": stop, "status": status, "urls": urls, "hold": hold}[action]()
    except LocalStackError as error:
        print(error, file=sys.stderr)
        return 1
    if action == "stop":
        return 0 if code == 3 else 1
    release()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
