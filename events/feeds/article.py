"""A page or file -> the article in it. Pure: no network, no ORM.

The text of a page is found by trafilatura. The text of a plain file is the file: evidence spans count code points
of the document's text, so it is kept as it is, save that CRLF becomes LF and a byte order mark goes.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import trafilatura
from lxml import etree
from lxml import html as lxml_html
from trafilatura.metadata import extract_metadata
from trafilatura.settings import Document as Extracted

from events.exceptions import NoText
from events.feeds.addresses import absolute_url, trusted_canonical
from events.feeds.decoding import to_text
from events.feeds.html import plain_text, shortened
from events.feeds.language import guess_language
from events.feeds.when import parse_when

MAX_TEXT = 1_000_000
"""Code points of an article's text; the longest filings stay below, what is longer is cut there."""
MAX_HTML = 3_000_000
"""Characters of a page that are looked at."""
MAX_ELEMENTS = 20_000
"""Elements of a page up to which trafilatura looks for the article: its time grows with their square, and a page
of ten times as many would hold a worker for minutes. Larger pages (annual reports) are read whole."""
MIN_TEXT = 20
"""Fewer visible characters are a menu or a notice, not an article."""

_FEW_ELEMENTS = 300
"""Elements of a page up to which nothing is gained by looking at its marked article alone."""
_MIN_MARKED = 150
"""Characters from which what a page marks as its article is taken for it."""

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml"})
_TEXT_TYPES = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_UNSEEN = ("script", "style", "template", "noscript", "head", "iframe", "object", "svg")


class Unsupported(NoText):
    """Content of a kind that is not read (an image, a PDF)."""


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says.

    `published` is aware, in the page's own zone; None where the page gives no date. `language` is a BCP 47 tag
    ("en", "zh-Hans", "zh-Hant" ...), "" when unknown. `canonical_url` is the address that stands for the page ("" for a file).
    """

    title: str
    text: str = field(repr=False)
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    language: str = ""
    canonical_url: str = ""


def read_article(body: bytes, content_type: str, url: str) -> Article:
    """The article in `body`, by its Content-Type or, without a usable one, by its first bytes.

    Raises NoText when there is no text in it, Unsupported (a NoText) when it is of a kind that is not read.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if not body.strip():
        raise NoText("The page or file is empty.")
    if kind in _HTML_TYPES:
        return read_html(body, content_type, url)
    if kind in _TEXT_TYPES:
        return read_plain(body, content_type, url)
    if kind in ("", "application/octet-stream"):
        return _read_unknown(body, content_type, url)
    raise Unsupported(f"The page is of the kind {shortened(kind, 60)!r}, which is not read.")


def _read_unknown(body: bytes, content_type: str, url: str) -> Article:
    start = body[:1024].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")) or b"<body" in start or b"<head" in start:
        return read_html(body, content_type, url)
    sample = to_text(body[:4096], content_type)[0]
    if sum(char == "\ufffd" or (char < " " and char not in "\t\n\r\f") for char in sample) * 50 > len(sample):
        raise Unsupported("The file is binary data, which is not read.")
    return read_plain(body, content_type, url)


def read_plain(body: bytes, content_type: str = "", url: str = "") -> Article:
    """A plain-text file, its first non-blank line as title. Raises NoText for a file of blanks."""
    text, _ = to_text(body, content_type)
    # PostgreSQL stores no NUL; a replacement of the same length leaves every span where it was.
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\0", "\ufffd")[:MAX_TEXT]
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    if not first:
        raise NoText("The file has no text in it.")
    return Article(
        title=shortened(first.lstrip("# ").strip() or first, 300),
        text=text,
        language=guess_language(text),
        canonical_url=trusted_canonical(url, url) if url else "",
    )


def read_html(body: bytes, content_type: str, url: str) -> Article:
    """The article of a web page. Raises NoText when the page has none."""
    markup, _ = to_text(body, content_type)
    tree = _tree(markup)
    declared = _first(tree, "/html/@lang") or _first(tree, "//meta[@property='og:locale']/@content")
    canonical = _first(tree, "//link[@rel='canonical']/@href") or _first(
        tree, "//meta[@property='og:url']/@content"
    )
    published = _published(tree, markup)
    title, authors, marked, text = _extract(tree, url)
    if len("".join(text.split())) < MIN_TEXT:
        raise NoText("No article text was found on the page.")
    return Article(
        title=plain_text(title, 500),
        text=text,
        authors=_authors(authors),
        published=published or parse_when(marked),
        language=guess_language(text, declared),
        canonical_url=trusted_canonical(url, absolute_url(url, canonical) or url) if url else "",
    )


def read_fragment(markup: str) -> str:
    """The text of HTML that is all article (a feed's own content), a line for each block; "" when there is none."""
    if not markup.strip():
        return ""
    try:
        tree = lxml_html.fragment_fromstring(markup[:MAX_HTML].replace("\0", ""), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return plain_text(markup, MAX_TEXT)
    return _lines(tree)


def _lines(tree: lxml_html.HtmlElement) -> str:
    """All text of `tree` that readers see, a line for each block. Changes `tree`; takes linear time."""
    etree.strip_elements(tree, *_UNSEEN, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    pieces: list[str] = []
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        pieces.append("\n" if node.tag in _BLOCKS else "")
        pieces.append((node.text if event == "start" else node.tail) or "")
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return _clean("\n".join(line for line in lines if line))


def _tree(markup: str) -> lxml_html.HtmlElement:
    # With a declaration in the text, lxml refuses to read a str.
    markup = re.sub(r"^\s*<\?xml[^<>]*\?>", "", markup[:MAX_HTML]).replace("\0", "")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, collect_ids=False)
    try:
        return lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NoText("The page could not be read as HTML.") from error


def _extract(tree: lxml_html.HtmlElement, url: str) -> tuple[str, str, str, str]:
    """Title, authors (by semicolons), date and text, each "" when it was not found."""
    if next(islice(tree.iter(), MAX_ELEMENTS, None), None) is not None:
        return _first(tree, "//title/text()"), "", "", _lines(tree)
    is_small = next(islice(tree.iter(), _FEW_ELEMENTS, None), None) is None
    marked = None if is_small else _marked(tree)
    if marked is not None:
        # The search weighs all of a page's menus and teasers again and again, of which the article has none.
        text = _search(_alone(marked), url, fast=True).text or ""
        length = _length(marked)
        if 0.9 * length <= len(text) <= 1.25 * length + 200:
            about = _about(tree, url)
            return about.title or "", about.author or "", about.date or "", _clean(text)
    found = _search(tree, url)
    return found.title or "", found.author or "", found.date or "", _clean(found.text or "")


# Only dates that the page marks as such: one guessed out of its text would date events wrongly.
_DATES = {"extensive_search": False, "original_date": True}
# The library promises no exceptions, but hostile pages find some.
_FAULTS = (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError)


def _search(tree: lxml_html.HtmlElement, url: str, *, fast: bool = False) -> Extracted:
    """What trafilatura finds: with `fast` the text alone, without second opinions."""
    try:
        found = trafilatura.bare_extraction(
            tree,
            url=url or None,
            fast=fast,
            include_comments=False,
            with_metadata=not fast,
            date_extraction_params=_DATES,
        )
    except _FAULTS as error:
        raise NoText("The page's text could not be read.") from error
    return found if isinstance(found, Extracted) else Extracted()


def _about(tree: lxml_html.HtmlElement, url: str) -> Extracted:
    """Title, authors and date of the page."""
    try:
        return extract_metadata(tree, url or None, _DATES, False, None)
    except _FAULTS as error:
        raise NoText("The page's text could not be read.") from error


def _marked(tree: lxml_html.HtmlElement) -> lxml_html.HtmlElement | None:
    """The one element that the page marks as its article, when it has enough paragraphs to be it."""
    for path in ("//*[@itemprop='articleBody']", "//article"):
        found = tree.xpath(path)
        if isinstance(found, list) and len(found) == 1 and isinstance(found[0], lxml_html.HtmlElement):
            return found[0] if _length(found[0]) >= _MIN_MARKED else None
    return None


def _length(element: lxml_html.HtmlElement) -> int:
    """Characters of an element's paragraphs."""
    return sum(len(" ".join("".join(p.itertext()).split())) for p in element.iter("p"))


def _alone(element: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """A page of nothing but this element."""
    page = lxml_html.Element("html")
    body = lxml_html.Element("body")
    body.append(deepcopy(element))
    page.append(body)
    return page


def _first(tree: lxml_html.HtmlElement, path: str) -> str:
    found = tree.xpath(path)
    return str(found[0]).strip() if isinstance(found, list) and found else ""


def _published(tree: lxml_html.HtmlElement, markup: str) -> datetime | None:
    """The publication time that the page marks as such, with its zone where it gives one."""
    for path in (
        "//meta[@property='article:published_time']/@content",
        "//meta[@itemprop='datePublished']/@content",
        "//*[@itemprop='datePublished']/@datetime",
        "//meta[@name='date' or @name='pubdate' or @name='publishdate' or @name='DC.date.issued']/@content",
    ):
        found = parse_when(_first(tree, path))
        if found:
            return found
    linked = re.search(r'"datePublished"\s*:\s*"([^"]{4,60})"', markup[:MAX_HTML])
    return parse_when(linked[1]) if linked else None


def _authors(names: str) -> tuple[str, ...]:
    parts = (plain_text(name, 200) for name in names[:2000].split(";"))
    return tuple(dict.fromkeys(name for name in parts if name))[:20]


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()[:MAX_TEXT]
