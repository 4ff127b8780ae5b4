"""docker-compose.yml and Dockerfile: what they run is run here, against real servers, without the containers."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.local.helpers import Stack, finish, use
from tracker.local.occupancy import listen
from tracker.local.paths import CHECKOUT, addresses
from tracker.local.readiness import HttpReady, LogReady
from tracker.local.supervisor import Service, Supervisor

SECRETS = {"SECRET_KEY": "only-for-this-test-" + "x" * 40, "POSTGRES_PASSWORD": "letters0and1digits"}
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
READERS = {"os.environ.get", "flag", "words", "number", "secret"}
OURS = ["migrate", "web", "worker", "beat"]
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()


def interpolated(text: str, values: dict[str, str]) -> str:
    """Compose's ``${NAME:-default}`` and ``${NAME:?message}``; raises KeyError when a needed one is missing."""

    def replace(match: "re.Match[str]") -> str:
        name, mark, rest = match["name"], match["mark"], match["rest"]
        if values.get(name):
            return values[name]
        if mark == ":?":
            raise KeyError(name)
        return rest or ""

    return re.sub(r"\$\{(?P<name>\w+)(?P<mark>:[-?])(?P<rest>[^}]*)\}", replace, text)


def variables_of_the_settings() -> set[str]:
    """The names of all environment variables that the settings read."""
    files = [CHECKOUT / "tracker" / "settings.py", *(CHECKOUT / "tracker" / "conf").glob("*.py")]
    calls = [
        node
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    return {str(call.args[0].value) for call in calls if ast.unparse(call.func) in READERS}  # type: ignore[attr-defined]


def here(command: list[str]) -> list[str]:
    """A container's command with this environment's programs."""
    program, *arguments = command
    return (
        [sys.executable, *arguments] if program == "python" else [sys.executable, "-m", program, *arguments]
    )


@pytest.fixture
def environment(stack: Stack) -> Iterator[dict[str, str]]:
    """The application's environment as compose makes it, on the servers of a real stack."""
    user = use(stack)
    values = {
        name: interpolated(str(value), SECRETS)
        for name, value in COMPOSE["x-application"]["environment"].items()
    }
    urls = addresses(stack.layout)
    yield values | {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url}
    finish(user)


@pytest.mark.services
def test_every_service_of_ours_becomes_ready(environment: dict[str, str], tmp_path: Path) -> None:
    commands = {name: here(SERVICES[name]["command"]) for name in OURS}
    commands["beat"] = [re.sub(r"=/var/lib/tracker/", f"={tmp_path}/", part) for part in commands["beat"]]
    check = here(SERVICES["web"]["healthcheck"]["test"][1:])
    with listen(0, explicit=True) as listener:
        port = listener.getsockname()[1]
        commands["web"] = [
            part.replace("0.0.0.0:8000", f"fd://{listener.fileno()}") for part in commands["web"]
        ]
        check = [part.replace("8000", str(port)) for part in check]
        subprocess.run(commands["migrate"], cwd=CHECKOUT, env=os.environ | environment, check=True)
        services = [
            Service("worker", commands["worker"], env=environment, ready=LogReady(r"celery@\S+ ready\.")),
            Service("beat", commands["beat"], env=environment, ready=LogReady(r"beat: Starting")),
            Service(
                "web",
                commands["web"],
                env=environment,
                ready=HttpReady(f"http://127.0.0.1:{port}/"),
                pass_fds=[listener.fileno()],
            ),
        ]

        with Supervisor([*services]) as supervisor:
            healthy = subprocess.run(check, check=False).returncode
            running = sorted(supervisor.pids())

    assert healthy == 0
    assert running == ["beat", "web", "worker"]


def test_every_variable_is_one_that_the_settings_read() -> None:
    given = set(COMPOSE["x-application"]["environment"])

    assert given - variables_of_the_settings() == set()


def test_the_variables_that_production_needs_are_given() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SITE_URL", "ALLOWED_HOSTS"} <= set(
        COMPOSE["x-application"]["environment"]
    )


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_without_a_secret_compose_refuses_to_start(name: str) -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()

    with pytest.raises(KeyError, match=name):
        interpolated(text, {other: value for other, value in SECRETS.items() if other != name})


def test_no_server_is_published_beyond_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_all_our_services_are_one_image_and_wait_for_the_migration() -> None:
    waiting = [name for name in OURS if "migrate" in SERVICES[name]["depends_on"]]

    assert {SERVICES[name]["image"] for name in OURS} == {"governance-tracker"}
    assert waiting == ["web", "worker", "beat"]


def test_the_servers_are_of_versions_that_are_supported() -> None:
    assert (SERVICES["postgres"]["image"], SERVICES["redis"]["image"]) == ("postgres:16", "redis:7")


def test_the_image_starts_the_web_server_as_compose_does() -> None:
    (command,) = [line for line in DOCKERFILE if line.startswith("CMD ")]

    assert sorted(yaml.safe_load(command.removeprefix("CMD "))) == sorted(SERVICES["web"]["command"])


def test_the_image_is_built_from_files_that_exist_and_are_sent() -> None:
    sent = {
        line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = [line.split()[1] for line in DOCKERFILE if line.startswith("COPY ") and "--from" not in line]

    assert set(copied) == sent
    assert [name for name in copied if not (CHECKOUT / name).exists()] == []


def test_the_image_runs_as_an_ordinary_user() -> None:
    users = [line.split()[1] for line in DOCKERFILE if line.startswith("USER ")]

    assert users == ["tracker"]


@pytest.mark.services
def test_the_images_build_step_needs_no_server(stack: Stack, tmp_path: Path) -> None:
    (step,) = [line for line in DOCKERFILE if "collectstatic" in line]
    image = [line for line in DOCKERFILE if line.startswith("ENV ")]
    variables = dict(re.findall(r"(\w+)=(\S+)", " ".join([*image, step])))
    assert "STATIC_ROOT" in variables, "without it there is nowhere to collect the files"
    del variables["PATH"]

    stack.run(
        "from django.core.management import call_command; import django, os\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tracker.settings'; django.setup()\n"
        "call_command('collectstatic', interactive=False, verbosity=0)",
        **variables | {"STATIC_ROOT": str(tmp_path / "static")},
    )

    assert (tmp_path / "static" / "admin").is_dir()
    assert stack.processes() == []
