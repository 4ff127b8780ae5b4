"""XML as the web writes it -> trees: no document types, no entities, no network, and broken XML entry by entry. Pure."""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator

from lxml import etree

# Every pattern stops at the next "<", so that hostile repetition costs linear time.
_DOCTYPE_START = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[[^\]]*(?:\](?!\s*>)[^\]]*)*\]\s*)?>", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\b[^<>]*\?>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_CDATA = re.compile(r"(<!\[CDATA\[(?:[^\]]|\](?!\]>))*\]\]>)")
_MAX_OPENING = 20_000
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_AMPERSAND = re.compile(r"&(?:(amp|lt|gt|quot|apos);|(?!#\d{1,7};|#x[0-9A-Fa-f]{1,6};))")
_NUMERIC = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;", None: "&#38;"}
ROOT = re.compile(
    r"<(?:[A-Za-z_][\w.-]*:)?(rss|RDF|feed|channel|html|urlset|sitemapindex)\b[^<>]*>", re.IGNORECASE
)


def prepared(text: str) -> str:
    """`text` without XML declaration and document type, its named characters as characters: ready for `tree_of`."""
    text = _without_doctype(_DECLARATION.sub("", text, count=1)).strip()
    return _ENTITY.sub(_named_character, text)


def root_name(text: str) -> str:
    """The first tag in `text` that a feed, a sitemap or a page may begin with, in lower case; "" for none."""
    found = ROOT.search(text)
    return found[1].lower() if found else ""


def _without_doctype(text: str) -> str:
    """`text` without its document type, and so without any entity that it might define."""
    start = _DOCTYPE_START.search(text)
    found = _DOCTYPE.match(text, start.start()) if start else None
    return text[: found.start()] + text[found.end() :] if found else text


def tree_of(text: str, *, recover: bool = False) -> etree._Element | None:
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


def pieces_of(text: str, entry_start: re.Pattern[str], max_items: int) -> tuple[list[etree._Element], int]:
    """The entries of broken XML, each read alone, and how many there are beyond `max_items`.

    `entry_start` finds their start tags, the tag's name as group 1.
    """
    start = ROOT.search(text)
    opening, closing = brackets(start[0] if start else "<x>")
    places = list(cut(text, entry_start))
    trees = (mended(opening, text[begin:end], closing)[0] for begin, end in places[:max_items])
    return [tree[0] for tree in trees if tree is not None and len(tree)], max(len(places) - max_items, 0)


def brackets(start_tag: str) -> tuple[str, str]:
    """A root's start tag, with its prefixes unless they are endless, and its end tag."""
    tag = start_tag[1:].rstrip("/>").split()[0]
    opening = start_tag.removesuffix("/>").removesuffix(">") + ">"
    return (opening if len(start_tag) < _MAX_OPENING else f"<{tag}>"), f"</{tag}>"


def cut(text: str, entry_start: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """(begin, end) of each entry: from its start tag to its end tag, or to the next entry where that is missing."""
    starts = list(entry_start.finditer(text))
    for index, match in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        closing = f"</{match[1]}>"
        end = text.find(closing, match.end(), limit)
        yield match.start(), end + len(closing) if end >= 0 else limit


def mended(opening: str, piece: str, closing: str) -> tuple[etree._Element | None, bool]:
    """The tree of one entry within its root, and whether its tags had to be guessed."""
    tree = tree_of(opening + piece + closing)
    if tree is None:
        tree = tree_of(opening + escaped_ampersands(piece) + closing)
    if tree is not None:
        return tree, False
    return tree_of(opening + escaped_ampersands(piece) + closing, recover=True), True


def escaped_ampersands(piece: str) -> str:
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


def local_name(node: etree._Element) -> str:
    """The tag without namespace or (undeclared) prefix; "" for what is no element."""
    tag = node.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def text_of(node: etree._Element) -> str:
    """All text in the element, without its markup."""
    return "".join(text for text in node.itertext() if isinstance(text, str)).strip()
