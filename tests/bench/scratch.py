"""A database for one benchmark: made, migrated, filled in bulk, and dropped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model


@contextmanager
def scratch_database() -> Iterator[None]:
    """The default connection leads to an empty, migrated database while the block runs.

    One that a killed run has left is replaced.
    """
    former = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY FROM STDIN: all constraints hold as they do for INSERT."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as stream:
        for row in rows:
            stream.write_row(row)


def execute(
    statement: str, parameters: Sequence[Any] | dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Runs one statement; its rows, where it gives some."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def settle(*models: type[Model]) -> None:
    """Sets the sequences past what was copied, and brings statistics and visibility up to date, as autovacuum would."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        for model in models:
            cursor.execute(f'VACUUM (ANALYZE) "{model._meta.db_table}"')


def environment() -> dict[str, str]:
    """The environment of helper processes: this checkout's packages."""
    return os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
