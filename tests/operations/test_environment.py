"""One table of variables: what the code reads, what README says, what compose hands on."""

import os
import subprocess
import sys
from pathlib import Path

from tests.operations.composition import (
    COMPOSE,
    OURS,
    PRODUCTION,
    environment_of,
    variables_of_the_code,
    variables_of_the_table,
)
from tracker.local.paths import CHECKOUT

NOT_IN_CONTAINERS = {
    "DEBUG",  # never in production
    "STATIC_ROOT",  # the image's own
    "BEAT_SCHEDULE_FILE",  # an option of beat's command
    "PROMETHEUS_MULTIPROC_DIR",  # set by the web server's configuration
}


def test_every_variable_that_the_code_reads_is_in_readmes_table() -> None:
    assert variables_of_the_code() - variables_of_the_table() == set()


def test_every_variable_in_readmes_table_is_read() -> None:
    assert variables_of_the_table() - variables_of_the_code() == set()


def test_compose_hands_on_every_variable_of_the_table() -> None:
    given = {name for service in OURS for name in COMPOSE["services"][service]["environment"]}

    assert variables_of_the_table() - given - NOT_IN_CONTAINERS == set()


def test_compose_hands_on_nothing_that_nobody_reads() -> None:
    given = {name for service in OURS for name in COMPOSE["services"][service]["environment"]}

    assert given - variables_of_the_code() == set()


def run(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command of manage.py with these variables and no others but where programs are."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_services_of_ours_have_the_same_variables() -> None:
    given = [environment_of(service, PRODUCTION) for service in OURS]
    for environment in given:
        environment.pop("ALIVE_FILE", None)

    assert given.count(given[0]) == len(OURS)


def test_djangos_deployment_checks_find_nothing_in_composes_environment() -> None:
    done = run(environment_of("web", PRODUCTION), "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stdout) == (0, "System check identified no issues (2 silenced).\n"), (
        done.stderr
    )


def test_the_deployment_checks_would_find_something() -> None:
    environment = environment_of("web", PRODUCTION | {"HTTPS": "false", "SECRET_KEY": "short"})

    done = run(environment, "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 1
    assert "security.W009" in done.stderr


def test_without_a_secret_key_nothing_starts() -> None:
    environment = environment_of("migrate", {"POSTGRES_PASSWORD": "x"})

    done = run(environment, "migrate", "--noinput")

    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr


def test_secrets_can_be_files(tmp_path: Path) -> None:
    files = {"SECRET_KEY": "a" * 30 + "bcdefghijklmnopqrstuvwxyz", "DATABASE_PASSWORD": "of-the-file"}
    for name, value in files.items():
        (tmp_path / name).write_text(f"{value}\n")
    environment = environment_of("web", {"SITE_URL": "https://tracker.example.org"}) | {
        f"{name}_FILE": str(tmp_path / name) for name in files
    }

    done = run(
        environment,
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings as s; print(s.SECRET_KEY, s.DATABASES['default']['PASSWORD'])",
    )

    assert done.stdout.split() == list(files.values()), done.stderr
