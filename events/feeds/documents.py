"""Keeps articles as documents: each page once, each changed text a new version."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from events.choices import DocumentState
from events.feeds.article import Article
from events.feeds.similar import title_key
from events.feeds.stories import imprint, lock_documents, regroup, save_in_story
from events.feeds.when import offset_minutes
from events.models.sources import Document, Feed

FEED_CONTENT_TYPE = "text/html; source=feed"
"""The content type of a document made of the feed's own text, since the page could not be had."""
_LEVEL = 4
"""Of compression: half the time of the usual 6, for 7 percent more bytes of an ordinary page."""
MIN_SAME_TEXT = 200
"""Characters from which the same text under the same title, elsewhere, is the same article: shorter ones are
notices that many pages share."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article came from: `url` its canonical address (`file:NAME` for a file), `body` the bytes as
    received, `content_type` their header, `context` what the feed says of it besides its text."""

    url: str
    body: bytes
    content_type: str
    feed: Feed | None = None
    context: dict[str, Any] = field(default_factory=dict)


def store_document(article: Article, source: Source, *, error: str = "") -> tuple[Document, bool]:
    """The document of `article`, and whether it was added now.

    The same address with the same text, or the same text and title at another address, gives the document that is
    there; the same address with another text adds a version. An article with an empty text is kept in the state
    NO_TEXT with `error`, unless the address has a text already.
    """
    digest = _sha256(article.text.encode("utf-8", "replace"))
    # What takes time is done before the lock, which all writers of documents wait for.
    document = _new(article, source, digest)
    document.error = error
    if document.text:
        imprint(document)
    with transaction.atomic(savepoint=False):
        lock_documents()
        found = _same(article, source, digest)
        latest = next((row for row in found if row.url == document.url), None)
        known = _known(article, source, digest, latest, found)
        if known is not None:
            return Document.objects.get(pk=known), False
        if latest is not None:
            Document.objects.filter(pk=latest.pk).update(is_latest=False)
            document.version = latest.version + 1
        if document.text:
            save_in_story(document)
        else:
            document.save(force_insert=True)
    return document, True


def mend_details(
    document: Document, *, title: str = "", language: str = "", published: datetime | None = None
) -> bool:
    """Sets what a person says about a document by hand; extraction runs again when its answer may differ.

    Returns whether anything changed. Empty arguments leave their field alone.
    """
    wanted = {"title": title, "language": language, "published_at": published}
    changed = [name for name, value in wanted.items() if value and getattr(document, name) != value]
    for name in changed:
        setattr(document, name, wanted[name])
    if "published_at" in changed:
        document.published_offset = offset_minutes(published)
        changed.append("published_offset")
    if document.text and {"language", "published_at"} & set(changed):
        document.state, document.attempts, document.claimed_until = DocumentState.FETCHED.value, 0, None
        changed += ["state", "attempts", "claimed_until"]
    if changed:
        document.save(update_fields=changed)
        regroup(document.pk)
    return bool(changed)


@dataclass(frozen=True, slots=True)
class _Row:
    """What tells a stored document from a new one."""

    pk: int
    url: str
    version: int
    title: str
    text_sha256: str
    is_from_feed: bool
    size: int


def _same(article: Article, source: Source, digest: str) -> list[_Row]:
    """The latest documents of the address, and those of the text where it is long enough to tell by."""
    by_text = digest if len(article.text) >= MIN_SAME_TEXT else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, url, version, title, text_sha256, content_type = %s, length(text) FROM events_document"
            " WHERE is_latest AND (url = %s OR text_sha256 = %s) ORDER BY url = %s DESC, id LIMIT 21",
            [FEED_CONTENT_TYPE, source.url[:2000], by_text, source.url[:2000]],
        )
        return [_Row(*row) for row in cursor]


def _known(
    article: Article, source: Source, digest: str, latest: _Row | None, found: list[_Row]
) -> int | None:
    """The primary key of the document that says what `article` says, if there is one."""
    if latest is not None:
        is_same = latest.text_sha256 == digest or _is_poorer(article, source, latest)
        return latest.pk if is_same else None
    key, size = title_key(article.title), len(article.text)
    return next((row.pk for row in found if row.size == size and title_key(row.title) == key), None)


def _is_poorer(article: Article, source: Source, latest: _Row) -> bool:
    """No text, or the feed's excerpt, is no newer version of a page that was read in full."""
    if not article.text.strip():
        return True
    return source.content_type == FEED_CONTENT_TYPE and not latest.is_from_feed and latest.size > 0


def _new(article: Article, source: Source, digest: str) -> Document:
    has_text = bool(article.text.strip())
    return Document(
        url=source.url[:2000],
        feed=source.feed,
        title=article.title[:500],
        authors=[name[:200] for name in article.authors],
        language=article.language[:10],
        published_at=article.published,
        published_offset=offset_minutes(article.published),
        fetched_at=timezone.now(),
        content_type=source.content_type.replace("\0", "")[:200],
        raw=zlib.compress(source.body, _LEVEL),
        raw_sha256=_sha256(source.body),
        text=article.text,
        text_sha256=digest,
        context=source.context,
        state=(DocumentState.FETCHED if has_text else DocumentState.NO_TEXT).value,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
