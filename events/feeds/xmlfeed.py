"""The XML formats: text -> entries as the feed writes them, before anything is cleaned. Pure."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from events.exceptions import NotAFeed

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
}
_PREFIXES = frozenset({"atom", "rdf", "dc", "dcterms", "content", "xhtml"})
# Every pattern stops at the next "<", so that hostile repetition costs linear time.
_DOCTYPE_START = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[[^\]]*(?:\](?!\s*>)[^\]]*)*\]\s*)?>", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\b[^<>]*\?>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_CDATA = re.compile(r"(<!\[CDATA\[(?:[^\]]|\](?!\]>))*\]\]>)")
_MAX_OPENING = 20_000
_MAX_DEPTH = 4
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_AMPERSAND = re.compile(r"&(?:(amp|lt|gt|quot|apos);|(?!#\d{1,7};|#x[0-9A-Fa-f]{1,6};))")
_NUMERIC = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;", None: "&#38;"}
_START = re.compile(
    r"<(?:[A-Za-z_][\w.-]*:)?(rss|RDF|feed|channel|html|urlset|sitemapindex)\b[^<>]*>", re.IGNORECASE
)
_ENTRY_START = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:item|entry))(?=[\s>])[^<>]*>", re.IGNORECASE)


@dataclass(slots=True)
class RawItem:
    """An entry as written; `base` is its xml:base, `dates` are in order of preference."""

    guid: str = ""
    guid_is_link: bool = False
    link: str = ""
    base: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    dates: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    language: str = ""


@dataclass(slots=True)
class RawFeed:
    """A feed as written; `ttl` in minutes."""

    title: str = ""
    language: str = ""
    ttl: int | None = None
    items: list[RawItem] = field(default_factory=list)
    dropped: int = 0
    damaged: bool = False


def read(text: str, max_items: int) -> RawFeed:
    """The feed in `text`, at most `max_items` of its entries. Raises NotAFeed."""
    text = _without_doctype(_DECLARATION.sub("", text, count=1)).strip()
    text = _ENTITY.sub(_named_character, text)
    root = _parse(text)
    if root is not None:
        return _read_tree(root, max_items)
    return _read_pieces(text, max_items)


def _without_doctype(text: str) -> str:
    """`text` without its document type, and so without any entity that it might define."""
    start = _DOCTYPE_START.search(text)
    found = _DOCTYPE.match(text, start.start()) if start else None
    return text[: found.start()] + text[found.end() :] if found else text


def _parse(text: str, *, recover: bool = False) -> etree._Element | None:
    """The tree, or None when `text` is not well-formed (with `recover`: when nothing can be saved)."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _read_tree(root: etree._Element, max_items: int) -> RawFeed:
    _refuse_others(_local(root).lower())
    entries = list(_entries(root, 1))
    head = next((node for node in (root, *root) if _local(node).lower() == "channel"), root)
    if not entries and _local(root) == "RDF" and head is root:
        raise NotAFeed("The address answers with RDF that is no feed.")
    feed = _read_head(head)
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
    if root in ("urlset", "sitemapindex"):
        raise NotAFeed("The address answers with a sitemap, not with a feed.")
    if root not in ("rss", "rdf", "feed", "channel"):
        raise NotAFeed("The address answers with XML that is no feed.")


def _read_pieces(text: str, max_items: int) -> RawFeed:
    """A broken feed, entry by entry, each within the root's start tag so that its prefixes mean what they did."""
    start = _START.search(text)
    entries = list(_cut(text))
    if start is None:
        raise NotAFeed("The address answers with something that is no feed.")
    _refuse_others(start[1].lower())
    tag = start[0][1:].rstrip("/>").split()[0]
    opening = (
        start[0].removesuffix("/>").removesuffix(">") + ">" if len(start[0]) < _MAX_OPENING else f"<{tag}>"
    )
    closing = f"</{tag}>"
    head_end = entries[0][0] if entries else len(text)
    root = _parse(text[start.start() : head_end] + closing, recover=True)
    feed = RawFeed() if root is None else _read_head(_channel(root))
    feed.damaged = True
    for begin, end in entries[:max_items]:
        item = _read_piece(opening, text[begin:end], closing)
        if item is not None:
            feed.items.append(item)
    feed.dropped = max(len(entries) - max_items, 0)
    if not feed.items and start[1].lower() == "channel":
        raise NotAFeed("The address answers with broken XML that is no feed.")
    return feed


def _channel(root: etree._Element) -> etree._Element:
    return next((node for node in root if _local(node) == "channel"), root)


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """(begin, end) of each entry: from its start tag to its end tag, or to the next entry where that is missing."""
    starts = list(_ENTRY_START.finditer(text))
    for index, match in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        closing = f"</{match[1]}>"
        end = text.find(closing, match.end(), limit)
        yield match.start(), end + len(closing) if end >= 0 else limit


def _read_piece(opening: str, piece: str, closing: str) -> RawItem | None:
    tree = _parse(opening + piece + closing)
    if tree is None:
        tree = _parse(opening + _escaped_ampersands(piece) + closing)
    mended = tree is None
    if tree is None:
        tree = _parse(opening + _escaped_ampersands(piece) + closing, recover=True)
    node = None if tree is None else next(_entries(tree, 1), None)
    if node is None or not len(node):
        return None
    if mended:
        _flatten(node)
    return _read_entry(node)


def _flatten(node: etree._Element) -> None:
    """Lifts fields out of fields: a `<title>` that is never closed has swallowed the `<link>` after it."""
    for inner in [found for found in node.iterdescendants() if _name(found) in _FIELDS]:
        inner.tail = None
        node.append(inner)


def _escaped_ampersands(piece: str) -> str:
    """`piece` with every `&` that is no number written as one, except in CDATA, where it is text.

    Numbers also for what XML names itself (`&amp;`): libxml2 drops names once it has met an error.
    """
    parts = _CDATA.split(piece)
    parts[::2] = [_AMPERSAND.sub(lambda match: _NUMERIC[match[1]], part) for part in parts[::2]]
    return "".join(parts)


def _named_character(match: re.Match[str]) -> str:
    """HTML's named characters are undefined in XML without its document type, but feeds use them."""
    if match[1] in _XML_ENTITIES:
        return match[0]
    character = html.entities.html5.get(match[1] + ";")
    return match[0] if character is None or character in "<>&" else character


def _local(node: etree._Element) -> str:
    """The tag without namespace or (undeclared) prefix; "" for what is no element."""
    tag = node.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


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
            feed.language = _text(node)
        elif name == "ttl":
            digits = _text(node)
            feed.ttl = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None
    return feed


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
            dates.setdefault(name, _text(child))
        else:
            _read_field(item, name, child)
    item.dates = [dates[name] for name in _DATES if name in dates]
    return item


def _read_field(item: RawItem, name: str, child: etree._Element) -> None:
    if name in _GUIDS and (name != "dc:identifier" or not item.guid):
        item.guid = _text(child) or item.guid
        item.guid_is_link = child.get("isPermaLink", "true").strip().lower() != "false"
    elif name == "link":
        _read_link(item, child)
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
        item.link = _text(child) or item.link


def _author(node: etree._Element) -> str:
    """A name: Atom's `name` element, or RSS's "mail@example.com (Name)"."""
    named = next((child for child in node if _local(child).lower() == "name"), None)
    text = _text(named) if named is not None else _text(node)
    in_brackets = re.fullmatch(r"[^\s()]+@[^\s()]+\s*\(([^()]+)\)", text)
    return in_brackets[1] if in_brackets else text


def _inherited_language(node: etree._Element) -> str:
    if node.get(f"{_XML}lang"):
        return node.get(f"{_XML}lang", "")
    own = next((child for child in node if _name(child) in ("dc:language", "language")), None)
    return _text(own) if own is not None else ""


def _text(node: etree._Element) -> str:
    return "".join(text for text in node.itertext() if isinstance(text, str)).strip()


def _markup(node: etree._Element) -> str:
    """The element's content as HTML, whichever of the ways to carry it the feed took."""
    kind = node.get("type", "").lower()
    if len(node):
        # Markup as elements: Atom's xhtml, and RSS that forgot to escape.
        inner = [html.escape(node.text or "", quote=False)]
        inner += [etree.tostring(child, encoding="unicode", method="html") for child in node]
        return "".join(inner).strip()
    text = _text(node)
    # Atom's plain text is text, also where it looks like markup (RFC 4287, 3.1.1.1).
    return html.escape(text, quote=False) if kind == "text" else text
