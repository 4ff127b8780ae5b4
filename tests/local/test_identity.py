"""PostgreSQL refuses to run as root: the ways around that, each with a real server."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.local.helpers import LIMIT, Stack
from tracker.local.errors import LocalStackError
from tracker.local.identity import LAUNCHER, Way, candidates, copy_tree
from tracker.local.paths import CHECKOUT, layout_at, make_layout
from tracker.local.postgres_server import PostgresServer, installation

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else"),
]


@contextmanager
def serving(server: PostgresServer) -> Iterator[psutil.Process]:
    """The postmaster of a server that runs while the block does."""
    make_layout(server.layout)
    server.prepare()
    with server.log.open("ab") as log:
        process = server.spawn(log)
    try:
        server.wait_ready(process)
        yield psutil.Process(process.pid)
    finally:
        server.stop(process)
        shutil.rmtree(server.layout.sockets, ignore_errors=True)


@pytest.fixture
def private_directory() -> Iterator[Path]:
    """A directory that only root may enter, as /root is."""
    path = Path(tempfile.mkdtemp(dir="/tmp"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def public_programs(public_directory: Path) -> Path:
    """PostgreSQL's programs where every user can run them; the checkout may lie below a private directory."""
    installed = installation()
    package = installed.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        copy_tree(libraries, public_directory / libraries.name)
    (public_directory / package.name).mkdir()
    copy_tree(installed, public_directory / package.name / installed.name)
    return public_directory / package.name / installed.name


def user_namespaces_work() -> bool:
    """Whether this machine lets root make one; many containers do not."""
    done = subprocess.run(
        [sys.executable, "-I", str(LAUNCHER), "--userns", "65534:65534", "--", "/bin/true"],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def test_root_runs_it_as_an_unprivileged_user(public_directory: Path, public_programs: Path) -> None:
    server = PostgresServer(layout_at(public_directory / "stack"), durable=False, ways=("setuid",))
    server.programs = public_programs

    with serving(server) as postmaster:
        owner = server.layout.postgres.stat().st_uid
        assert postmaster.uids().real != 0
        assert postmaster.uids().real == owner


def test_root_runs_it_in_a_user_namespace_below_a_private_directory(private_directory: Path) -> None:
    if not user_namespaces_work():
        pytest.skip("no user namespaces here")
    server = PostgresServer(
        layout_at(private_directory / "stack"), durable=False, ways=("self", "setuid", "userns")
    )

    with serving(server):
        assert server.identity is not None
        assert server.identity.way == "userns"
        assert (server.layout.postgres / "PG_VERSION").exists()


def test_root_without_namespaces_keeps_the_data_where_it_can_be_reached(private_directory: Path) -> None:
    server = PostgresServer(layout_at(private_directory / "stack"), durable=False, ways=("setuid",))
    try:
        with serving(server) as postmaster:
            assert postmaster.uids().real != 0
            assert not server.layout.postgres.exists()
            assert (server.layout.root / "postgres.elsewhere").read_text().strip() == str(server.data)
        # The second run finds the first one's data.
        again = PostgresServer(layout_at(private_directory / "stack"), durable=False, ways=("setuid",))
        made = (server.data / "PG_VERSION").stat().st_mtime_ns
        with serving(again):
            assert (again.data / "PG_VERSION").stat().st_mtime_ns == made
        # A stack that was deleted takes its data along.
        shutil.rmtree(server.layout.root)
        fresh = PostgresServer(layout_at(private_directory / "stack"), durable=False, ways=("setuid",))
        with serving(fresh):
            assert (fresh.data / "PG_VERSION").stat().st_mtime_ns != made
    finally:
        shutil.rmtree(server.data.parent)


def test_data_made_in_one_way_is_used_in_the_other(public_directory: Path, public_programs: Path) -> None:
    if not user_namespaces_work():
        pytest.skip("no user namespaces here")
    layout = layout_at(public_directory / "stack")
    ways: list[Way] = ["userns", "setuid", "userns"]

    owners = []
    for way in ways:
        server = PostgresServer(layout, durable=False, ways=(way,))
        server.programs = public_programs
        with serving(server):
            owners.append(layout.postgres.stat().st_uid != 0)

    assert owners == [False, True, False]


def test_with_no_way_left_the_message_names_the_way_out(public_directory: Path) -> None:
    server = PostgresServer(layout_at(public_directory / "stack"), durable=False, ways=("self",))

    with pytest.raises(LocalStackError, match="set DATABASE_URL"), serving(server):
        pass


def test_the_owner_of_the_checkout_comes_first(public_directory: Path) -> None:
    os.chown(public_directory, 1, 1)

    first = next(candidates(public_directory, ("setuid",)))

    assert first.uid == 1


def test_an_ordinary_user_needs_no_detour(public_directory: Path) -> None:
    # Inside the namespace this process has an ordinary user's number and none of root's powers.
    if not user_namespaces_work():
        pytest.skip("no user namespaces here")
    stack = Stack(public_directory / "stack")
    code = (
        "import os; assert os.geteuid() != 0\n"
        "from tracker.local import ensure\n"
        "from tracker.local.postgres_server import PostgresServer\n"
        "from tracker.local.paths import current_layout\n"
        "import psycopg\n"
        "with psycopg.connect(ensure().database_url) as connection: connection.execute('SELECT 1')\n"
        "server = PostgresServer(current_layout()); print(server._choose_identity().way)"
    )
    # A name for whoever runs the tests: initdb asks for one.
    done = subprocess.run(
        [sys.executable, "-I", str(LAUNCHER), "--userns", "65534:65534", "--", sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=stack.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT * 2,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "self"
    assert stack.processes() == []
    stack.close()


def test_the_launcher_ends_a_program_with_its_parent(tmp_path: Path) -> None:
    # The middle process starts a sleeper through the launcher and is then killed.
    middle = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, subprocess, sys, time\n"
            f"child = subprocess.Popen([sys.executable, '-I', {str(LAUNCHER)!r}, '--die-with', f'{{os.getpid()}}:15', '--', '/bin/sleep', '600'])\n"
            "while 'sleep' not in open(f'/proc/{child.pid}/cmdline').read(): time.sleep(0.01)\n"
            "print(child.pid, flush=True); time.sleep(600)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert middle.stdout is not None
    sleeper = psutil.Process(int(middle.stdout.readline()))

    middle.send_signal(signal.SIGKILL)
    middle.wait()
    middle.stdout.close()

    sleeper.wait(LIMIT)
    assert not sleeper.is_running()
