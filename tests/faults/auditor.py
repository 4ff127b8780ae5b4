"""Counts what a deployment holds against what was published, acknowledged and received.

`audit` is a list of rules, each a pure function of what was expected and what was found, which says in words what is
lost or doubled; a deployment that lost nothing gives an empty list. `find` reads PostgreSQL by plain SQL, not by the
code that is audited.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.faults.load import Witness
from tests.faults.news import REVISED, Article
from tests.faults.world import READERS, World


@dataclass(frozen=True)
class Expected:
    """What must be there: each feed's identifiers with the page of each, the articles, the addresses of pages that
    were changed, the readers, and what those outside saw."""

    entries: dict[str, dict[str, str]]
    articles: list[Article]
    revised: set[str]
    readers: list[str]
    witness: Witness
    mailed: list[tuple[str, str]]
    hooked: list[tuple[str, int]]
    address: str


class ItemRow(NamedTuple):
    """A feed's entry: its feed's address, its page's, its state, and the text of its document, None without one."""

    feed: str
    url: str
    state: str
    text: str | None


class DocumentRow(NamedTuple):
    """A version of a page."""

    url: str
    version: int
    is_latest: bool
    state: str
    text: str
    attempts: int


class CandidateRow(NamedTuple):
    """A candidate; `event` is None while it is not published."""

    subject: str
    action: str
    state: str
    event: int | None


class RevisionRow(NamedTuple):
    """A revision of the ledger."""

    seq: int
    event: int
    number: int
    reason: str
    subject: str


class DeliveryRow(NamedTuple):
    """One reader, one revision; `message` is the Message-ID of the mail that carries it."""

    reader: str
    seq: int
    state: str
    message: str | None


class OutgoingRow(NamedTuple):
    """A mail or a webhook's message: its identifier, whom it goes to (a revision's number for webhooks), its state.

    `assumed`: the outcome of a mail's only attempt is not known, and what it says was replaced before another one.
    """

    name: str
    to: str
    state: str
    attempts: int
    assumed: bool = False


@dataclass
class Found:
    """What the database holds."""

    items: list[ItemRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    candidates: list[CandidateRow] = field(default_factory=list)
    revisions: list[RevisionRow] = field(default_factory=list)
    head: int = 0
    ledger: str = ""
    """What `manage.py verify_ledger` said where it found a break."""
    deliveries: list[DeliveryRow] = field(default_factory=list)
    mails: list[OutgoingRow] = field(default_factory=list)
    hooks: list[OutgoingRow] = field(default_factory=list)
    unmatched: int = 0
    people: list[str] = field(default_factory=list)
    """The names of those on record."""


Rule = Callable[[Expected, Found], Iterator[str]]


def every_entry_is_stored_once(expected: Expected, found: Found) -> Iterator[str]:
    """Each entry that a feed showed has one row, which has come to a document."""
    rows = Counter((row.feed, row.url) for row in found.items)
    for feed, entries in expected.entries.items():
        for guid, url in entries.items():
            if (count := rows.pop((feed, url), 0)) != 1:
                yield f"entry {guid} of {feed} is stored {count} times"
    for (feed, url), count in rows.items():
        yield f"{feed} never had the entry of {url}, and it is stored {count} times"
    for row in found.items:
        if row.state not in ("stored", "duplicate") or row.text is None:
            yield f"the entry of {row.url} came to nothing: it is {row.state}"


def every_page_is_kept_once(expected: Expected, found: Found) -> Iterator[str]:
    """An article has one document, and a changed page two versions, the latest with the changed text."""
    latest = Counter(_article_of(row.text, expected) for row in found.documents if row.is_latest)
    versions = Counter(row.url for row in found.documents)
    for article in expected.articles:
        if latest[article.subject] != 1:
            yield f"the article about {article.subject} is kept {latest[article.subject]} times"
    for url, count in versions.items():
        wanted = 2 if url in expected.revised else 1
        if count != wanted:
            yield f"{url} has {count} versions, not {wanted}"
    for row in found.documents:
        if row.is_latest and row.url in expected.revised and REVISED not in row.text:
            yield f"{row.url} was changed, and its latest version is the old text"


def every_document_is_read(expected: Expected, found: Found) -> Iterator[str]:
    """Each document has been read; poison is given up after a few tries."""
    poison = {article.subject for article in expected.articles if article.poison}
    for row in found.documents:
        wanted = "failed" if _article_of(row.text, expected) in poison else "extracted"
        if row.state != wanted:
            yield f"{row.url}, version {row.version}, is {row.state} after {row.attempts} tries, not {wanted}"


def every_candidate_is_there_once(expected: Expected, found: Found) -> Iterator[str]:
    """Each article's claim is one candidate (beside those that a changed page has set aside), and it is published."""
    rows: dict[str, list[CandidateRow]] = defaultdict(list)
    for row in found.candidates:
        if row.state != "superseded":
            rows[row.subject].append(row)
    for article in expected.articles:
        mine = rows.pop(article.subject, [])
        if article.poison:
            if mine:
                yield f"the poisoned article about {article.subject} was read"
        elif len(mine) != 1:
            yield f"there are {len(mine)} candidates about {article.subject}"
        elif mine[0].action != article.action or mine[0].state != "published":
            yield f"the candidate about {article.subject} is {mine[0].action}, {mine[0].state}"
    for subject, others in rows.items():
        yield f"there are {len(others)} candidates about {subject}, of whom no article tells"


def the_ledger_is_whole(expected: Expected, found: Found) -> Iterator[str]:
    """The chain holds, its numbers have no gap, and each event's own numbers have none."""
    if found.ledger:
        yield f"the ledger is broken: {found.ledger}"
    seqs = [row.seq for row in found.revisions]
    if seqs != list(range(1, len(seqs) + 1)) or found.head != len(seqs):
        yield f"the ledger's {len(seqs)} revisions up to {found.head} have gaps"
    numbers: dict[int, list[int]] = defaultdict(list)
    for row in found.revisions:
        numbers[row.event].append(row.number)
    for event, mine in numbers.items():
        if mine != list(range(1, len(mine) + 1)):
            yield f"event {event} has the revisions {mine}"


def every_news_is_published_once(expected: Expected, found: Found) -> Iterator[str]:
    """Each article has one event."""
    events: dict[str, set[int]] = defaultdict(set)
    for row in found.revisions:
        events[row.subject].add(row.event)
    for article in expected.articles:
        if not article.poison and len(events[article.subject]) != 1:
            yield f"there are {len(events[article.subject])} events about {article.subject}"


def everyone_is_on_record_once(expected: Expected, found: Found) -> Iterator[str]:
    """Whom an article tells of was put on record by one curator, once."""
    people = Counter(found.people)
    for article in expected.articles:
        if not article.poison and people[article.subject] != 1:
            yield f"{article.subject} is on record {people[article.subject]} times"


def what_was_acknowledged_is_there(expected: Expected, found: Found) -> Iterator[str]:
    """What curators were told is published is; no step was done twice, acknowledged or not."""
    events = {row.event for row in found.revisions}
    for event in sorted(expected.witness.published - events):
        yield f"a curator was told that event {event} is published, and it is not"
    reasons = Counter(row.reason for row in found.revisions if row.reason.startswith("note "))
    for reason in sorted(expected.witness.tried | set(reasons)):
        least = int(reason in expected.witness.corrected)
        if not least <= reasons[reason] <= 1:
            yield f"the step with the reason {reason!r} stands {reasons[reason]} times in the ledger"


def followers_missed_nothing(expected: Expected, found: Found) -> Iterator[str]:
    """Who followed the change stream was given each revision once, in order."""
    whole = [row.seq for row in found.revisions]
    for name, seen in expected.witness.followed.items():
        if seen != whole:
            lost, doubled = sorted(set(whole) - set(seen)), [s for s, n in Counter(seen).items() if n > 1]
            yield f"{name} of the change stream missed {lost}, saw twice {doubled}, of {len(whole)}"


def every_reader_is_told(expected: Expected, found: Found) -> Iterator[str]:
    """Each reader has a receipt for the latest revision of each event; what was not sent was replaced in time."""
    if found.unmatched:
        yield f"{found.unmatched} revisions are not matched"
    latest = {row.event: row.seq for row in found.revisions}
    event_of = {row.seq: row.event for row in found.revisions}
    sent = {(row.reader, row.seq) for row in found.deliveries if row.state == "sent"}
    for event, seq in latest.items():
        for reader in expected.readers:
            if (reader, seq) not in sent:
                yield f"{reader} was not told of revision {seq} of event {event}"
    for row in found.deliveries:
        replaced = row.seq != latest.get(event_of.get(row.seq, 0))
        if row.state != "sent" and not (row.state == "cancelled" and replaced):
            yield f"what {row.reader} should hear of revision {row.seq} is {row.state}"
        if row.state == "sent" and row.message is None:
            yield f"{row.reader} has a receipt for revision {row.seq} and no mail"


def every_mail_arrived_once(expected: Expected, found: Found) -> Iterator[str]:
    """Each mail that is on record as sent was taken by the server, by its reader's address. A second copy, of the same
    Message-ID, comes only where the receipt of the first could not be written down. One that is only assumed to be sent may
    not have come, if the reader got a later one about the same event."""
    received = Counter(expected.mailed)
    for row in found.mails:
        copies = received.pop((row.to, row.name), 0)
        least = 0 if row.assumed and _is_made_up_for(row, found) else 1
        if row.state == "sent" and not least <= copies <= max(row.attempts, 1):
            yield f"mail {row.name} to {row.to} came {copies} times after {row.attempts} attempts"
        elif row.state not in ("sent", "cancelled"):
            yield f"mail {row.name} to {row.to} is {row.state}"
    for (to, name), copies in received.items():
        yield f"{to} got {name} {copies} times, of which nothing is on record"


def _is_made_up_for(mail: OutgoingRow, found: Found) -> bool:
    """Whether its reader has a receipt, not an assumed one, for a later revision of each event that it told of."""
    event_of = {row.seq: row.event for row in found.revisions}
    assumed = {row.name for row in found.mails if row.assumed}
    mine = [row for row in found.deliveries if row.reader == mail.to and row.state == "sent"]
    told = [row for row in mine if row.message not in assumed]
    return all(
        any(event_of[later.seq] == event_of[row.seq] and later.seq > row.seq for later in told)
        for row in mine
        if row.message == mail.name
    )


def every_webhook_message_arrived_in_order(expected: Expected, found: Found) -> Iterator[str]:
    """The receiver was sent each revision, an event's in order; a message came again only by a new attempt."""
    received = Counter(name for name, _ in expected.hooked)
    by_revision = {int(row.to): row for row in found.hooks}
    for revision in found.revisions:
        row = by_revision.get(revision.seq)
        if row is None:
            yield f"the webhook has no message of revision {revision.seq}"
        elif row.state != "sent" or not 1 <= received[row.name] <= row.attempts:
            yield f"the webhook's message of revision {revision.seq} is {row.state}, came {received[row.name]} times after {row.attempts} attempts"
    event_of = {row.seq: row.event for row in found.revisions}
    newest: dict[int, int] = {}
    firsts: dict[str, int] = {}
    for name, seq in expected.hooked:
        firsts.setdefault(name, seq)
    for seq in firsts.values():
        if seq < newest.get(event_of.get(seq, 0), 0):
            yield f"the receiver heard of revision {seq} after a later one of its event"
        newest[event_of.get(seq, 0)] = seq


RULES: tuple[Rule, ...] = (
    every_entry_is_stored_once,
    every_page_is_kept_once,
    every_document_is_read,
    every_candidate_is_there_once,
    the_ledger_is_whole,
    every_news_is_published_once,
    everyone_is_on_record_once,
    what_was_acknowledged_is_there,
    followers_missed_nothing,
    every_reader_is_told,
    every_mail_arrived_once,
    every_webhook_message_arrived_in_order,
)


def audit(expected: Expected, found: Found) -> list[str]:
    """What is lost or doubled, each with the name of its rule."""
    return [f"{rule.__name__}: {problem}" for rule in RULES for problem in rule(expected, found)]


def expect(world: World, witness: Witness) -> Expected:
    """What must be there by what the world has published so far."""
    stand, address = world.stand, f"http://{world.place}"
    with stand.lock:
        entries = {
            f"{address}{feed}": {entry.guid: f"{address}{entry.path}" for entry in rows}
            for feed, rows in stand.feeds.items()
        }
        revised = {f"{address}{path}" for path in stand.revised}
    readers = [f"reader{number}@example.org" for number in range(READERS)]
    mailed, hooked = list(world.box.messages), list(world.receiver.messages)
    return Expected(entries, stand.articles(), revised, readers, witness, mailed, hooked, address)


_ITEMS = """
SELECT feed.url, item.url, item.state, document.text FROM events_feeditem item
JOIN events_feed feed ON feed.id = item.feed_id LEFT JOIN events_document document ON document.id = item.document_id
"""
_DOCUMENTS = "SELECT url, version, is_latest, state, text, attempts FROM events_document"
_CANDIDATES = "SELECT subject_name, action, state, event_id FROM events_candidate"
_REVISIONS = (
    "SELECT seq, event_id, number, reason, payload->'subject'->>'name' FROM events_revision ORDER BY seq"
)
_DELIVERIES = """
SELECT subscriber.email, delivery.revision_id, delivery.state, mail.message_id FROM events_delivery delivery
JOIN events_subscriber subscriber ON subscriber.id = delivery.subscriber_id
LEFT JOIN events_mail mail ON mail.id = delivery.mail_id
"""
_MAILS = """
SELECT mail.message_id, subscriber.email, mail.state, mail.attempts, mail.state = 'sent' AND mail.error <> ''
FROM events_mail mail
JOIN events_subscriber subscriber ON subscriber.id = mail.subscriber_id
"""
_HOOKS = "SELECT message_id, revision_id::text, state, attempts FROM events_webhookmessage"


def find(world: World) -> Found:
    """What the deployment holds now."""
    verified = world.manage("verify_ledger", check=False)
    with world.engines.connect() as database:

        def rows(statement: str, shape: Any) -> list[Any]:
            return [shape(*row) for row in database.execute(statement).fetchall()]

        def number(statement: str) -> int:
            row: Any = database.execute(statement).fetchone()
            return int(row[0] or 0)

        return Found(
            rows(_ITEMS, ItemRow),
            rows(_DOCUMENTS, DocumentRow),
            rows(_CANDIDATES, CandidateRow),
            rows(_REVISIONS, RevisionRow),
            number("SELECT max(seq) FROM events_ledgerhead"),
            verified.stdout + verified.stderr if verified.returncode else "",
            rows(_DELIVERIES, DeliveryRow),
            rows(_MAILS, OutgoingRow),
            rows(_HOOKS, OutgoingRow),
            number("SELECT count(*) FROM events_matching WHERE state <> 'done'"),
            [name for (name,) in rows("SELECT name FROM events_executive", lambda name: (name,))],
        )


def _article_of(text: str, expected: Expected) -> str:
    """Whom the text tells of, or "" for one that none of the articles has."""
    return next((article.subject for article in expected.articles if article.subject in text), "")
