"""docker-compose.yml, Dockerfile and the settings' variables, read as the tests need them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from typing import Any

import yaml

from tracker.local.paths import CHECKOUT

SECRETS = {
    "SECRET_KEY": "only-for-this-test-abcdefghijklmnopqrstuvwxyz0123456789",
    "POSTGRES_PASSWORD": "letters0",
}
"""What an .env file must hold."""
PRODUCTION = SECRETS | {"SITE_URL": "https://tracker.example.org", "ALLOWED_HOSTS": "tracker.example.org"}
"""What a real one holds."""
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WORKERS = ("fetch", "extract", "alerts")
OURS = ("migrate", "web", *WORKERS, "beat")
"""The services of the application that always run."""
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
READERS = {"os.environ.get", "os.getenv", "flag", "words", "number", "secret", "conf.flag", "conf.secret"}
"""How the code reads a variable: the first argument is its name."""


def interpolated(text: str, values: Mapping[str, str]) -> str:
    """Compose's ``${NAME:-default}``, as the specification has it."""

    def replace(match: re.Match[str]) -> str:
        return values.get(match["name"]) or match["default"]

    return re.sub(r"\$\{(?P<name>\w+):-(?P<default>[^}]*)\}", replace, text)


def environment_of(service: str, values: Mapping[str, str]) -> dict[str, str]:
    """A container's variables where the .env file holds `values`; one without a value is handed on where it is set."""
    given: dict[str, Any] = SERVICES[service].get("environment", {})
    return {
        name: values[name] if value is None else interpolated(str(value), values)
        for name, value in given.items()
        if value is not None or name in values
    }


def here(command: list[str], values: Mapping[str, str] | None = None) -> list[str]:
    """A container's command with this environment's programs."""
    program, *arguments = [interpolated(part, values or {}) for part in command]
    return (
        [sys.executable, *arguments] if program == "python" else [sys.executable, "-m", program, *arguments]
    )


def variables_of_the_code() -> set[str]:
    """The names of all environment variables that the code reads, but for the embedded stack's own."""
    files = [
        file
        for room in ("tracker", "api", "events")
        for file in (CHECKOUT / room).rglob("*.py")
        if "tracker/local/" not in file.as_posix()
    ]
    return {name for file in files for name in _read_in(ast.parse(file.read_text()))}


def _read_in(tree: ast.Module) -> set[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    names = [
        call.args[0].value
        for call in calls
        if ast.unparse(call.func) in READERS and isinstance(call.args[0], ast.Constant)
    ]
    return {name for name in names if isinstance(name, str) and re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}


def variables_of_the_table() -> set[str]:
    """The names in the first column of README's table of variables."""
    text = (CHECKOUT / "README.md").read_text()
    table = text.partition("| variable |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}
