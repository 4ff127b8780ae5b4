"""Holds the site against its matrix."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.access.asking import Word, ask
from tests.access.people import KEYS, SESSIONS, Person
from tests.access.rules import Entry
from tests.access.world import World

PAGE_METHODS = ("GET", "POST")
API_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def differences(world: World, name: str, entry: Entry) -> dict[str, Any]:
    """Where the site and the entry disagree: (method, person) with what was said, and what should have been."""
    path = address(world, name, entry)
    found: dict[str, Any] = {}
    is_api = name.startswith("api:")
    for method in API_METHODS if is_api else PAGE_METHODS:
        wanted = entry.methods.get(method)
        # A method that is not there is not there for the mightiest.
        people = ((*SESSIONS, *KEYS) if is_api else SESSIONS) if wanted else (Person.ROOT, Person.ANONYMOUS)
        for person in people:
            said = ask(world, person, method, path, entry.at.get("body", "={}")[1:])
            right = {wanted[person]} if wanted else {Word.NO_METHOD, Word.REFUSED, Word.SIGN_IN}
            if said not in right:
                should = ", ".join(sorted(word.value for word in right))
                found[f"{method} {path} by {person.name}"] = f"{said.value}; should be: {should}"
    return found


def address(world: World, name: str, entry: Entry) -> str:
    """The route's address in this world."""
    values = {part: _value(world, key) for part, key in entry.at.items()}
    query = values.pop("query", "")
    values.pop("body", None)
    plain = name.partition(":")[2] if name.startswith("admin:") else name
    path = _of_pattern(plain, values) if "/" in plain else reverse(name, kwargs=values or None)
    return f"{path}?{query}" if query else path


def _of_pattern(pattern: str, values: dict[str, Any]) -> str:
    """The address of a route without a name."""
    path = "/" + pattern
    for part, value in values.items():
        path = path.replace(f"<path:{part}>", str(value))
    return path.replace("(?P<url>.*)$", "no-such-page")


def _value(world: World, key: str) -> Any:
    """A value by its name; a row of a model in the admin by the model's, and where the world has none, the first."""
    if key.startswith("="):
        return key[1:]
    if key.startswith("admin:"):
        return world.values.get(key.rpartition("_")[2], 1)
    return world.values[key]
