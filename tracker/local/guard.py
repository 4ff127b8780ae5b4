"""The supervisor's guard: a process that outlives it just long enough to end what it has left.

Run as a script, isolated. The supervisor holds the other end of its stdin and writes ``+PID`` when it starts a
process group and ``-PID`` when that group is gone. The end of the input, which the kernel brings about whichever way
the supervisor ends, is the sign to end the groups that remain: SIGTERM, then SIGKILL.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 5.0


def remaining(lines: Iterable[str]) -> list[int]:
    """The process groups that the input names and does not take back, in the order of their start."""
    groups: dict[int, None] = {}
    for line in lines:
        sign, number = line[:1], line[1:].strip()
        if not number.isdigit():
            continue
        if sign == "+":
            groups[int(number)] = None
        elif sign == "-":
            groups.pop(int(number), None)
    return list(groups)


def lives(group: int) -> bool:
    """Whether a process group still has a member."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end(groups: list[int]) -> None:
    """End the groups: their leaders kindly, after the grace period every member."""
    for group in reversed(groups):
        with contextlib.suppress(OSError):
            os.kill(group, signal.SIGTERM)
    limit = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < limit and any(map(_leader_lives, groups)):
        time.sleep(0.05)
    for group in groups:
        if lives(group):
            with contextlib.suppress(OSError):
                os.killpg(group, signal.SIGKILL)


def _leader_lives(group: int) -> bool:
    try:
        os.kill(group, 0)
    except OSError:
        return False
    return True


def main() -> None:
    """Wait for the end of the input, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end(remaining(sys.stdin))


if __name__ == "__main__":
    main()
