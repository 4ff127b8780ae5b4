"""Rules of adding feeds by hand, and of the kinds that take more than one request."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from events.feeds import polling
from events.feeds.adding import import_list
from events.feeds.opml import FeedList, Outline
from events.feeds.preview import preview, typed_address
from events.models.sources import Feed, FeedItem
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Site, conditional, redirect
from tests.feeds.test_commands import run

pytestmark = pytest.mark.django_db


def new_entries(feed: Feed) -> int:
    run = polling.poll_feed(feed.pk, force=True)
    assert run is not None
    return run.items_new


def test_feeds_preview_shows_what_would_be_kept_and_keeps_nothing(allowed_site: Site) -> None:
    allowed_site.serve("/feed", (RECORDED / "rss20.xml").read_bytes())
    said = run("feeds", "preview", allowed_site.url("/feed"))
    assert "Example Business & Boards  (RSS)" in said
    assert "2025-11-17 08:30+0800 Northwind names Ada Brook chief executive" in said
    assert "! No date in 1 of 3 entries" in said
    assert "! No identifier in 1 of 3 entries" in said
    assert "Would be stored: The feed and 3 entries; 3 pages would be fetched as articles." in said
    assert not Feed.objects.exists()


def test_feeds_add_keeps_the_feed_that_a_page_names(allowed_site: Site) -> None:
    allowed_site.serve("/feed", (RECORDED / "atom10.xml").read_bytes())
    page = b"<html><head><link rel=alternate type=application/atom+xml href=/feed></head><body>News</body></html>"
    allowed_site.serve("/", page, "text/html")
    run("feeds", "add", allowed_site.url("/"))
    feed = Feed.objects.get()
    assert (feed.url, feed.kind, feed.language) == (allowed_site.url("/feed"), "atom", "en")
    assert "Nothing was added" in run("feeds", "add", allowed_site.url("/feed"))
    assert "Would be stored: Nothing" in run("feeds", "preview", allowed_site.url("/feed"))


def test_feeds_add_keeps_the_address_that_permanent_redirects_lead_to(allowed_site: Site) -> None:
    allowed_site.serve("/new", (RECORDED / "rss20.xml").read_bytes())
    allowed_site.pages["/old"] = redirect("/new", "301 Moved Permanently")
    run("feeds", "add", allowed_site.url("/old"))
    assert Feed.objects.get().url == allowed_site.url("/new")


def test_feeds_add_asks_which_when_a_page_names_several(allowed_site: Site) -> None:
    allowed_site.serve("/", (RECORDED / "page_with_feeds.html").read_bytes(), "text/html")
    assert "names 3 feeds" in run("feeds", "preview", allowed_site.url("/"))
    with pytest.raises(CommandError, match="which one"):
        run("feeds", "add", allowed_site.url("/"))
    assert not Feed.objects.exists()


def test_feeds_add_finds_a_feed_at_a_usual_place(allowed_site: Site) -> None:
    allowed_site.serve("/", b"<html><body>News</body></html>", "text/html")
    allowed_site.serve("/rss.xml", (RECORDED / "rss20.xml").read_bytes())
    run("feeds", "add", allowed_site.url("/"))
    assert Feed.objects.get().url == allowed_site.url("/rss.xml")


@pytest.mark.parametrize(
    ("address", "words"),
    [("/nothing", "404"), ("/page", "names no feed"), ("/lying", "names .* as its feed, but: .* no feed")],
)
def test_an_address_without_a_feed_says_so_in_plain_words(
    allowed_site: Site, address: str, words: str
) -> None:
    allowed_site.serve("/page", b"<html><body>News</body></html>", "text/html")
    allowed_site.serve("/lying", b"<html><link rel=alternate type=text/xml href=/text>", "text/html")
    allowed_site.serve("/text", b"plain words")
    with pytest.raises(CommandError, match=words):
        run("feeds", "add", allowed_site.url(address))


def test_a_preview_never_asks_a_private_address(site: Site) -> None:
    site.serve("/feed", (RECORDED / "rss20.xml").read_bytes())
    with pytest.raises(CommandError, match="loopback"):
        run("feeds", "preview", site.url("/feed"))
    assert site.requests == []


def test_a_sitemap_index_is_polled_through_and_never_by_its_validator(allowed_site: Site) -> None:
    news = (RECORDED / "sitemap_news.xml").read_bytes()
    index = f"<sitemapindex><sitemap><loc>{allowed_site.url('/news.xml.gz')}</loc></sitemap></sitemapindex>"
    allowed_site.pages["/sitemap.xml"] = conditional(index.encode(), '"same"')
    allowed_site.serve("/news.xml.gz", gzip.compress(news), "application/x-gzip")
    feed = Feed.objects.create(url=allowed_site.url("/sitemap.xml"))
    assert new_entries(feed) == 2
    allowed_site.serve("/news.xml.gz", gzip.compress(news.replace(b"/zh/1", b"/zh/2")), "application/x-gzip")
    assert new_entries(feed) == 1


def test_a_filing_becomes_a_document_of_its_main_text_with_its_context(allowed_site: Site) -> None:
    folder = "/Archives/edgar/data/9900017/000990001725000012"
    listed = (RECORDED / "edgar_current.xml").read_bytes()
    allowed_site.serve(
        "/current", listed.replace(b"https://filings.example.org", allowed_site.url("").encode())
    )
    allowed_site.serve(
        f"{folder}/0009900017-25-000012-index.htm", (RECORDED / "edgar_index.html").read_bytes(), "text/html"
    )
    allowed_site.serve(f"{folder}/nw-8k.htm", (RECORDED / "filing.html").read_bytes(), "text/html")
    feed = Feed.objects.create(url=allowed_site.url("/current"))
    polling.poll_feed(feed.pk, force=True)
    item = FeedItem.objects.get(title__startswith="8-K")
    document = polling.fetch_item(item.pk, force=True)
    assert document is not None
    assert document.url == allowed_site.url(f"{folder}/nw-8k.htm")
    assert "appointed Ada Brook as Chief Financial Officer" in document.text
    assert document.title == "8-K - NORTHWIND RAIL, INC. /DE/ (0009900017) (Filer)"
    assert document.context == item.context
    assert (document.context["form"], document.context["items"]) == ("8-K", ["5.02", "2.05", "9.01"])
    assert run("ingest", item.url).startswith(f"Document {document.pk} (known already)")


def test_a_feed_whose_address_has_become_a_page_says_which_feed_the_page_names(allowed_site: Site) -> None:
    page = (
        b"<html><head><link rel=alternate type=application/rss+xml href=/new></head><body>Moved</body></html>"
    )
    allowed_site.serve("/feed", page, "text/html")
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    run = polling.poll_feed(feed.pk, force=True)
    assert run is not None
    assert run.error == (
        f"The address answers with a web page, not with a feed. It names {allowed_site.url('/new')} as its feed."
    )


def test_a_feed_of_ten_thousand_entries_loses_none(allowed_site: Site, settings: Settings) -> None:
    settings.FETCH_MAX_BYTES = 10_000_000
    entries = "".join(f"<item><guid>{n}</guid><title>News {n}</title></item>" for n in range(10_000))
    allowed_site.serve("/feed", f"<rss><channel>{entries}</channel></rss>".encode())
    feed = Feed.objects.create(url=allowed_site.url("/feed"))
    assert new_entries(feed) == 10_000
    assert new_entries(feed) == 0


@pytest.mark.parametrize("kind", ["rss", "json"])
def test_a_preview_warns_of_what_a_feed_lacks(allowed_site: Site, kind: str) -> None:
    rows = [
        ("1", "Full", "https://n.example.com/1", "2099-01-01T00:00:00Z", "word " * 200),
        ("2", "Old", "https://n.example.com/2", "2001-01-01T00:00:00Z", "Excerpt."),
        ("3", "Bare", "", "", ""),
    ]
    if kind == "rss":
        body = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>{url}</link>"
            f"<pubDate>{when}</pubDate><description>{text}</description></item>"
            for guid, title, url, when, text in rows
        )
        body = f"<rss><channel>{body}</channel></rss>"
    else:
        names = ("id", "title", "url", "date_published", "content_text")
        items = [dict(zip(names, row, strict=True)) for row in rows]
        body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    allowed_site.serve("/feed", body.encode())
    found = preview(allowed_site.url("/feed"))
    assert list(found.warnings) == [
        "No date in 1 of 3 entries: their pages' own is taken, where there is one.",
        "Only an excerpt in 1 of 3 entries: the text is taken from their pages.",
        "Neither address nor text in 1 of 3 entries: only their titles are kept.",
        "Older than a year: 1 of 3 entries.",
        "Dated in the future: 1 of 3 entries; those dates are not believed.",
    ]
    assert (found.total, found.language, found.kind.value) == (3, "en", kind)


def test_a_preview_says_when_a_feed_is_empty_broken_or_there_already_under_the_other_scheme(
    allowed_site: Site,
) -> None:
    Feed.objects.create(url=allowed_site.url("/feed").replace("http:", "https:"), title="Known")
    allowed_site.serve("/feed", b"<rss><channel><title>T</title>")
    assert list(preview(allowed_site.url("/feed")).warnings) == [
        "This feed is kept already: Known.",
        "The feed is valid but lists nothing now.",
        "The feed is not well-formed; the entries that could be read are taken.",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" news.example.com/feed ", "https://news.example.com/feed"),
        ("feed://news.example.com/feed", "https://news.example.com/feed"),
        ("feed:https://news.example.com/feed", "https://news.example.com/feed"),
        ("http://news.example.com/", "http://news.example.com/"),
        ("", ""),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed: str, meant: str) -> None:
    assert typed_address(typed) == meant


def test_a_list_of_thousands_of_feeds_costs_few_statements(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    Feed.objects.create(url="https://news.example.com/7")
    outlines = tuple(Outline(f"https://news.example.com/{n}", f"Feed {n}") for n in range(5_000))
    with django_assert_max_num_queries(30):
        done = import_list(FeedList(outlines))
    assert (len(done.added), done.known, Feed.objects.count()) == (
        4_999,
        ("https://news.example.com/7",),
        5_000,
    )
