"""One way to write JSON, so that the same revision always has the same hash, and differences by field."""

from __future__ import annotations

import hashlib
import json
from typing import Any

JSON = dict[str, Any]


def plain(value: Any) -> Any:
    """The value as JSON keeps it: whole floats become integers, since PostgreSQL's jsonb does not tell them apart.

    Raises ValueError for what JSON cannot hold (NaN, infinity, NUL characters) and TypeError for other types.
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError("a revision cannot hold NaN or infinity")
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a revision cannot hold a NUL character")
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"{type(value).__name__} is not JSON")


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def chain_hash(previous: str, content: JSON) -> str:
    """SHA-256, in hexadecimal, of the hash before and the revision's canonical content."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(content)).hexdigest()


def differences(old: JSON, new: JSON, path: str = "") -> list[JSON]:
    """Fields that differ, as `{"field": JSON Pointer, "old": ..., "new": ...}`; lists are compared whole."""
    found: list[JSON] = []
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        pointer = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        if isinstance(before, dict) and isinstance(after, dict):
            found += differences(before, after, pointer)
        elif before != after:
            found.append({"field": pointer, "old": before, "new": after})
    return found
