"""Rules of the kinds of feeds beyond RSS, Atom and JSON Feed, and of what a feed says of itself."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from events.choices import FeedKind
from events.exceptions import FetchFailed, NotAFeed, Unreachable
from events.feeds import edgar, following, parse
from events.feeds.article import read_article
from events.feeds.fetch import Fetched
from events.feeds.links import links_of
from events.feeds.parse import ParsedFeed, Rhythm, parse_feed
from events.feeds.sitemap import MAX_FOLLOWED

RECORDED = Path(__file__).resolve().parents[3] / "fixtures" / "feeds" / "recorded"
SITE = "https://news.example.com"
FILING = "https://filings.example.org/Archives/edgar/data/9900017/000990001725000012"


def recorded(name: str, content_type: str = "application/xml", url: str = SITE + "/feed") -> ParsedFeed:
    return parse_feed((RECORDED / name).read_bytes(), content_type, url)


def fetched(url: str, body: bytes) -> Fetched:
    return Fetched(url, 200, {}, body, "application/xml", "", "", "", None, False, 0.0)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("rss091.xml", FeedKind.RSS),
        ("rss20.xml", FeedKind.RSS),
        ("broken.xml", FeedKind.RSS),
        ("rdf.xml", FeedKind.RDF),
        ("atom03.xml", FeedKind.ATOM),
        ("atom10.xml", FeedKind.ATOM),
        ("feed.json", FeedKind.JSON),
        ("sitemap_news.xml", FeedKind.SITEMAP),
        ("sitemap_index.xml", FeedKind.SITEMAP),
        ("edgar_current.xml", FeedKind.EDGAR),
        ("edgar_company.xml", FeedKind.EDGAR),
    ],
)
def test_a_feed_is_known_by_its_kind(name: str, kind: FeedKind) -> None:
    assert recorded(name).kind is kind


def test_rss_090_in_its_own_namespace_is_read() -> None:
    body = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        b"<channel><title>Oldest</title></channel><item><title>One</title><link>http://old.example.org/1</link></item></rdf:RDF>"
    )
    feed = parse_feed(body, "", SITE)
    assert (feed.title, feed.kind, [item.url for item in feed.items]) == (
        "Oldest",
        FeedKind.RDF,
        ["http://old.example.org/1"],
    )


def test_a_news_sitemap_gives_its_news_and_leaves_other_pages_out() -> None:
    feed = recorded("sitemap_news.xml")
    first, second = feed.items
    assert (feed.title, feed.language) == ("Example Business", "en")
    assert first.url == first.guid == SITE + "/2025/11/northwind-ceo?id=7&page=1"
    assert first.title == "Northwind names Ada Brook chief executive"
    assert first.published == datetime(2025, 11, 17, 0, 30, tzinfo=UTC)
    assert first.published.utcoffset() is not None
    assert (second.title, second.language) == ("示例集团副总裁被免职", "zh-cn")


def test_a_compressed_sitemap_is_read() -> None:
    body = gzip.compress((RECORDED / "sitemap_news.xml").read_bytes())
    assert len(parse_feed(body, "application/x-gzip", SITE + "/news.xml.gz").items) == 2


def test_a_compressed_sitemap_that_breaks_off_keeps_the_entries_up_to_there() -> None:
    body = gzip.compress((RECORDED / "sitemap_news.xml").read_bytes() * 1, compresslevel=0)
    feed = parse_feed(body[: len(body) * 3 // 4], "application/x-gzip", SITE + "/news.xml.gz")
    assert feed.damaged
    assert feed.items[0].title == "Northwind names Ada Brook chief executive"


def test_a_compressed_file_is_never_inflated_beyond_its_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MAX_UNZIPPED", 300_000)
    head = b"<rss><channel><item><title>Good</title><guid>g</guid></item>"
    bomb = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    body = bomb.compress(head + b"<item>" + b" " * 50_000_000) + bomb.flush()
    feed = parse_feed(body, "application/gzip", SITE)
    assert [item.title for item in feed.items] == ["Good"]
    assert feed.damaged


def test_a_broken_sitemap_keeps_its_good_entries() -> None:
    feed = recorded("broken_sitemap.xml")
    titles = {item.url: item.title for item in feed.items}
    assert feed.damaged
    assert titles[SITE + "/1"] == "First is whole"
    assert titles[SITE + "/2?a=1&b=2"] == "Second has Q&A"
    assert titles[SITE + "/4"] == "Fourth is whole"
    assert titles[SITE + "/5"].startswith("Fifth is cut")


def test_a_news_sitemap_without_news_today_is_a_feed_and_one_of_pages_is_none() -> None:
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    assert parse_feed(f"<urlset {space}></urlset>".encode(), "", SITE).items == []
    with pytest.raises(NotAFeed, match="sitemap of pages"):
        parse_feed(b"<urlset><url><loc>https://news.example.com/</loc></url></urlset>", "", SITE)


def test_an_index_gives_the_sitemaps_of_its_own_host_news_first() -> None:
    assert recorded("sitemap_index.xml").sitemaps == (
        SITE + "/sitemaps/news.xml",
        SITE + "/sitemaps/pages-2025.xml.gz",
        SITE + "/sitemaps/2019.xml",
    )
    with pytest.raises(NotAFeed, match="no sitemap of its own site"):
        recorded("sitemap_index.xml", url="https://else.example.org/sitemap.xml")


def test_an_index_of_thousands_of_sitemaps_costs_a_few_requests() -> None:
    listed = "".join(
        f"<sitemap><loc>{SITE}/{n}.xml</loc><lastmod>20{n % 90 + 10}-01-01</lastmod></sitemap>"
        for n in range(5000)
    )
    asked: list[str] = []

    def get(url: str) -> Fetched:
        asked.append(url)
        return fetched(url, (RECORDED / "sitemap_news.xml").read_bytes())

    index = parse_feed(f"<sitemapindex>{listed}</sitemapindex>".encode(), "", SITE + "/sitemap.xml")
    feed = following.with_sitemaps(index, get)
    assert len(asked) == MAX_FOLLOWED
    assert len(feed.items) == 2


def test_one_sitemap_that_fails_costs_its_own_entries_only() -> None:
    def get(url: str) -> Fetched:
        if url.endswith("news.xml"):
            raise Unreachable("The site is down.")
        if url.endswith("2019.xml"):
            return fetched(url, b"<urlset><url/></urlset>")
        return fetched(url, (RECORDED / "sitemap_news.xml").read_bytes())

    feed = following.with_sitemaps(recorded("sitemap_index.xml"), get)
    assert (len(feed.items), feed.title, feed.damaged) == (2, "Example Business", True)


def test_an_index_whose_sitemaps_all_fail_has_failed() -> None:
    def get(url: str) -> Fetched:
        raise Unreachable("The site is down.")

    with pytest.raises(FetchFailed, match="down"):
        following.with_sitemaps(recorded("sitemap_index.xml"), get)


def test_an_index_listed_in_an_index_is_not_followed() -> None:
    def get(url: str) -> Fetched:
        return fetched(url, (RECORDED / "sitemap_index.xml").read_bytes())

    assert following.with_sitemaps(recorded("sitemap_index.xml"), get).items == []


def test_a_filing_gives_form_items_company_and_numbers() -> None:
    first = recorded("edgar_current.xml").items[0]
    assert first.context == {
        "form": "8-K",
        "items": ["5.02", "2.05", "9.01"],
        "accession": "0009900017-25-000012",
        "company": "NORTHWIND RAIL, INC. /DE/",
        "cik": "0009900017",
    }
    assert first.published == datetime(2025, 11, 17, 21, 42, 11, tzinfo=UTC)


def test_a_filing_listed_for_each_of_its_parties_is_one_entry_the_companys() -> None:
    feed = recorded("edgar_current.xml")
    assert len(feed.items) == 2
    assert feed.items[1].context["company"] == "FABRIKAM & SONS PLC"
    assert feed.items[1].context["items"] == []


def test_the_list_of_one_companys_filings_gives_their_items() -> None:
    context = recorded("edgar_company.xml").items[0].context
    assert (context["form"], context["items"]) == ("8-K", ["2.02", "9.01"])


def test_other_feeds_have_no_context() -> None:
    assert all(item.context == {} for item in recorded("rss20.xml").items)


def test_a_filings_index_page_leads_to_its_main_document_and_no_further() -> None:
    body = (RECORDED / "edgar_index.html").read_bytes()
    index = f"{FILING}/0009900017-25-000012-index.htm"
    assert edgar.main_document(body, index) == f"{FILING}/nw-8k.htm"
    assert edgar.main_document(body, f"{FILING}/nw-8k.htm") == ""
    assert edgar.main_document(body, "https://news.example.com/article") == ""


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example.org/Archives/edgar/data/9900017/000990001725000012/x.htm",
        "/ix?doc=https://other.example.org/x.htm",
        "/ix?doc=http://169.254.169.254/x.htm",
        "/Archives/edgar/data/1/2/x.htm",
        "../000990001725000013/x.htm",
        "picture.jpg",
        "javascript:alert(1)",
        "http://[bad/x.htm",
    ],
)
def test_a_filings_main_document_lies_in_its_own_folder(link: str) -> None:
    page = f'<table class="tableFile"><tr><td><a href="{link}">x</a></td></tr></table>'
    assert edgar.main_document(page.encode(), f"{FILING}/0009900017-25-000012-index.htm") == ""


def test_the_text_of_a_filing_is_found() -> None:
    article = read_article((RECORDED / "filing.html").read_bytes(), "text/html", f"{FILING}/nw-8k.htm")
    assert "Item 5.02. Departure of Directors" in article.text
    assert "appointed Ada Brook as Chief Financial Officer" in article.text
    assert "close the Harbour Projects unit" in article.text
    assert "false" not in article.text


def test_a_feed_says_how_often_it_wants_to_be_asked() -> None:
    assert recorded("rss20.xml").hints == Rhythm(ttl=45)
    hints = recorded("hubbed.xml").hints
    assert hints == Rhythm(ttl=360, skip_hours=frozenset({0, 5}), skip_days=frozenset({5, 6}))
    assert recorded("atom10.xml").hints == Rhythm()


def test_a_feed_cannot_ask_never_to_be_polled() -> None:
    hours = "".join(f"<hour>{n}</hour>" for n in range(24))
    days = "".join(
        f"<day>{day}</day>"
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    )
    body = f"<rss><channel><ttl>999999</ttl><skipHours>{hours}</skipHours><skipDays>{days}</skipDays></channel></rss>"
    assert parse_feed(body.encode(), "", SITE).hints == Rhythm()


def test_a_feed_names_its_hub_and_topic_in_itself() -> None:
    feed = recorded("hubbed.xml")
    assert (feed.hub, feed.topic) == ("https://hub.example.org/", "https://push.example.org/feed")
    plain = recorded("rss20.xml")
    assert (plain.hub, plain.topic) == ("", "")


def test_a_json_feed_names_its_hub() -> None:
    body = (
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [], "feed_url": "https://a.example.org/f",'
        b' "hubs": [{"type": "rssCloud", "url": "https://x.example.org/"}, {"type": "WebSub", "url": "https://hub.example.org/"}, 7]}'
    )
    feed = parse_feed(body, "", SITE)
    assert (feed.hub, feed.topic) == ("https://hub.example.org/", "https://a.example.org/f")


def test_the_link_header_counts_before_the_feed() -> None:
    header = '<https://header-hub.example.org/>; rel="hub", </self>; rel=self'
    feed = parse_feed((RECORDED / "hubbed.xml").read_bytes(), "", SITE + "/feed", header)
    assert (feed.hub, feed.topic) == ("https://header-hub.example.org/", SITE + "/self")


def test_a_hub_that_is_no_web_address_is_none_and_a_feed_is_its_own_topic_at_last() -> None:
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='hub' href='{}'/></feed>"
    assert parse_feed(atom.format("javascript:x").encode(), "", SITE + "/f").hub == ""
    assert parse_feed(atom.format("https://hub.example.org/").encode(), "", SITE + "/f").topic == SITE + "/f"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (
            '<https://a.example.org/>; title="x, <y>"; rel="Self hub"',
            [("self", "https://a.example.org/"), ("hub", "https://a.example.org/")],
        ),
        ("</a>;rel=next , </b> ; rel=hub", [("next", "/a"), ("hub", "/b")]),
        ("</a>", []),
        ("<" * 30_000, []),
        ("</a>;" * 5_000, []),
    ],
)
def test_links_in_a_header_are_read_by_their_relations(header: str, found: list[tuple[str, str]]) -> None:
    assert list(links_of(header)) == found


def test_a_feed_of_ten_thousand_entries_is_taken_whole() -> None:
    items = "".join(
        f"<item><guid>{n}</guid><title>&lt;script>x()&lt;/script>T{n}</title></item>" for n in range(10_000)
    )
    feed = parse_feed(f"<rss><channel>{items}</channel></rss>".encode(), "", SITE)
    assert (len(feed.items), feed.dropped) == (10_000, 0)
    assert feed.items[-1].title == "T9999"
