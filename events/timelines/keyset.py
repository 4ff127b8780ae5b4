"""Pages by keyset: a page starts after the last row shown, so that rows added meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from events.exceptions import TrackerError
from events.timelines.clocks import parse_instant

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

MAX_PAGE = 200
PAGE = 50
MAX_CURSOR = 4000
_MAX_INTEGER = 2**63


class BadCursor(TrackerError, ValueError):
    """A cursor that this list did not give out."""


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _MAX_INTEGER:
        raise ValueError
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    value.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
    return value


_READERS: dict[type, Callable[[Any], Any]] = {
    int: _integer,
    float: _number,
    str: _text,
    date: lambda value: date.fromisoformat(_text(value)),
    datetime: lambda value: parse_instant(_text(value)),
}


@dataclass(frozen=True)
class Key:
    """One column of an ordering: a field or annotation that is never null, its type and its direction."""

    name: str
    type: type
    descending: bool = False

    @property
    def order(self) -> str:
        """As `order_by` writes it."""
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True)
class Cursor:
    """A place in a list: just after (or, going back, before) the row that had these values."""

    values: tuple[Any, ...]
    backward: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in order, with the cursors of the pages beside it; None where there is none."""

    rows: list[Row]
    next: str | None
    previous: str | None


def paginate(rows: QuerySet[M], keys: Sequence[Key], cursor: str | None = None, size: int = PAGE) -> Page[M]:
    """One page of `rows`, ordered by `keys`, the last of which must tell rows apart. Raises BadCursor."""
    place = decode(cursor, keys) if cursor else None
    backward = place is not None and place.backward
    size = max(1, min(size, MAX_PAGE))
    rows = rows.order_by(*[_order(key, backward) for key in keys])
    if place:
        rows = rows.filter(_beyond(keys, place))
    return paged(list(rows[: size + 1]), keys, place, size)


def paged(found: list[Row], keys: Sequence[Key], place: Cursor | None, size: int) -> Page[Row]:
    """The page of the rows nearest past a place, in the order in which they were read, one more than `size` at most."""
    backward = place is not None and place.backward
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    has_next, has_previous = (True, more) if backward else (more, place is not None)
    return Page(
        found,
        encode(keys, found[-1], backward=False) if found and has_next else None,
        encode(keys, found[0], backward=True) if found and has_previous else None,
    )


def encode(keys: Sequence[Key], row: Any, *, backward: bool) -> str:
    """The cursor of the place after (or before) a row; URL-safe text."""
    values = [
        value.isoformat() if isinstance(value := getattr(row, key.name), date) else value for key in keys
    ]
    order = ",".join(key.order for key in keys)
    body = json.dumps([order, int(backward), *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def decode(cursor: str, keys: Sequence[Key]) -> Cursor:
    """The inverse of `encode`, for the same ordering. Raises BadCursor."""
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        order, backward, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if order != ",".join(key.order for key in keys) or backward not in (0, 1):
            raise ValueError
        read = tuple(_READERS[key.type](value) for key, value in zip(keys, values, strict=True))
        return Cursor(read, bool(backward))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise BadCursor("This cursor is not one that this list gave out.") from None


def _order(key: Key, backward: bool) -> str:
    return key.name if key.descending == backward else f"-{key.name}"


def _beyond(keys: Sequence[Key], place: Cursor) -> Q:
    """The rows past a place: `a <= x and (a < x or (a = x and ...))`, whose first half an index can use."""
    condition = Q()
    for index, (key, value) in reversed(list(enumerate(zip(keys, place.values, strict=True)))):
        side = "lt" if key.descending != place.backward else "gt"
        past = Q(**{f"{key.name}__{side}": value})
        last = index == len(keys) - 1
        condition = past if last else Q(**{f"{key.name}__{side}e": value}) & (past | condition)
    return condition
