"""Any bytes: reading a feed or a page raises nothing but what it promises."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from events.exceptions import NotAFeed, NoText
from events.feeds import edgar, following
from events.feeds.article import MAX_TEXT, read_article, read_fragment
from events.feeds.discovery import MAX_FOUND, feeds_named
from events.feeds.fetch import Fetched
from events.feeds.html import plain_text
from events.feeds.links import links_of
from events.feeds.opml import NotOpml, read_opml
from events.feeds.parse import MAX_ITEMS, MAX_TITLE, parse_feed
from events.feeds.sitemap import MAX_FOLLOWED
from events.feeds.when import parse_when

RECORDED = Path(__file__).resolve().parents[3] / "fixtures" / "feeds" / "recorded"
SEEDS = [path.read_bytes() for path in sorted(RECORDED.iterdir())]
PIECES = [
    *(
        b"<item>",
        b"</item>",
        b"<![CDATA[",
        b"]]>",
        b"&",
        b"&#x0;",
        b"<!DOCTYPE x [",
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
    ),
    *(
        b"<title>",
        b"</rss>",
        b"<?xml encoding='utf-16'?>",
        b"xmlns:a=''",
        b"<a:b>",
        b'"',
        b"{",
        b"[",
        b"<!--",
        b"\r\n",
    ),
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.integers(0, 40)))
        data[at:until] = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


TYPES = st.sampled_from(
    ["", "text/xml", "application/json", "text/html; charset=utf-16", "x; charset=zlib_codec"]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(mutated(), st.binary(max_size=200)), TYPES)
def test_mutated_feeds_raise_nothing_but_not_a_feed(body: bytes, content_type: str) -> None:
    try:
        feed = parse_feed(body, content_type, "https://news.example.com/feed")
    except NotAFeed:
        return
    assert len(feed.items) <= MAX_ITEMS
    assert len({item.guid for item in feed.items}) == len(feed.items)
    for item in feed.items:
        item.content_html.encode()
        item.title.encode()
        assert len(item.title) <= MAX_TITLE
        assert "\0" not in item.title + item.content_html + item.guid + item.url
        assert item.url.startswith(("http://", "https://")) or not item.url
        assert item.published is None or item.published.utcoffset() is not None
        assert "\\u0000" not in json.dumps(item.context)
        assert len(json.dumps(item.context)) < 5_000
    assert len(feed.sitemaps) <= MAX_FOLLOWED
    assert all(
        address.startswith(("http://", "https://")) for address in [*feed.sitemaps, feed.hub or "http://"]
    )
    assert feed.hints.ttl is None or 0 < feed.hints.ttl <= 44_640
    assert feed.hints.skip_hours < set(range(24))
    assert feed.hints.skip_days < set(range(7))


SITEMAPS = [seed for seed in SEEDS if b"<urlset" in seed or b"<sitemapindex" in seed]
FILINGS = [seed for seed in SEEDS if b"accession-number" in seed or b"tableFile" in seed]
NEWS_URL = "https://news.example.com/sitemap.xml"


@st.composite
def mutated_of(draw: st.DrawFn, seeds: list[bytes], pieces: list[bytes]) -> bytes:
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.integers(0, 30)))
        data[at:until] = draw(st.one_of(st.sampled_from([*PIECES, *pieces]), st.binary(max_size=8)))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


MAPS = [
    b"<url>",
    b"</url>",
    b"<loc>",
    b"<news:news>",
    b"<sitemapindex>",
    b"<urlset xmlns:news=''>",
    b"<sitemap>",
]


@settings(max_examples=300, deadline=None)
@given(mutated_of(SITEMAPS, MAPS), st.booleans(), st.integers(0, 4_000))
def test_mutated_sitemaps_zipped_or_cut_raise_nothing_but_not_a_feed(
    body: bytes, zipped: bool, cut: int
) -> None:
    sent = gzip.compress(body, 1)[: cut or None] if zipped else body
    try:
        feed = parse_feed(sent, "application/xml", NEWS_URL)
        found = following.with_sitemaps(
            feed, lambda url: Fetched(url, 200, {}, sent, "", "", "", "", None, False, 0.0)
        )
    except NotAFeed:
        return
    assert all(urlsplit(address).netloc == "news.example.com" for address in feed.sitemaps)
    assert len({item.guid for item in found.items}) == len(found.items)


INDEX_URL = "https://filings.example.org/Archives/edgar/data/9900017/000990001725000012/x-index.htm"


@settings(max_examples=300, deadline=None)
@given(
    mutated_of(
        FILINGS, [b"(Filer)", b"accession-number=", b"Item 5.02", b"ix?doc=", b"href=", b"//x.example.org/"]
    )
)
def test_mutated_lists_of_filings_raise_nothing_and_lead_nowhere_else(body: bytes) -> None:
    target = edgar.main_document(body, INDEX_URL)
    assert not target or target.startswith(INDEX_URL.rpartition("/")[0] + "/")
    try:
        feed = parse_feed(body, "application/atom+xml", "https://filings.example.org/current")
    except NotAFeed:
        return
    for item in feed.items:
        numbers = item.context.get("items", [])
        assert all(number.replace(".", "").isdigit() for number in numbers)


@settings(max_examples=150, deadline=None)
@given(mutated(), st.text(max_size=200))
def test_mutated_pages_name_only_web_addresses_as_feeds(body: bytes, header: str) -> None:
    found = feeds_named(body, "text/html", "https://news.example.com/")
    assert len(found) <= MAX_FOUND
    assert all(feed.url.startswith(("http://", "https://")) for feed in found)
    assert all(isinstance(target, str) for _, target in links_of(header))


HARM = [
    b"&", b"&nbsp", b"&bogus;", b"<b>", b"</i>", b"<title>", b"</title>", b"\x00", b"\x0b", b"&#x0;", b"&#99999999;", b"\xff",
    b"\xed\xa0\x80", b"<a:b>", b"</a:b>", b"<>", b"< ", b"]]>", b"\xc2\x85",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(2, 8), st.sampled_from(["rss", "atom", "sitemap"]))
def test_what_breaks_one_entry_costs_no_other(data: st.DataObject, count: int, kind: str) -> None:
    shape = {
        "rss": (b"<rss><channel>", b"<item><title>T</title><guid>http://x.example.org/%d</guid></item>", b"</channel></rss>"),
        "atom": (
            b"<feed xmlns='http://www.w3.org/2005/Atom'>",
            b"<entry><title>T</title><id>http://x.example.org/%d</id></entry>",
            b"</feed>",
        ),
        "sitemap": (
            b"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>",
            b"<url><loc>http://x.example.org/%d</loc><news:news><news:title>T</news:title></news:news></url>",
            b"</urlset>",
        ),
    }  # fmt: skip
    head, entry, tail = shape[kind]
    entries = [entry % number for number in range(count)]
    broken = data.draw(st.integers(0, count - 1))
    inner = entries[broken]
    first, last = inner.index(b">") + 1, inner.rindex(b"</")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(first, last))
        inner = inner[:at] + data.draw(st.sampled_from(HARM)) + inner[at:]
        last = inner.rindex(b"</")
    entries[broken] = inner
    found = parse_feed(head + b"".join(entries) + tail, "application/xml", NEWS_URL)
    good = {f"http://x.example.org/{number}" for number in range(count) if number != broken}
    assert good <= {item.guid for item in found.items}


@settings(max_examples=100, deadline=None)
@given(mutated(), TYPES)
def test_mutated_pages_raise_nothing_but_no_text(body: bytes, content_type: str) -> None:
    try:
        article = read_article(body, content_type, "https://news.example.com/a")
    except NoText:
        return
    assert article.text.strip()
    assert "\0" not in article.text
    assert len(article.text) <= MAX_TEXT
    article.text.encode()


@settings(max_examples=100, deadline=None)
@given(mutated())
def test_mutated_lists_raise_nothing_but_not_opml(body: bytes) -> None:
    try:
        read_opml(body)
    except NotOpml:
        return


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_plain_form_and_perhaps_a_date(text: str) -> None:
    assert len(plain_text(text, 50)) <= 50
    assert "<script" not in plain_text(text, 50).lower()
    read_fragment(text)
    found = parse_when(text)
    assert found is None or found.utcoffset() is not None
