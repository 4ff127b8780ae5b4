"""As whom PostgreSQL runs: it refuses user id 0, and initdb refuses a user id that has no name."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracker.local.errors import LocalStackError

LAUNCHER = Path(__file__).with_name("launch.py")
Way = Literal["self", "setuid", "userns"]


@dataclass(frozen=True)
class Identity:
    """A way to run a program: as this process' user, as another one, or renamed in a user namespace."""

    way: Way
    uid: int
    gid: int

    @property
    def owner(self) -> tuple[int, int]:
        """Who owns the files, seen from here: (uid, gid)."""
        return (self.uid, self.gid) if self.way == "setuid" else (os.geteuid(), os.getegid())

    def command(self, program: Sequence[str], die_with: int | None = None) -> list[str]:
        """The argument list that runs `program` so; `die_with` is the signal it gets when this process ends."""
        command = [sys.executable, "-I", str(LAUNCHER)]
        if self.way != "self":
            command += [f"--{self.way}", f"{self.uid}:{self.gid}"]
        if die_with is not None:
            command += ["--die-with", f"{os.getpid()}:{int(die_with)}"]
        return [*command, "--", *program]


def candidates(checkout: Path, ways: Iterable[Way] = ("self", "setuid", "userns")) -> Iterator[Identity]:
    """The identities to try, the least privileged and least surprising first.

    As root that is the checkout's owner (a mounted checkout keeps its owner), a ``postgres`` or ``nobody`` user,
    and last a user namespace, in which the server keeps root's access to files but has no privilege.
    """
    uid, gid = os.geteuid(), os.getegid()
    for way in ways:
        if way == "self" and uid != 0 and _entry(uid) is not None:
            yield Identity("self", uid, gid)
        elif way == "setuid" and uid == 0:
            for entry in _unprivileged(checkout):
                yield Identity("setuid", entry.pw_uid, entry.pw_gid)
        elif way == "userns":
            for entry in _unprivileged(checkout):
                yield Identity("userns", entry.pw_uid, entry.pw_gid)
                break


def works(identity: Identity, program: Path, directory: Path) -> bool:
    """Try it: whether `identity` can execute `program` and reach `directory`, a path that exists."""
    for probe in ([str(program), "--version"], ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory)]):
        try:
            done = subprocess.run(
                identity.command(probe),
                capture_output=True,
                timeout=30,
                check=False,
                stdin=subprocess.DEVNULL,
                cwd="/",
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        if done.returncode != 0:
            return False
    return True


def give(path: Path, identity: Identity) -> None:
    """Make `path` and all below it belong to `identity`, when it does not and this process may change it.

    Raises LocalStackError when the files belong to someone else and this process is not root.
    """
    uid, gid = identity.owner
    if path.lstat().st_uid == uid:
        return
    if os.geteuid() != 0:
        raise LocalStackError(
            f"{path} belongs to user id {path.lstat().st_uid}, and this is user id {os.geteuid()}. "
            "Run as that user, or set TRACKER_LOCAL_DIR to a directory of your own."
        )
    # Its own directory last: an interrupted change is then seen and done again.
    for directory, names, files in os.walk(path, topdown=False):
        for name in (*names, *files):
            os.chown(Path(directory) / name, uid, gid, follow_symlinks=False)
    os.chown(path, uid, gid)


def copy_tree(source: Path, target: Path) -> None:
    """Copy a directory of programs so that everyone can read it; a half-made copy is never used."""
    if target.exists():
        return
    half = target.with_name(target.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(source, half, symlinks=True)
    for entry in (half, *half.rglob("*")):
        if not entry.is_symlink():
            entry.chmod(0o755 if entry.is_dir() or os.access(entry, os.X_OK) else 0o644)
    half.rename(target)


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _unprivileged(checkout: Path) -> Iterator[pwd.struct_passwd]:
    owner = _entry(checkout.stat().st_uid)
    named = []
    for name in ("postgres", "nobody"):
        try:
            named.append(pwd.getpwnam(name))
        except KeyError:
            continue
    seen: set[int] = {0}
    for entry in (owner, *named):
        if entry is not None and entry.pw_uid not in seen:
            seen.add(entry.pw_uid)
            yield entry
