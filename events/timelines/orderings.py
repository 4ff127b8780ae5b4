"""What the lists of registers can be ordered by. Every ordering ends with the id, so that pages neither skip nor
repeat a row; columns that may be empty are left out, since a cursor is made of their values."""

from __future__ import annotations

from datetime import datetime

from events.timelines.keyset import Key

Orderings = dict[str, tuple[Key, ...]]


def orderings(**columns: tuple[str, type]) -> Orderings:
    """Ascending and, with a minus, descending orderings, by the name that a caller gives, `id` among them."""
    found: Orderings = {"id": (Key("id", int),), "-id": (Key("id", int, descending=True),)}
    for name, (column, kind) in columns.items():
        found[name] = (Key(column, kind), Key("id", int))
        found[f"-{name}"] = (Key(column, kind, descending=True), Key("id", int, descending=True))
    return found


PEOPLE = orderings(name=("name", str))
ORGANIZATIONS = orderings(name=("name", str), type=("type", str))
LADDERS = orderings(name=("name", str), organization=("organization_id", int))
CASES = orderings(title=("title", str))
DOCUMENTS = orderings(title=("title", str), fetched=("fetched_at", datetime))
