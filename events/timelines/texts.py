"""Entries and revisions as JSON: the payload's text, as PostgreSQL holds it, is handed on, not even decoded.

They say what `entries.entry` and the revision's row say, at a fraction of the cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from events.models.record import Event, Revision
from events.timelines.entries import Rows, instant
from events.timelines.keyset import Key

SEQ = (Key("seq", int),)
"""The order of revisions."""

Change = tuple[int, bytes, bytes]
"""A revision's number, its operation, and the whole of it as JSON."""

_REVISION = """concat('{"seq":', seq, ',"event":', event_id, ',"number":', number, ',"operation":"', operation,
 '","recorded_at":"', to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
 '","reason":', to_json(reason), ',"changes":', changes, ',"payload":', payload,
 ',"hash":"', hash, '","previous_hash":"', previous_hash, '"}')"""
# Written out: the page of a stream that many poll should not cost more to ask for than to read.
_CHANGES = f"""SELECT seq, operation, {_REVISION}
 FROM {Revision._meta.db_table} WHERE seq > %s ORDER BY seq LIMIT %s"""  # noqa: S608 - nothing of a caller's


class Undecoded(Loader):
    """Text as the bytes that came from the server, UTF-8: what is only passed on need not become `str` and back."""

    def load(self, data: Buffer) -> bytes:
        """The bytes."""
        return bytes(data)


def changes_after(seq: int, limit: int) -> list[Change]:
    """At most `limit` revisions past a sequence number, in order.

    Each has its full payload, what differs from the one before, and its place in the chain. `seq` has no gaps and
    grows in the order of commits, so a reader who goes on from the last one seen misses nothing and sees nothing twice.
    """
    with connection.cursor() as cursor:
        for name in ("text", "varchar"):
            cursor.cursor.adapters.register_loader(name, Undecoded)
        cursor.execute(_CHANGES, [seq, limit])
        found: list[Change] = cursor.fetchall()
    return found


def revision_rows(rows: QuerySet[Revision]) -> QuerySet[Any, Any]:
    """Revisions as named tuples with `seq` and `text`, the revision as JSON."""
    text = RawSQL(_REVISION, [], models.TextField())  # noqa: S611 - a constant
    return rows.annotate(text=text).values_list("seq", "text", named=True)


def entry_rows(rows: Rows, keys: Sequence[Key]) -> QuerySet[Any, Any]:
    """The rows of `entries`, as named tuples for `entry_text` that have the columns of `keys`."""
    payload, seq = ("head__payload", "head_id") if rows.model is Event else ("payload", "pk")
    columns = dict.fromkeys([*(key.name for key in keys), "recorded_at", "revision_seq", "text"])
    shown = rows.annotate(text=Cast(payload, models.TextField()), revision_seq=F(seq))
    named: QuerySet[Any, Any] = shown.values_list(*columns, named=True)
    return named


def entry_text(row: Any) -> bytes:
    """An entry as JSON: the payload with the revision's number and time."""
    stamp = f'"revision":{{"seq":{row.revision_seq},"recorded_at":"{instant(row.recorded_at)}"}}'
    return f"{row.text[:-1]},{stamp}}}".encode()
