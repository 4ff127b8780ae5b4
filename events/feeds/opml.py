"""Feed lists as OPML 2.0 (opml.org/spec2.opml). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from events.exceptions import TrackerError
from events.feeds.addresses import absolute_url
from events.feeds.decoding import to_text
from events.feeds.html import plain_text, without_controls
from events.feeds.xmltext import escaped_ampersands, prepared, tree_of

MAX_BYTES = 4_000_000
MAX_FEEDS = 10_000
MAX_REFUSED = 100
"""Outlines whose refusal is told of one by one."""
_MAX_DEPTH = 50


class NotOpml(TrackerError):
    """A file that is no OPML, or too large a one."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list: its http(s) address, its title ("" when none is given) and language (BCP 47 or "")."""

    url: str
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class FeedList:
    """What a file lists: its feeds in order, each address once; (what, why) of the outlines that name an address that
    cannot be one of a feed; and how many feeds it names more than once."""

    outlines: tuple[Outline, ...]
    refused: tuple[tuple[str, str], ...] = ()
    repeated: int = 0


def read_opml(body: bytes) -> FeedList:
    """The feeds in an OPML file, however deep they are nested; outlines that are only headings are passed over.

    Headings are not kept: feeds here have no folders. Raises NotOpml. Entities and document types are not read, so
    no file can grow in memory beyond its size.
    """
    found: dict[str, Outline] = {}
    refused: list[tuple[str, str]] = []
    repeated = 0
    for node in _outlines(_root(body)):
        address = _attribute(node, "xmlUrl")
        if not address.strip():
            continue
        url = absolute_url("", address)
        if not url:
            refused.append((plain_text(address, 200), "This is no http or https address."))
        elif url in found:
            repeated += 1
        elif len(found) >= MAX_FEEDS:
            raise NotOpml(f"The file lists more than {MAX_FEEDS:,} feeds.")
        else:
            title = plain_text(_attribute(node, "title") or _attribute(node, "text"), 300)
            found[url] = Outline(url, title, _language(_attribute(node, "language")))
    return FeedList(tuple(found.values()), tuple(refused[:MAX_REFUSED]), repeated)


def _root(body: bytes) -> etree._Element:
    if len(body) > MAX_BYTES:
        raise NotOpml(f"The file is larger than {MAX_BYTES:,} bytes.")
    text = without_controls(to_text(body)[0])
    if "<!doctype" in text[:10_000].lower():
        raise NotOpml("The file declares a document type, which OPML has no use for.")
    text = prepared(text)
    root = tree_of(text)
    # The one fault that is common and harmless: an address with a bare "&".
    root = tree_of(escaped_ampersands(text)) if root is None else root
    if root is None:
        raise NotOpml("The file is not well-formed XML.")
    if root.tag != "opml":
        raise NotOpml("The file is XML, but not OPML.")
    return root


def _outlines(root: etree._Element) -> Iterator[etree._Element]:
    """Outlines in the file's order, down to a depth that no list of a person reaches."""
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if node.tag == "outline":
            yield node
        if depth < _MAX_DEPTH:
            stack.extend((child, depth + 1) for child in reversed(node))


def _attribute(node: etree._Element, name: str) -> str:
    """The attribute, whatever the case of its name: programs write `xmlUrl` and `xmlurl`."""
    exact = node.get(name)
    if exact is not None:
        return exact
    return next((value for key, value in node.items() if key.lower() == name.lower()), "")


def _language(tag: str) -> str:
    tag = tag.strip()
    return tag if 2 <= len(tag) <= 10 and tag.replace("-", "").isalnum() and tag.isascii() else ""


def write_opml(outlines: Iterable[Outline], title: str = "Feeds") -> str:
    """The list as an OPML 2.0 document."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{escape(plain_text(title, 200))}</title></head>", "  <body>"]
    for outline in outlines:
        attributes = {"type": "rss", "text": outline.title or outline.url, "xmlUrl": outline.url}
        if outline.language:
            attributes["language"] = outline.language
        lines.append("    <outline " + " ".join(f"{k}={quoteattr(v)}" for k, v in attributes.items()) + "/>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])
