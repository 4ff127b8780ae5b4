"""docker-compose.yml, Dockerfile and deploy/: what they say agrees with the specification, the code and each other."""

import importlib.resources
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.local.helpers import Stack
from tests.operations.composition import COMPOSE, DOCKERFILE, OURS, SERVICES, WORKERS
from tracker.conf.queues import QUEUES
from tracker.local.paths import CHECKOUT

SCHEMA = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
FROM_OUR_IMAGE = [*OURS, "mail", "backup"]


def errors_of(composition: Any) -> list[str]:
    """What the compose specification's published schema has against it."""
    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(composition)]


@pytest.mark.parametrize("name", ["docker-compose.yml", "deploy/secrets.yml"])
def test_the_file_keeps_to_the_published_schema(name: str) -> None:
    assert errors_of(yaml.safe_load((CHECKOUT / name).read_text())) == []


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("restart", True),
        ("depends_on", {"postgres": {"condition": "service_started_up"}}),
        ("volume", ["a:/b"]),
    ],
)
def test_the_schema_refuses_what_compose_would_refuse(what: str, value: Any) -> None:
    broken = COMPOSE | {"services": SERVICES | {"web": SERVICES["web"] | {what: value}}}

    assert errors_of(broken) != []


def test_every_volume_network_and_service_that_is_named_exists() -> None:
    named = {
        "volumes": {
            source
            for service in SERVICES.values()
            for mount in service.get("volumes", [])
            if re.match(r"\w", source := re.sub(r"\$\{\w+:-(\w+)\}", r"\1", mount).split(":")[0])
        },
        "networks": {network for service in SERVICES.values() for network in service["networks"]},
        "services": {other for service in SERVICES.values() for other in service.get("depends_on", {})},
    }

    assert {kind: names - set(COMPOSE[kind]) for kind, names in named.items()} == {
        kind: set() for kind in named
    }


def test_what_is_always_run_is_all_that_has_no_profile() -> None:
    always = {name for name, service in SERVICES.items() if "profiles" not in service}

    assert always == {*OURS, "postgres", "redis"}


def test_every_queue_is_read_by_a_worker_and_none_that_is_not_there() -> None:
    read = {
        queue
        for name in WORKERS
        for part in SERVICES[name]["command"]
        if part.startswith("--queues=")
        for queue in part.removeprefix("--queues=").split(",")
    }

    assert read == set(QUEUES)


def test_housekeeping_goes_on_while_any_worker_is_left() -> None:
    assert all(
        "default" in part.split(",")
        for name in WORKERS
        for part in SERVICES[name]["command"]
        if part.startswith("--queues=")
    )


def test_nobody_but_the_proxy_is_reached_from_beyond_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(published) == {"web", "proxy"}
    assert all(port.startswith("127.0.0.1:") for port in published["web"])
    assert SERVICES["proxy"]["profiles"] == ["tls"]


def test_the_databases_are_on_a_network_without_a_way_out() -> None:
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["data"]
    assert COMPOSE["networks"]["data"]["internal"] is True


def test_all_our_services_are_one_image_and_wait_for_the_migration() -> None:
    waiting = {name for name in OURS if "migrate" in SERVICES[name]["depends_on"]}

    assert {SERVICES[name]["image"] for name in FROM_OUR_IMAGE} == {"governance-tracker"}
    assert waiting == set(OURS) - {"migrate"}


def test_our_containers_can_write_nowhere_but_to_their_volumes() -> None:
    assert [name for name in FROM_OUR_IMAGE if SERVICES[name].get("read_only") is not True] == []


def test_every_container_gives_up_all_rights_and_can_gain_none() -> None:
    kept = {
        name: service.get("cap_drop")
        for name, service in SERVICES.items()
        if service.get("cap_drop") != ["ALL"] or service.get("security_opt") != ["no-new-privileges:true"]
    }
    regained = {name for name, service in SERVICES.items() if "cap_add" in service}

    assert kept == {}
    assert regained == {"postgres", "proxy"}


def test_every_container_that_goes_on_restarts_and_keeps_its_log_small() -> None:
    going_on = {
        name: service
        for name, service in SERVICES.items()
        if name != "migrate" and "tools" not in service.get("profiles", [])
    }

    assert {service["restart"] for service in going_on.values()} == {"unless-stopped"}
    assert all(service["logging"]["options"]["max-size"] for service in SERVICES.values())


def test_every_service_that_goes_on_tells_how_it_is() -> None:
    silent = [name for name in [*OURS, "postgres", "redis"] if "healthcheck" not in SERVICES[name]]

    assert silent == ["migrate"]


def test_the_servers_are_of_versions_that_are_supported() -> None:
    assert (SERVICES["postgres"]["image"], SERVICES["redis"]["image"]) == ("postgres:16", "redis:7")


def test_the_alternatives_name_services_that_exist() -> None:
    secrets = yaml.safe_load((CHECKOUT / "deploy" / "secrets.yml").read_text())

    assert set(secrets["services"]) <= set(SERVICES)
    assert {"postgres", "backup", *OURS} == set(secrets["services"])


def test_the_image_starts_the_web_server_as_compose_does() -> None:
    (command,) = [line for line in DOCKERFILE if line.startswith("CMD ")]
    (check,) = [line for line in DOCKERFILE if line.startswith("HEALTHCHECK ")]

    assert yaml.safe_load(command.removeprefix("CMD ")) == SERVICES["web"]["command"]
    assert yaml.safe_load(check.partition("CMD ")[2]) == SERVICES["web"]["healthcheck"]["test"][1:]


def test_the_image_is_built_from_files_that_exist_and_are_sent() -> None:
    sent = {
        line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = {
        name
        for line in DOCKERFILE
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    }

    assert copied == sent
    assert [name for name in copied if not (CHECKOUT / name).exists()] == []


def test_the_image_installs_nothing_whose_hash_is_not_locked() -> None:
    installs = [line for line in DOCKERFILE if "pip install" in line]

    assert len(installs) == 1
    assert "--require-hashes" in installs[0]


def test_the_image_runs_as_an_ordinary_user() -> None:
    users = [line.split()[1] for line in DOCKERFILE if line.startswith("USER ")]

    assert users == ["tracker"]


def test_volumes_belong_to_the_images_user() -> None:
    (made,) = [line for line in DOCKERFILE if "useradd" in line]
    mounted = {
        mount.replace("${BACKUPS:-backups}", "backups").split(":")[1]
        for name in FROM_OUR_IMAGE
        for mount in SERVICES[name].get("volumes", [])
    }

    assert mounted == {"/var/lib/tracker", "/var/lib/tracker/mail", "/backups"}
    assert all(f" {path}" in made for path in mounted)


@pytest.mark.services
def test_the_images_build_step_needs_no_server(stack: Stack, tmp_path: Path) -> None:
    (step,) = [line for line in DOCKERFILE if "collectstatic" in line]
    image = [line for line in DOCKERFILE if line.startswith("ENV ")]
    variables = dict(re.findall(r"(\w+)=(\S+)", " ".join([*image, step.partition("&&")[2]])))
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
