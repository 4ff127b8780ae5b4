"""The load on a deployment: editors, curators and readers, who do not mind that it breaks.

Each is a thread with its own connections. Whatever fails is tried again by the rules of the one who does it; what was
*acknowledged* is kept for the auditor, who demands to find it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import psycopg

from tests.faults.world import World

JSON = dict[str, Any]
TIMEOUT = 8.0
"""Seconds that a client waits for an answer."""
_REST = 0.8


_READ = "SELECT url FROM events_document WHERE version = 1 AND state = 'extracted'"
_FEEDS_DUE = (
    "UPDATE events_feed SET next_poll_at = now() WHERE next_poll_at > now() AND claimed_until IS NULL"
)
_PAGES_DUE = """
UPDATE events_document SET revisit_at = now()
WHERE is_latest AND state = 'extracted' AND version = 1 AND revisit_at > now() AND url = ANY(%s)
"""


@dataclass
class Witness:
    """What those outside saw: the revisions that each follower was given, in order; the events that curators were told
    are published; the reasons of the corrections that were acknowledged; what answers there were, by status."""

    followed: dict[str, list[int]] = field(default_factory=dict)
    published: set[int] = field(default_factory=set)
    corrected: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)


@dataclass
class Load:
    """The load on one world, until it is stopped."""

    world: World
    witness: Witness = field(default_factory=Witness)
    stopping: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)
    """Set when curators are to begin nothing new beside their queue."""
    pace: float = 2.5
    """Seconds between two editions."""
    broken: list[str] = field(default_factory=list)
    """What went wrong in the load itself: a test with any has proved nothing."""

    def run(self, name: str, step: Callable[[httpx.Client], None], key: str = "") -> None:
        """Takes the step again and again."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        with httpx.Client(base_url=self.world.site_url, headers=headers, timeout=TIMEOUT) as client:
            while not self.stopping.is_set():
                try:
                    step(client)
                except (httpx.HTTPError, psycopg.Error) as error:
                    self.witness.answers[type(error).__name__] += 1
                    self.stopping.wait(_REST)
                except Exception as error:
                    self.broken.append(f"{name}: {type(error).__name__}: {error}")
                    return

    def ask(
        self, client: httpx.Client, method: str, path: str, body: JSON | None = None, seen: JSON | None = None
    ) -> Any:
        """The JSON of an answer that says that all went well; None for any other. `seen` is the candidate as it was
        when the step was decided on: the step is refused where it has changed since."""
        headers = {"If-Match": f'"{seen["version"]}"'} if seen else {}
        answer = client.request(method, path, json=body, headers=headers)
        self.witness.answers[str(answer.status_code)] += 1
        return answer.json() if answer.is_success else None


@contextlib.contextmanager
def load(world: World, pace: float = 2.5) -> Iterator[Load]:
    """The load, until the block ends."""
    on = Load(world, pace=pace)
    steps: list[tuple[str, Callable[[httpx.Client], None], str]] = [
        ("editor", Editor(on).step, ""),
        ("follower", Follower(on, "follower", wait=2).step, ""),
        ("poller", Follower(on, "poller", wait=0).step, ""),
        ("visitor", Visitor(on).step, ""),
    ]
    *curators, approver = world.keys
    steps += [(f"curator{i}", Curator(on, world.random).step, key) for i, key in enumerate(curators)]
    steps.append(("approver", Approver(on, world.random, "awaiting_approval").step, approver))
    threads = [threading.Thread(target=on.run, args=step, name=step[0], daemon=True) for step in steps]
    for thread in threads:
        thread.start()
    try:
        yield on
    finally:
        on.stopping.set()
        for thread in threads:
            thread.join(30)
    assert not on.broken, on.broken


@dataclass
class Editor:
    """Publishes editions, changes pages now and then, and has feeds and changed pages fall due: days pass here."""

    on: Load
    next_edition: float = 0.0

    def step(self, client: httpx.Client) -> None:
        stand, address = self.on.world.stand, f"http://{self.on.world.place}"
        if time.monotonic() >= self.next_edition:
            stand.publish()
            self.next_edition = time.monotonic() + self.on.pace
        with self.on.world.engines.connect() as database:
            read: Any = database.execute(_READ).fetchall()
            alone = stand.standing_alone() & {url.removeprefix(address) for (url,) in read}
            if alone and len(stand.revised) < stand.published // 2:
                stand.revise(self.on.world.random.choice(sorted(alone)))
            database.execute(_FEEDS_DUE)
            database.execute(_PAGES_DUE, [[f"{address}{path}" for path in stand.revised]])
        self.on.stopping.wait(1.5)


@dataclass
class Follower:
    """Follows the change stream from its beginning, as its documentation says to."""

    on: Load
    name: str
    wait: int
    cursor: int = 0

    def step(self, client: httpx.Client) -> None:
        query = f"cursor={self.cursor}&page_size=7" + (f"&wait={self.wait}" if self.wait else "")
        page = self.on.ask(client, "GET", f"/api/v1/changes/?{query}")
        seen = self.on.witness.followed.setdefault(self.name, [])
        if page is not None:
            seen.extend(int(row["seq"]) for row in page["results"])
            self.cursor = int(page["cursor"])
        if page is None or not self.wait:
            self.on.stopping.wait(_REST)


@dataclass
class Visitor:
    """Reads pages and lists."""

    on: Load
    paths: tuple[str, ...] = ("/", "/api/v1/events/", "/api/v1/executives/", "/search/?q=names", "/api/v1/search/?q=harrow")  # fmt: skip
    turn: int = 0

    def step(self, client: httpx.Client) -> None:
        answer = client.get(self.paths[self.turn % len(self.paths)])
        self.on.witness.answers[str(answer.status_code)] += 1
        self.turn += 1
        self.on.stopping.wait(_REST)


@dataclass
class Curator:
    """Works through the queue over the API: accepts what is open, and sometimes corrects what was published."""

    on: Load
    random: Random
    state: str = "open"
    notes: int = 0

    def step(self, client: httpx.Client) -> None:
        queue = self.on.ask(client, "GET", f"/api/v1/review/candidates/?state={self.state}&page_size=20")
        rows = (queue or {}).get("results", [])
        self.random.shuffle(rows)
        for row in rows[:4]:
            if self.on.stopping.is_set():
                return
            self._keep(client, self._decide(client, row))
        self.on.stopping.wait(_REST)

    def _decide(self, client: httpx.Client, row: JSON) -> JSON | None:
        return self._accept(client, row)

    def _accept(self, client: httpx.Client, row: JSON) -> JSON | None:
        path = f"/api/v1/review/candidates/{row['id']}/"
        shown = self.on.ask(client, "GET", path)
        if shown is not None and shown["resolution_state"] == "unknown":
            shown = self.on.ask(client, "POST", f"{path}create_party/", {"pointer": "/subject"}, shown)
        return None if shown is None else self.on.ask(client, "POST", f"{path}accept/", {}, shown)

    def _keep(self, client: httpx.Client, done: JSON | None) -> None:
        if done is None or done["state"] != "published":
            return
        self.on.witness.published.add(done["event"])
        is_noted = done["action"] == "appointment" and not self.on.closing.is_set()
        if is_noted and self.random.random() < 0.3:
            self._correct(client, done["event"])

    def _correct(self, client: httpx.Client, event: int) -> None:
        self.notes += 1
        reason = f"note {self.notes} on event {event}"
        self.on.witness.tried.add(reason)
        body = {"severity": 1, "reason": reason}
        if self.on.ask(client, "POST", f"/api/v1/review/events/{event}/severity/", body) is not None:
            self.on.witness.corrected.add(reason)


class Approver(Curator):
    """The second pair of eyes: approves what others accepted, and accepts nothing."""

    def _decide(self, client: httpx.Client, row: JSON) -> JSON | None:
        path = f"/api/v1/review/candidates/{row['id']}/approve/"
        done: JSON | None = self.on.ask(client, "POST", path, {}, row)
        return done
