"""PostgreSQL and Redis of one deployment, to be stopped, killed, paused and emptied by a test.

They are the programs that the embedded stack brings along, but listen on a network address, as in a deployment:
an administrator's `DATABASE_URL` and `REDIS_URL` name them, and hosts of their own can reach them.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import redis
from psycopg.conninfo import make_conninfo

from tracker.local.identity import Identity
from tracker.local.paths import DATABASE, DATABASE_USER, Layout, layout_at, make_layout
from tracker.local.postgres_server import PostgresServer
from tracker.local.redis_server import RedisServer, program
from tracker.local.servers import Server

LOOPBACK = "127.0.0.1"


def free_port(host: str = LOOPBACK) -> int:
    """A port of the address that nobody listens on."""
    with socket.create_server((host, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


class _Postgres(PostgresServer):
    """PostgreSQL on a network address. Whoever reaches the address is let in: it is one of this machine alone.

    It survives its own death, not that of the machine, which no test brings about: nothing waits for the disk.
    """

    def __init__(self, layout: Layout, host: str, port: int) -> None:
        super().__init__(layout)
        self.host, self.port = host, port

    def prepare(self) -> None:
        super().prepare()
        rules = f"local all all trust\nhost all all {self.host}/24 trust\n"
        (self.data / "pg_hba.conf").write_text(rules)

    def _dsn(self) -> str:
        return make_conninfo(
            host=str(self.layout.postgres_sockets), port=self.port, user=DATABASE_USER, dbname="postgres"
        )

    def _options(self) -> dict[str, str]:
        hasty = {"fsync": "off", "full_page_writes": "off"}
        # Clients that a cut network has taken away are noticed within seconds, as docs/operations.md asks for.
        alive = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
        return super()._options() | hasty | alive | {"listen_addresses": self.host, "port": str(self.port)}


class _Redis(RedisServer):
    """Redis on a network address."""

    def __init__(self, layout: Layout, host: str, port: int) -> None:
        super().__init__(layout)
        self.host, self.port = host, port

    def command(self) -> list[str]:
        options = f"--bind {self.host} --port {self.port} --protected-mode no --tcp-keepalive 5 --save --appendonly no".split()
        options.insert(options.index("--save") + 1, "")
        return Identity("self", 0, 0).command([str(program()), *options], die_with=signal.SIGTERM)

    def answers(self) -> bool:
        with contextlib.closing(redis.Redis(self.host, self.port, socket_timeout=2)) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


class Engine:
    """One server under a test's hand. It must be started by the thread that outlives it: the kernel ends it with
    that one."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self.server.prepare()
        for _ in range(20):
            with self.server.log.open("ab") as log:
                self.process = self.server.spawn(log)
            if self._answers():
                return
            time.sleep(0.5)  # the children of a killed server need a moment to see that it is gone
        raise AssertionError(f"{self.server.name} does not start again: {self.server.last_words()}")

    def _answers(self) -> bool:
        if self.process is None:
            return False
        while self.process.poll() is None:
            if self.server.answers():
                self.server.complete()
                return True
            time.sleep(0.05)
        return False

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stops it as an administrator would."""
        if self.process is not None:
            self.resume()
            self.server.stop(self.process)

    def kill(self) -> None:
        """SIGKILL for the server and every process of it."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process is not None:
            self.process.wait()

    def pause(self) -> None:
        """SIGSTOP: connections stay open, and nothing is answered."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def resume(self) -> None:
        """SIGCONT."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    def _processes(self) -> list[psutil.Process]:
        if self.process is None or self.process.poll() is not None:
            return []
        leader = psutil.Process(self.process.pid)
        return [leader, *leader.children(recursive=True)]


class Engines:
    """Both servers of a deployment, below `folder`."""

    def __init__(self, folder: Path, host: str = LOOPBACK) -> None:
        layout = layout_at(folder)
        make_layout(layout)
        self.host, self.layout = host, layout
        self.postgres_port, self.redis_port = free_port(host), free_port(host)
        self.postgres = Engine(_Postgres(layout, host, self.postgres_port))
        self.redis = Engine(_Redis(layout, host, self.redis_port))

    @property
    def database_url(self) -> str:
        """What `DATABASE_URL` is set to."""
        return f"postgresql://{DATABASE_USER}@{self.host}:{self.postgres_port}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        """What `REDIS_URL` is set to."""
        return f"redis://{self.host}:{self.redis_port}/0"

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the test's own, each statement a transaction."""
        return psycopg.connect(self.database_url, autocommit=True, connect_timeout=10)

    def empty_redis(self) -> None:
        """Every message, limit and cache is gone."""
        with contextlib.closing(redis.Redis(self.host, self.redis_port, socket_timeout=10)) as client:
            client.flushall()

    def waiting_messages(self) -> int:
        """Messages that no worker has taken."""
        with contextlib.closing(redis.Redis(self.host, self.redis_port, socket_timeout=10)) as client:
            return sum(int(client.llen(name)) for name in ("fetch", "extract", "alerts", "default", "celery"))


@contextlib.contextmanager
def running(folder: Path, host: str = LOOPBACK) -> Iterator[Engines]:
    """Both servers, gone at the end."""
    engines = Engines(folder, host)
    try:
        engines.postgres.start()
        engines.redis.start()
        yield engines
    finally:
        for engine in (engines.redis, engines.postgres):
            with contextlib.suppress(Exception):
                engine.stop()
