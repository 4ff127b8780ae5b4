"""Ingest: documents a second of one worker, from a feed's address to candidates.

Ours polls a feed over HTTP from a server in another process, fetches each article, parses it, extracts, resolves the
names against a register of people and organizations, and stores it all. Theirs is feedparser and trafilatura alone
on the same bytes in memory: no network, no database, no claims (see `tests.bench.peer`). Each repetition has a feed
and articles of its own, since what is known is not taken in twice. Both run on one core; PostgreSQL's work counts
for ours, as it is waited for.

Measured twice: with pages of little more than the article (3 KB), where finding it takes hardly any time, and with the
same articles in pages as news sites send them (some 120 KB). Theirs calls trafilatura with its own defaults; ours asks
for its second opinions only where a page does not mark its article.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from time import sleep
from urllib.request import urlopen

from django.conf import settings

from events.extraction import extract
from events.feeds.polling import due_items, fetch_item, poll_feed
from events.intake import take_in
from events.models.candidates import Candidate
from events.models.sources import Document, Feed, FetchRun
from tests.bench import bulk, peer
from tests.bench.articles import Article, articles, originals
from tests.bench.pages import furnished
from tests.bench.results import Result, at_least
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.scratch import environment, execute
from tests.bench.timing import Pair, median_pair, seconds
from tracker.local.mailcatcher import HOST, free_port

_TRIES = 100
_AGAINST = "feedparser + trafilatura alone, same bytes"
DRESSES: dict[str, Callable[[str, int], str]] = {"bare": lambda page, number: page, "ordinary": furnished}


@dataclass(frozen=True)
class Batch:
    """What one repetition takes in."""

    url: str
    feed: bytes
    pages: list[bytes]


def run(scale: Scale) -> list[Result]:
    """Documents a second, of small and of ordinary pages."""
    bulk.start(scale.people)
    load_dictionaries()
    number = scale.rounds + 1
    with tempfile.TemporaryDirectory() as folder, feed_server(Path(folder)) as base:
        settings.FETCH_ALLOWED_HOSTS = [base.removeprefix("http://")]
        say(f"ingest: {2 * number} feeds of {scale.documents} articles, {scale.people:,} people on record")
        results = []
        for place, (kind, dress) in enumerate(DRESSES.items()):
            numbers = range(place * number, (place + 1) * number)
            batches = [write_batch(Path(folder), base, n, scale.documents, dress) for n in numbers]
            pairs = [_round(batch, ours_first=n % 2 == 0) for n, batch in enumerate(batches)]
            pair = median_pair(pairs[1:])
            rates = pair.rates(scale.documents)
            size = (
                sum(len(page) for batch in batches for page in batch.pages) / number / scale.documents / 1000
            )
            measure = f"fetch, parse, extract, store: {kind} pages ({size:.0f} KB)"
            results.append(
                Result("ingest", measure, _AGAINST, *rates, "documents/s", at_least(0.7), pair.error)
            )
    stored, candidates = Document.objects.count() - 1, Candidate.objects.count()
    say(f"ingest: {stored} documents and {candidates} candidates stored")
    return results


def _round(batch: Batch, *, ours_first: bool) -> Pair:
    if ours_first:
        ours = seconds(lambda: _take_in(batch))
        return Pair(ours, seconds(lambda: _parse_alone(batch)))
    theirs = seconds(lambda: _parse_alone(batch))
    return Pair(seconds(lambda: _take_in(batch)), theirs)


def _take_in(batch: Batch) -> None:
    """The stages one after the other, as one worker runs them."""
    feed = Feed.objects.create(url=batch.url)
    poll: FetchRun | None = poll_feed(feed.pk)
    if poll is None or poll.items_new != len(batch.pages):
        raise RuntimeError(f"the poll brought other entries than the feed has: {poll and poll.error}")
    for item in due_items():
        document = fetch_item(item)
        if document is None:
            raise RuntimeError(f"entry {item} gave no document")
        take_in(document.pk)
    if execute("SELECT count(*) FROM events_document WHERE feed_id = %s", [feed.pk]) != [(len(batch.pages),)]:
        raise RuntimeError("not every article became a document")


def _parse_alone(batch: Batch) -> None:
    if len(peer.feed_entries(batch.feed)) != len(batch.pages):
        raise RuntimeError("feedparser found other entries than the feed has")
    for page in batch.pages:
        peer.article_text(page)


def load_dictionaries() -> None:
    """Word lists of ours and of theirs are read at first use; a worker does that once in its life."""
    for article in originals():
        extract(article.text, language=article.language)
        peer.article_text(article.html)


def write_batch(folder: Path, base: str, number: int, size: int, dress: Callable[[str, int], str]) -> Batch:
    """Writes a feed and its articles into the served folder."""
    found = articles(size, first=number * size)
    items, pages = [], []
    for place, article in enumerate(found):
        name = f"{number}-{place}.html"
        page = article.html.replace("https://news.example.com", base)
        page = dress(_with_address(page, f"{base}/{name}"), number * size + place)
        (folder / name).write_text(page)
        pages.append(page.encode())
        items.append(_item(article, f"{base}/{name}", f"{number}-{place}"))
    channel = f"<title>Feed {number}</title><link>{base}/</link><description>Measured</description>"
    feed = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{channel}{"".join(items)}</channel></rss>'
    (folder / f"{number}.xml").write_text(feed)
    return Batch(f"{base}/{number}.xml", feed.encode(), pages)


def _item(article: Article, address: str, guid: str) -> str:
    title = escape(article.text.split("\n")[0][:100])
    return (
        f"<item><title>{title}</title><link>{address}</link><guid isPermaLink='false'>{guid}</guid>"
        f"<pubDate>Mon, 17 Nov 2025 08:00:00 +0000</pubDate><description>{title}</description></item>\n"
    )


def _with_address(page: str, address: str) -> str:
    """The page with its own canonical address."""
    head, mark, rest = page.partition('<link rel="canonical" href="')
    return head + mark + address + rest[rest.index('"') :]


@contextmanager
def feed_server(folder: Path) -> Iterator[str]:
    """The demo's feed server on `folder`, in a process of its own; gives its base address."""
    port = free_port()
    command = [sys.executable, "-m", "tracker.local.feedserver", "--port", str(port), "--folder", str(folder)]
    (folder / "ready.txt").write_text("ready")
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment()) as process:
        try:
            base = f"http://{HOST}:{port}"
            _wait_for(f"{base}/ready.txt")
            yield base
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(_TRIES):
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - loopback, made here
                return
        except OSError:
            sleep(0.1)
    raise RuntimeError("the feed server did not start")
