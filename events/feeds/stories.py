"""Groups documents that tell the same news: copies, edited copies, other reports of it, and those in other languages.

Candidates come from two indexed arrays of the document: its MinHash bands (`events.feeds.similar`), for copies, and what
it names (`events.feeds.anchors`), for everything else. Both carry the week, so that a look-up reads what the
document's own days brought, however large the archive grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Left

from events.feeds import grouping
from events.feeds.anchors import anchors, weight
from events.feeds.grouping import Probe, Row
from events.feeds.likeness import EDITED_TEXT, SAME_TEXT, likeness
from events.feeds.similar import MIN_SHINGLES, SAMPLE, bands, estimate, overlap, shingles, signature
from events.models.sources import Document

WINDOW = timedelta(days=3)
"""News is retold within days; the same title a year later is other news."""
_PERIOD = timedelta(days=7)
_MAX_READ = 5
"""Texts that are read in full to verify what their signatures say."""
_CLEARLY = 0.12
"""How far a signature's estimate must lie above a threshold to be believed: nearly three standard errors."""
_STORE_LOCK = 0x676F765F646F63  # "gov_doc"; any constant of our own


@dataclass(frozen=True, slots=True)
class Link:
    """That another document tells the same news: its story, how much alike (0 to 1 by what is named, 1 to 2 by text),
    and whether beyond doubt. `is_version`: it is an earlier text of the same page, and may have been other news."""

    story: int
    likeness: float
    is_sure: bool
    is_version: bool = False


def lock_documents() -> None:
    """One writer of documents at a time, until the transaction ends: look-up, version and story belong together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STORE_LOCK])


def save_in_story(document: Document) -> None:
    """Adds a new document to the story it tells, a new one when no other document tells it.

    A new version of a page stays with the page, whatever it says now. The story's first document is the one published
    first. Call it within the transaction and under the lock in which the document was looked for, so that two copies
    do not each start a story. Takes two or three statements; two more when the document
    shows that two stories are one.
    """
    links = _links(document)
    story = grouping.save(document, links[0].story if links else None)
    if links and links[0].is_sure:
        together = {story, *(link.story for link in links if link.is_sure)}
        if len(together) > 1:
            document.story_id = grouping.merge(together).pk


def regroup(document_id: int) -> bool:
    """Finds a document's story again, as if it had come now; for documents stored before a rule was changed.

    It stays where it is while nothing speaks against that. Returns False for a document that is not there, has no
    text or is not the latest version of its page.
    """
    with transaction.atomic():
        lock_documents()
        document = Document.objects.filter(pk=document_id, is_latest=True).defer("raw").first()
        if document is None or not document.text:
            return False
        old = document.story_id
        imprint(document)
        # The earlier versions of the page follow this one.
        links = [link for link in _links(document) if not link.is_version]
        story = _story_again(document, old, links)
        grouping.move_versions(document, story)
        for number in {story, old or story}:
            grouping.settle(number)
    return True


def _story_again(document: Document, old: int | None, links: list[Link]) -> int:
    if not links:
        if old is not None and grouping.is_bound(document, old):
            return grouping.join(document, old).pk
        return grouping.begin(document).pk
    best = links[0]
    stays = any(link.story == old and link.is_sure == best.is_sure for link in links)
    story = grouping.join(document, old if stays and old is not None else best.story).pk
    together = {story, *(link.story for link in links if link.is_sure)}
    return grouping.merge(together).pk if best.is_sure and len(together) > 1 else story


def imprint(document: Document) -> None:
    """Sets what a document is found by: `bands`, `signature` and `anchors`; saves nothing, reads nothing."""
    period = _period(told_at(document))
    runs = shingles(document.text)
    made = signature(runs) if len(runs) >= MIN_SHINGLES else b""
    document.signature, document.bands = made, bands(made, period)
    document.anchors = [f"{period}|{name}" for name in anchors(document.title, document.text)]


def told_at(document: Document) -> datetime:
    """When a document told its news: its publication, else when it was fetched."""
    return document.published_at or document.fetched_at


def _links(document: Document) -> list[Link]:
    """The stories that a document belongs to, the likeliest first."""
    when = told_at(document)
    periods = sorted({_period(when - WINDOW), _period(when + WINDOW)})
    names, made = _names(document.anchors), bytes(document.signature)
    probes = [Probe(name, [f"{period}|{name}" for period in periods], weight(name)) for name in names]
    keys = [key for period in periods for key in bands(made, period)]
    frequency, rows = grouping.neighbours(document, probes, keys)
    near = [row for row in rows if row.url == document.url or abs(row.told_at - when) <= WINDOW]
    links = _linked(document, near, frequency)
    return sorted(links, key=lambda link: (link.is_version, link.is_sure, link.likeness), reverse=True)


def _linked(document: Document, near: Sequence[Row], frequency: Mapping[str, int]) -> Iterator[Link]:
    names = _names(document.anchors)
    texts = _overlaps(document, near)
    for row in near:
        same_language = document.language[:2] == row.language[:2]
        alike = likeness(names, _names(row.anchors), frequency, same_language=same_language)
        if row.url == document.url:
            yield Link(row.story, 2.0, is_sure=False, is_version=True)
        elif alike.is_same_text(texts[row.pk]):
            yield Link(row.story, 1.0 + texts[row.pk], texts[row.pk] >= SAME_TEXT)
        elif alike.is_same_news:
            yield Link(row.story, alike.share, alike.is_sure)


def _overlaps(document: Document, near: Sequence[Row]) -> dict[int, float]:
    """The Jaccard similarity of each neighbour's text: estimated, and exact where the estimate decides nothing."""
    guessed = {row.pk: estimate(bytes(document.signature), bytes(row.signature)) for row in near}
    unsure = [pk for pk, guess in guessed.items() if EDITED_TEXT - _CLEARLY <= guess < SAME_TEXT + _CLEARLY]
    unsure.sort(key=lambda pk: guessed[pk], reverse=True)
    if unsure:
        own = shingles(document.text)
        samples = Document.objects.filter(pk__in=unsure[:_MAX_READ]).annotate(sample=Left("text", SAMPLE))
        for pk, sample in samples.values_list("pk", "sample"):
            guessed[pk] = overlap(own, shingles(sample))
    return guessed


def _names(anchors: Sequence[str]) -> list[str]:
    """Anchors without the week that they are stored with."""
    return [anchor.partition("|")[2] for anchor in anchors]


def _period(when: datetime) -> int:
    """The number of the week, counted from 1970 on."""
    return (when.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // _PERIOD
