"""Pages shift for nobody: whatever is added meanwhile, each row that was there is shown once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.permissions import READ
from api.urls import router
from api.views.events import Events
from events.timelines.entries import ORDERINGS
from tests.api.conftest import Caller, Record
from tests.api.test_lists import grow


def lists() -> Iterator[str]:
    """Every list that anyone may read, in its own order and in each that can be asked for."""
    for prefix, view, _ in router.registry:
        if getattr(view, "required_scope", READ) != READ:
            continue
        orderings = ORDERINGS if view is Events else getattr(view, "orderings", {})
        yield f"{prefix}/"
        yield from (f"{prefix}/?ordering={name}" for name in orderings)


@pytest.mark.parametrize("path", list(lists()))
def test_rows_that_are_added_while_pages_are_read_neither_hide_nor_repeat_others(
    api: Caller, record: Record, path: str
) -> None:
    grow(record, 3)
    there = _ids(api.get(f"/api/v1/{path}").json())
    separator = "&" if "?" in path else "?"

    page = api.get(f"/api/v1/{path}{separator}page_size=2").json()
    seen = _ids(page)
    while page["next"]:
        if len(seen) < 5:
            grow(record, 1)
        page = api.get(page["next"]).json()
        seen += _ids(page)

    # An event that is amended meanwhile has another place where its last revision's time is the order.
    still = [row for row in there if not path.startswith("events/") or row != record.revision.event_id]
    seen = [row for row in seen if row != record.revision.event_id or row in still]
    assert len(seen) == len(set(seen))
    assert [row for row in seen if row in still] == still


def _ids(page: dict[str, list[dict[str, int]]]) -> list[int]:
    return [row.get("id", row.get("event", 0)) for row in page["results"]]
