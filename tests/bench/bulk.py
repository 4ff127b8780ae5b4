"""A record of any size: people, organizations, events with all their rows, and the ledger.

The payload of a really published event is the pattern of all others, so that its shape is that of the code. Rows
go in by COPY under every constraint of the database; hashes chain, but do not cover the content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from events.choices import Kind, PartyType, Role
from events.dates import PartialDate
from events.models.access import User
from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.models.record import Bearing, Event, Evidence, Ground, LedgerHead, Party, Penalty, Revision
from events.models.sources import Document
from events.names import keys, trigrams
from events.record.draft import Draft, DraftEvidence, DraftOrganization, DraftParty
from events.record.publishing import publish
from events.record.words import search_vector
from tests import scenes
from tests.bench.scratch import copy, execute, settle

JSON = dict[str, Any]

ORGANIZATIONS = 200
PERSONS_EVENTS = 200
"""Events about the person whose timeline is read, however large the record is."""
SHARE = 100
"""One event in so many is about the organization whose timeline is read."""
_TEXT = (
    "For false sales figures and missing controls, the Conduct Committee of Northlake Devices fined Ilse van Houten, "
    "head of sales at Northlake Cloud, 120,000 euros on 3 March 2024 and gave her a severe warning."
)
_FIRST_DAY, _DAYS = date(2000, 1, 1), 9_500
_DAY_STEP = 7_919  # a prime: days are spread over the years in no order
_START = datetime(2024, 3, 4, tzinfo=UTC)

_EVENT = (
    "id", "kind", "action", "title", "organization_id", "occurred_precision", "decided", "decided_precision",
    "announced_precision", "effective_precision", "ended_precision", "date", "date_precision", "published_at",
    "first_seen_at", "status", "assertion", "severity", "severity_inputs", "confidence", "departure", "interim",
    "headcount_text", "head_id", "search",
)  # fmt: skip
_REVISION = (
    "seq", "event_id", "number", "operation", "payload", "changes", "subjects", "author_id", "reason", "recorded_at",
    "previous_hash", "hash",
)  # fmt: skip
_PARTY = ("event_id", "role", "order", "type", "executive_id", "organization_id", "name", "title")
_PENALTY = (
    "event_id", "order", "type", "levels", "from_label", "to_label", "degree", "amount", "currency", "duration",
)  # fmt: skip


@dataclass
class Record:
    """What was filled in: whose timelines are read, and how many events there are."""

    person: int
    organization: int
    issuer: int
    people: list[int]
    organizations: list[int]
    author: User
    document: Document
    events: int = 0


def start(people: int) -> Record:
    """A register of people and organizations, and one published event. For an empty database."""
    organizations = _organizations()
    persons = _people(people)
    record = Record(
        person=persons[0],
        organization=organizations[1],
        issuer=organizations[0],
        people=persons,
        organizations=organizations,
        author=scenes.curator(),
        document=scenes.document(_TEXT),
    )
    publish(draft(record, record.person, record.organization), record.author)
    record.events = 1
    return record


def draft(record: Record, person: int, organization: int, *, day: str = "2024-03-03") -> Draft:
    """A fine and a severe warning (severity 3), with grounds, an issuer and four quotes."""
    fields = ("", "/grounds/0", "/penalties/0", "/penalties/1")
    quotes = (_TEXT, "false sales figures", "fined Ilse van Houten", "a severe warning")
    return Draft(
        kind=Kind.DISCIPLINE,
        action="fine",
        subject=DraftParty(Role.SUBJECT, PartyType.PERSON, person_name(person), person, "Head of sales"),
        organization=DraftOrganization(organization_name(organization), organization),
        participants=(
            DraftParty(Role.ISSUER, PartyType.ORGANIZATION, organization_name(record.issuer), record.issuer),
        ),
        dates={"decided": PartialDate.parse(day)},
        confidence=0.94,
        penalties=(
            {"type": "fine", "amount": 120_000, "currency": "EUR"},
            {"type": "warning", "degree": "severe"},
        ),
        grounds=("false sales figures", "missing controls"),
        evidence=tuple(
            DraftEvidence(record.document.id, field, (at := _TEXT.index(quote)), at + len(quote), quote)
            for field, quote in zip(fields, quotes, strict=True)
        ),
    )


def grow(record: Record, events: int) -> None:
    """Adds events until there are so many. The person's come with the first call, and no more later."""
    pattern = Revision.objects.order_by("seq")[0].payload
    head = LedgerHead.objects.get(id=1)
    offset = execute("SELECT max(id) FROM events_event")[0][0] - record.events
    first = record.events == 1
    numbers = range(record.events + 1, events + 1)
    shift = head.seq - record.events
    every = max(1, events // PERSONS_EVENTS) if first else 0
    words = _Words(record, pattern)
    with transaction.atomic():

        def payloads() -> Iterator[JSON]:
            for number in numbers:
                yield _payload(record, pattern, number, number + offset, every)

        copy("events_event", _EVENT, (_event(p, p["event"] - offset + shift, words) for p in payloads()))
        copy("events_revision", _REVISION, _revisions(record, payloads(), offset - shift, head))
        copy("events_party", _PARTY, (row for p in payloads() for row in _parties(p)))
        copy("events_penalty", _PENALTY, (row for p in payloads() for row in _penalties(p)))
        copy("events_ground", ("event_id", "order", "text"), (row for p in payloads() for row in _grounds(p)))
        columns = ("event_id", "document_id", "field", "start", "end", "quote")
        copy("events_evidence", columns, (row for p in payloads() for row in _evidence(p)))
        execute(
            "INSERT INTO events_bearing (event_id, subject, date) SELECT e.id, unnest(r.subjects), e.date "
            "FROM events_event e JOIN events_revision r ON r.seq = e.head_id ON CONFLICT DO NOTHING"
        )
        last = events + shift
        LedgerHead.objects.filter(id=1).update(seq=last, hash=_hash(last))
    record.events = events
    settle(Event, Revision, Bearing, Party, Penalty, Ground, Evidence)


def _organizations() -> list[int]:
    first = (execute("SELECT coalesce(max(id), 0) FROM events_organization")[0][0]) + 1
    ids = list(range(first, first + ORGANIZATIONS))
    columns = ("id", "name", "type", "country", "founded_precision", "dissolved_precision")
    copy("events_organization", columns, ((i, organization_name(i), "company", "NL", "", "") for i in ids))
    names = (_name(organization_name(i), i) for i in ids)
    copy(
        "events_organizationname", ("name", "language", "type", "keys", "trigrams", "organization_id"), names
    )
    settle(Organization, OrganizationName)
    return ids


def _people(count: int) -> list[int]:
    first = (execute("SELECT coalesce(max(id), 0) FROM events_executive")[0][0]) + 1
    ids = list(range(first, first + count))
    copy("events_executive", ("id", "name"), ((i, person_name(i)) for i in ids))
    names = (_name(person_name(i), i) for i in ids)
    copy("events_executivename", ("name", "language", "type", "keys", "trigrams", "executive_id"), names)
    settle(Executive, ExecutiveName)
    return ids


def _name(name: str, owner: int) -> tuple[Any, ...]:
    return name, "en", "primary", sorted(keys(name)), trigrams(name), owner


_SYLLABLES = ("ba", "ker", "lin", "mo", "ran", "sta", "tor", "vel", "wes", "yul")


def _word(number: int) -> str:
    return "".join(_SYLLABLES[int(digit)] for digit in str(number)).capitalize()


def person_name(number: int) -> str:
    return f"Ilse {_word(number)}"


def organization_name(number: int) -> str:
    return f"{_word(number)} Devices"


def _payload(record: Record, pattern: JSON, number: int, event: int, every: int) -> JSON:
    """The pattern's payload with another number, day, person and organization."""
    is_persons = every and number % every == 1
    person = record.person if is_persons else record.people[1 + number % (len(record.people) - 1)]
    others = record.organizations[2:]
    organization = record.organization if number % SHARE == 0 else others[number % len(others)]
    day = {
        "value": (_FIRST_DAY + timedelta(days=number * _DAY_STEP % _DAYS)).isoformat(),
        "precision": "day",
    }
    name, place = person_name(person), {"id": organization, "name": organization_name(organization)}
    known = person_name(record.person)
    return {
        **pattern,
        "event": event,
        "date": day,
        "dates": {"decided": day},
        "summary": pattern["summary"].replace(known, name),
        "summary_zh": pattern["summary_zh"].replace(known, name),
        "subject": {**pattern["subject"], "id": person, "name": name, "organization": place},
        "details": {**pattern["details"], "organization": place},
    }


class _Words:
    """The words of events, made from those of the pattern: names take the place of two placeholders.

    The server stems every name once, not every event.
    """

    def __init__(self, record: Record, pattern: JSON) -> None:
        text = json.dumps(pattern).replace(person_name(record.person), "Ilse qqman")
        text = text.replace(organization_name(record.organization), "qqfirm Devices")
        vector = Event.objects.annotate(words=search_vector(json.loads(text))).values_list("words", flat=True)
        self.pattern: str = vector[:1].get()
        numbers = {*record.people, *record.organizations}
        rows = execute(
            "SELECT n, (tsvector_to_array(to_tsvector('english', w)))[1] FROM unnest(%s::int[], %s::text[]) AS t (n, w)",
            [list(numbers), [_word(number) for number in numbers]],
        )
        self.stems: dict[int, str] = dict(rows)

    def of(self, person: int, organization: int) -> str:
        """The vector of an event about them, as text."""
        text = self.pattern.replace("'qqman':", f"'{self.stems[person]}':")
        return text.replace("'qqfirm':", f"'{self.stems[organization]}':")


def _event(payload: JSON, seq: int, words: _Words) -> tuple[Any, ...]:
    day = payload["date"]["value"]
    return (
        payload["event"], payload["kind"], payload["action"], payload["subject"]["title"],
        payload["subject"]["organization"]["id"], "", day, "day", "", "", "", day, "day", payload["published"],
        payload["first_seen"], payload["status"], payload["assertion"], payload["severity"],
        json.dumps(payload["severity_inputs"]), payload["confidence"], "", False, "", seq,
        words.of(payload["subject"]["id"], payload["subject"]["organization"]["id"]),
    )  # fmt: skip


def _revisions(
    record: Record, payloads: Iterator[JSON], offset: int, head: LedgerHead
) -> Iterator[tuple[Any, ...]]:
    for payload in payloads:
        seq = payload["event"] - offset
        issuer, place = payload["details"]["issuer"]["id"], payload["details"]["organization"]["id"]
        subjects = sorted(
            {f"person:{payload['subject']['id']}", f"organization:{issuer}", f"organization:{place}"}
        )
        before = head.hash if seq == head.seq + 1 else _hash(seq - 1)
        yield (
            seq, payload["event"], 1, "ADD", json.dumps(payload), "[]", subjects, record.author.pk, "",
            _START + timedelta(seconds=seq), before, _hash(seq),
        )  # fmt: skip


def _hash(seq: int) -> str:
    return hashlib.sha256(str(seq).encode()).hexdigest()


def _parties(payload: JSON) -> Iterator[tuple[Any, ...]]:
    event, subject, issuer = payload["event"], payload["subject"], payload["details"]["issuer"]
    yield event, "subject", 0, "person", subject["id"], None, subject["name"], subject["title"]
    yield event, "issuer", 1, "organization", None, issuer["id"], issuer["name"], ""


def _penalties(payload: JSON) -> Iterator[tuple[Any, ...]]:
    for order, row in enumerate(payload["details"]["penalties"]):
        yield (
            payload["event"], order, row["type"], row.get("levels"), "", "", row.get("degree", ""),
            row.get("amount"), row.get("currency", ""), "",
        )  # fmt: skip


def _grounds(payload: JSON) -> Iterator[tuple[Any, ...]]:
    for order, text in enumerate(payload["details"]["grounds"]):
        yield payload["event"], order, text


def _evidence(payload: JSON) -> Iterator[tuple[Any, ...]]:
    for row in payload["evidence"]:
        yield payload["event"], row["document"]["id"], row["field"], row["start"], row["end"], row["quote"]
