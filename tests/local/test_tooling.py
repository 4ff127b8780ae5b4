"""Makefile, locks and the environment: a bare checkout gets all it needs, and nothing names an address."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tracker.local import environment
from tracker.local.paths import CHECKOUT

LOCKS = ["requirements.lock", "requirements-observed.lock", "requirements-dev.lock"]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]


def pinned(lock: str) -> dict[str, Requirement]:
    """The requirements of a lock by their names."""
    lines = re.findall(r"^([A-Za-z0-9].*?) \\$", (CHECKOUT / lock).read_text(), flags=re.MULTILINE)
    return {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, lines)}


def make(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=CHECKOUT, env=kept | variables, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_option(lock: str) -> None:
    lines = (CHECKOUT / lock).read_text().splitlines()

    # Nothing but "name==version \" and its hashes.
    odd = [
        line
        for line in lines
        if not re.fullmatch(
            r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
        )
    ]

    assert odd == []


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("requirements.lock", []),
        ("requirements-observed.lock", ["sentry", "telemetry"]),
        ("requirements-dev.lock", ["dev"]),
    ],
)
def test_a_lock_satisfies_the_project(lock: str, groups: list[str]) -> None:
    wanted = [
        *PROJECT["dependencies"],
        *(text for group in groups for text in PROJECT["optional-dependencies"][group]),
    ]
    locked = pinned(lock)

    unmet = []
    for requirement in map(Requirement, wanted):
        if requirement.name == PROJECT["name"]:  # another group of our own
            continue
        found = locked.get(canonicalize_name(requirement.name))
        version = next(iter(found.specifier)).version if found else ""
        if not version or version not in requirement.specifier:
            unmet.append(str(requirement))

    assert unmet == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-observed.lock"])
def test_what_is_tested_is_what_runs(lock: str) -> None:
    runtime, development = pinned(lock), pinned("requirements-dev.lock")

    assert {name: str(runtime[name].specifier) for name in runtime} == {
        name: str(development[name].specifier) for name in runtime
    }


def test_help_is_the_default_and_lists_the_targets() -> None:
    done = make()

    assert done.returncode == 0
    for target in ("venv", "demo", "test", "bench", "lint", "lock", "screenshots"):
        assert re.search(rf"^  make {target} ", done.stdout, flags=re.MULTILINE), target


def test_a_machine_without_a_new_enough_python_is_told_so(tmp_path: Path) -> None:
    # A PATH on which every Python says that it is too old.
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)

    done = make("venv", PATH=f"{tmp_path}:/usr/bin:/bin")

    assert done.returncode == 2
    assert "Python 3.11 or newer is needed and none was found" in done.stderr


def test_the_first_new_enough_python_is_taken(tmp_path: Path) -> None:
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3.14").write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "made by 3.14 with $*"\n')
    for name in ("python3", "python3.14"):
        (tmp_path / name).chmod(0o755)

    done = make("venv", PATH=f"{tmp_path}:/usr/bin:/bin")

    assert done.stdout == "made by 3.14 with tracker/local/environment.py requirements-dev.lock\n"


def test_another_python_can_be_named(tmp_path: Path) -> None:
    mine = tmp_path / "my python"
    mine.write_text('#!/bin/sh\necho "mine: $*"\n')
    mine.chmod(0o755)

    done = make("venv", f"PYTHON={mine}")

    assert done.stdout == "mine: tracker/local/environment.py requirements-dev.lock\n"


class TestEnvironment:
    """tracker/local/environment.py, in a checkout of a test's own with an empty lock."""

    @pytest.fixture
    def checkout(self, tmp_path: Path) -> Path:
        root = tmp_path / "mes données"
        (root / "tracker" / "local").mkdir(parents=True)
        source = Path(environment.__file__)
        (root / "tracker" / "local" / source.name).write_bytes(source.read_bytes())
        (root / "a.lock").write_text("# nothing\n")
        return root

    def run(self, checkout: Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "tracker/local/environment.py", "a.lock"],
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_it_is_made_once_and_anew_for_another_lock(self, checkout: Path) -> None:
        first = self.run(checkout)
        second = self.run(checkout)
        (checkout / "a.lock").write_text("# nothing more\n")
        third = self.run(checkout)

        assert [done.returncode for done in (first, second, third)] == [0, 0, 0]
        assert "Setting up .venv" in first.stdout
        assert second.stdout == ""
        assert "Setting up .venv" in third.stdout
        assert (checkout / ".venv" / "bin" / "python").exists()

    def test_an_interrupted_setup_is_done_again(self, checkout: Path) -> None:
        (checkout / ".venv" / "bin").mkdir(parents=True)
        (checkout / ".venv" / "bin" / "python").write_text("half a file")

        done = self.run(checkout)

        assert done.returncode == 0
        assert "Setting up .venv" in done.stdout

    def test_a_package_with_another_hash_is_refused(self, checkout: Path) -> None:
        package = checkout / "wheel-1.0.tar.gz"
        package.write_bytes(b"not what was locked")
        wrong = hashlib.sha256(b"what was locked").hexdigest()
        (checkout / "a.lock").write_text(f"wheel @ {package.as_uri()} --hash=sha256:{wrong}\n")

        done = self.run(checkout)

        assert done.returncode == 1
        assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
        assert "Then run the same command again." in done.stderr
        assert not (checkout / ".venv" / "installed").exists()
