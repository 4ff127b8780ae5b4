"""Newline-delimited JSON: one entry, person or organization a line, in full."""

from __future__ import annotations

import json
from typing import Any

from events.exports.events import Gone, Told

JSON = dict[str, Any]


def event_line(row: Told | Gone) -> bytes:
    """An event's entry, or its tombstone."""
    if isinstance(row, Told):
        return row.entry + b"\n"
    merged = {"merged_into": row.merged_into} if row.merged_into else {}
    stamp = {"seq": row.seq, "recorded_at": row.recorded_at}
    return line({"event": row.event, "status": row.status, **merged, "revision": stamp})


def line(value: JSON) -> bytes:
    """Any other value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
