"""The supervisor: services get ready, are restarted, are stopped in order, and never outlive it."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from tests.local.helpers import LIMIT, eventually
from tracker.local.paths import CHECKOUT
from tracker.local.supervisor import PARENT_VARIABLE

pytestmark = pytest.mark.services

DRIVER = """
import json, sys
from tracker.local.readiness import LogReady
from tracker.local.supervisor import Interrupted, Service, ServiceFailed, Supervisor

services = [
    Service(toy["name"], [sys.executable, "-c", toy["code"]], ready=LogReady("up", seconds=30),
            grace=toy.get("grace", 10), restarts=toy.get("restarts", 3))
    for toy in json.loads(sys.argv[1])
]
try:
    with Supervisor(services, echo=not sys.argv[2:]) as supervisor:
        supervisor.say("all ready")
        supervisor.wait()
except Interrupted as interrupted:
    sys.exit(interrupted.status)
except ServiceFailed as failure:
    print(failure, file=sys.stderr)
    sys.exit(1)
"""
CALM = "import time; print('up', flush=True); time.sleep(600)"
# Ignores SIGTERM, and so does its child.
STUBBORN = (
    "import os, signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "os.fork()\n"
    "print('up', flush=True)\n"
    "time.sleep(600)"
)
BRIEF = "import time; print('up', flush=True); time.sleep(0.5); raise SystemExit(7)"


class Run:
    """A supervisor in a process of its own; all its processes carry a mark in their environment."""

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex
        self.process: subprocess.Popen[str] | None = None

    def start(self, *toys: dict[str, Any], quiet: bool = False, **options: Any) -> "subprocess.Popen[str]":
        """Start the supervisor on the toys; stdout and stderr are pipes unless `options` say else."""
        environment = {"PYTHONUNBUFFERED": "1"} | options.pop("environment", {})
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, json.dumps(toys), *(["quiet"] if quiet else [])],
            cwd=CHECKOUT,
            env=os.environ | environment | {"TEST_MARK": self.mark},
            text=True,
            **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options),
        )
        return self.process

    def until(self, text: str) -> str:
        """Read the output up to the line that contains `text`."""
        assert self.process is not None
        assert self.process.stdout is not None
        seen = ""
        while text not in seen:
            line = self.process.stdout.readline()
            assert line, seen
            seen += line
        return seen

    def left(self) -> list[psutil.Process]:
        """The living processes that carry the mark."""
        found = []
        for process in psutil.process_iter():
            try:
                if (
                    process.status() != psutil.STATUS_ZOMBIE
                    and process.environ().get("TEST_MARK") == self.mark
                ):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def nothing_is_left(self) -> bool:
        return eventually(lambda: self.left() == [])

    def close(self) -> None:
        for process in self.left():
            process.kill()
        if self.process is not None:
            self.process.wait()
            for stream in (self.process.stdout, self.process.stderr):
                if stream is not None:
                    stream.close()


@pytest.fixture
def run() -> Iterator[Run]:
    run = Run()
    yield run
    run.close()


def test_lines_carry_the_name_of_their_service_and_readiness_is_said(run: Run) -> None:
    run.start({"name": "web", "code": CALM}, {"name": "worker", "code": CALM})

    said = run.until("all ready")

    assert "web        | up\n" in said
    assert "worker     | up\n" in said
    assert "supervisor | web is ready after" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_in_reverse_order_and_leaves_nothing(run: Run, number: signal.Signals) -> None:
    process = run.start(*({"name": name, "code": CALM} for name in ("one", "two", "three")))
    run.until("all ready")

    process.send_signal(number)
    rest, _ = process.communicate(timeout=LIMIT)

    ended = [line.split()[2] for line in rest.splitlines() if "was ended by" in line]
    assert ended == ["three", "two", "one"]
    assert process.returncode == 128 + number
    assert run.nothing_is_left()


def test_a_service_that_ignores_the_stop_is_killed_with_its_children(run: Run) -> None:
    process = run.start({"name": "stubborn", "code": STUBBORN, "grace": 0.5})
    run.until("all ready")

    process.terminate()
    rest, _ = process.communicate(timeout=LIMIT)

    assert "stubborn does not stop; killing it" in rest
    assert run.nothing_is_left()


def test_a_second_ctrl_c_does_not_wait(run: Run) -> None:
    process = run.start({"name": "stubborn", "code": STUBBORN, "grace": 6000})
    run.until("all ready")

    # The second may come before the first was seen; the kernel then makes one of both.
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)

    assert process.returncode == 128 + signal.SIGINT
    assert run.nothing_is_left()


def test_nothing_outlives_a_killed_supervisor(run: Run) -> None:
    process = run.start({"name": "calm", "code": CALM}, {"name": "stubborn", "code": STUBBORN})
    run.until("all ready")
    assert len(run.left()) == 5  # the supervisor, its guard, and three

    process.kill()

    assert run.nothing_is_left()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux'")
def test_services_end_when_supervisor_and_guard_are_killed_together(run: Run) -> None:
    process = run.start({"name": "calm", "code": CALM})
    run.until("all ready")
    (guard,) = [left for left in run.left() if "guard.py" in " ".join(left.cmdline())]

    guard.kill()
    process.kill()

    assert run.nothing_is_left()


def test_a_service_that_dies_is_started_again_and_given_up_after_its_last_chance(run: Run) -> None:
    process = run.start({"name": "calm", "code": CALM}, {"name": "brief", "code": BRIEF, "restarts": 1})

    said, failure = process.communicate(timeout=LIMIT)

    assert "brief ended with status 7; starting it again (1 of 1)" in said
    assert "brief ended with status 7, 2 times within a minute." in failure
    assert process.returncode == 1
    assert run.nothing_is_left()


def test_a_service_that_ends_before_it_is_ready_stops_the_others(run: Run) -> None:
    process = run.start(
        {"name": "calm", "code": CALM},
        {"name": "broken", "code": "raise SystemExit('no database here')"},
        quiet=True,
    )

    said, failure = process.communicate(timeout=LIMIT)

    assert "broken ended with status 1 before it was ready." in failure
    assert "broken | no database here" in failure
    assert "| up" not in said
    assert process.returncode == 1
    assert run.nothing_is_left()


def test_the_end_of_a_killed_parent_is_the_end(run: Run) -> None:
    # As `make` runs it: a parent that names itself, and is then killed.
    parent = subprocess.Popen(
        [
            "/bin/sh",
            "-c",
            f'{PARENT_VARIABLE}=$$ "$@" & echo started; wait',
            "sh",
            sys.executable,
            "-c",
            DRIVER,
            json.dumps([{"name": "calm", "code": CALM}]),
        ],
        cwd=CHECKOUT,
        env=os.environ | {"TEST_MARK": run.mark},
        stdout=subprocess.PIPE,
        text=True,
    )
    run.process = parent
    run.until("all ready")

    parent.kill()
    parent.wait()

    assert run.nothing_is_left()


def test_an_output_that_nobody_reads_any_more_is_the_end(run: Run) -> None:
    chatty = (
        "import time\nprint('up', flush=True)\nwhile True: print('still here', flush=True); time.sleep(0.1)"
    )
    process = run.start({"name": "chatty", "code": chatty})
    run.until("all ready")

    assert process.stdout is not None
    process.stdout.close()

    assert eventually(lambda: process.poll() is not None)
    assert run.nothing_is_left()


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_for_terminals_and_no_color_is_heeded(
    run: Run, variables: dict[str, str], coloured: bool
) -> None:
    master, terminal = pty.openpty()
    if "NO_COLOR" in os.environ and coloured:
        pytest.skip("NO_COLOR is set here")
    process = run.start(
        {"name": "calm", "code": CALM}, stdout=terminal, stderr=terminal, environment=variables
    )
    os.close(terminal)
    seen = b""
    while b"all ready" not in seen:
        seen += os.read(master, 4096)
    process.terminate()
    process.wait(LIMIT)
    os.close(master)

    assert (b"\x1b[" in seen) is coloured


def test_a_pipe_gets_neither_colour_nor_a_services_control_characters(run: Run) -> None:
    rude = "import time; print('\\x1b[2J\\x07up 张平安', flush=True); time.sleep(600)"
    run.start({"name": "rude", "code": rude})

    said = run.until("all ready")

    assert "\x1b" not in said
    assert "rude       | ?[2J?up 张平安\n" in said
