"""Feed lists as OPML 2.0 (opml.org/spec2.opml). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from lxml import etree

from events.exceptions import TrackerError
from events.feeds.html import plain_text
from events.feeds.parse import absolute_url

MAX_BYTES = 2_000_000
MAX_FEEDS = 10_000


class NotOpml(TrackerError):
    """A file that is no OPML, or too large a one."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list: its http(s) address, its title ("" when none is given) and language (BCP 47 or "")."""

    url: str
    title: str = ""
    language: str = ""


def read_opml(body: bytes) -> list[Outline]:
    """The feeds in an OPML file, in order, each address once; outlines that are only headings are passed over.

    Raises NotOpml. Entities and document types are not read, so no file can grow in memory beyond its size.
    """
    if len(body) > MAX_BYTES:
        raise NotOpml(f"The file is larger than {MAX_BYTES:,} bytes.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotOpml("The file is not well-formed XML.") from error
    if root.getroottree().docinfo.doctype:
        raise NotOpml("The file declares a document type, which OPML has no use for.")
    if root.tag != "opml":
        raise NotOpml("The file is XML, but not OPML.")
    found: dict[str, Outline] = {}
    for node in root.iter("outline"):
        url = absolute_url("", node.get("xmlUrl", ""))
        if url and len(found) >= MAX_FEEDS:
            raise NotOpml(f"The file lists more than {MAX_FEEDS:,} feeds.")
        if url:
            title = plain_text(node.get("title") or node.get("text") or "", 300)
            found.setdefault(url, Outline(url, title, node.get("language", "").strip()[:10]))
    return list(found.values())


def write_opml(outlines: Iterable[Outline], title: str = "Feeds") -> str:
    """The list as an OPML 2.0 document."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [
        f"  <head><title>{plain_text(title, 200).replace('&', '&amp;').replace('<', '&lt;')}</title></head>"
    ]
    lines.append("  <body>")
    for outline in outlines:
        attributes = {"type": "rss", "text": outline.title or outline.url, "xmlUrl": outline.url}
        if outline.language:
            attributes["language"] = outline.language
        lines.append("    <outline " + " ".join(f"{k}={quoteattr(v)}" for k, v in attributes.items()) + "/>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])
