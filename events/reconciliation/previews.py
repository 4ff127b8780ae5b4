"""What a preview says of an entity: a few facts, as plain text for a template to escape."""

from __future__ import annotations

from dataclasses import dataclass

from events.names import is_chinese
from events.reconciliation.entities import entities, found, key_of
from events.timelines.entries import NEWEST_FIRST, bearing_on, entries, entry

SHOWN_EVENTS = 2


@dataclass(frozen=True)
class Preview:
    """An entity in a few lines; `events` are (date, sentence), newest first."""

    id: str
    name: str
    other: str
    types: str
    description: str
    events: list[tuple[str, str]]


def preview(text: str) -> Preview | None:
    """The preview of an identifier; of one that was merged into another, that other's; None for nobody's."""
    row = found(text)
    if row is None:
        return None
    key = key_of(row)
    entity = entities([key])[key]
    others = [name for name in entity.names if is_chinese(name) != is_chinese(entity.name)]
    rows = bearing_on(entries(), [entity.id]).order_by(*[column.order for column in NEWEST_FIRST])
    newest = [entry(row) for row in rows[:SHOWN_EVENTS]]
    return Preview(
        entity.id,
        entity.name,
        others[0] if others else "",
        ", ".join(kind["name"] for kind in entity.types),
        entity.description,
        [(payload["date"]["value"], payload["summary"]) for payload in newest],
    )
