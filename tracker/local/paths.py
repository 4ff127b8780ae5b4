"""Where the embedded stack keeps its files and its sockets."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tracker.local.errors import LocalStackError

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE = "tracker"
DATABASE_USER = "tracker"
# PostgreSQL names its socket file after a port even when it listens on none.
SOCKET_PORT = 5432


@dataclass(frozen=True)
class Layout:
    """The directories of one embedded stack.

    `root` holds everything that lasts. `sockets` is outside of it: a socket's path may have 107 bytes at most
    (``sun_path`` in unix(7)), and a checkout can lie deeper than that or where an unprivileged PostgreSQL
    cannot go.
    """

    root: Path
    sockets: Path

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data directory."""
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        """Redis' working directory."""
        return self.root / "redis"

    @property
    def run(self) -> Path:
        """Locks and the state of running servers."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """The servers' logs."""
        return self.root / "log"

    @property
    def postgres_sockets(self) -> Path:
        """The directory of PostgreSQL's socket; whoever may enter it is trusted."""
        return self.sockets / "postgres"

    @property
    def redis_socket(self) -> Path:
        """Redis' socket."""
        return self.sockets / "redis" / "redis.sock"


@dataclass(frozen=True)
class Addresses:
    """The URLs of the embedded servers, known before they run."""

    database_url: str
    redis_url: str


def current_layout() -> Layout:
    """The stack that this process uses: ``TRACKER_LOCAL_DIR`` or ``.local`` in the checkout.

    A relative ``TRACKER_LOCAL_DIR`` is read from the checkout, so that the current directory has no say.
    """
    return layout_at(CHECKOUT / (os.environ.get("TRACKER_LOCAL_DIR") or ".local"))


def layout_at(root: Path) -> Layout:
    """The stack whose files are under `root`."""
    root = root.resolve()
    # The user is part of the name: two users of one machine must not wait for each other's directory.
    key = hashlib.sha256(f"{os.geteuid()}:{root}".encode(errors="surrogateescape")).hexdigest()[:16]
    return Layout(root=root, sockets=_temporary_directory() / f"governance-tracker-{key}")


def addresses(layout: Layout | None = None) -> Addresses:
    """The URLs of `layout`'s servers (the current one's by default). Starts nothing."""
    layout = layout or current_layout()
    host = quote(str(layout.postgres_sockets), safe="")
    return Addresses(
        database_url=f"postgresql://{DATABASE_USER}@{host}:{SOCKET_PORT}/{DATABASE}",
        redis_url=f"unix://{quote(str(layout.redis_socket))}?db=0",
    )


def make_private_directory(path: Path, mode: int = 0o700) -> None:
    """Create `path` with `mode`, or accept it only if it is this user's own directory.

    Raises LocalStackError when something else has taken the name: in a shared temporary directory that
    may be another user's trap.
    """
    try:
        path.mkdir(mode=mode, parents=False)
    except FileExistsError:
        pass
    except OSError as error:
        raise LocalStackError(f"Cannot create {path}: {error.strerror}.") from error
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise LocalStackError(f"{path} exists and is not this user's directory. Remove it and try again.")
    path.chmod(mode)  # the umask or a former run may have left another mode


def make_layout(layout: Layout) -> None:
    """Create the directories that both servers need.

    Raises LocalStackError when the root belongs to another user or cannot be written.
    """
    try:
        for directory in (layout.root, layout.run, layout.logs):
            directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise LocalStackError(f"Cannot create {error.filename}: {error.strerror}.") from error
    if not os.access(layout.run, os.W_OK):
        owner = layout.run.stat().st_uid
        raise LocalStackError(
            f"{layout.root} belongs to user id {owner}, and this is user id {os.geteuid()}. "
            "Run as that user, or set TRACKER_LOCAL_DIR to a directory of your own."
        )
    # 0711: when PostgreSQL runs as an unprivileged user, it must reach its own directory inside.
    make_private_directory(layout.sockets, 0o711)


def _temporary_directory() -> Path:
    """The system's temporary directory, the same for every process whatever its TMPDIR is."""
    system = Path("/tmp")  # noqa: S108 - only a private directory is made in it
    if system.is_dir() and os.access(system, os.W_OK | os.X_OK):
        return system
    return Path(tempfile.gettempdir())
