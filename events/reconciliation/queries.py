"""What a client asks, read from its JSON and bounded: batches of queries, and requests to extend."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from events.exceptions import TrackerError
from events.reconciliation.vocabulary import PROPERTIES, TYPES

JSON = dict[str, Any]

MAX_BATCH = 25
"""Queries in one batch: what the manifest tells as `batchSize`."""
MAX_LIMIT = 25
DEFAULT_LIMIT = 5
MAX_TEXT = 300
"""Characters of a query, of a value and of a key."""
MAX_HINTS = 20
MAX_VALUES = 10
MAX_IDS = 100
_ENTITY = re.compile(r"(person|organization):([1-9][0-9]{0,17})")
_STRICT = ("any", "should", "all")


class BadQuery(TrackerError):
    """A batch or request that cannot be read; `pointer` is the JSON Pointer of what is wrong in it."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class BatchTooLarge(BadQuery):
    """More queries or ids than one request may hold."""


@dataclass(frozen=True)
class Query:
    """One query: a name (perhaps empty, which finds by identifiers alone), the types that are wanted, and hints: values by property."""

    text: str = ""
    types: tuple[str, ...] = ()
    every_type: bool = False
    limit: int = DEFAULT_LIMIT
    hints: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Extension:
    """The properties that are wanted of some entities, both in the order asked."""

    ids: tuple[str, ...]
    properties: tuple[str, ...]


def entity_key(text: str) -> tuple[str, int] | None:
    """("person", 4) of `person:4`; None for what is no entity's identifier."""
    found = _ENTITY.fullmatch(text)
    return (found[1], int(found[2])) if found else None


def read_batch(text: str) -> dict[str, Query]:
    """The queries of a batch by their keys. Raises BadQuery."""
    batch = _object(_loaded(text), "")
    if len(batch) > MAX_BATCH:
        raise BatchTooLarge(f"At most {MAX_BATCH} queries in a batch.")
    return {_text(key, ""): _query(value, f"/{_escaped(key)}") for key, value in batch.items()}


def read_extension(text: str) -> Extension:
    """A request to extend. Raises BadQuery."""
    asked = _object(_loaded(text), "", {"ids", "properties"})
    ids = _list(asked.get("ids"), "/ids")
    if len(ids) > MAX_IDS:
        raise BatchTooLarge(f"At most {MAX_IDS} ids.", "/ids")
    properties = []
    wanted = _list(asked.get("properties"), "/properties")
    if len(wanted) > 2 * len(PROPERTIES):
        raise BadQuery("These are more properties than there are.", "/properties")
    for number, item in enumerate(wanted):
        pointer = f"/properties/{number}"
        properties.append(_known(_object(item, pointer, {"id", "settings"}).get("id"), f"{pointer}/id"))
    return Extension(
        tuple(_text(value, f"/ids/{number}") for number, value in enumerate(ids)),
        tuple(dict.fromkeys(properties)),
    )


def _query(value: Any, pointer: str) -> Query:
    asked = _object(value, pointer, {"query", "type", "limit", "properties", "type_strict"})
    if "query" not in asked and not asked.get("properties"):
        raise BadQuery("Give a query, or properties.", pointer)
    text = _text(asked.get("query", ""), f"{pointer}/query", cut=True).strip()
    hints = dict(_hints(_list(asked.get("properties", []), f"{pointer}/properties"), f"{pointer}/properties"))
    strict = asked.get("type_strict")
    if strict is not None and strict not in _STRICT:
        raise BadQuery(f"It is one of {', '.join(_STRICT)}.", f"{pointer}/type_strict")
    return Query(
        text, _types(asked.get("type"), f"{pointer}/type"), strict == "all", _limit(asked, pointer), hints
    )


def _types(value: Any, pointer: str) -> tuple[str, ...]:
    """The types asked for: one, several, or none; OpenRefine sends an empty one for "no type"."""
    wanted = [value] if isinstance(value, str) else _list([] if value is None else value, pointer)
    found = []
    for item in wanted[: len(TYPES) + 1]:
        name = item.get("id") if isinstance(item, dict) else item
        if name == "":
            continue
        if not isinstance(name, str) or name not in TYPES:
            raise BadQuery(f"There is no such type. There are: {', '.join(TYPES)}.", pointer)
        found.append(name)
    return tuple(found)


def _limit(asked: JSON, pointer: str) -> int:
    limit = asked.get("limit", DEFAULT_LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit != limit or limit < 1:
        raise BadQuery("A limit is a positive number.", f"{pointer}/limit")
    return int(min(limit, MAX_LIMIT))


def _hints(items: list[Any], pointer: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    if len(items) > MAX_HINTS:
        raise BadQuery(f"At most {MAX_HINTS} properties.", pointer)
    for number, item in enumerate(items):
        place = f"{pointer}/{number}"
        hint = _object(item, place, {"pid", "v", "p"})
        name = _known(hint.get("pid"), f"{place}/pid")
        if not PROPERTIES[name].hint:
            there = ", ".join(item.id for item in PROPERTIES.values() if item.hint)
            raise BadQuery(f"A query cannot give this property. It can give: {there}.", f"{place}/pid")
        values = hint.get("v")
        values = values if isinstance(values, list) else [values]
        if len(values) > MAX_VALUES:
            raise BadQuery(f"At most {MAX_VALUES} values.", f"{place}/v")
        texts = tuple(text for value in values if (text := _value(value, f"{place}/v")))
        if texts:
            yield name, texts


def _value(value: Any, pointer: str) -> str:
    """A property's value as text; of an entity its identifier, since it was matched before."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool | int | float):
        value = json.dumps(value)
    return _text(value, pointer).strip()


def _known(name: Any, pointer: str) -> str:
    if not isinstance(name, str) or name not in PROPERTIES:
        raise BadQuery(f"There is no such property. There are: {', '.join(PROPERTIES)}.", pointer)
    return name


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadQuery("This is not JSON.") from None


def _object(value: Any, pointer: str, known: set[str] | None = None) -> JSON:
    if not isinstance(value, dict):
        raise BadQuery("An object is needed here.", pointer)
    unknown = sorted(set(value) - known)[:1] if known is not None else []
    if unknown:
        there = ", ".join(sorted(known or ()))
        raise BadQuery(f"There is no such member. There are: {there}.", f"{pointer}/{_escaped(unknown[0])}")
    return value


def _list(value: Any, pointer: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadQuery("A list is needed here.", pointer)
    return value


def _text(value: Any, pointer: str, *, cut: bool = False) -> str:
    """Bounded text. A cell of a table may be longer than any name: `cut` reads its beginning, so that it does not
    fail the queries beside it."""
    if not isinstance(value, str):
        raise BadQuery("Text is needed here.", pointer)
    text = value[:MAX_TEXT] if cut else value
    if len(text) > MAX_TEXT:
        raise BadQuery(f"At most {MAX_TEXT} characters.", pointer)
    if "\x00" in text or not _is_unicode(text):
        raise BadQuery("This is not valid Unicode text.", pointer)
    return text


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _escaped(token: str) -> str:
    token = token[:MAX_TEXT].encode("utf-8", "replace").decode()
    return token.replace("~", "~0").replace("/", "~1")
