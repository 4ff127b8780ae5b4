"""Pages by keyset, over a real table with many rows that tie."""

from __future__ import annotations

import base64
import json
from datetime import date

import pytest
from django.db.models import QuerySet

from events.models.organizations import Organization
from events.timelines.keyset import BadCursor, Key, Page, paginate

KEYS = (Key("founded", date, descending=True), Key("id", int, descending=True))


@pytest.fixture
def rows(db: None) -> QuerySet[Organization]:
    """Eleven organizations founded on three days."""
    for number in range(11):
        day = date(2020, 1, 1 + number % 3)
        Organization.objects.create(name=f"Unit {number}", founded=day, founded_precision="day")
    return Organization.objects.all()


def walk(rows: QuerySet[Organization], size: int) -> list[Page[Organization]]:
    """All pages from the first to the last."""
    pages = [paginate(rows, KEYS, size=size)]
    while pages[-1].next:
        pages.append(paginate(rows, KEYS, pages[-1].next, size))
    return pages


@pytest.mark.parametrize("size", [1, 2, 3, 5, 11, 12])
def test_pages_hold_every_row_once_and_in_order(rows: QuerySet[Organization], size: int) -> None:
    shown = [row for page in walk(rows, size) for row in page.rows]

    assert shown == list(rows.order_by("-founded", "-id"))


@pytest.mark.parametrize("size", [1, 3, 4])
def test_going_back_shows_the_pages_that_were_there(rows: QuerySet[Organization], size: int) -> None:
    pages = walk(rows, size)
    page, seen = pages[-1], [pages[-1].rows]
    while page.previous:
        page = paginate(rows, KEYS, page.previous, size)
        seen.insert(0, page.rows)

    assert [row for page_rows in seen for row in page_rows] == [row for page in pages for row in page.rows]


def test_rows_added_meanwhile_shift_nothing(rows: QuerySet[Organization]) -> None:
    first = paginate(rows, KEYS, size=4)
    Organization.objects.create(name="Newest", founded=date(2021, 1, 1), founded_precision="day")
    second = paginate(rows, KEYS, first.next, 4)

    expected = list(rows.exclude(name="Newest").order_by("-founded", "-id"))[4:8]
    assert second.rows == expected


def test_an_empty_list_has_no_pages_beside_it(db: None) -> None:
    page = paginate(Organization.objects.all(), KEYS)

    assert (page.rows, page.next, page.previous) == ([], None, None)


def forged(body: object) -> str:
    """A cursor of any content."""
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "!!!", "é", "A" * 9999, forged({}), forged(7), forged([]), forged(["-founded,-id", 0]),
        forged(["-founded,-id", 0, "2020-01-01", 10**30]), forged(["-founded,-id", 0, "2020-01-01", True]),
        forged(["-founded,-id", 0, "\x00", 1]), forged(["-founded,-id", 7, "2020-01-01", 1]),
        forged(["founded,id", 0, "2020-01-01", 1]), forged("[" * 3000),
    ],
)  # fmt: skip
def test_a_cursor_that_the_list_did_not_give_out_is_refused(db: None, cursor: str) -> None:
    with pytest.raises(BadCursor):
        paginate(Organization.objects.all(), KEYS, cursor)
