"""From a web page's address to its feeds: what the page itself names, else the places where feeds usually are.

No network of its own: the caller gives the request, which passes the guard like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from events.exceptions import FetchFailed, FetchRefused, NotAFeed
from events.feeds.addresses import absolute_url
from events.feeds.decoding import to_text
from events.feeds.fetch import Fetched
from events.feeds.html import plain_text
from events.feeds.parse import ParsedFeed, parse_feed

Get = Callable[[str], Fetched]
"""Requests an address; raises FetchRefused and FetchFailed."""

MAX_FOUND = 20
MAX_GUESSES = 8
"""Requests that guessing may cost one site."""
_MAX_HTML = 1_000_000
_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml",
        "text/xml",
    }
)
_USUAL_PLACES = (
    "/feed/",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/rss",
    "/index.xml",
    "/feed.json",
    "/news-sitemap.xml",
)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed of a page: its http(s) address, and the title that the page or the feed gives it, perhaps ""."""

    url: str
    title: str = ""


def feeds_named(body: bytes, content_type: str, url: str) -> list[Found]:
    """The feeds that the page at `url` links as its own (`<link rel="alternate">`), each once, in the page's order.

    An empty list for what is no page. Raises nothing.
    """
    markup = to_text(body[: 4 * _MAX_HTML], content_type)[0][:_MAX_HTML].replace("\0", "")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, collect_ids=False)
    try:
        tree = lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    bases = tree.xpath("//base/@href")
    base = absolute_url(url, str(bases[0])) if isinstance(bases, list) and bases else ""
    found: dict[str, Found] = {}
    for link in _alternates(tree, base or url):
        found.setdefault(link.url, link)
        if len(found) >= MAX_FOUND:
            break
    return list(found.values())


def _alternates(tree: lxml_html.HtmlElement, base: str) -> Iterator[Found]:
    for node in tree.iter("link", "a"):
        relations = (node.get("rel") or "").lower().split()
        kind = (node.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in relations and "feed" not in relations:
            continue
        # XML under another name is a translation or a stylesheet's, unless the link says that it is a feed.
        if kind not in _TYPES and "feed" not in relations:
            continue
        address = absolute_url(base, node.get("href") or "")
        if address:
            yield Found(address, plain_text(node.get("title") or "", 300))


def feeds_guessed(url: str, get: Get) -> list[Found]:
    """A feed at one of the places of `url`'s site where feeds usually are: the first that is one, or none.

    Costs at most `MAX_GUESSES` requests, and ends at the first that fails otherwise than by "no such page": a site
    that is down or does not want us is not asked on. Raises nothing.
    """
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    for place in _USUAL_PLACES[:MAX_GUESSES]:
        address = urljoin(root, place)
        try:
            answer = get(address)
            parsed = parse_feed(answer.body, answer.content_type, answer.url_final)
        except NotAFeed:
            continue
        except FetchFailed as error:
            if getattr(error, "status", 0) in (400, 403, 404, 406, 410):
                continue
            return []
        except FetchRefused:
            return []
        return [Found(answer.permanent_redirect_to or address, parsed.title)]
    return []


def feed_or_page(answer: Fetched) -> ParsedFeed | NotAFeed:
    """The feed in an answer, or why it is none."""
    try:
        return parse_feed(answer.body, answer.content_type, answer.url_final, answer.headers.get("link", ""))
    except NotAFeed as error:
        return error


def hint(answer: Fetched) -> str:
    """A sentence for whoever mends a feed whose address answers with a page: which feed that page names; else ""."""
    found = feeds_named(answer.body, answer.content_type, answer.url_final)
    other = [feed.url for feed in found if feed.url != answer.url_final]
    return f"It names {other[0]} as its feed." if other else ""
