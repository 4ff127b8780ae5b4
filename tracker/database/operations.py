"""Steps of migrations that a live system bears."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

_HALF_BUILT = """
    SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid
"""


class AddIndexLive(AddIndexConcurrently):
    """An index built while others write, which can be run again after it was interrupted.

    CREATE INDEX CONCURRENTLY waits for every transaction that is older than itself, without being in anyone's way:
    it is under none of the limits of other steps. When it is ended half way, an index stays that nobody uses and that
    has the name; it is dropped first. The migration must have `atomic = False`.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Builds the index."""
        if schema_editor.collect_sql:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        limits = _settings(schema_editor, "lock_timeout", "statement_timeout")
        _set(schema_editor, dict.fromkeys(limits, "0"))
        try:
            name = schema_editor.quote_name(self.index.name)
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(_HALF_BUILT, [name])
                if cursor.fetchone():
                    cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            _set(schema_editor, limits)


def _settings(schema_editor: BaseDatabaseSchemaEditor, *names: str) -> dict[str, str]:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(["current_setting(%s)"] * len(names)), names)
        row: tuple[Any, ...] = cursor.fetchone() or ()
    return dict(zip(names, row, strict=True))


def _set(schema_editor: BaseDatabaseSchemaEditor, values: dict[str, str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
