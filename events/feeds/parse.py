"""Feed bytes -> items: RSS 0.90 to 2.0, RDF (RSS 1.0), Atom 0.3 and 1.0, JSON Feed, news sitemaps, EDGAR's lists of
filings. Pure: no network, no ORM.

The XML is read by libxml2 (through lxml) with entities, network and document types off. A feed that is not
well-formed is cut at its entries and each entry is read alone, so that one broken entry costs itself only.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from events.choices import FeedKind
from events.exceptions import FetchFailed, NotAFeed
from events.feeds import edgar, sitemap, xmlfeed
from events.feeds.addresses import absolute_url
from events.feeds.decoding import decoder_for, inflate, to_text
from events.feeds.errors import EmptyFeed
from events.feeds.html import plain_text, shortened, without_controls
from events.feeds.links import links_of
from events.feeds.raw import RawFeed, RawItem
from events.feeds.when import parse_when

MAX_ITEMS = 20_000
"""Entries of one feed; the bytes that may be fetched hold hardly more of them."""
MAX_UNZIPPED = 20_000_000
"""Bytes of a compressed file (`sitemap.xml.gz`) that are read."""
MAX_TITLE = 500
MAX_SUMMARY = 2_000
MAX_CONTENT = 500_000
MAX_AUTHORS = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed.

    `guid` is the feed's own identifier, or one made of address and title where the feed gives none; it is the
    same at every poll. `url` is an absolute http(s) address or "". `title` and `summary` are plain text without
    markup; `content_html` is the feed's fullest text of the entry, HTML as sent and NOT made safe. `published` is
    aware, in the zone that the feed names; None where it gives no readable date. `context` is what the feed says of the
    entry besides its text: of a filing its form, item numbers, company, CIK and accession number.
    """

    guid: str
    url: str
    title: str
    summary: str
    content_html: str
    published: datetime | None
    authors: tuple[str, ...] = ()
    language: str = ""
    context: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a feed asks to be polled.

    `ttl` is in minutes (RSS `ttl`, else the syndication module's period over its frequency), or None. `skip_hours`
    are hours of UTC, 0 to 23, and `skip_days` days from Monday as 0, in which it need not be asked.
    """

    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's head and its entries in the feed's order.

    `hub` and `topic` are the WebSub hub that the feed names and the address under which the hub knows it, both "" where
    it names none. `sitemaps` are the addresses to ask for next, when this is a sitemap index, which has no entries of
    its own (`events.feeds.following`). `dropped` counts the entries beyond `MAX_ITEMS`; `damaged` says that the feed was not
    well-formed and was read entry by entry.
    """

    title: str
    language: str
    items: list[Item] = field(default_factory=list)
    dropped: int = 0
    damaged: bool = False
    kind: FeedKind = FeedKind.UNKNOWN
    hints: Rhythm = field(default_factory=Rhythm)
    hub: str = ""
    topic: str = ""
    sitemaps: tuple[str, ...] = ()


def parse_feed(body: bytes, content_type: str, url: str, link: str = "") -> ParsedFeed:
    """The feed in `body`, whose Content-Type and Link headers were `content_type` and `link`, fetched from `url`.

    Raises NotAFeed, with a message for the curator, for bytes that are no feed; raises nothing else.
    """
    body, cut = _unzipped(body)
    text, _ = to_text(body, content_type)
    text = without_controls(text).strip()
    if not text:
        raise EmptyFeed("The address answers with nothing.")
    raw = _read(text, url)
    items = _distinct(_item(entry, url) for entry in raw.items[:MAX_ITEMS])
    hub, topic = _push(raw, url, link)
    return ParsedFeed(
        title=plain_text(raw.title, MAX_TITLE),
        language=_language(raw.language),
        items=items,
        dropped=raw.dropped + max(len(raw.items) - MAX_ITEMS, 0),
        damaged=raw.damaged or cut,
        kind=raw.kind,
        hints=_hints(raw),
        hub=hub,
        topic=topic,
        sitemaps=tuple(filter(None, (absolute_url(url, address) for address in raw.sitemaps))),
    )


def _unzipped(body: bytes) -> tuple[bytes, bool]:
    """A file that is itself compressed (not its transport) as meant, and whether it was cut on the way."""
    if not body.startswith(b"\x1f\x8b"):
        return body, False
    pieces: list[bytes] = []
    try:
        # Cut at the cap rather than refused: the entries up to there are good ones.
        pieces.extend(inflate(_steps(body), decoder_for("gzip"), MAX_UNZIPPED))
    except FetchFailed:
        return b"".join(pieces), True
    return b"".join(pieces), False


def _steps(body: bytes) -> Iterable[bytes]:
    return (body[at : at + 16_384] for at in range(0, len(body), 16_384))


def _read(text: str, url: str) -> RawFeed:
    if text[0] in "{[":
        return _json_feed(text)
    if sitemap.is_sitemap(text):
        return sitemap.read(text, MAX_ITEMS, url)
    raw = xmlfeed.read(text, MAX_ITEMS)
    return edgar.refined(raw) if edgar.is_edgar(raw) else raw


def _hints(raw: RawFeed) -> Rhythm:
    ttl = raw.ttl if raw.ttl and raw.ttl <= 60 * 24 * 31 else None
    # A feed that skips every hour or day would never be asked: that is a mistake, not a wish.
    hours = raw.skip_hours if len(raw.skip_hours) < 24 else ()
    days = raw.skip_days if len(raw.skip_days) < 7 else ()
    return Rhythm(ttl, frozenset(hours), frozenset(days))


def _push(raw: RawFeed, url: str, header: str) -> tuple[str, str]:
    """Hub and topic; the header counts before the feed itself (WebSub, section 4)."""
    links = list(links_of(header))
    hubs = [target for relation, target in links if relation == "hub"] or raw.hubs
    topics = [target for relation, target in links if relation == "self"] or [raw.topic]
    usable = [hub for hub in (absolute_url(url, hub) for hub in hubs) if hub]
    hub = next((hub for hub in usable if hub.startswith("https:")), usable[0] if usable else "")
    return (hub, absolute_url(url, topics[0]) or url) if hub else ("", "")


def _item(raw: RawItem, feed_url: str) -> Item:
    base = absolute_url(feed_url, raw.base) or feed_url
    # RSS 2.0: a guid is the entry's address unless it says isPermaLink="false".
    url = absolute_url(base, raw.link)
    if not url and raw.guid_is_link and raw.guid.strip().lower().startswith(("http:", "https:")):
        url = absolute_url(base, raw.guid)
    title = plain_text(raw.title, MAX_TITLE)
    summary = plain_text(raw.summary or raw.content, MAX_SUMMARY)
    authors = dict.fromkeys(plain_text(name, 200) for name in raw.authors[:MAX_AUTHORS])
    return Item(
        guid=raw.guid.strip() or _made_guid(url, title, summary),
        url=url,
        title=title or shortened(summary, 120),
        summary=summary,
        content_html=(raw.content or raw.summary)[:MAX_CONTENT],
        published=next((when for when in map(parse_when, raw.dates) if when), None),
        authors=tuple(name for name in authors if name),
        language=_language(raw.language),
        context=raw.context,
    )


def _made_guid(url: str, title: str, summary: str) -> str:
    """An identifier for an entry without one. Without address and title, the text is all there is to tell by."""
    parts = (url, title) if url or title else ("", summary)
    return "made:" + hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def _distinct(items: Iterable[Item]) -> list[Item]:
    """Each entry once. Entries that share an identifier but not an address are different ones (some feeds give
    every entry the same): they get identifiers with their address in them."""
    unique = list(dict.fromkeys(items))
    pairs = Counter(guid for guid, _ in {(item.guid, item.url) for item in unique})
    seen: dict[str, Item] = {}
    for item in unique:
        if pairs[item.guid] > 1:
            item = replace(item, guid=_made_guid(item.guid, item.url, ""))
        if item.guid or item.title or item.summary:
            seen.setdefault(item.guid, item)
    return list(seen.values())


def _language(tag: str) -> str:
    """A BCP 47 tag of at most 10 characters, or ""."""
    tag = tag.strip().replace("_", "-")
    return tag if 2 <= len(tag) <= 10 and tag.replace("-", "").isalnum() and tag.isascii() else ""


def _json_feed(text: str) -> RawFeed:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("The address answers with broken JSON, not with a feed.") from error
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise NotAFeed("The address answers with JSON that is not a JSON Feed.")
    entries = data.get("items")
    entries = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    hubs = data.get("hubs")
    hubs = [hub for hub in hubs[:10] if isinstance(hub, dict)] if isinstance(hubs, list) else []
    return RawFeed(
        kind=FeedKind.JSON,
        title=_string(data, "title"),
        language=_string(data, "language"),
        items=[_json_item(entry) for entry in entries[:MAX_ITEMS]],
        dropped=max(len(entries) - MAX_ITEMS, 0),
        hubs=[_string(hub, "url") for hub in hubs if _string(hub, "type").lower() == "websub"],
        topic=_string(data, "feed_url"),
    )


def _json_item(entry: dict[str, Any]) -> RawItem:
    listed = entry.get("authors")
    authors = listed if isinstance(listed, list) else [entry.get("author")]
    text = _string(entry, "content_text")
    return RawItem(
        guid=_string(entry, "id"),
        guid_is_link=True,
        link=_string(entry, "url") or _string(entry, "external_url"),
        title=_string(entry, "title"),
        summary=_string(entry, "summary"),
        content=_string(entry, "content_html") or text.replace("&", "&amp;").replace("<", "&lt;"),
        dates=[_string(entry, "date_published"), _string(entry, "date_modified")],
        authors=[_string(author, "name") for author in authors if isinstance(author, dict)],
        language=_string(entry, "language"),
    )


def _string(data: dict[str, Any], key: str) -> str:
    """A text member; numbers are taken as text, since some feeds number their entries."""
    value = data.get(key)
    if isinstance(value, str):
        return without_controls(value)
    # Converting a number of many thousand digits takes quadratic time and is refused by Python.
    return str(value) if isinstance(value, int) and abs(value) < 10**30 else ""
