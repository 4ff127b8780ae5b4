"""The XML formats: text -> entries as the feed writes them, before anything is cleaned. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree

from events.choices import FeedKind
from events.exceptions import NotAFeed
from events.feeds.raw import RawFeed, RawItem
from events.feeds.xmltext import ROOT, brackets, cut, local_name, mended, prepared, text_of, tree_of

_XML = "{http://www.w3.org/XML/1998/namespace}"
_SPACES = {
    # Namespace -> the short name used below. Anything else is "?", so that a `media:title` is no title.
    "": "",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/net/rss1.1#": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
}
_MAX_DEPTH = 4
_PREFIXES = frozenset({"atom", "rdf", "dc", "dcterms", "content", "xhtml", "sy"})
_KINDS = {"rss": FeedKind.RSS, "channel": FeedKind.RSS, "rdf": FeedKind.RDF, "feed": FeedKind.ATOM}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_ENTRY_START = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:item|entry))(?=[\s>])[^<>]*>", re.IGNORECASE)


def read(text: str, max_items: int) -> RawFeed:
    """The feed in `text`, at most `max_items` of its entries. Raises NotAFeed."""
    text = prepared(text)
    root = tree_of(text)
    if root is not None:
        return _read_tree(root, max_items)
    return _read_pieces(text, max_items)


def _read_tree(root: etree._Element, max_items: int) -> RawFeed:
    _refuse_others(local_name(root).lower())
    entries = list(_entries(root, 1))
    head = next((node for node in (root, *root) if local_name(node).lower() == "channel"), root)
    if not entries and local_name(root) == "RDF" and head is root:
        raise NotAFeed("The address answers with RDF that is no feed.")
    feed = _read_head(head)
    feed.kind = _KINDS[local_name(root).lower()]
    feed.items = [_read_entry(node) for node in entries[:max_items]]
    feed.dropped = max(len(entries) - max_items, 0)
    return feed


def _entries(parent: etree._Element, depth: int) -> Iterator[etree._Element]:
    """Entries in order; not those within other entries (an Atom feed quoted in a text is text)."""
    for node in parent:
        if _is_entry(node):
            yield node
        elif depth < _MAX_DEPTH:
            yield from _entries(node, depth + 1)


def _refuse_others(root: str) -> None:
    if root == "html":
        raise NotAFeed("The address answers with a web page, not with a feed.")
    if root not in ("rss", "rdf", "feed", "channel"):
        raise NotAFeed("The address answers with XML that is no feed.")


def _read_pieces(text: str, max_items: int) -> RawFeed:
    """A broken feed, entry by entry, each within the root's start tag so that its prefixes mean what they did."""
    start = ROOT.search(text)
    entries = list(cut(text, _ENTRY_START))
    if start is None:
        raise NotAFeed("The address answers with something that is no feed.")
    _refuse_others(start[1].lower())
    opening, closing = brackets(start[0])
    head_end = entries[0][0] if entries else len(text)
    root = tree_of(text[start.start() : head_end] + closing, recover=True)
    feed = RawFeed() if root is None else _read_head(_channel(root))
    feed.kind, feed.damaged = _KINDS[start[1].lower()], True
    for begin, end in entries[:max_items]:
        item = _read_piece(opening, text[begin:end], closing)
        if item is not None:
            feed.items.append(item)
    feed.dropped = max(len(entries) - max_items, 0)
    if not feed.items and start[1].lower() == "channel":
        raise NotAFeed("The address answers with broken XML that is no feed.")
    return feed


def _channel(root: etree._Element) -> etree._Element:
    return next((node for node in root if local_name(node) == "channel"), root)


def _read_piece(opening: str, piece: str, closing: str) -> RawItem | None:
    tree, guessed = mended(opening, piece, closing)
    node = None if tree is None else next(_entries(tree, 1), None)
    if node is None or not len(node):
        return None
    if guessed:
        _flatten(node)
    return _read_entry(node)


def _flatten(node: etree._Element) -> None:
    """Lifts fields out of fields: a `<title>` that is never closed has swallowed the `<link>` after it."""
    for inner in [found for found in node.iterdescendants() if _name(found) in _FIELDS]:
        inner.tail = None
        node.append(inner)


def _name(node: etree._Element) -> str:
    """The tag as `prefix:name` with the prefixes of `_SPACES`; Atom and plain RSS names have none."""
    tag = node.tag
    if not isinstance(tag, str):
        return "?"
    space, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    if space:
        prefix = _SPACES.get(space, _SPACES.get(space.replace("https:", "http:", 1), "?"))
    else:
        declared, _, local = local.rpartition(":")
        prefix = declared if not declared or declared in _PREFIXES else "?"
    if prefix in ("", "atom"):
        return local
    return f"{prefix}:{local}"


def _is_entry(node: etree._Element) -> bool:
    return _name(node) in ("item", "entry", "rdf:item")


def _read_head(head: etree._Element) -> RawFeed:
    feed = RawFeed(language=head.get(f"{_XML}lang", ""))
    for node in head:
        name = _name(node)
        if name == "title" and not feed.title:
            feed.title = _markup(node)
        elif name in ("language", "dc:language"):
            feed.language = text_of(node)
        elif name == "link":
            _read_head_link(feed, node)
        else:
            _read_rhythm(feed, name, node)
    feed.ttl = feed.ttl or _update_period(head)
    return feed


def _read_head_link(feed: RawFeed, node: etree._Element) -> None:
    """WebSub, section 4: the hub and the feed's own address are links of those relations."""
    relations = node.get("rel", "").lower().split()
    if "hub" in relations and len(feed.hubs) < 10:
        feed.hubs.append(node.get("href", ""))
    if "self" in relations:
        feed.topic = feed.topic or node.get("href", "")


def _read_rhythm(feed: RawFeed, name: str, node: etree._Element) -> None:
    """RSS 2.0: minutes for which the channel may be cached, and hours and days on which it need not be asked."""
    if name == "ttl":
        feed.ttl = _number(text_of(node))
    elif name == "skipHours":
        hours = (_number(text_of(child)) for child in node if _name(child) == "hour")
        # RSS 0.91 counts to 24, RSS 2.0 from 0.
        feed.skip_hours = {hour % 24 for hour in hours if hour is not None and hour <= 24}
    elif name == "skipDays":
        days = (text_of(child).lower() for child in node if _name(child) == "day")
        feed.skip_days = {_WEEK.index(day) for day in days if day in _WEEK}


def _update_period(head: etree._Element) -> int | None:
    """Minutes between two updates by RSS 1.0's syndication module, or None when it does not say."""
    said = {_name(node): text_of(node) for node in head if _name(node).startswith("sy:")}
    period = _PERIODS.get(said.get("sy:updatePeriod", "").lower())
    return period // max(_number(said.get("sy:updateFrequency", "1")) or 1, 1) if period else None


def _number(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None


_DATES = (
    "pubDate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "created",
    "updated", "modified", "dcterms:modified",
)  # fmt: skip
_GUIDS = ("guid", "id", "dc:identifier")
_SUMMARIES = ("summary", "description", "tagline")
_FIELDS = frozenset({*_DATES, *_GUIDS, *_SUMMARIES, "title", "link", "content", "content:encoded", "author"})


def _read_entry(node: etree._Element) -> RawItem:
    item = RawItem(base=node.base or "", language=_inherited_language(node))
    if node.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"):
        item.guid = node.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
        item.guid_is_link = True
    dates: dict[str, str] = {}
    for child in node:
        name = _name(child)
        if name in _DATES:
            dates.setdefault(name, text_of(child))
        else:
            _read_field(item, name, child)
    item.dates = [dates[name] for name in _DATES if name in dates]
    return item


def _read_field(item: RawItem, name: str, child: etree._Element) -> None:
    if name in _GUIDS and (name != "dc:identifier" or not item.guid):
        item.guid = text_of(child) or item.guid
        item.guid_is_link = child.get("isPermaLink", "true").strip().lower() != "false"
    elif name == "link":
        _read_link(item, child)
    elif name == "category":
        item.category = item.category or child.get("term", "") or text_of(child)
    elif name == "title" or (name == "dc:title" and not item.title):
        item.title = _markup(child) or item.title
    elif name in _SUMMARIES:
        item.summary = _markup(child) or item.summary
    elif name in ("content", "content:encoded", "xhtml:body"):
        found = _markup(child)
        item.content = found if len(found) > len(item.content) else item.content
    elif name in ("author", "dc:creator", "contributor") and len(item.authors) < 50:
        item.authors.append(_author(child))


def _read_link(item: RawItem, child: etree._Element) -> None:
    """RSS writes the address as text, Atom in `href`; of Atom's links the one that is the page itself counts."""
    href = child.get("href", "")
    alternate = child.get("rel", "alternate") == "alternate"
    if href:
        item.link = href if alternate and not item.link else item.link
    else:
        item.link = text_of(child) or item.link


def _author(node: etree._Element) -> str:
    """A name: Atom's `name` element, or RSS's "mail@example.com (Name)"."""
    named = next((child for child in node if local_name(child).lower() == "name"), None)
    text = text_of(named) if named is not None else text_of(node)
    in_brackets = re.fullmatch(r"[^\s()]+@[^\s()]+\s*\(([^()]+)\)", text)
    return in_brackets[1] if in_brackets else text


def _inherited_language(node: etree._Element) -> str:
    if node.get(f"{_XML}lang"):
        return node.get(f"{_XML}lang", "")
    own = next((child for child in node if _name(child) in ("dc:language", "language")), None)
    return text_of(own) if own is not None else ""


def _markup(node: etree._Element) -> str:
    """The element's content as HTML, whichever of the ways to carry it the feed took."""
    kind = node.get("type", "").lower()
    if len(node):
        # Markup as elements: Atom's xhtml, and RSS that forgot to escape.
        inner = [html.escape(node.text or "", quote=False)]
        inner += [etree.tostring(child, encoding="unicode", method="html") for child in node]
        return "".join(inner).strip()
    text = text_of(node)
    # Atom's plain text is text, also where it looks like markup (RFC 4287, 3.1.1.1).
    return html.escape(text, quote=False) if kind == "text" else text
