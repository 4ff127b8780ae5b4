"""Where one answer leads to others: a sitemap index to its sitemaps, a filing's index page to the filing.

No network of its own: the caller gives the request, which passes the guard like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from events.exceptions import FetchFailed, FetchRefused, NotAFeed, TrackerError
from events.feeds import edgar
from events.feeds.errors import HostBusy
from events.feeds.fetch import Fetched
from events.feeds.parse import MAX_ITEMS, Item, ParsedFeed, parse_feed

Get = Callable[[str], Fetched]
"""Requests an address; raises FetchRefused and FetchFailed."""


def with_sitemaps(index: ParsedFeed, get: Get) -> ParsedFeed:
    """`index` with the entries of the sitemaps that it lists; any other feed as it is.

    Only the few sitemaps are asked for that the index's reader chose, and none that those list in turn. One that fails
    costs its own entries; raises what the first of them raised (FetchFailed, FetchRefused, NotAFeed) when all fail, and
    HostBusy as soon as the host is.
    """
    if not index.sitemaps:
        return index
    found: list[ParsedFeed] = []
    failures: list[TrackerError] = []
    for address in index.sitemaps:
        try:
            answer = get(address)
            found.append(parse_feed(answer.body, answer.content_type, answer.url_final))
        except HostBusy:
            raise
        except (FetchFailed, FetchRefused, NotAFeed) as error:
            failures.append(error)
    if not found:
        raise failures[0]
    # Of what passes away and what does not: a sitemap of pages is no failure, one that timed out is.
    lost = any(not isinstance(error, NotAFeed) for error in failures)
    return _merged(index, found, damaged=lost)


def _merged(index: ParsedFeed, found: list[ParsedFeed], *, damaged: bool) -> ParsedFeed:
    items: dict[str, Item] = {}
    for feed in found:
        for item in feed.items:
            items.setdefault(item.guid, item)
    kept = list(items.values())
    return replace(
        index,
        title=next((feed.title for feed in found if feed.title), ""),
        language=next((feed.language for feed in found if feed.language), ""),
        items=kept[:MAX_ITEMS],
        dropped=sum(feed.dropped for feed in found) + max(len(kept) - MAX_ITEMS, 0),
        damaged=damaged or index.damaged or any(feed.damaged for feed in found),
    )


def to_filing(answer: Fetched, get: Get) -> Fetched:
    """The main document of a filing, when `answer` is the filing's index page; else `answer` itself.

    One step, never more. Raises what `get` raises.
    """
    address = edgar.main_document(answer.body, answer.url_final)
    return get(address) if address else answer
