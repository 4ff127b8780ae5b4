"""PostgreSQL's own programs (pg_dump, pg_restore): which to run, and how they find the database."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from tracker.local.errors import LocalStackError
from tracker.local.postgres_server import installation

_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
"""libpq's variables for what a connection is made with: nothing of it is on a command line, which others can read."""


class ProgramError(Exception):
    """A program is not there, is too old for the server, or has failed; says why."""


def find(name: str, server: int) -> str:
    """The path of a program that is not older than a server of the major version `server`.

    Looks on PATH and in the wheel of the embedded server. Raises ProgramError.
    """
    found = [shutil.which(name)]
    with contextlib.suppress(LocalStackError):
        found.append(str(installation() / "bin" / name))
    versions = {path: _version(path) for path in found if path and os.access(path, os.X_OK)}
    for path, version in versions.items():
        if version >= server:
            return path
    seen = ", ".join(f"{path} of {version}" for path, version in versions.items()) or "none"
    raise ProgramError(f"{name} of PostgreSQL {server} or newer is needed; found {seen}")


def _version(path: str) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"(\d+)", told)
    return int(match[1]) if match else 0


def environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """This process' environment, and what leads libpq to the connection's database."""
    parameters: dict[str, Any] = connection.get_connection_params()
    return dict(os.environ) | {
        variable: str(parameters[name]) for name, variable in _VARIABLES.items() if parameters.get(name)
    }


def run(connection: BaseDatabaseWrapper, name: str, *arguments: str | Path) -> None:
    """Runs a program against the connection's database. Raises ProgramError with its last words."""
    connection.ensure_connection()
    program = find(name, connection.connection.info.server_version // 10_000)
    done = subprocess.run(
        [program, *map(str, arguments)],
        env=environment(connection),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ProgramError(f"{name} has failed: {done.stderr.strip()[-2000:] or f'status {done.returncode}'}")
