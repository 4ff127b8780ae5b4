"""docs/tutorial.md: every command runs as it stands and prints what the tutorial says."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from events.models.organizations import Organization
from events.models.people import ExecutiveName
from events.record import publishing
from tests import scenes
from tests.acceptance.conftest import database_url_of_test, wait_for
from tracker import local

REPOSITORY = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
MARK = "---next-command---"


@dataclass
class Step:
    """A command, its lines together, and what it is to print."""

    command: str
    output: str = ""


def steps() -> list[Step]:
    found: list[Step] = []
    for block in BLOCK.findall((REPOSITORY / "docs" / "tutorial.md").read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Step(line[2:]))
            elif line.startswith("> "):
                found[-1].command += f"\n{line[2:]}"
            else:
                found[-1].output += f"{line}\n"
    return found


def streaming() -> bool:
    """Whether this process still holds a place for a reader of the stream, who has left."""
    return any(thread.name == "ledger-watcher" for thread in threading.enumerate())


@pytest.fixture
def facts(transactional_db: None) -> None:
    """The demo's main fact and one other, on the test database."""
    cache.clear()
    scenes.curator("curator-mei")
    author, approver = scenes.curator(), scenes.curator()
    huawei = Organization.objects.create(name="Huawei")
    cloud = scenes.unit("Huawei Cloud", huawei)
    scenes.ladder(huawei)
    zhang = scenes.executive("Zhang Ping'an")
    ExecutiveName.objects.create(executive=zhang, name="张平安", language="zh-Hans", type="native")
    source = scenes.document("Zhang Ping'an, CEO of Huawei Cloud, was demoted three levels from 22A to 21A.")
    publishing.publish(scenes.demotion(zhang, cloud, source), author, approver)
    other = scenes.appointment(scenes.executive(), scenes.company(), source, day="2024-05", title="CFO")
    publishing.publish(other, author)


@pytest.mark.services
def test_every_command_of_the_tutorial_prints_what_it_says(
    facts: None, live_server: Any, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        missing = "curl is not installed, and the tutorial's commands need it"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    tutorial = steps()
    python = tmp_path / "bin"
    python.mkdir()
    (python / "python3").symlink_to(sys.executable)
    script = "\n".join(f"{step.command}\necho '{MARK}'" for step in tutorial)
    env = os.environ | {
        "API": f"{live_server.url}/api/v1",
        "DATABASE_URL": database_url_of_test(),
        "REDIS_URL": os.environ.get("REDIS_URL") or local.ensure_redis(),
        "SECRET_KEY": "tutorial",
        "PATH": f"{python}:{os.environ['PATH']}",
    }

    ran = subprocess.run(
        ["bash", "-c", script.replace(".venv/bin/python ", f"'{sys.executable}' ")],
        cwd=REPOSITORY, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
    )  # fmt: skip

    wait_for("the stream's place to be free", lambda: not streaming(), 30)
    printed = ran.stdout.split(f"{MARK}\n")
    check = doctest.OutputChecker()
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    wrong = [
        f"$ {step.command}\nsaid to print:\n{step.output}printed:\n{got}"
        for step, got in zip(tutorial, printed, strict=False)
        if not check.check_output(step.output, got, flags)
    ]
    assert len(printed) == len(tutorial) + 1, ran.stdout
    assert not wrong, "\n".join(wrong)
