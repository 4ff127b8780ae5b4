"""flock(2) locks: the kernel drops them when the last process that holds them ends, however it ends."""

import fcntl
import os
import time
from pathlib import Path

from tracker.local.errors import LocalStackError

_PAUSE = 0.05  # seconds between two tries


class Lock:
    """An open lock file. Forked children share the lock; closing in one of them does not free it."""

    def __init__(self, path: Path) -> None:
        """Open (and create) the lock file. Raises LocalStackError when this user may not."""
        self.path = path
        try:
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LocalStackError(f"Cannot open {path}: {error.strerror}.") from error

    def try_lock(self, *, exclusive: bool) -> bool:
        """Take the lock, or convert it, if nobody is in the way; tells whether it is held now."""
        if self._descriptor is None:
            return False
        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def lock(self, *, exclusive: bool, seconds: float) -> bool:
        """Wait up to `seconds` for the lock; tells whether it is held now."""
        limit = time.monotonic() + seconds
        while not self.try_lock(exclusive=exclusive):
            if time.monotonic() >= limit:
                return False
            time.sleep(_PAUSE)
        return True

    def is_current(self) -> bool:
        """Whether the path still names the file that is open here; false after someone deleted it."""
        if self._descriptor is None:
            return False
        try:
            named = os.stat(self.path)  # noqa: PTH116 - compared with fstat
        except OSError:
            return False
        held = os.fstat(self._descriptor)
        return (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)

    def close(self) -> None:
        """Close the file; the lock is free once every process that shares it has closed it.

        Never LOCK_UN: that would take the lock from the forks as well.
        """
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
