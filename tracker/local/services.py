"""The commands of the web server, the worker and beat, the same wherever they run."""

import os
import socket
import sys
from pathlib import Path

from tracker.local.readiness import HttpReady, LogReady
from tracker.local.supervisor import Service

# By module, not by script: a script's first line names its interpreter by a path that breaks when the checkout moves.
_GUNICORN = [sys.executable, "-m", "gunicorn"]
_CELERY = [sys.executable, "-m", "celery"]


def gunicorn(*arguments: str) -> list[str]:
    """gunicorn's argument list for the application, with what is the same everywhere."""
    return [
        *_GUNICORN,
        "tracker.wsgi:application",
        # It would be one socket for all servers of a user, in the home directory, which need not exist.
        "--no-control-socket",
        "--worker-tmp-dir=/dev/shm" if os.access("/dev/shm", os.W_OK) else "--worker-tmp-dir=/tmp",  # noqa: S108
        "--config=python:tracker.seeing.gunicorn",
        *arguments,
    ]


def web(listener: socket.socket, *, threads: int = 8) -> Service:
    """gunicorn on a socket that listens already; ready when `/` is answered."""
    host, port = listener.getsockname()[:2]
    # One process: it starts fast, and threads serve a demo well.
    argv = gunicorn(
        f"--bind=fd://{listener.fileno()}", "--workers=1", f"--threads={threads}", "--graceful-timeout=5"
    )
    return Service(
        "web",
        argv,
        ready=HttpReady(f"http://{host}:{port}/"),
        pass_fds=[listener.fileno()],
    )


def worker(*, concurrency: int = 2, log_level: str = "info") -> Service:
    """A Celery worker; ready when it says so. Its tasks have 20 seconds to end when it is stopped."""
    return Service(
        "worker",
        [
            *_CELERY,
            "--quiet",
            "-A",
            "tracker",
            "worker",
            f"--loglevel={log_level}",
            f"--concurrency={concurrency}",
        ],
        ready=LogReady(r"celery@\S+ ready\."),
        grace=20.0,
    )


def beat(schedule: Path, *, log_level: str = "info") -> Service:
    """Celery's clock, which keeps its last run times in the file `schedule`."""
    return Service(
        "beat",
        [
            *_CELERY,
            "--quiet",
            "-A",
            "tracker",
            "beat",
            f"--loglevel={log_level}",
            f"--schedule={schedule}",
            "--pidfile=",
        ],
        ready=LogReady(r"beat: Starting"),
    )
