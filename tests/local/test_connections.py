"""Connections that are kept between requests: what has ended is found out without asking the server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture
def kept(transactional_db: None) -> Iterator[Any]:
    """A connection of its own to the test database, used once."""
    made: BaseDatabaseWrapper = connection.copy()
    made.ensure_connection()
    yield made
    made.close()


def pid(of: Any) -> int:
    """The server's process of a connection."""
    return int(of.connection.info.backend_pid)


def last_statement(of: int) -> str:
    """What the server's process was asked last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [of])
        return str(cursor.fetchone()[0])


def test_a_connection_that_lives_is_used_again_without_a_question(kept: Any) -> None:
    with kept.cursor() as cursor:
        cursor.execute("SELECT 'the last question'")

    assert kept.is_usable()
    assert last_statement(pid(kept)) == "SELECT 'the last question'"


def test_a_connection_that_the_server_has_ended_is_not_used_again(kept: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid(kept)])
    end = time.monotonic() + 20
    while kept.is_usable() and time.monotonic() < end:
        time.sleep(0.01)

    assert not kept.is_usable()


def test_a_notice_that_nobody_has_read_does_not_end_a_connection(kept: Any) -> None:
    with kept.cursor() as cursor:
        cursor.execute("LISTEN news")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY news")

    assert kept.is_usable()


def test_a_connection_that_was_closed_is_not_used(kept: Any) -> None:
    kept.connection.close()

    assert not kept.is_usable()
