"""The change stream: nobody who follows it misses anything, whether by pages, by waiting or by events."""

from __future__ import annotations

import json
import os
import random
import threading
from collections.abc import Iterator
from functools import partial

import httpx
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from api.changes import stream
from api.changes.watcher import Watcher
from events.models.record import Revision
from events.record import publishing
from tests.api import streams
from tests.api.conftest import Record
from tests.api.streams import Reader, in_thread, opened, until

WRITERS, EACH = 8, 5


@pytest.fixture
def base(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the application listens; when the test is over, nobody waits any more."""
    monkeypatch.setattr(stream, "HEARTBEAT", 0.2)
    cache.clear()
    yield str(live_server.url)
    assert until(lambda: not _watched())
    cache.clear()


@pytest.fixture
def numbered(transactional_db: None) -> Iterator[None]:
    """A table whose rows are numbered by a sequence, as an ordinary `id` is."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE numbered (id bigserial PRIMARY KEY)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE numbered")


def _watched() -> bool:
    return any(thread.name == "ledger-watcher" for thread in threading.enumerate())


def number() -> None:
    """Adds a row to the table."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO numbered DEFAULT VALUES")


def numbers_after(cursor_: int) -> list[int]:
    """What a reader who follows the table by its ids sees next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM numbered WHERE id > %s ORDER BY id", [cursor_])
        return [row[0] for row in cursor.fetchall()]


def test_a_reader_who_follows_the_cursor_sees_every_revision_once_and_in_order(
    base: str, record: Record
) -> None:
    start = threading.Barrier(WRITERS)
    reader = Reader(base, cursor=record.revision.seq)

    def write(seed: int) -> None:
        delay = random.Random(seed)  # noqa: S311
        start.wait()
        for day in range(EACH):
            with transaction.atomic():
                record.publish(f"2024-{seed + 1:02}-{day + 1:02}")
                threading.Event().wait(delay.random() / 50)

    writers = [in_thread(partial(write, seed)) for seed in range(WRITERS)]
    seen = reader.read_until(WRITERS * EACH)
    for writer in writers:
        writer.join()

    assert seen == list(range(record.revision.seq + 1, record.revision.seq + 1 + WRITERS * EACH))
    assert len({item["event"] for item in reader.seen}) == WRITERS * EACH
    assert reader.read() == []


def test_a_plain_id_would_miss_what_commits_late_where_the_cursor_does_not(
    base: str, record: Record, numbered: None
) -> None:
    first_is_numbered, second_is_seen = threading.Event(), threading.Event()
    reader = Reader(base, cursor=record.revision.seq)

    def late() -> None:
        with transaction.atomic():
            number()
            first_is_numbered.set()
            second_is_seen.wait(streams.DEADLINE)
            record.publish("2024-01-01")

    writer = in_thread(late)
    assert first_is_numbered.wait(streams.DEADLINE)
    with transaction.atomic():
        number()
        record.publish("2024-01-02")
    by_id, by_cursor = numbers_after(0), reader.read()
    second_is_seen.set()
    writer.join()
    by_id += numbers_after(by_id[-1])
    by_cursor += reader.read()

    assert numbers_after(0) == [1, 2]
    assert by_id == [2]
    assert by_cursor == [record.revision.seq + 1, record.revision.seq + 2]


def test_what_is_not_committed_yet_holds_back_what_comes_after_it(base: str, record: Record) -> None:
    written, go_on = threading.Event(), threading.Event()
    reader = Reader(base, cursor=record.revision.seq)

    def slow() -> None:
        with transaction.atomic():
            record.publish("2024-01-01")
            written.set()
            go_on.wait(streams.DEADLINE)

    first = in_thread(slow)
    assert written.wait(streams.DEADLINE)
    second = in_thread(lambda: record.publish("2024-01-02"))
    assert until(_somebody_waits_for_the_head)
    before = reader.read()
    go_on.set()
    first.join()
    second.join()

    assert before == []
    assert reader.read() == [record.revision.seq + 1, record.revision.seq + 2]


def _somebody_waits_for_the_head() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_waiting_ends_with_the_next_revision(base: str, record: Record) -> None:
    reader = Reader(base, cursor=record.revision.seq)
    waiter = in_thread(lambda: reader.read(wait=20))
    assert until(lambda: _connections() > 0)  # the watcher has begun

    revision = record.publish("2024-01-01")
    waiter.join(timeout=15)

    assert not waiter.is_alive()
    assert [item["seq"] for item in reader.seen] == [revision.seq]


def test_waiting_for_what_is_there_already_takes_no_time(base: str, record: Record) -> None:
    answer = httpx.get(f"{base}/api/v1/changes/?cursor=0&wait=60", timeout=20)

    assert [item["seq"] for item in answer.json()["results"]] == [record.revision.seq]


def test_waiting_in_vain_ends_with_the_same_cursor(base: str, record: Record) -> None:
    reader = Reader(base, cursor=record.revision.seq)

    assert reader.read(wait=1) == []
    assert reader.cursor == record.revision.seq


def test_events_are_the_revisions_as_pages_have_them(base: str, record: Record) -> None:
    publishing.amend(record.revision.event_id, {"notes": ["Line\nbreak \u2028 and ü"]}, record.author)
    publishing.retract(record.revision.event_id, record.author)
    reader = Reader(base)
    reader.read()

    with opened(base) as (answer, events):
        found = [events.next() for _ in range(3)]

    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["cache-control"] == "no-store"
    assert [event.event for event in found if event] == ["ADD", "MOD", "DEL"]
    assert [json.loads(event.data) for event in found if event] == reader.seen
    assert [int(event.id) for event in found if event] == [item["seq"] for item in reader.seen]


def test_events_come_as_they_are_published(base: str, record: Record) -> None:
    with opened(base, f"?cursor={record.revision.seq}") as (_, events):
        first = record.publish("2024-01-01")
        one = events.next()
        second = record.publish("2024-01-02")
        two = events.next()

    assert one is not None
    assert two is not None
    assert [int(one.id), int(two.id)] == [first.seq, second.seq]


def test_a_stream_goes_on_after_the_last_event_that_the_client_has(base: str, record: Record) -> None:
    revision = record.publish("2024-01-01")

    with opened(base, "?cursor=0", last_event_id=str(record.revision.seq)) as (_, events):
        event = events.next()

    assert event is not None
    assert int(event.id) == revision.seq


@pytest.mark.parametrize("sent", ["x", "-1", "9" * 30, "1 2"])
def test_an_id_that_is_none_is_refused(base: str, record: Record, sent: str) -> None:
    with opened(base, last_event_id=sent) as (answer, _):
        assert answer.status_code == 400
        assert "Last-Event-ID" in answer.read().decode()


def test_a_stream_in_which_nothing_happens_shows_that_it_lives_and_ends_in_time(
    base: str, record: Record, settings: Settings
) -> None:
    settings.API_STREAM_SECONDS = 2

    with opened(base, f"?cursor={record.revision.seq}") as (_, events):
        last = events.next()

    assert last is None
    assert events.comments >= 2


def test_no_more_may_wait_than_there_is_room_for(base: str, record: Record, settings: Settings) -> None:
    settings.API_WAITERS = 1
    settings.API_STREAM_SECONDS = 2
    address = f"{base}/api/v1/changes/?cursor={record.revision.seq}"

    with opened(base, f"?cursor={record.revision.seq}") as (answer, events):
        assert answer.status_code == 200
        refused = httpx.get(f"{address}&wait=1")
        page = httpx.get(address)
        events.next()

    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["content-type"] == "application/problem+json"
    assert page.status_code == 200
    assert until(lambda: httpx.get(f"{address}&wait=1").status_code == 200)


def test_who_waits_holds_no_database_connection(base: str, record: Record) -> None:
    query = f"?cursor={record.revision.seq}"

    with opened(base, query) as (a, _), opened(base, query) as (b, _), opened(base, query) as (c, _):
        assert {a.status_code, b.status_code, c.status_code} == {200}
        assert until(lambda: _connections() == 1)  # the watcher's


def test_streams_go_on_after_the_database_has_ended_all_connections(base: str, record: Record) -> None:
    with opened(base, f"?cursor={record.revision.seq}") as (_, events):
        assert until(lambda: _connections() == 1)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {_OTHERS}")
        revision = record.publish("2024-01-01")
        event = events.next()

    assert event is not None
    assert int(event.id) == revision.seq


_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_OTHERS}")
        return int(cursor.fetchone()[0])


def test_a_forked_process_watches_for_itself() -> None:
    watcher = Watcher(lambda: 5, interval=0.01)
    waiting = in_thread(lambda: watcher.wait(5, 1))
    child = os.fork()
    if child == 0:
        os._exit(0 if watcher.wait(4, 20) else 1)
    _, status = os.waitpid(child, 0)
    waiting.join()

    assert os.waitstatus_to_exitcode(status) == 0


def test_nobody_looks_at_the_ledger_while_nobody_waits() -> None:
    looks = 0

    def head() -> int:
        nonlocal looks
        looks += 1
        return 1

    watcher = Watcher(head, interval=0.01)
    assert watcher.wait(0, 20)
    assert until(lambda: not _watched())
    before = looks

    assert watcher.wait(0, 20)
    assert looks > before


def test_a_browser_that_takes_anything_gets_a_page(base: str, record: Record) -> None:
    for accept in ("*/*", "application/json, text/event-stream", "text/html, */*;q=0.1"):
        answer = httpx.get(f"{base}/api/v1/changes/", headers={"accept": accept})
        assert answer.headers["content-type"] == "application/json"
        assert "Accept" in answer.headers["vary"]


def test_a_page_has_its_revisions_to_the_letter(base: str, record: Record) -> None:
    reader = Reader(base)
    reader.read()
    row = Revision.objects.get(seq=record.revision.seq)

    (shown,) = reader.seen
    assert shown == {
        "seq": row.seq, "event": row.event_id, "number": 1, "operation": "ADD",
        "recorded_at": row.recorded_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "reason": "", "changes": row.changes, "payload": row.payload, "hash": row.hash,
        "previous_hash": row.previous_hash,
    }  # fmt: skip
