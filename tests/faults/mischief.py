"""What is broken on purpose, in an order and at moments that follow from a seed.

Each fault ends with everything running again, as an administrator or the platform would see to: engines are started,
processes are started again by the supervisor, disks are freed. What was under way is lost with the fault.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

from tests.faults.world import World

_HOUR = 3600.0


@dataclass
class Mischief:
    """Faults for one world; `minute` is how long a minute's absence takes here, in seconds."""

    world: World
    random: Random
    minute: float = 8.0

    def kill_worker(self) -> None:
        """SIGKILL of a whole worker: its leader, then whatever it had forked."""
        self._kill(self.random.choice(self.world.workers))

    def kill_worker_process(self) -> None:
        """SIGKILL of the process of a worker that runs its tasks; the leader stays."""
        self._kill_child(self.random.choice(self.world.workers))

    def kill_web(self) -> None:
        """SIGKILL of gunicorn with all its requests."""
        self._kill("web")

    def kill_web_process(self) -> None:
        """SIGKILL of the process that answers; gunicorn starts another."""
        self._kill_child("web")

    def kill_beat(self) -> None:
        """SIGKILL of the clock."""
        self._kill("beat")

    def restart_postgres(self) -> None:
        """A fast shutdown, which breaks off every transaction, and a start."""
        self.world.engines.postgres.stop()
        self._rest(0.5, 2.0)
        self.world.engines.postgres.start()

    def kill_postgres(self) -> None:
        """SIGKILL of every process of PostgreSQL; it recovers from its log."""
        self.world.engines.postgres.kill()
        self._rest(0.2, 1.0)
        self.world.engines.postgres.start()

    def pause_postgres(self) -> None:
        """Connections stay, and nothing is answered."""
        self.world.engines.postgres.pause()
        try:
            self._rest(self.minute / 4, self.minute / 2)
        finally:
            self.world.engines.postgres.resume()

    def empty_redis(self) -> None:
        """Messages, limits, turns and caches are gone at once."""
        self.world.engines.empty_redis()

    def stop_redis(self) -> None:
        """Redis is away for a minute and comes back empty."""
        self.world.engines.redis.stop()
        time.sleep(self.minute)
        self.world.engines.redis.start()

    def pause_redis(self) -> None:
        """Redis takes connections and answers nobody."""
        self.world.engines.redis.pause()
        try:
            self._rest(self.minute / 4, self.minute / 2)
        finally:
            self.world.engines.redis.resume()

    def step_clock(self) -> None:
        """The clock of workers, beat and web jumps an hour ahead, two hours back, and to the right time again."""
        try:
            for off in self.random.sample((_HOUR, -_HOUR), 2):
                self.world.set_clock(off)
                self._rest(2.0, 4.0)
        finally:
            self.world.set_clock(0.0)

    def fill_disk(self) -> None:
        """No byte is left where PostgreSQL's files are; freed after a while. PostgreSQL ends at that, often."""
        engine = self.world.engines.postgres
        with full(self.world.engines.layout.root):
            self._rest(2.0, 4.0)
        deadline = time.monotonic() + 10
        while engine.alive and not engine.server.answers() and time.monotonic() < deadline:
            time.sleep(0.1)
        if not engine.server.answers():
            engine.kill()
            engine.start()

    def _kill(self, name: str) -> None:
        for process in self.world.processes_of(name)[:1]:
            _kill(process)

    def _kill_child(self, name: str) -> None:
        forked = self.world.processes_of(name)[1:]
        if forked:
            _kill(self.random.choice(forked))

    def _rest(self, least: float, most: float) -> None:
        time.sleep(self.random.uniform(least, most))


FAULTS: dict[str, Callable[[Mischief], None]] = {
    name: getattr(Mischief, name)
    for name in (
        "kill_worker",
        "kill_worker_process",
        "kill_web",
        "kill_web_process",
        "kill_beat",
        "restart_postgres",
        "kill_postgres",
        "pause_postgres",
        "empty_redis",
        "stop_redis",
        "pause_redis",
        "step_clock",
        "fill_disk",
    )
}
"""Every fault by its name."""


def in_turn(mischief: Mischief, names: list[str], rest: tuple[float, float] = (0.5, 2.5)) -> None:
    """These faults one after the other, each at a moment that nobody chose."""
    for name in names:
        time.sleep(mischief.random.uniform(*rest))
        FAULTS[name](mischief)


@contextlib.contextmanager
def full(folder: Path) -> Iterator[None]:
    """Fills the small file system of `folder` to its last byte while the block runs.

    Raises AssertionError for one that is not small: this is nothing to do to a machine's disk.
    """
    free = os.statvfs(folder)
    assert free.f_blocks * free.f_frsize <= 1 << 30, f"{folder} is on a large file system"
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(1 << 16)):
                pass
        yield
    finally:
        filler.unlink(missing_ok=True)


def _kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)
