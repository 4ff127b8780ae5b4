"""The stage's functions: poll a feed, fetch an article, take one by hand. Tasks and commands call these.

Each can be run again at any time: a claim keeps two workers apart, and what was stored is recognized.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events.exceptions import FetchFailed, FetchRefused, NotAFeed, NoText
from events.feeds import discovery, following, push, store
from events.feeds.addresses import normal_url
from events.feeds.article import MIN_TEXT, Article, read_article, read_fragment
from events.feeds.documents import FEED_CONTENT_TYPE, Source, mend_details, store_document
from events.feeds.errors import HostBusy, HttpError, RobotsRefused
from events.feeds.fetch import ARTICLE_TYPES, Fetched
from events.feeds.language import guess_language
from events.feeds.parse import parse_feed
from events.feeds.store import Attempt
from events.feeds.visits import PATIENCE, follow, request
from events.models.sources import Document, FeedItem, FetchRun

__all__ = [
    "due_feeds",
    "due_items",
    "fetch_item",
    "ingest",
    "ingest_file",
    "ingest_url",
    "poll_feed",
    "request",
]

log = logging.getLogger(__name__)

TRIES_BEFORE_FEED_TEXT = 3
"""Failed fetches after which an article's text is taken from the feed, when the fault may pass."""
_LASTING = frozenset({401, 402, 403, 404, 410, 451})
_SHORTLY = 0.25
"""Seconds that are waited for a turn before an entry goes back into the queue."""


def due_feeds(now: datetime | None = None, limit: int = store.BATCH) -> list[int]:
    """Primary keys of the feeds to poll now, at most `limit`."""
    return store.due_feeds(now or timezone.now(), limit)


def due_items(now: datetime | None = None, limit: int = store.BATCH, feed_id: int | None = None) -> list[int]:
    """Primary keys of the entries, of all feeds or one, whose article is to be fetched now, at most `limit`."""
    return store.due_items(now or timezone.now(), limit, feed_id)


def poll_feed(feed_id: int, *, force: bool = False) -> FetchRun | None:
    """Polls one feed and keeps what came; its run says how that went.

    None when the feed is not due, another worker polls it, or its host is busy, so that it is due again soon; `force`
    polls it before its time too. Whatever the address answers, this raises nothing but database errors.
    """
    poll = store.claim_feed(feed_id, timezone.now(), force=force)
    if poll is None:
        return None
    feed = poll.feed
    try:
        answer = request(feed.url, etag=feed.etag, last_modified=feed.last_modified, by_hand=force)
        if answer.not_modified:
            return store.record_not_modified(poll, answer)
        parsed = parse_feed(
            answer.body, answer.content_type, answer.url_final, answer.headers.get("link", "")
        )
        if parsed.sitemaps:
            parsed = following.with_sitemaps(parsed, follow)
            # An index may stay as it is while a sitemap that it lists changes: it is always asked for whole.
            answer = replace(answer, etag="", last_modified="")
    except HostBusy as error:
        store.put_off_feed(poll, error.wait)
        return None
    except NotAFeed as error:
        return store.record_failure(poll, error, f"{error} {discovery.hint(answer)}".strip())
    except (FetchFailed, FetchRefused) as error:
        return store.record_failure(poll, error, str(error))
    except Exception as error:
        log.exception("polling feed %s failed", feed_id)
        return store.record_failure(
            poll, error, f"A fault of ours ({type(error).__name__}); it is in the log."
        )
    run = store.record_items(poll, answer, parsed)
    if run.items_new:
        # A feed without news costs no look at its hub.
        push.noticed(feed, parsed)
    return run


def fetch_item(
    item_id: int, *, force: bool = False, when_busy: Callable[[float], None] | None = None
) -> Document | None:
    """Fetches the article of a feed entry and keeps it as a document; gives the document, new or known.

    None when the entry is not due, another worker has it, or the article could not be had: the entry then holds
    the reason and the time of the next try. `when_busy` is called with the seconds after which the page's host has
    time for the entry; without it, that time is waited for here when it is short. Raises nothing but database errors.
    """
    item = store.claim_item(item_id, timezone.now(), force=force)
    if item is None:
        return None
    attempt = Attempt(item, timezone.now())
    if item.attempts > store.MAX_ITEM_ATTEMPTS and not force:
        # A try that fails is written down, and the last one makes the entry dead: these ended with their workers.
        store.item_failed(attempt, "Fetching it was begun again and again and never came to an end.")
        return None
    known = Document.objects.filter(pk=item.known_id).first() if item.known_id else None
    if known is not None:
        store.item_stored(attempt, known, duplicate=True)
        return known
    try:
        patience = PATIENCE if when_busy is None else _SHORTLY
        return _fetch_article(attempt, partial(_page, by_hand=force, patience=patience))
    except HostBusy as error:
        store.put_off_item(item, error.wait)
        if when_busy is not None:
            when_busy(error.wait)
        return None
    except Exception as error:
        log.exception("fetching the article of entry %s failed", item_id)
        attempt.failure = error
        store.item_failed(attempt, f"A fault of ours ({type(error).__name__}); it is in the log.")
        return None


def ingest(
    body: bytes,
    content_type: str,
    url: str,
    *,
    title: str = "",
    language: str = "",
    published: datetime | None = None,
) -> tuple[Document, bool]:
    """Keeps an article by hand; gives its document and whether it is new. Empty arguments are read from `body`.

    `url` is the page's address or `file:NAME`. Raises NoText when there is no text in it.
    """
    page = url if url.startswith(("http:", "https:")) else ""
    article = read_article(body, content_type, page)
    article = replace(
        article,
        title=title or article.title,
        language=language or article.language,
        published=published or store.plausible(article.published, timezone.now()),
    )
    document, added = store_document(article, Source(article.canonical_url or url, body, content_type))
    if not added:
        mend_details(document, title=title, language=language, published=published)
    return document, added


def ingest_url(
    url: str, *, title: str = "", language: str = "", published: datetime | None = None
) -> tuple[Document, bool]:
    """`ingest` of a page on the web. Raises FetchRefused, FetchFailed or NoText, each in plain words."""
    ask = partial(request, accept=ARTICLE_TYPES, by_hand=True)
    answer = following.to_filing(ask(url), ask)
    return ingest(
        answer.body,
        answer.content_type,
        answer.url_final,
        title=title,
        language=language,
        published=published,
    )


def ingest_file(
    path: Path, *, title: str = "", language: str = "", published: datetime | None = None
) -> tuple[Document, bool]:
    """`ingest` of a text or HTML file. Raises OSError, NoText."""
    with path.open("rb") as file:
        body = file.read(settings.FETCH_MAX_BYTES + 1)
    if len(body) > settings.FETCH_MAX_BYTES:
        raise NoText(f"The file is larger than {settings.FETCH_MAX_BYTES:,} bytes.")
    kind = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".md": "text/plain"}
    return ingest(
        body,
        kind.get(path.suffix.lower(), ""),
        f"file:{path.name}"[:2000],
        title=title,
        language=language,
        published=published,
    )


def _fetch_article(attempt: Attempt, get: Callable[[str], Fetched]) -> Document | None:
    item = attempt.item
    if not item.url:
        return _from_feed(attempt, "The entry names no page") or _without_anything(attempt)
    try:
        attempt.answer = answer = following.to_filing(get(item.url), _next_page)
    except HostBusy:
        raise
    except (FetchFailed, FetchRefused) as error:
        attempt.failure = error
        document = None
        if _is_lasting(error) or item.attempts >= TRIES_BEFORE_FEED_TEXT:
            document = _from_feed(attempt, str(error).rstrip("."))
        if document is None:
            retry_after = error.retry_after if isinstance(error, HttpError) else None
            store.item_failed(attempt, str(error), retry_after)
        return document
    try:
        article = read_article(answer.body, answer.content_type, answer.url_final)
    except NoText as error:
        return _from_feed(attempt, str(error).rstrip(".")) or _without_text(attempt, answer, str(error))
    return _keep(attempt, article, Source(article.canonical_url, answer.body, answer.content_type, item.feed))


def _page(url: str, *, by_hand: bool, patience: float) -> Fetched:
    return request(url, accept=ARTICLE_TYPES, heed_robots=True, by_hand=by_hand, patience=patience)


def _next_page(url: str) -> Fetched:
    return follow(url, accept=ARTICLE_TYPES, heed_robots=True)


def _is_lasting(error: Exception) -> bool:
    """Whether asking again soon would not help."""
    if isinstance(error, HttpError):
        return error.status in _LASTING
    return isinstance(error, FetchRefused | RobotsRefused)


def _keep(attempt: Attempt, article: Article, source: Source, note: str = "") -> Document:
    """What the feed says of its entry counts before what the page says of itself, save the language."""
    item = attempt.item
    article = replace(
        article,
        # The pages of filings are titled by their file; their list says what they are.
        title=item.title if item.context.get("form") else article.title or item.title,
        authors=article.authors or tuple(item.authors),
        published=_published(item, article),
        language=article.language or item.feed.language,
    )
    source = replace(source, context=item.context)
    with transaction.atomic():
        document, added = store_document(article, source, error=note if not article.text else "")
        store.item_stored(attempt, document, duplicate=not added, note=note)
    return document


def _published(item: FeedItem, article: Article) -> datetime | None:
    """The feed's time of its entry, on the page's clock where the page says which one that is.

    Many feeds write all times in GMT, whatever the paper's own zone.
    """
    told, there = item.published_there, store.plausible(article.published, timezone.now())
    if told is None or there is None:
        return told or there
    is_same_day = abs(told - there) < timedelta(days=1)
    return told.astimezone(there.tzinfo) if is_same_day and not item.published_offset else told


def _from_feed(attempt: Attempt, why: str) -> Document | None:
    """A document of the feed's own text, when the page cannot be had; None when the feed has none either."""
    item = attempt.item
    text = read_fragment(item.content)
    if len("".join(text.split())) < MIN_TEXT:
        return None
    article = Article(title=item.title, text=text, language=guess_language(text, item.feed.language))
    source = Source(_address(item), item.content.encode(), FEED_CONTENT_TYPE, item.feed)
    return _keep(attempt, article, source, f"{why}; this is the feed's own text.")


def _without_text(attempt: Attempt, answer: Fetched, why: str) -> Document:
    item = attempt.item
    empty = Article(title=item.title, text="")
    source = Source(normal_url(answer.url_final), answer.body, answer.content_type, item.feed)
    return _keep(attempt, empty, source, why)


def _without_anything(attempt: Attempt) -> Document:
    """An entry with neither page nor text is a headline; it is kept as such, where curators see it."""
    item = attempt.item
    source = Source(_address(item), b"", FEED_CONTENT_TYPE, item.feed)
    return _keep(
        attempt, Article(title=item.title, text=""), source, "The entry has neither a page nor a text."
    )


def _address(item: FeedItem) -> str:
    """The address of an entry's document; one without a page is a part of its feed."""
    return item.url or f"{item.feed.url[:1900]}#entry-{item.guid[:16]}"
