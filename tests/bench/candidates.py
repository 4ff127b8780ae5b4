"""Candidates that wait, in any number: stories of two articles, three claims an article, two of them of a case.

Each is about somebody on record, mild enough that one curator publishes it, and clean; its article holds its words.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from events.curation.assess import assess_all
from events.curation.parties import entry
from events.models.candidates import Candidate
from events.models.sources import Document, Story
from tests.bench.bulk import Record, organization_name, person_name
from tests.bench.scratch import settle

JSON = dict[str, Any]
CLAIMS = 3
ARTICLES = 2
_START = datetime(2025, 11, 17, tzinfo=UTC)
_PADDING = "The notice was read out at the quarterly meeting of the works council. " * 40
_ACTIONS = (
    ("warning", [{"type": "warning", "degree": "minor"}]),
    ("pay_cut", [{"type": "pay_cut"}]),
    ("warning", [{"type": "warning", "degree": "ordinary"}]),
)


def wait(record: Record, until: int) -> None:
    """Adds candidates until so many wait."""
    there = Candidate.objects.count()
    with transaction.atomic():
        for batch in _chunks(range(there // CLAIMS, -(-until // CLAIMS)), 300):
            documents = _documents(record, batch)
            rows = [
                _candidate(record, document, number * CLAIMS + place)
                for number, document in zip(batch, documents, strict=True)
                for place in range(CLAIMS)
            ]
            assess_all(rows)
            Candidate.objects.bulk_create(rows)
    settle(Story, Document, Candidate)


def _chunks(numbers: range, size: int) -> Iterator[range]:
    for start in range(numbers.start, numbers.stop, size):
        yield range(start, min(start + size, numbers.stop))


def _documents(record: Record, numbers: range) -> list[Document]:
    stories: dict[int, Story] = {}
    rows = []
    for number in numbers:
        told = number // ARTICLES
        if told not in stories:
            stories[told] = Story(title=f"Penalties, notice {told}")
    Story.objects.bulk_create(stories.values())
    for number in numbers:
        text = _text(record, number)
        raw = text.encode()
        rows.append(
            Document(
                url=f"https://news.example.com/notices/{number}",
                title=f"Penalties, notice {number}",
                language="en",
                published_at=_START + timedelta(minutes=number),
                story=stories[number // ARTICLES],
                raw=zlib.compress(raw),
                raw_sha256=hashlib.sha256(raw).hexdigest(),
                text=text,
                text_sha256=hashlib.sha256(raw).hexdigest(),
                state="extracted",
            )
        )
    return Document.objects.bulk_create(rows)


def _sentence(record: Record, number: int) -> str:
    person, place = _who(record, number)
    return f"{person_name(person)}, head of sales at {organization_name(place)}, was penalized on 10 November 2025."


def _text(record: Record, number: int) -> str:
    told = " ".join(_sentence(record, number * CLAIMS + place) for place in range(CLAIMS))
    return f"{told} {_PADDING}"


def _who(record: Record, number: int) -> tuple[int, int]:
    people, places = record.people, record.organizations
    return people[1 + number % (len(people) - 1)], places[2 + number % (len(places) - 2)]


def _candidate(record: Record, document: Document, number: int) -> Candidate:
    person, place = _who(record, number)
    action, penalties = _ACTIONS[number % len(_ACTIONS)]
    quote = _sentence(record, number)
    start = document.text.index(quote)
    claim: JSON = {
        "kind": "discipline",
        "action": action,
        "subject": {
            "type": "person",
            "name": person_name(person),
            "title": "head of sales",
            "organization": organization_name(place),
        },
        "penalties": penalties,
        "dates": {"announced": {"value": "2025-11-10", "precision": "day"}},
        "confidence": round(0.5 + number % 50 / 100, 2),
        "evidence": [{"field": "", "start": start, "end": start + len(quote), "quote": quote}],
    }
    if number % CLAIMS:
        claim["case"] = "c1"
    names = {"/subject": ("person", person_name(person), person), "/subject/organization": ("organization", organization_name(place), place)}  # fmt: skip
    resolution = {
        at: entry(kind, name, [{"id": pk, "name": name, "score": 1.0, "why": "the same name"}], chosen=pk)
        for at, (kind, name, pk) in names.items()
    }
    return Candidate(
        document=document,
        fingerprint=f"{number:064d}",
        extractor_version="bench",
        original=claim,
        resolution=resolution,
    )
