"""Runs a set of services until it is told to stop, and leaves none of them behind.

    with Supervisor(services) as supervisor:   # returns when all are ready
        ...                                    # the demo's own work; their logs go on
        supervisor.wait()

Each service is the leader of a session and process group of its own, so a Ctrl-C in the terminal reaches the
supervisor alone, which stops them in the reverse order of their start. If the supervisor is killed, its guard
(`tracker.local.guard`) ends the groups, and on Linux the kernel sends each leader SIGTERM as well.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any, Self, TextIO

from tracker.local.console import Console
from tracker.local.errors import LocalStackError
from tracker.local.guard import lives
from tracker.local.identity import LAUNCHER
from tracker.local.paths import CHECKOUT
from tracker.local.readiness import AtOnce, Readiness

_PAUSE = 0.1  # seconds between two looks
_MAX_LINE = 16384  # bytes of a log line that are kept
_KEPT_LINES = 500
_MINUTE = 60.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# When set to the process id of the parent (as `make` does), the supervisor ends with that parent, also if it is killed.
PARENT_VARIABLE = "TRACKER_STOP_WITH_PARENT"


@dataclass(frozen=True)
class Service:
    """One long-running program.

    `env` is added to this process' environment; `pass_fds` are inherited descriptors (a listening socket);
    `grace` is how many seconds it has between SIGTERM and SIGKILL; `restarts` how often a minute it may be
    started again when it ends by itself.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Readiness = field(default_factory=AtOnce)
    pass_fds: Sequence[int] = ()
    cwd: Path = CHECKOUT
    grace: float = 10.0
    restarts: int = 3


class Interrupted(BaseException):
    """A signal asked the supervisor to end. Not an Exception, so that no handler of errors takes it for one.

    `status` is the shell's exit status for it, 128 + the signal's number.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number


class ServiceFailed(LocalStackError):
    """A service did not become ready, or ended more often than it may."""


class _Running:
    """A started service."""

    def __init__(self, service: Service, process: "subprocess.Popen[bytes]") -> None:
        self.service = service
        self.process = process
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self.reader: threading.Thread | None = None


class Supervisor:
    """A context manager: services run and are ready inside of it, and are gone after it.

    Entering raises ServiceFailed when one does not get ready, after stopping the others. Inside, SIGINT, SIGTERM
    and SIGHUP raise Interrupted in the main thread; a second signal while stopping kills at once.
    """

    def __init__(
        self,
        services: Sequence[Service],
        *,
        output: TextIO | None = None,
        log_directory: Path | None = None,
        echo: bool = True,
    ) -> None:
        """`echo` false keeps the services' lines off `output`; `log_directory` gets one file a service, anew each time."""
        if len({service.name for service in services}) != len(services):
            raise ValueError("two services have the same name")
        self._services = list(services)
        self._console = Console(output or sys.stdout, [*(service.name for service in services), "supervisor"])
        self._log_directory = log_directory
        self._echo = echo
        self._running: dict[str, _Running] = {}
        self._ends: dict[str, list[float]] = {service.name: [] for service in services}
        self._guard: subprocess.Popen[bytes] | None = None
        self._old_handlers: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._hurry = False
        self._failure: str | None = None
        self._monitor: threading.Thread | None = None
        self._all_gone = threading.Event()

    # Life

    def __enter__(self) -> Self:
        try:
            for number in _SIGNALS:
                self._old_handlers[number] = signal.signal(number, self._on_signal)
            self._start_guard()
            for service in self._services:
                self._start(service)
            self._wait_until_ready()
            self._monitor = threading.Thread(target=self._watch, name="supervisor", daemon=True)
            self._monitor.start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stop()
        except Interrupted:  # the first signal, in the moment before the stop began
            self._stop()
            raise

    def wait(self) -> None:
        """Block until a signal (raises Interrupted) or until a service fails for good (raises ServiceFailed)."""
        while True:
            self.check()
            time.sleep(_PAUSE)

    def check(self) -> None:
        """Raise ServiceFailed if a service has failed for good; returns at once. For long work beside the services."""
        if self._failure is not None:
            raise ServiceFailed(self._failure)
        if self._console.broken:
            raise ServiceFailed("Nobody reads the output any more.")

    def say(self, text: str) -> None:
        """Print a line of the supervisor's own among the services' logs."""
        self._console.line("supervisor", text)

    def pids(self) -> dict[str, int]:
        """The process id of each service that runs now."""
        return {name: running.process.pid for name, running in list(self._running.items())}

    # Start

    def _start_guard(self) -> None:
        self._guard = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).with_name("guard.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def _tell_guard(self, line: str) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                self._guard.stdin.write(f"{line}\n".encode())
                self._guard.stdin.flush()

    def _start(self, service: Service) -> None:
        launcher = [
            sys.executable,
            "-I",
            str(LAUNCHER),
            "--die-with",
            f"{os.getpid()}:{int(signal.SIGTERM)}",
            "--",
        ]
        with _signals_held():  # no signal between the start and its entry in the books
            process = subprocess.Popen(
                [*launcher, *service.argv],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=service.cwd,
                env=os.environ | {"PYTHONUNBUFFERED": "1"} | dict(service.env),
                pass_fds=tuple(service.pass_fds),
                start_new_session=True,
            )
            self._tell_guard(f"+{process.pid}")
            running = _Running(service, process)
            self._running[service.name] = running
        running.reader = threading.Thread(target=self._read, args=(running,), name=service.name, daemon=True)
        running.reader.start()

    def _wait_until_ready(self) -> None:
        waiting = [self._running[service.name] for service in self._services]
        began = time.monotonic()
        while waiting:
            for running in list(waiting):
                name, took = running.service.name, time.monotonic() - began
                if running.service.ready.check(tuple(running.lines)):
                    self.say(f"{name} is ready after {took:.1f} s")
                    waiting.remove(running)
                elif running.process.poll() is not None:
                    raise ServiceFailed(
                        f"{name} {_how(running.process)} before it was ready.{self._tail(running)}"
                    )
                elif took > running.service.ready.seconds:
                    raise ServiceFailed(f"{name} is not ready after {took:.0f} s.{self._tail(running)}")
            if waiting:
                time.sleep(_PAUSE)

    def _tail(self, running: _Running) -> str:
        """The end of its log, for an error message; nothing when it was shown already."""
        if running.reader is not None:
            running.reader.join(1)
        return (
            ""
            if self._echo
            else "".join(f"\n{running.service.name} | {line}" for line in list(running.lines)[-20:])
        )

    # Run

    def _read(self, running: _Running) -> None:
        name = running.service.name
        stream = running.process.stdout
        if stream is None:
            return
        with self._log_file(name) as log:
            for raw in iter(lambda: stream.readline(_MAX_LINE), b""):
                text = raw.decode(errors="replace").rstrip("\r\n")
                running.lines.append(text)
                if log is not None:
                    # On a full disk lines are lost. Whoever did not read on would have the service wait for ever.
                    with contextlib.suppress(OSError):
                        log.write(text.encode() + b"\n")
                if self._echo:
                    self._console.line(name, text)

    @contextlib.contextmanager
    def _log_file(self, name: str) -> Iterator[IO[bytes] | None]:
        if self._log_directory is None:
            yield None
            return
        try:
            self._log_directory.mkdir(parents=True, exist_ok=True)
            # Unbuffered: what could not be written is not tried again when the file is closed.
            log = (self._log_directory / f"{name}.log").open("ab" if self._ends[name] else "wb", buffering=0)
        except OSError:
            yield None
            return
        with log:
            yield log

    def _watch(self) -> None:
        """The monitor thread. It lives until all services are gone: the kernel ends what a thread started with it."""
        parent = os.environ.get(PARENT_VARIABLE, "")
        while not self._stopping.wait(_PAUSE):
            if parent.isdigit() and os.getppid() != int(parent):
                parent = ""
                os.kill(os.getpid(), signal.SIGTERM)
            for running in list(self._running.values()):
                if running.process.poll() is not None and self._failure is None:
                    self._revive(running)
        self._all_gone.wait()

    def _revive(self, running: _Running) -> None:
        service, name = running.service, running.service.name
        self._bury(running)
        now = time.monotonic()
        self._ends[name] = [*(end for end in self._ends[name] if now - end < _MINUTE), now]
        text = f"{name} {_how(running.process)}"
        if len(self._ends[name]) > service.restarts:
            self._failure = f"{text}, {len(self._ends[name])} times within a minute.{self._tail(running)}"
            return
        self.say(f"{text}; starting it again ({len(self._ends[name])} of {service.restarts})")
        if not self._stopping.is_set():
            self._start(service)

    def _bury(self, running: _Running) -> None:
        """End what is left of a group whose leader has ended, and forget it."""
        group = running.process.pid
        if lives(group):
            with contextlib.suppress(OSError):
                os.killpg(group, signal.SIGKILL)
        self._tell_guard(f"-{group}")
        self._running.pop(running.service.name, None)

    # Stop

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._stopping.is_set():
            self._hurry = True
            return
        # From here on the stop is under way; the next signal only hurries it.
        self._stopping.set()
        raise Interrupted(number)

    def _stop(self) -> None:
        self._stopping.set()
        for service in reversed(self._services):
            running = self._running.get(service.name)
            if running is not None:
                self._stop_one(running)
        self._all_gone.set()
        if self._monitor is not None:
            self._monitor.join()
        for running in list(self._running.values()):  # started by the monitor at the last moment
            self._stop_one(running)
        if self._guard is not None:
            if self._guard.stdin is not None:
                with contextlib.suppress(OSError):
                    self._guard.stdin.close()
            self._guard.wait()
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)

    def _stop_one(self, running: _Running) -> None:
        process, service = running.process, running.service
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            limit = time.monotonic() + service.grace
            while process.poll() is None and time.monotonic() < limit and not self._hurry:
                time.sleep(_PAUSE / 4)
            if process.poll() is None:
                self.say(f"{service.name} does not stop; killing it")
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._bury(running)
        if running.reader is not None:
            running.reader.join(2)
        self.say(f"{service.name} {_how(process)}")


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold back the signals that stop the supervisor for a moment (in the main thread, where they arrive)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how(process: "subprocess.Popen[bytes]") -> str:
    code = process.poll()
    if code is None:
        return "runs"
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return "has stopped" if code == 0 else f"ended with status {code}"
