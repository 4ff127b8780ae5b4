"""Measures the costs: each stage is run by this process on a scratch database, and the processor time of both sides taken.

Processor time of a stage's worker is this process' own; that of PostgreSQL is its backend's, which works for this
connection alone. Checkpoints, autovacuum and replication are not in it; the bytes of write-ahead log that they go by are.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from events.alerts.gathering import gather_due
from events.alerts.matching import is_due, match_revision
from events.alerts.sending import send_all
from events.feeds.polling import due_items, fetch_item, poll_feed
from events.intake import take_in
from events.models.sources import Feed
from events.record.publishing import publish
from tests.bench import audience, bulk, ingest, polling
from tests.bench.capacity.costs import STAGES, Cost, Costs
from tests.bench.http import Site
from tests.bench.machine import machine, versions
from tests.bench.runner import say
from tests.bench.scratch import execute, scratch_database
from tests.bench.sink import running_sink

ARTICLES = 60
FEEDS = 400
REVISIONS = 60
SUBSCRIPTIONS = 100_000
PAGES = 200
_FOLLOWED, _FOLLOWERS = 6, 1_000
_LEAST = 1e-7
"""Seconds: a difference of two measurements can come out below nothing."""


class Meter:
    """Processor time and write-ahead log between two readings."""

    def __init__(self) -> None:
        [[pid]] = execute("SELECT pg_backend_pid()")
        self.backend = psutil.Process(pid)

    def cost(self, units: int, work: Callable[[], object]) -> Cost:
        """The cost of one of so many units that `work` does."""
        before = self._read()
        work()
        after = self._read()
        worker, database, wal = (
            max(0.0, end - begin) / units for begin, end in zip(before, after, strict=True)
        )
        return Cost(worker, database, wal)

    def _read(self) -> tuple[float, float, float]:
        [[wal]] = execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        used = self.backend.cpu_times()
        return time.process_time(), used.user + used.system, float(wal)


def measure(events: int) -> Costs:
    """All costs, at a record of so many events. Takes some minutes."""
    with scratch_database():
        # One backend from the beginning to the end.
        connection.close()
        connection.settings_dict["CONN_MAX_AGE"] = None
        record = bulk.start(1_000)
        ingest.load_dictionaries()
        taken_in = _ingest()
        polled = _poll()
        say(f"capacity: a record of {events:,} events")
        bulk.grow(record, events)
        read = _reads(record)
        written, sizes = _alerts(record)
        cost = {**taken_in, **polled, **read, **written}
        return Costs(
            **{name: cost[name] for name in STAGES},
            bytes={**_sizes(), **sizes},
            machine={**machine(), "versions": versions(), "events": events},
        )


def _ingest() -> dict[str, Cost]:
    say(f"capacity: {ARTICLES} articles")
    meter = Meter()
    with tempfile.TemporaryDirectory() as folder, ingest.feed_server(Path(folder)) as base:
        settings.FETCH_ALLOWED_HOSTS = [base.removeprefix("http://")]
        for number in (0, 1):  # the first warms up
            batch = ingest.write_batch(Path(folder), base, number, ARTICLES, ingest.DRESSES["ordinary"])
            poll_feed(Feed.objects.create(url=batch.url).pk)
            found: list[int] = []
            fetched = meter.cost(ARTICLES, partial(_fetch, found))
            extracted = meter.cost(ARTICLES, partial(_extract, found))
    return {"fetch": fetched, "extract": extracted}


def _fetch(found: list[int]) -> None:
    for item in due_items():
        document = fetch_item(item)
        if document is None:
            raise RuntimeError(f"entry {item} gave no document")
        found.append(document.pk)


def _extract(documents: list[int]) -> None:
    for pk in documents:
        take_in(pk)


def _poll() -> dict[str, Cost]:
    say(f"capacity: {FEEDS} feeds")
    meter = Meter()
    with polling.hosts() as ports:
        settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{port}" for port in ports]
        polling.feeds(ports, FEEDS)
        due = list(Feed.objects.filter(url__endswith=".xml", title="Feed").values_list("pk", flat=True))
        warm, rest = due[: FEEDS // 4], due[FEEDS // 4 :]
        for pk in warm:
            poll_feed(pk)
        return {"poll": meter.cost(len(rest), lambda: [poll_feed(pk) for pk in rest])}


def _reads(record: bulk.Record) -> dict[str, Cost]:
    say("capacity: pages")
    site, meter = Site(), Meter()
    addresses = {
        "timeline": f"/api/v1/executives/{record.person}/timeline/",
        "search": f"/api/v1/search/?q={bulk.person_name(record.people[1]).replace(' ', '+')}",
        "changes": f"/api/v1/changes/?cursor={record.events // 2}",
    }
    found = {}
    for name, address in addresses.items():
        for _ in range(PAGES // 10):
            site.get(address)
        # A site of its own counts no rates and needs no logging in.
        found[name] = meter.cost(PAGES, partial(_read, site, address))
    return found


def _read(site: Site, address: str) -> None:
    for _ in range(PAGES):
        site.get(address)


def _alerts(record: bulk.Record) -> tuple[dict[str, Cost], dict[str, float]]:
    """Publishing, matching without an audience and with one, mail; and the bytes of what they write."""
    meter, before = Meter(), _total("subscription", "subscriber")
    audience.fill(record, SUBSCRIPTIONS, _FOLLOWERS)
    after = _total("subscription", "subscriber")
    readers = SUBSCRIPTIONS // 2
    sizes = {
        "subscription": (after["subscription"] - before["subscription"]) / SUBSCRIPTIONS,
        "subscriber": (after["subscriber"] - before["subscriber"]) / readers,
    }
    say(f"capacity: {REVISIONS + _FOLLOWED} revisions, {SUBSCRIPTIONS:,} subscriptions")
    published: list[int] = []
    lonely = (record.people[-1], record.organizations[-1])
    publishing = meter.cost(REVISIONS, lambda: published.extend(_publish(record, *lonely, REVISIONS)))
    # Those who follow a kind hear of these, too.
    few = meter.cost(REVISIONS, lambda: _match(published))
    followed = _publish(record, record.person, record.organization, _FOLLOWED)
    start, before_few = _total("delivery")["delivery"], _audience(published)
    many = meter.cost(_FOLLOWED, lambda: _match(followed))
    sizes["delivery"] = (_total("delivery")["delivery"] - start) / _audience(followed) / _FOLLOWED
    each = _slope(few, many, before_few, _audience(followed))
    costs = {"publish": publishing, "match": _less(few, each, before_few), "deliver": each}
    execute("DELETE FROM events_delivery WHERE revision_id <> %s", [followed[-1]])
    return {**costs, "mail": _mail(meter, int(_audience(followed[-1:])))}, sizes


def _audience(revisions: list[int]) -> float:
    """Deliveries of a revision, on average."""
    found = execute("SELECT count(*) FROM events_delivery WHERE revision_id = ANY(%s)", [revisions])
    return float(found[0][0]) / len(revisions)


def _slope(few: Cost, many: Cost, smaller: float, larger: float) -> Cost:
    """What each further subscriber costs."""
    if larger <= smaller:
        raise RuntimeError(f"audiences of {smaller} and {larger} tell nothing")
    units = larger - smaller
    return Cost(
        max(_LEAST, many.worker - few.worker) / units,
        max(_LEAST, many.database - few.database) / units,
        max(0.0, many.wal - few.wal) / units,
    )


def _less(whole: Cost, each: Cost, units: float) -> Cost:
    """The whole without so many units."""
    return Cost(
        max(_LEAST, whole.worker - units * each.worker),
        max(_LEAST, whole.database - units * each.database),
        max(0.0, whole.wal - units * each.wal),
    )


def _publish(record: bulk.Record, person: int, organization: int, count: int) -> list[int]:
    return [publish(bulk.draft(record, person, organization), record.author).seq for _ in range(count)]


def _match(revisions: list[int]) -> None:
    for seq in revisions:
        while is_due(seq):
            match_revision(seq)


def _mail(meter: Meter, messages: int) -> Cost:
    execute("UPDATE events_delivery SET due_at = now() WHERE state = 'pending'")
    say(f"capacity: {messages:,} mails")
    with running_sink() as port:
        settings.EMAIL_PORT = port
        cost = meter.cost(messages, lambda: (gather_due(messages), send_all(600)))
    sent = execute("SELECT count(*) FROM events_mail WHERE state = 'sent'")[0][0]
    if sent != messages:
        raise RuntimeError(f"{sent} mails were sent, not {messages}")
    return cost


def _total(*tables: str) -> dict[str, float]:
    return {
        table: float(execute("SELECT pg_total_relation_size(%s)", [f"events_{table}"])[0][0])
        for table in tables
    }


_OF_AN_EVENT = ("event", "party", "penalty", "ground", "evidence", "bearing", "matching")


def _sizes() -> dict[str, float]:
    """Bytes of one, with indexes and TOAST, in tables as they are now."""
    events = execute("SELECT count(*) FROM events_event")[0][0]
    each = {
        "revision": ("revision",),
        "document": ("document",),
        "candidate": ("candidate", "candidateevidence"),
        "item": ("feeditem",),
        "run": ("fetchrun",),
        "feed": ("feed",),
    }
    sizes = {"event": sum(_total(*_OF_AN_EVENT).values()) / events}
    for name, tables in each.items():
        there = [
            table for table in tables if execute("SELECT to_regclass(%s)", [f"events_{table}"]) != [(None,)]
        ]
        rows = execute(f"SELECT count(*) FROM events_{tables[0]}")[0][0]  # noqa: S608 - names from above
        sizes[name] = sum(_total(*there).values()) / max(1, rows)
    return sizes
