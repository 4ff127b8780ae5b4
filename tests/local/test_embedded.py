"""The embedded servers: they start when needed, serve only this user, and vanish with their last user."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis

from tests.local.helpers import Stack, alive, eventually, finish, use
from tracker.local.client import keeper_pid
from tracker.local.paths import addresses

pytestmark = pytest.mark.services


def connect(stack: Stack) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(addresses(stack.layout).database_url, autocommit=True)


def server_pid(stack: Stack, name: str) -> int:
    """The postmaster's or Redis' process id: the keeper's only child."""
    keeper = keeper_pid(name, stack.layout)
    assert keeper is not None
    (child,) = psutil.Process(keeper).children()
    return child.pid


def test_importing_the_settings_starts_nothing(stack: Stack) -> None:
    stack.run("import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tracker.settings'; django.setup()")

    assert not stack.layout.postgres.exists()
    assert stack.processes() == []


def test_the_first_connection_starts_the_database(stack: Stack) -> None:
    said = stack.run(
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tracker.settings'; django.setup()\n"
        "from django.db import connection\n"
        "from django.core.cache import cache\n"
        "cache.set('word', '张平安')\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('SHOW server_encoding')\n"
        "    print(cursor.fetchone()[0], cache.get('word') == '张平安')"
    )

    assert said == "UTF8 True"


def test_no_server_listens_on_a_network_port(stack: Stack) -> None:
    user = use(stack)

    listening = [
        connection
        for process in stack.processes()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]

    assert listening == []
    finish(user)


def test_sockets_lie_where_no_other_user_may_enter(stack: Stack) -> None:
    user = use(stack)

    modes = [
        directory.stat().st_mode & 0o777
        for directory in (
            stack.layout.postgres_sockets,
            stack.layout.redis_socket.parent,
            stack.layout.postgres,
        )
    ]

    assert modes == [0o700, 0o700, 0o700]
    finish(user)


def test_an_orderly_end_returns_when_the_servers_are_gone(stack: Stack) -> None:
    user = use(stack)

    status = finish(user)

    assert status == 0
    assert stack.processes() == []


def test_the_servers_of_a_killed_user_vanish(stack: Stack) -> None:
    user = use(stack)

    user.kill()
    user.wait()

    assert eventually(lambda: stack.processes() == [])


def test_servers_stay_while_another_user_remains(stack: Stack) -> None:
    first, second = use(stack), use(stack)
    before = server_pid(stack, "postgres")

    finish(first)

    with connect(stack) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert server_pid(stack, "postgres") == before
    finish(second)
    assert stack.processes() == []


def test_a_fork_of_a_user_is_a_user(stack: Stack) -> None:
    # The parent is killed; its fork still has the right to its servers.
    user = use(
        stack,
        "import os, sys\n"
        "from tracker.local import ensure\n"
        "ensure()\n"
        "if os.fork():\n"
        "    print('using', flush=True); os.kill(os.getpid(), 9)\n"
        "sys.stdin.read(); os._exit(0)",
    )
    user.wait()

    # Three turns of the keeper: it would have gone by then.
    for _ in range(3):
        with connect(stack) as connection:
            connection.execute("SELECT pg_sleep(0.2)")

    finish(user)
    assert eventually(lambda: stack.processes() == [])


def test_racing_processes_get_one_server(stack: Stack) -> None:
    racers = [
        stack.start(
            "import sys\n"
            "from tracker.local import ensure_database\n"
            "import psycopg\n"
            "with psycopg.connect(ensure_database()) as connection:\n"
            "    row = connection.execute('SELECT pg_postmaster_start_time()').fetchone()\n"
            "print(row[0], flush=True)\n"
            "sys.stdin.read()"
        )
        for _ in range(4)
    ]

    started = {racer.stdout.readline() for racer in racers if racer.stdout is not None}

    assert len(started) == 1
    assert started != {""}
    assert [finish(racer) for racer in racers] == [0, 0, 0, 0]


def test_a_run_that_died_hard_is_recovered_with_its_data(stack: Stack) -> None:
    stack.durable = True
    user = use(stack)
    with connect(stack) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
    keepers = [psutil.Process(keeper_pid(name, stack.layout)) for name in ("postgres", "redis")]
    for process in keepers:  # or they would react to what follows
        process.suspend()
    user.kill()
    user.wait()
    for process in [*(keeper.children()[0] for keeper in keepers), *keepers]:
        process.kill()
    assert (stack.layout.postgres / "postmaster.pid").exists()

    second = use(stack)

    with connect(stack) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (42,)
    assert redis.Redis.from_url(addresses(stack.layout).redis_url).ping()
    finish(second)


def test_a_process_id_that_is_in_use_again_does_not_stop_the_start(stack: Stack) -> None:
    finish(use(stack))
    with subprocess.Popen(["sleep", "600"]) as stranger:
        pid_file = stack.layout.postgres / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{stack.layout.postgres}\n1\n5432\n\n\n\nready\n")

        user = use(stack)

        assert alive(stranger.pid)
        finish(user)
        stranger.kill()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the kernel's parent-death signal is Linux'")
def test_the_servers_of_a_killed_keeper_vanish_and_the_user_gets_new_ones(stack: Stack) -> None:
    user = use(
        stack,
        "import sys\n"
        "from tracker.local import ensure\n"
        "ensure(); print('using', flush=True)\n"
        "sys.stdin.readline()\n"
        "ensure(); print('using', flush=True)\n"
        "sys.stdin.read()",
    )
    old = {name: server_pid(stack, name) for name in ("postgres", "redis")}
    for name in old:
        os.kill(keeper_pid(name, stack.layout) or 0, signal.SIGKILL)
    assert eventually(lambda: not any(map(alive, old.values())))

    assert user.stdin is not None
    assert user.stdout is not None
    user.stdin.write("\n")
    user.stdin.flush()
    assert user.stdout.readline() == "using\n"

    assert server_pid(stack, "postgres") != old["postgres"]
    with connect(stack) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    finish(user)


def test_a_server_that_dies_is_started_again(stack: Stack) -> None:
    user = use(stack)
    old = server_pid(stack, "redis")

    os.kill(old, signal.SIGKILL)

    def answers() -> bool:
        try:
            return bool(redis.Redis.from_url(addresses(stack.layout).redis_url).ping())
        except redis.RedisError:
            return False

    assert eventually(lambda: not alive(old))
    assert eventually(answers)
    finish(user)


def test_deleting_the_directory_ends_the_servers(stack: Stack) -> None:
    user = use(stack)

    shutil.rmtree(stack.layout.root)

    assert eventually(lambda: stack.processes() == [])
    finish(user)


def test_a_deep_path_with_spaces_and_other_scripts_works(public_directory: Path) -> None:
    deep = public_directory / "mes données" / '张 平安\'s "records"' / ("d" * 120)
    stack = Stack(deep / ".local")
    try:
        user = use(stack)
        with connect(stack) as connection:
            row = connection.execute("SELECT current_setting('data_directory')").fetchone()
        assert row == (str(stack.layout.postgres),)
        finish(user)
        assert stack.processes() == []
    finally:
        stack.close()
        shutil.rmtree(stack.layout.sockets, ignore_errors=True)


def test_a_half_made_database_is_not_taken_for_one(stack: Stack) -> None:
    stack.layout.postgres.mkdir(parents=True)
    (stack.layout.postgres / "base").mkdir()
    stack.layout.postgres.with_name("postgres.new").mkdir()

    user = use(stack)

    with connect(stack) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    finish(user)


def test_a_database_of_another_version_is_refused_with_the_reason(stack: Stack) -> None:
    finish(use(stack))
    (stack.layout.postgres / "PG_VERSION").write_text("15\n")

    done = stack.command("start")

    assert done.returncode == 1
    assert "was made by PostgreSQL 15" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_cannot_start_says_why(stack: Stack) -> None:
    finish(use(stack))
    (stack.layout.postgres / "postgresql.auto.conf").write_text("shared_buffers = nonsense\n")

    done = stack.command("start")

    assert done.returncode == 1
    assert "nonsense" in done.stderr
    assert eventually(lambda: stack.processes() == [])


def test_a_socket_directory_that_someone_else_has_made_is_refused(stack: Stack, tmp_path: Path) -> None:
    stack.layout.sockets.symlink_to(tmp_path)
    try:
        done = stack.command("start")
    finally:
        stack.layout.sockets.unlink()

    assert done.returncode == 1
    assert "is not this user's directory" in done.stderr


@pytest.mark.parametrize(("durable", "expected"), [("1", "on"), ("0", "off")])
def test_only_an_explicit_wish_gives_up_durability(stack: Stack, durable: str, expected: str) -> None:
    said = stack.run(
        "from tracker.local import ensure_database\n"
        "import psycopg\n"
        "with psycopg.connect(ensure_database()) as connection:\n"
        "    print(connection.execute('SHOW fsync').fetchone()[0])",
        TRACKER_LOCAL_DURABLE=durable,
    )

    assert said == expected


def test_start_keeps_the_servers_and_stop_ends_them(stack: Stack) -> None:
    assert stack.command("status").returncode == 3
    assert stack.command("start").returncode == 0
    assert stack.command("status").returncode == 0
    with connect(stack) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    stopped = stack.command("stop")

    assert stopped.returncode == 0
    assert stopped.stdout == "postgres: stopped\nredis: stopped\n"
    assert eventually(lambda: stack.processes() == [])
