"""Become another user if asked, bind this process' life to its parent's, and turn into a server.

Run as a script, isolated (``python -I launch.py ...``), so it imports the standard library alone:

    launch.py [--setuid UID:GID | --userns UID:GID] [--die-with PARENT_PID:SIGNAL] -- PROGRAM [ARGUMENT ...]
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000  # linux/sched.h
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def become(uid: int, gid: int) -> None:
    """Give up root for an ordinary user, for good."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def enter_user_namespace(uid: int, gid: int) -> None:
    """Stay the same user outside, but be called `uid` inside: PostgreSQL refuses to run as number 0.

    The maps are written as user_namespaces(7) asks: setgroups is denied before gid_map.
    """
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    _check(_libc().unshare(_CLONE_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {outer_gid} 1")
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def die_with(parent: int, number: int) -> None:
    """Have the kernel send `number` when the parent ends (Linux; elsewhere the parent's own clean-up must do)."""
    if not sys.platform.startswith("linux"):
        return
    _check(_libc().prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0), "prctl")
    if os.getppid() != parent:  # it ended before the request
        sys.exit(128 + number)


def main(arguments: list[str]) -> None:
    """Read the options and execute the program; returns only by an exception."""
    end = arguments.index("--")
    options = dict(zip(arguments[:end:2], arguments[1:end:2], strict=True))
    for name, change in (("--setuid", become), ("--userns", enter_user_namespace)):
        if name in options:
            uid, gid = options[name].split(":")
            change(int(uid), int(gid))
    os.umask(0o077)
    # After the change of user: that clears the request.
    if "--die-with" in options:
        parent, number = options["--die-with"].split(":")
        die_with(int(parent), int(number))
    program = arguments[end + 1 :]
    # A parent may have blocked or ignored what the server is stopped with.
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    for number_ in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number_, signal.SIG_DFL)
    os.execv(program[0], program)  # noqa: S606 - a list of arguments, no shell


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as failure:
        sys.exit(f"launch: {failure}")
