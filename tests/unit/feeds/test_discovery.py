"""Rules of finding the feeds of a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.exceptions import Unreachable
from events.feeds.discovery import MAX_FOUND, MAX_GUESSES, Found, feeds_guessed, feeds_named
from events.feeds.errors import HttpError
from events.feeds.fetch import Fetched

RECORDED = Path(__file__).resolve().parents[3] / "fixtures" / "feeds" / "recorded"
SITE = "https://news.example.com"


def fetched(url: str, body: bytes) -> Fetched:
    return Fetched(url, 200, {}, body, "", "", "", "", None, False, 0.0)


def test_a_page_names_its_feeds_each_once_in_order() -> None:
    found = feeds_named((RECORDED / "page_with_feeds.html").read_bytes(), "text/html", SITE + "/x/")
    assert found == [
        Found(SITE + "/feed.xml", "All news"),
        Found(SITE + "/en/boards.atom", "Boards"),
        Found("https://json.example.org/feed", ""),
    ]


def test_a_page_cannot_name_more_feeds_than_are_looked_at() -> None:
    links = "".join(f"<link rel=alternate type=application/rss+xml href=/{n}>" for n in range(500))
    assert len(feeds_named(links.encode(), "text/html", SITE)) == MAX_FOUND


@pytest.mark.parametrize(
    "body", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"<" * 10_000, b"<p>No feeds here.", b"<link>"]
)
def test_what_names_no_feed_gives_none(body: bytes) -> None:
    assert feeds_named(body, "text/html", SITE) == []


def test_guessing_ends_at_the_first_feed() -> None:
    asked: list[str] = []

    def get(url: str) -> Fetched:
        asked.append(url)
        if url != SITE + "/feed.xml":
            raise HttpError("no such page", 404)
        return fetched(url, (RECORDED / "rss20.xml").read_bytes())

    assert feeds_guessed(SITE + "/deep/page?x=1", get) == [
        Found(SITE + "/feed.xml", "Example Business & Boards")
    ]
    assert asked == [SITE + "/feed/", SITE + "/rss.xml", SITE + "/feed.xml"]


def test_guessing_costs_a_bounded_number_of_requests() -> None:
    asked: list[str] = []

    def get(url: str) -> Fetched:
        asked.append(url)
        return fetched(url, b"<html><p>The same page for every address.")

    assert feeds_guessed(SITE, get) == []
    assert len(asked) == MAX_GUESSES


@pytest.mark.parametrize("error", [Unreachable("down"), HttpError("too often", 429), HttpError("fault", 500)])
def test_a_site_that_is_down_or_busy_is_not_asked_on(error: Exception) -> None:
    asked: list[str] = []

    def get(url: str) -> Fetched:
        asked.append(url)
        raise error

    assert feeds_guessed(SITE, get) == []
    assert len(asked) == 1
