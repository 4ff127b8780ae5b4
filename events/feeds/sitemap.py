"""News sitemaps (sitemaps.org 0.9 with Google's sitemap-news 0.9) and sitemap indexes -> entries as written. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree

from events.choices import FeedKind
from events.exceptions import NotAFeed
from events.feeds.addresses import absolute_url
from events.feeds.raw import RawFeed, RawItem
from events.feeds.xmltext import local_name, pieces_of, prepared, root_name, text_of, tree_of

MAX_FOLLOWED = 5
"""Sitemaps of an index that one poll asks for."""
MAX_LISTED = 50_000
"""Entries of an index that are looked at: as many as the protocol allows."""
_NEWS = re.compile(r"sitemap-news/0\.9|<news:news\b")
_URL_START = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?url)(?=[\s>])[^<>]*>", re.IGNORECASE)
_MAP_START = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?sitemap)(?=[\s>])[^<>]*>", re.IGNORECASE)


def is_sitemap(text: str) -> bool:
    """Whether the text is a sitemap or an index of some."""
    return root_name(text) in ("urlset", "sitemapindex")


def read(text: str, max_items: int, url: str) -> RawFeed:
    """The news in a sitemap, at most `max_items` of it; of an index the addresses of the sitemaps worth asking for.

    `url` is the sitemap's own address. Raises NotAFeed for a sitemap that is not one of news: it lists every page of
    a site, without titles.
    """
    text = prepared(text)
    feed = RawFeed(kind=FeedKind.SITEMAP)
    if root_name(text) == "sitemapindex":
        nodes, _ = _nodes(feed, text, _MAP_START, "sitemap", MAX_LISTED)
        feed.sitemaps = _worth_asking([_fields(node) for node in nodes], url)
        if not feed.sitemaps:
            raise NotAFeed("The address answers with a sitemap index that lists no sitemap of its own site.")
        return feed
    if not _NEWS.search(text):
        raise NotAFeed("The address answers with a sitemap of pages, not with one of news.")
    nodes, feed.dropped = _nodes(feed, text, _URL_START, "url", max_items)
    entries = [(node, news) for node in nodes for news in node if local_name(news).lower() == "news"]
    feed.items = [_item(node, news) for node, news in entries]
    feed.title, feed.language = _publication(entries[0][1]) if entries else ("", "")
    return feed


def _nodes(
    feed: RawFeed, text: str, start: re.Pattern[str], tag: str, most: int
) -> tuple[list[etree._Element], int]:
    """The elements `tag` of the root, at most `most`, and how many there are besides."""
    root = tree_of(text)
    if root is None:
        feed.damaged = True
        return pieces_of(text, start, most)
    found = [node for node in root if local_name(node).lower() == tag]
    return found[:most], max(len(found) - most, 0)


def _item(node: etree._Element, news: etree._Element) -> RawItem:
    own, said = _fields(node), _fields(news)
    return RawItem(
        guid=own.get("loc", ""),
        guid_is_link=True,
        link=own.get("loc", ""),
        title=said.get("title", ""),
        dates=[said.get("publication_date", ""), own.get("lastmod", "")],
        language=_publication(news)[1],
    )


def _publication(news: etree._Element) -> tuple[str, str]:
    """Name and language of the paper that an entry is from."""
    node = next((child for child in news if local_name(child).lower() == "publication"), None)
    said = _fields(node) if node is not None else {}
    return said.get("name", ""), said.get("language", "")


def _fields(node: etree._Element) -> dict[str, str]:
    """Text by tag of the elements in `node`, the first of each."""
    found: dict[str, str] = {}
    for child in node:
        found.setdefault(local_name(child).lower(), text_of(child))
    return found


def _worth_asking(entries: list[dict[str, str]], url: str) -> list[str]:
    """Addresses on the index's own host (the protocol allows no other), those named after news first, then the
    latest changed: the rest are archives."""
    host = urlsplit(url).netloc.lower()
    found = [(absolute_url(url, entry.get("loc", "")), entry.get("lastmod", "")) for entry in entries]
    own = [(address, changed) for address, changed in found if urlsplit(address).netloc.lower() == host]
    # W3C dates sort as text as far as the day, which is as far as this needs.
    own.sort(key=lambda entry: entry[1][:10], reverse=True)
    own.sort(key=lambda entry: "news" not in urlsplit(entry[0]).path.lower())
    return list(dict.fromkeys(address for address, _ in own))[:MAX_FOLLOWED]
