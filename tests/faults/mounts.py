"""A small file system for a disk that is to run full."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_MEGABYTES = 320


@cache
def why_no_disk() -> str:
    """Why no small file system can be mounted here; "" where it can."""
    if os.geteuid() != 0:
        return "mounting a small file system needs root"
    if shutil.which("mount") is None:
        return "there is no mount command"
    with tempfile.TemporaryDirectory() as folder:
        done = _mount(Path(folder))
        if done.returncode:
            return f"no file system can be mounted here: {done.stderr.strip()}"
        _unmount(Path(folder))
    return ""


@contextmanager
def small_disk(folder: Path, megabytes: int = _MEGABYTES) -> Iterator[Path]:
    """Mounts a small file system at `folder`, made if need be, and takes it away at the end; where that is not
    possible, the folder is an ordinary one."""
    folder.mkdir(parents=True, exist_ok=True)
    if why_no_disk():
        yield folder
        return
    done = _mount(folder, megabytes)
    assert done.returncode == 0, done.stderr
    try:
        yield folder
    finally:
        _unmount(folder)


def _mount(folder: Path, megabytes: int = 1) -> subprocess.CompletedProcess[str]:
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def _unmount(folder: Path) -> None:
    # Lazily: a process of a failed test may still have a file open there.
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
