"""Make or renew ``.venv`` from a hashed lock, with nothing but the standard library.

    python3 tracker/local/environment.py requirements-dev.lock

Run as a script by the Makefile, with the interpreter that the environment shall have. A second run sees by the
stamp that nothing has changed and ends at once; an interrupted run has left no stamp and is made anew.
"""

from __future__ import annotations  # a Python that is too old must get as far as being told so

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ENVIRONMENT = CHECKOUT / ".venv"
STAMP = ENVIRONMENT / "installed"
OLDEST = (3, 11)
# Inside an activated .venv the interpreter is the one that is about to be deleted.
BASE = getattr(sys, "_base_executable", None) or sys.executable


def fingerprint(lock: Path) -> str:
    """What the environment is made from: the lock's bytes, the interpreter, and where it lies (scripts name paths)."""
    digest = hashlib.sha256(lock.read_bytes())
    digest.update(f"{sys.version}\0{sys.base_prefix}\0{ENVIRONMENT}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def is_current(wanted: str) -> bool:
    """Whether the environment was finished with this fingerprint and its interpreter still runs."""
    try:
        if STAMP.read_text() != wanted:
            return False
        subprocess.run([ENVIRONMENT / "bin" / "python", "-c", ""], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def build(lock: Path, wanted: str) -> None:
    """Make the environment from nothing, so that it holds what the lock names and nothing else.

    Raises subprocess.CalledProcessError when a step fails.
    """
    count = sum("==" in line for line in lock.read_text().splitlines())
    print(f"Setting up .venv: {count} packages, once; this takes a minute or two.", flush=True)
    STAMP.unlink(missing_ok=True)
    variables = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV"}
    }
    if ENVIRONMENT.is_symlink():
        ENVIRONMENT.unlink()
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    python = str(ENVIRONMENT / "bin" / "python")
    with_pip = (
        subprocess.run([BASE, "-c", "import ensurepip"], capture_output=True, check=False).returncode == 0
    )
    make = [BASE, "-m", "venv", *(() if with_pip else ("--without-pip",)), str(ENVIRONMENT)]
    subprocess.run(make, check=True, env=variables)
    # Some distributions split ensurepip off; a pip of the base interpreter can fill the environment as well.
    pip = [python, "-m", "pip"] if with_pip else [BASE, "-m", "pip", "--python", python]
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    subprocess.run([*pip, "install", *options, "-r", str(lock)], check=True, env=variables)
    STAMP.write_text(wanted)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let two runs in one checkout take turns."""
    directory = CHECKOUT / ".local"
    directory.mkdir(exist_ok=True)
    with (directory / "environment.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """The command line; returns the exit status."""
    if sys.version_info < OLDEST:
        print(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]}.",
            file=sys.stderr,
        )
        return 2
    lock = CHECKOUT / arguments[0]
    with alone():
        wanted = fingerprint(lock)
        if is_current(wanted):
            return 0
        try:
            build(lock, wanted)
        except subprocess.CalledProcessError as error:
            print(
                f"Setting up .venv failed: {error.cmd[0]} ended with status {error.returncode} (its message is above). "
                "Without ensurepip, install your system's python3-venv; without a network, packages cannot be fetched. "
                "Then run the same command again.",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
