"""Newline-delimited JSON: one entry, person or organization a line, in full."""

from __future__ import annotations

import json
from typing import Any

from events.exports.events import Gone, Told
from events.timelines.entries import instant

JSON = dict[str, Any]


def event_line(row: Told | Gone) -> str:
    """An event's entry, letter for letter the payload as it was written, with its revision; or its tombstone."""
    stamp = f'"revision":{{"seq":{row.seq},"recorded_at":"{instant(row.recorded_at)}"}}'
    if isinstance(row, Told):
        return f"{row.payload[:-1]},{stamp}}}\n"
    merged = f',"merged_into":{row.merged_into}' if row.merged_into else ""
    return f'{{"event":{row.event},"status":"{row.status}"{merged},{stamp}}}\n'


def line(value: JSON) -> str:
    """Any other value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
