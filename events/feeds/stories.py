"""Groups documents that tell the same news. A first version: see `events.feeds.similar`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Left

from events.feeds.similar import (
    SHINGLE_THRESHOLD,
    TITLE_THRESHOLD,
    overlap,
    shingles,
    title_key,
    title_words,
)
from events.models.sources import Document, Story

WINDOW = timedelta(days=3)
"""News is retold within days; the same title a year later is other news."""
MAX_NEIGHBOURS = 500
MAX_COMPARED = 20
_SAMPLE = 8_000


def assign_story(document: Document) -> Story:
    """Puts `document` into the story it tells, a new one when no neighbour tells it, and saves that.

    The story's first document is the one published first. Call it within the transaction and under the lock that
    store the document, so that two copies do not each start a story.
    """
    story = _matching_story(document)
    if story is None:
        title = document.title or document.url[:500]
        story = Story.objects.create(title=title, first_document=document)
    document.story = story
    Document.objects.filter(pk=document.pk).update(story=story)
    first = story.first_document
    if first is None or _when(document) < _when(first):
        story.first_document = document
        story.save(update_fields=["first_document"])
    return story


def _matching_story(document: Document) -> Story | None:
    if document.version > 1:
        earlier = Document.objects.filter(url=document.url, story__isnull=False).exclude(pk=document.pk)
        version = earlier.order_by("-version").select_related("story").first()
        if version is not None:
            return version.story
    neighbours = list(_neighbours(document).values_list("pk", "title")[:MAX_NEIGHBOURS])
    key, words = title_key(document.title), title_words(document.title)
    near = []
    for pk, title in neighbours:
        if key and title_key(title) == key:
            return Document.objects.select_related("story").get(pk=pk).story
        likeness = overlap(words, title_words(title))
        if likeness >= TITLE_THRESHOLD:
            near.append((likeness, pk))
    return _by_text(document, [pk for _, pk in sorted(near, reverse=True)[:MAX_COMPARED]])


def _neighbours(document: Document) -> QuerySet[Document]:
    when = _when(document)
    return (
        Document.objects.filter(is_latest=True, story__isnull=False)
        .exclude(pk=document.pk)
        .alias(told_at=Coalesce("published_at", "fetched_at"))
        .filter(Q(told_at__gte=when - WINDOW) & Q(told_at__lte=when + WINDOW))
        .order_by("-pk")
    )


def _by_text(document: Document, keys: list[int]) -> Story | None:
    own = shingles(document.text)
    samples = (
        Document.objects.filter(pk__in=keys)
        .annotate(sample=Left("text", _SAMPLE))
        .values_list("story_id", "sample")
    )
    scored = ((overlap(own, shingles(sample)), story_id) for story_id, sample in samples)
    likeness, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return Story.objects.get(pk=best) if best is not None and likeness >= SHINGLE_THRESHOLD else None


def _when(document: Document) -> datetime:
    return document.published_at or document.fetched_at
