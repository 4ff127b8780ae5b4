"""gunicorn's settings: `gunicorn --config=python:tracker.seeing.gunicorn tracker.wsgi:application`.

The server's lines are written as all others are, without secrets: addresses of subscribers' pages hold tokens. Each
request is said by the application (tracker.seeing.requests), so there is no access log unless one is asked for. The
processes count into one directory, which lasts as long as the server.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger as GunicornLogger

from tracker.conf.logs import log_format
from tracker.seeing import formatting

_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
_NAME = "tracker-counts-"


class Logger(GunicornLogger):  # type: ignore[misc]
    """gunicorn's, whose lines have our form and pass our redaction."""

    def setup(self, cfg: Any) -> None:
        """Sets up gunicorn's handlers, then has them write as the application does."""
        super().setup(cfg)
        form = getattr(formatting, log_format())()
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(form)


logger_class = Logger
accesslog = None


def on_starting(server: Any) -> None:
    """Makes the directory of the counts before the first process begins, empty: those of an earlier run are not ours.

    Where PROMETHEUS_MULTIPROC_DIR names one, that is used.
    """
    given = os.environ.get(_COUNTS)
    parent = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir())  # noqa: S108
    if not given:
        _sweep(parent)
        os.environ[_COUNTS] = tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-", dir=parent)
    directory = Path(os.environ[_COUNTS])
    directory.mkdir(parents=True, exist_ok=True)
    for file in directory.glob("*.db"):
        file.unlink(missing_ok=True)


def _sweep(parent: Path) -> None:
    """Removes what servers of this user have left that were killed."""
    for directory in parent.glob(f"{_NAME}*"):
        pid = directory.name.removeprefix(_NAME).partition("-")[0]
        try:
            if pid.isdigit() and directory.stat().st_uid == os.geteuid():
                os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(directory, ignore_errors=True)
        except OSError:
            continue


def child_exit(server: Any, worker: Any) -> None:
    """Forgets what a process had in hand when it ended; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Leaves nothing behind."""
    directory = Path(os.environ.get(_COUNTS, ""))
    if directory.name.startswith(f"{_NAME}{os.getpid()}-"):
        shutil.rmtree(directory, ignore_errors=True)
