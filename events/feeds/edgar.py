"""Filings listed by the SEC's EDGAR as Atom: form, company and item numbers of each, and where its text is. Pure.

Two shapes are read: the list of current filings (`action=getcurrent&output=atom`), whose summary names accession
number and items, and that of one company (`action=getcompany&output=atom`), whose content has an element for each.
"""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from events.choices import FeedKind
from events.feeds.raw import RawFeed, RawItem

NEWS_ITEMS = {
    "2.02": "results of operations",
    "2.05": "costs of exit or disposal",
    "3.01": "notice of delisting",
    "4.02": "earlier figures not to be relied on",
    "5.02": "departure or election of directors or officers",
}
"""Items of a Form 8-K that tell governance news (SEC, Form 8-K, General Instructions)."""

_ACCESSION = re.compile(r"accession-number=(\d{10}-\d{2}-\d{6})\s*$")
_TITLE = re.compile(r"\s*([A-Z0-9][\w /-]{0,19}?) +- +(.{1,300}?) +\((\d{10})\) +\(([\w ]{1,30})\)\s*")
_ITEM = re.compile(r"\bitems?\s{1,3}(\d{1,2}\.\d{2})\b", re.IGNORECASE)
_MORE_ITEMS = re.compile(r"<items-desc\b[^<>]*>([^<]{0,500})", re.IGNORECASE)
_NUMBER = re.compile(r"\b\d{1,2}\.\d{2}\b")
_FORM = re.compile(r"<filing-type\b[^<>]*>([^<]{1,20})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_INDEX_PAGE = re.compile(r"/Archives/edgar/data/[^?#]*-index\.html?$")
_MAX_INDEX = 2_000_000
_MAX_ROWS = 500


def is_edgar(feed: RawFeed) -> bool:
    """Whether the feed lists filings: EDGAR's entries are identified by accession number."""
    return feed.kind is FeedKind.ATOM and any(_ACCESSION.search(item.guid) for item in feed.items)


def refined(feed: RawFeed) -> RawFeed:
    """The feed with each filing once and its context set.

    A filing is listed once for each party to it (filer, subject, reporting owner), under the same number: the
    entry of the company itself is kept.
    """
    kept: dict[str, RawItem] = {}
    for number, item in enumerate(feed.items):
        accession = _ACCESSION.search(item.guid)
        item.context = _context(item, accession[1]) if accession else {}
        key = accession[1] if accession else f"other {number}"
        if key not in kept or (_role(item) in ("filer", "subject", "issuer") and _role(kept[key]) != "filer"):
            kept[key] = item
    feed.items = list(kept.values())
    feed.kind, feed.language = FeedKind.EDGAR, feed.language or "en"
    return feed


def _context(item: RawItem, accession: str) -> dict[str, Any]:
    said = html.unescape(item.summary)[:5000] + " " + item.content[:20_000]
    text = _TAG.sub(" ", said)
    listed = _MORE_ITEMS.search(said)
    items = _ITEM.findall(text) + (_NUMBER.findall(listed[1]) if listed else [])
    title = _TITLE.fullmatch(html.unescape(item.title)[:500])
    form = _FORM.search(said)
    context: dict[str, Any] = {
        "form": (item.category or (form[1] if form else "") or (title[1] if title else "")).strip()[:20],
        "items": list(dict.fromkeys(items))[:30],
        "accession": accession,
    }
    if title:
        context |= {"company": " ".join(title[2].split()), "cik": title[3]}
    return context


def _role(item: RawItem) -> str:
    found = _TITLE.fullmatch(html.unescape(item.title)[:500])
    return found[4].lower() if found else ""


def main_document(body: bytes, url: str) -> str:
    """The address of a filing's main document, for the index page of the filing at `url`; "" for any other page.

    The main document is the first of the page's first table. What it links must be a text of the same filing: a
    path below the index page's own folder, on the same host.
    """
    if not _INDEX_PAGE.search(urlsplit(url).path) or len(body) > _MAX_INDEX:
        return ""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, collect_ids=False)
    try:
        tree = lxml_html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    links = tree.xpath("(//table[contains(@class, 'tableFile')])[1]//tr/td//a/@href")
    for link in links[:_MAX_ROWS] if isinstance(links, list) else []:
        found = _within(str(link), url)
        if found:
            return found
    return ""


def _within(link: str, url: str) -> str:
    try:
        parts = urlsplit(urljoin(url, link.strip()))
        # Inline XBRL is linked through a viewer that needs scripts: `/ix?doc=/Archives/...`.
        inner = (
            parse_qs(parts.query).get("doc", [""])[0] if parts.path in ("/ix", "/ixviewer/ix.html") else ""
        )
        found = urljoin(url, inner) if inner else parts.geturl()
        parts, own = urlsplit(found), urlsplit(url)
    except ValueError:
        return ""
    folder = own.path.rpartition("/")[0] + "/"
    is_text = parts.path.lower().endswith((".htm", ".html", ".txt"))
    same = (parts.scheme, parts.netloc) == (own.scheme, own.netloc) and parts.path.startswith(folder)
    return found if same and is_text and ".." not in parts.path and found != url else ""
