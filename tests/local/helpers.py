"""What the tests of the embedded stack share: programs run as processes of their own, and who is left of them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tracker.local.paths import CHECKOUT, Layout, layout_at

LIMIT = 60.0  # seconds after which a wait has failed; no test measures time


def eventually(question: Callable[[], bool], seconds: float = LIMIT) -> bool:
    """Ask again and again; the last answer."""
    limit = time.monotonic() + seconds
    while not question():
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True


class Stack:
    """One embedded stack in a directory of a test's own."""

    def __init__(self, root: Path) -> None:
        self.layout: Layout = layout_at(root)
        self.durable = False
        self.started: list[subprocess.Popen[str]] = []

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a program that uses this stack."""
        kept = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
        }
        return (
            kept
            | {
                "TRACKER_LOCAL_DIR": str(self.layout.root),
                "TRACKER_LOCAL_DURABLE": str(int(self.durable)),
                "PYTHONUNBUFFERED": "1",
            }
            | extra
        )

    def start(self, code: str, **extra: str) -> "subprocess.Popen[str]":
        """Run Python `code` with the checkout importable; stdin and stdout are pipes."""
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=CHECKOUT,
            env=self.environment(**extra),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, code: str, **extra: str) -> str:
        """Run Python `code` to its end and return what it printed. Raises when it fails."""
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=CHECKOUT,
            env=self.environment(**extra),
            check=True,
            capture_output=True,
            text=True,
            timeout=LIMIT * 2,
        ).stdout.strip()

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run ``python -m tracker.local`` with arguments."""
        return subprocess.run(
            [sys.executable, "-m", "tracker.local", *arguments],
            cwd=CHECKOUT,
            env=self.environment(),
            check=False,
            capture_output=True,
            text=True,
            timeout=LIMIT * 2,
        )

    def processes(self) -> list[psutil.Process]:
        """Every living process of this stack: keepers, servers and their children."""
        return [process for process in psutil.process_iter() if self._mine(process)]

    def close(self) -> None:
        """End whatever a failed test has left."""
        for process in self.started:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
        eventually(lambda: not self.processes(), 20)
        for left in self.processes():
            left.kill()

    def _mine(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
                return False
            if Path(process.cwd()) in (self.layout.postgres, self.layout.redis):
                return True
            command = " ".join(process.cmdline())
            if " -m tracker.local" in command:
                return process.environ().get("TRACKER_LOCAL_DIR") == str(self.layout.root)
            return self.layout.sockets.name in command
        except psutil.Error:
            return False


USE_UNTIL_EOF = """
import sys
from tracker.local import ensure
ensure()
print("using", flush=True)
sys.stdin.read()
"""
"""A program that uses both servers until its input ends."""


def use(stack: Stack, code: str = USE_UNTIL_EOF) -> "subprocess.Popen[str]":
    """Start a user of both servers and return when it uses them."""
    user = stack.start(code)
    assert user.stdout is not None
    assert user.stdout.readline() == "using\n"
    return user


def finish(user: "subprocess.Popen[str]") -> int:
    """End the input of a program and wait for its end."""
    assert user.stdin is not None
    user.stdin.close()
    return user.wait(LIMIT)


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
