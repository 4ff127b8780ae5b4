"""Any bytes: reading a feed or a page raises nothing but what it promises."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from events.exceptions import NotAFeed, NoText
from events.feeds.article import MAX_TEXT, read_article, read_fragment
from events.feeds.html import plain_text
from events.feeds.opml import NotOpml, read_opml
from events.feeds.parse import MAX_ITEMS, MAX_TITLE, parse_feed
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
