"""A deployment of its own, with all that stands around it, for a test to break.

PostgreSQL and Redis by network address, three workers, beat and gunicorn as processes that are started again when they
end (as any container platform does), a news site, a mail server and a webhook's receiver. Ticks come every second.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TextIO

import psutil

from tests.faults import host
from tests.faults.engines import LOOPBACK, Engines, running
from tests.faults.news import Newsstand, newsstand
from tests.faults.sinks import Mailbox, Receiver, mailbox, site
from tracker.local.occupancy import listen
from tracker.local.paths import CHECKOUT, current_layout
from tracker.local.readiness import LogReady
from tracker.local.services import beat, web, worker
from tracker.local.supervisor import Service, Supervisor

READERS = 6
TICK = 1
_RESTARTS = 1_000


@dataclass(frozen=True)
class Plan:
    """How large a world is. `hosts` are command prefixes by worker, such as `ip netns exec NAME`."""

    feeds: int = 4
    articles: int = 32
    editions: int = 8
    workers: int = 3
    processes: int = 1
    poison: bool = False
    address: str = LOOPBACK
    hosts: Sequence[Sequence[str]] = ()


@dataclass
class World:
    """A running deployment."""

    seed: int
    plan: Plan
    folder: Path
    random: Random
    engines: Engines
    stand: Newsstand
    place: str
    box: Mailbox
    receiver: Receiver
    supervisor: Supervisor
    site_url: str
    keys: list[str]
    env: dict[str, str]

    @property
    def workers(self) -> list[str]:
        """The names of its workers' services."""
        return [_worker_name(number) for number in range(self.plan.workers)]

    def processes_of(self, name: str) -> list[psutil.Process]:
        """The leader of a service and what it has forked; empty while it is started again."""
        pid = self.supervisor.pids().get(name)
        try:
            leader = psutil.Process(pid) if pid else None
            return [leader, *leader.children(recursive=True)] if leader else []
        except psutil.NoSuchProcess:
            return []

    def set_clock(self, seconds: float) -> None:
        """Steps the clock of workers, beat and web to so many seconds off the right time."""
        file = Path(self.env[host.CLOCK])
        fresh = file.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.rename(file)

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A management command of this deployment, to its end. Raises AssertionError when it fails, if asked to."""
        return _run([sys.executable, "manage.py", *arguments], self.env, check=check)

    def log_of(self, name: str) -> str:
        """What a service has said since it was last started anew."""
        file = self.folder / "log" / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""


@contextlib.contextmanager
def world(folder: Path, seed: int, plan: Plan | None = None) -> Iterator[World]:
    """A deployment below `folder` with everything ready and nothing published yet; gone at the end."""
    plan, random = plan or Plan(), Random(seed)  # noqa: S311 - news, no secrets
    stand = newsstand(
        random, feeds=plan.feeds, articles=plan.articles, editions=plan.editions, poison=plan.poison
    )
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(template(), folder / "postgres")
    with contextlib.ExitStack() as stack:
        engines = stack.enter_context(running(folder, plan.address))
        box, smtp_port = stack.enter_context(mailbox(plan.address))
        place, receiver = stack.enter_context(site(stand, plan.address))
        listener = stack.enter_context(listen(0, explicit=True))
        env = environment(folder, engines, smtp_port, place, listener.getsockname()[1])
        feeds = [f"http://{place}/feeds/{number}.xml" for number in range(plan.feeds)]
        given = {"feeds": feeds, "webhook": f"http://{place}/hook", "readers": READERS}
        keys = json.loads(_run([sys.executable, "-m", "tests.faults.seed", json.dumps(given)], env).stdout)
        services = [
            *_workers(plan, env),
            _on_host(beat(folder / "beat-schedule"), env),
            _on_host(web(listener), env),
        ]
        supervisor = stack.enter_context(
            Supervisor(services, log_directory=folder / "log", echo=False, output=_quiet(stack, folder))
        )
        yield World(
            seed, plan, folder, random, engines, stand, place, box, receiver, supervisor, env["SITE_URL"], keys, env
        )  # fmt: skip


def environment(folder: Path, engines: Engines, smtp_port: int, place: str, web_port: int) -> dict[str, str]:
    """What the deployment's processes get, as an administrator sets it."""
    return {
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "DATABASE_URL": engines.database_url,
        "REDIS_URL": engines.redis_url,
        "SECRET_KEY": "faults",
        "HTTPS": "0",
        "SITE_URL": f"http://{LOOPBACK}:{web_port}",
        "EMAIL_HOST": engines.host,
        "EMAIL_PORT": str(smtp_port),
        "FETCH_ALLOWED_HOSTS": place,
        "WEBHOOK_ALLOWED_HOSTS": place,
        "TICK_SECONDS": str(TICK),
        "API_RATE_ANONYMOUS": "100000/min",
        "API_RATE_KEY": "100000/min",
        host.CLOCK: str(folder / "clock"),
    }


def template() -> Path:
    """PostgreSQL's files with an empty, migrated database; made once for each state of the migrations."""
    digest = hashlib.sha256()
    for file in sorted(CHECKOUT.glob("*/migrations/*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    folder = current_layout().root / "faults" / digest.hexdigest()[:16]
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with running(folder) as engines:
            _run([sys.executable, "manage.py", "migrate", "-v0"], environment(folder, engines, 25, "", 80))
        (folder / "done").touch()
    return folder / "postgres"


def _workers(plan: Plan, env: dict[str, str]) -> list[Service]:
    made = []
    for number in range(plan.workers):
        name = _worker_name(number)
        one = worker(concurrency=plan.processes)
        prefix = plan.hosts[number] if plan.hosts else ()
        argv = [*one.argv, f"--hostname={name}@%h"]
        one = dataclasses.replace(one, name=name, argv=argv, ready=LogReady(rf"{name}@\S+ ready\."))
        made.append(_on_host(one, env, prefix))
    return made


def _on_host(service: Service, env: dict[str, str], prefix: Sequence[str] = ()) -> Service:
    """The service as `tests.faults.host` runs it: `python -m MODULE ...` becomes one of its arguments."""
    python, flag, module, *rest = service.argv
    assert flag == "-m"
    argv = [*prefix, python, "-m", "tests.faults.host", module, *rest]
    return dataclasses.replace(service, argv=argv, env=env, restarts=_RESTARTS, grace=3.0)


def _worker_name(number: int) -> str:
    return f"worker{number}"


def _quiet(stack: contextlib.ExitStack, folder: Path) -> TextIO:
    return stack.enter_context((folder / "supervisor.log").open("w"))


def _run(command: list[str], env: dict[str, str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end. Raises AssertionError, with what it said, when it fails."""
    done = subprocess.run(
        command, cwd=CHECKOUT, env=os.environ | env, check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0 or not check, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done
