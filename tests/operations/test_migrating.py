"""`manage.py migrate` on a system that is in use."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from pytest_django import Settings

from tests.acceptance.conftest import database_url_of_test
from tracker.database.operations import AddIndexLive

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def someone_else() -> Iterator[psycopg.Connection]:
    """Another session, in a transaction."""
    with psycopg.connect(database_url_of_test()) as other:
        yield other


@contextmanager
def one_more_migration(
    monkeypatch: pytest.MonkeyPatch, *steps: operations.base.Operation, atomic: bool = True
) -> Iterator[None]:
    """The newest migration is one with these steps; afterwards it is taken back by hand."""
    head = next(key[1] for key in MigrationLoader(connection).graph.leaf_nodes("events"))
    migration = type(
        "Migration",
        (Migration,),
        {"dependencies": [("events", head)], "operations": list(steps), "atomic": atomic},
    )("9999_of_a_test", "events")
    original = MigrationLoader.load_disk

    def load(self: MigrationLoader) -> None:
        original(self)
        self.disk_migrations["events", migration.name] = migration

    monkeypatch.setattr(MigrationLoader, "load_disk", load)
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_story DROP COLUMN IF EXISTS of_a_test")
        cursor.execute("DROP INDEX IF EXISTS of_a_test")
        cursor.execute("DELETE FROM django_migrations WHERE name = %s", [migration.name])


class Listener(io.StringIO):
    """Does something as soon as something is written."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self.act = act

    def write(self, text: str) -> int:
        self.act()
        return super().write(text)


ADD_COLUMN = operations.RunSQL("ALTER TABLE events_story ADD COLUMN of_a_test integer")
ADD_INDEX = AddIndexLive("story", models.Index(fields=["title"], name="of_a_test"))


def columns() -> list[str]:
    with connection.cursor() as cursor:
        return [
            column.name for column in connection.introspection.get_table_description(cursor, "events_story")
        ]


def index_is_valid() -> bool | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('of_a_test')")
        row = cursor.fetchone()
    return row[0] if row else None


def test_a_migration_that_gets_no_lock_gives_up_its_place_and_tries_again(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.MIGRATE_LOCK_SECONDS = 1
    with one_more_migration(monkeypatch, ADD_COLUMN), someone_else() as reader:
        reader.execute("SELECT count(*) FROM events_story")
        # The reader leaves once the migration has given up for the first time.
        errors = Listener(reader.commit)

        call_command("migrate", stdout=io.StringIO(), stderr=errors)

        assert "of_a_test" in columns()


def test_a_migration_that_never_gets_its_lock_says_who_has_it(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.MIGRATE_LOCK_SECONDS, settings.MIGRATE_MINUTES = 1, 0
    with one_more_migration(monkeypatch, ADD_COLUMN), someone_else() as reader:
        reader.execute("SELECT count(*) FROM events_story")

        with pytest.raises(CommandError, match=f"process {reader.info.backend_pid} .*count"):
            call_command("migrate", stdout=io.StringIO(), stderr=io.StringIO())

        assert "of_a_test" not in columns()


def test_readers_go_on_while_a_migration_waits_for_its_lock(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.MIGRATE_LOCK_SECONDS = 1
    with one_more_migration(monkeypatch, ADD_COLUMN), someone_else() as forgotten, someone_else() as reader:
        forgotten.execute("SELECT count(*) FROM events_story")
        migration = threading.Thread(
            target=call_command, args=["migrate"], kwargs={"verbosity": 0, "stderr": io.StringIO()}
        )
        migration.start()
        for _ in range(5):
            # Each waits for no longer than the migration does.
            reader.execute("SET statement_timeout = '20s'")
            reader.execute("SELECT count(*) FROM events_story")
            reader.commit()
        forgotten.commit()
        migration.join()

        assert "of_a_test" in columns()


def test_an_index_is_built_while_rows_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    with one_more_migration(monkeypatch, ADD_INDEX, atomic=False):
        call_command("migrate", verbosity=0)

        assert index_is_valid() is True


def test_an_index_that_was_half_built_is_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX of_a_test ON events_story (title)")
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'of_a_test'::regclass")
    with one_more_migration(monkeypatch, ADD_INDEX, atomic=False):
        call_command("migrate", verbosity=0)

        assert index_is_valid() is True


def test_two_hosts_migrate_one_after_the_other(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.MIGRATE_LOCK_SECONDS = 1
    with one_more_migration(monkeypatch, ADD_COLUMN), someone_else() as other_host:
        other_host.execute("SELECT pg_advisory_lock(7163528041)")
        errors = Listener(other_host.close)

        call_command("migrate", stdout=io.StringIO(), stderr=errors)

        assert "of_a_test" in columns()
        assert other_host.closed


def test_limits_of_migrations_end_with_them() -> None:
    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0", "0")


def test_other_errors_of_a_migration_are_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asleep = operations.RunSQL("SELECT pg_terminate_backend(pg_backend_pid())")
    with one_more_migration(monkeypatch, asleep):
        with pytest.raises(OperationalError):
            call_command("migrate", verbosity=0)
        connection.close()
