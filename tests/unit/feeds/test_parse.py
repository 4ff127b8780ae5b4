"""Rules of reading feeds, on recorded bytes of our own making."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from events.exceptions import NotAFeed
from events.feeds.parse import MAX_ITEMS, ParsedFeed, parse_feed

RECORDED = Path(__file__).resolve().parents[3] / "fixtures" / "feeds" / "recorded"
FEED_URL = "https://news.example.com/feed.xml"


def recorded(name: str, content_type: str = "application/xml") -> ParsedFeed:
    return parse_feed((RECORDED / name).read_bytes(), content_type, FEED_URL)


def rss(items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


def test_an_rss_2_feed_gives_its_head() -> None:
    feed = recorded("rss20.xml")
    assert (feed.title, feed.language, feed.hints.ttl) == ("Example Business & Boards", "en-us", 45)
    assert not feed.damaged


def test_an_rss_2_entry_gives_all_its_fields() -> None:
    item = recorded("rss20.xml").items[0]
    assert item.guid == "tag:news.example.com,2025:7"
    assert item.url == "https://news.example.com/2025/11/northwind-ceo?id=7&page=1"
    assert item.title == "Northwind names Ada Brook chief executive"
    assert item.summary == "The board of Northwind chose Ada Brook."
    assert item.content_html.endswith("as chief executive on Monday.</p>")
    assert item.published == datetime(2025, 11, 17, 0, 30, tzinfo=UTC)
    assert item.authors == ("Jo Reed",)


def test_titles_are_plain_text_without_scripts() -> None:
    assert recorded("rss20.xml").items[1].title == "Contoso & Fabrikam merge units"


def test_a_guid_is_the_address_where_there_is_no_link() -> None:
    item = recorded("rss20.xml").items[1]
    assert item.url == "https://news.example.com/2025/11/contoso"
    assert item.authors == ("The Desk",)
    assert item.published == datetime(2025, 11, 16, 14, 0, tzinfo=UTC)


def test_an_entry_without_an_identifier_gets_the_same_one_each_time() -> None:
    first, second = (recorded("rss20.xml").items[2] for _ in range(2))
    assert first.guid == second.guid
    assert first.guid.startswith("made:")
    assert first.title == "A short note without a title, a guid or a date."
    assert first.published is None


def test_rss_091_with_html_characters_and_a_document_type_is_well_formed_enough() -> None:
    feed = recorded("rss091.xml")
    assert [item.title for item in feed.items] == [
        "Café chain suspends its treasurer",
        "Port authority fined",
    ]
    assert not feed.damaged


def test_rdf_entries_stand_beside_the_channel() -> None:
    feed = recorded("rdf.xml")
    assert (feed.title, feed.language) == ("RDF wire", "zh-cn")
    assert [item.guid for item in feed.items] == ["http://rdf.example.org/a", "http://rdf.example.org/b"]
    assert [item.published for item in feed.items] == [
        datetime(2025, 11, 17, 12, tzinfo=UTC),
        datetime(2025, 11, 1, tzinfo=UTC),
    ]
    assert feed.items[0].authors == ("李四",)


def test_an_atom_entry_gives_all_its_fields() -> None:
    feed = recorded("atom10.xml")
    item = feed.items[0]
    assert feed.language == "en"
    assert item.url == "https://atom.example.org/news/1.html"
    assert item.title == "Q3 < Q2: Tailspin warns"
    assert item.authors == ("Kim Lee", "Sam Roe")
    assert item.language == "zh-Hant"
    assert item.published == datetime(2025, 11, 16, 23, 59, 59, tzinfo=UTC)
    assert "<em>Tailspin</em>" in item.content_html


def test_an_atom_entry_without_a_link_is_kept() -> None:
    item = recorded("atom10.xml").items[1]
    assert (item.url, item.content_html) == ("", "<p>Body</p>")
    assert item.published == datetime(2025, 11, 15, 8, 0, 0, tzinfo=UTC)


def test_atom_03_dates_an_entry_by_its_issue() -> None:
    item = recorded("atom03.xml").items[0]
    assert (item.url, item.published) == ("http://old.example.org/1", datetime(2025, 11, 1, tzinfo=UTC))


def test_a_json_feed_gives_its_entries() -> None:
    feed = recorded("feed.json", "application/feed+json")
    assert [item.guid for item in feed.items] == ["41", "42"]
    assert feed.items[0].published == datetime(2025, 11, 17, 13, tzinfo=UTC)
    assert feed.items[0].authors == ("Ola Nord",)
    assert feed.items[1].content_html == "A &lt; B, says the board."
    assert feed.items[1].published is None


def test_a_feed_broken_in_the_middle_keeps_its_good_entries() -> None:
    feed = recorded("broken.xml")
    found = {item.guid: item for item in feed.items}
    assert feed.damaged
    assert feed.title == "Broken wire"
    assert {"b1", "b2", "b3", "b4", "b5"} <= set(found)
    assert found["b2"].url == "http://broken.example.org/2"
    assert found["b3"].url == "http://broken.example.org/3?a=1&b=2"
    assert found["b4"].url == "http://broken.example.org/4?a=1&b=2"
    assert found["b4"].authors == ("Ann Poe",)
    assert any(item.title.startswith("Sixth") for item in feed.items)


def test_an_entity_bomb_expands_to_nothing() -> None:
    feed = recorded("bomb.xml")
    assert [item.url for item in feed.items] == ["http://bomb.example.org/1", "http://bomb.example.org/2"]
    assert all(len(item.title) < 100 for item in feed.items)
    assert feed.items[0].summary in ("", "&x;")


def test_a_header_that_lies_about_the_charset_is_not_believed() -> None:
    utf8 = "<rss><channel><title>示例</title><item><title>免职</title><link>http://example.org/1</link></item></channel></rss>"
    assert parse_feed(utf8.encode(), "text/xml; charset=iso-8859-1", FEED_URL).items[0].title == "免职"
    gbk = recorded("gbk_claims_latin1.xml", "text/xml; charset=utf-8")
    assert gbk.items[0].title == "示例集团副总裁被免职"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_a_byte_order_mark_or_declared_charset_is_followed(encoding: str) -> None:
    text = "<?xml version='1.0' encoding='gb18030'?><rss><channel><item><title>免职</title></item></channel></rss>"
    assert parse_feed(text.encode(encoding), "text/xml", FEED_URL).items[0].title == "免职"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "nothing"),
        (b" \r\n\t ", "nothing"),
        (b"<!DOCTYPE html><html><body><p>Hello</body></html>", "web page"),
        (b"<html><head><title>Login</title>", "web page"),
        (b'<?xml version="1.0"?><urlset><url/></urlset>', "sitemap"),
        (b"<svg/>", "no feed"),
        (b"plain words", "no feed"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "no feed"),
        (b'{"version": "1", "items": []}', "JSON"),
        (b"[[[[[", "JSON"),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "RDF"),
    ],
)
def test_what_is_no_feed_says_so_in_plain_words(body: bytes, word: str) -> None:
    with pytest.raises(NotAFeed, match=word):
        parse_feed(body, "application/rss+xml", FEED_URL)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(rss(""), "", FEED_URL).items == []


def test_the_number_of_entries_is_bounded_and_the_rest_is_counted() -> None:
    feed = parse_feed(
        rss("".join(f"<item><guid>{n}</guid></item>" for n in range(MAX_ITEMS + 5))), "", FEED_URL
    )
    assert (len(feed.items), feed.dropped) == (MAX_ITEMS, 5)


def test_entries_that_share_a_guid_but_not_an_address_are_all_kept() -> None:
    items = "".join(
        f"<item><guid isPermaLink='false'>x</guid><link>http://example.org/{n}</link></item>"
        for n in range(3)
    )
    assert len({item.guid for item in parse_feed(rss(items), "", FEED_URL).items}) == 3


def test_an_entry_that_is_listed_twice_is_one() -> None:
    assert len(parse_feed(rss("<item><guid>x</guid></item>" * 2), "", FEED_URL).items) == 1


def test_control_characters_never_reach_an_entry() -> None:
    feed = parse_feed(rss("<item><title>A\x00\x0b\x1bB\u202e</title><guid>g\x01</guid></item>"), "", FEED_URL)
    assert (feed.items[0].title, feed.items[0].guid) == ("AB", "g")


def test_a_json_string_cannot_bring_half_a_surrogate_pair() -> None:
    data = {"version": "https://jsonfeed.org/version/1", "items": [{"id": "a", "title": "x\ud800\u0000y"}]}
    assert parse_feed(json.dumps(data).encode(), "", FEED_URL).items[0].title == "xy"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///x", "http://[bad", "data:text/html,x", "ftp://example.org/"]
)
def test_only_web_addresses_are_links(link: str) -> None:
    assert (
        parse_feed(rss(f"<item><title>t</title><link>{link}</link></item>"), "", FEED_URL).items[0].url == ""
    )


def test_a_prefix_that_nobody_declared_is_read_all_the_same() -> None:
    feed = parse_feed(rss("<item><title>t</title><dc:creator>Ann</dc:creator></item>"), "", FEED_URL)
    assert feed.items[0].authors == ("Ann",)


@pytest.mark.parametrize("name", ["rss20.xml", "rdf.xml", "atom10.xml", "atom03.xml"])
def test_well_formed_feeds_read_as_feedparser_reads_them(name: str) -> None:
    theirs = feedparser.parse((RECORDED / name).read_bytes(), response_headers={"content-location": FEED_URL})
    ours = recorded(name)
    # feedparser takes any identifier for a link; ours only one that is a web address.
    links = [entry.get("link", "") for entry in theirs.entries]
    assert [item.url for item in ours.items] == [link if link.startswith("http") else "" for link in links]
    dates = [entry.get("published_parsed") or entry.get("updated_parsed") for entry in theirs.entries]
    assert [item.published and item.published.utctimetuple()[:5] for item in ours.items] == [
        date and tuple(date)[:5] for date in dates
    ]
