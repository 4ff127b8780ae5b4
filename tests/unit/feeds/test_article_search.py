"""Rules of the search for a page's article: quick where the page is clear, thorough where it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from events.feeds import article
from events.feeds.article import read_html
from tests.bench.pages import furnished

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "feeds"
PAGES = sorted(
    [*(FIXTURES / "demo" / "articles").glob("*.html"), *(FIXTURES / "recorded").glob("article_*.html")]
)
SENTENCE = "The board of Northwind met on Monday and named Ada Brook its chief executive, it said. "
PARAGRAPHS = "".join(f"<p>{SENTENCE.replace('Monday', f'day {n}') * 3}</p>" for n in range(4))
URL = "https://news.example.com/a"


def page(body: str) -> bytes:
    return f"<html lang='en'><head><title>T</title></head><body>{body}</body></html>".encode()


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each search was a quick one."""
    seen: list[bool] = []
    search = article._search

    def watched(*args: object, fast: bool = False) -> object:
        seen.append(fast)
        return search(*args, fast=fast)  # type: ignore[arg-type]

    monkeypatch.setattr(article, "_search", watched)
    monkeypatch.setattr(article, "_FEW_ELEMENTS", 0)
    return seen


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "dress", [lambda page: page, lambda page: furnished(page, 1)], ids=["bare", "furnished"]
)
def test_a_quick_search_finds_what_a_thorough_one_finds(
    path: Path, dress: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article, "_FEW_ELEMENTS", 0)
    # Byte by byte: one of the pages is in another charset.
    body = dress(path.read_text("latin-1")).encode("latin-1")
    quick = read_html(body, "text/html; charset=utf-8", URL)
    monkeypatch.setattr(article, "_MIN_MARKED", 10**9)
    assert read_html(body, "text/html; charset=utf-8", URL) == quick


def test_a_small_page_is_searched_thoroughly(searches: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(article, "_marked", lambda tree: pytest.fail("nothing is gained by looking"))
    assert read_html(page(f"<article><h1>Title</h1>{PARAGRAPHS}</article>"), "text/html", URL).text


def test_a_byline_beside_the_marked_article_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "_FEW_ELEMENTS", 0)
    head = "<html lang='en'><head><title>T</title><meta name='author' content='Jo Reed'></head>"
    found = read_html(f"{head}<body><article>{PARAGRAPHS}</article></body></html>".encode(), "text/html", URL)
    assert (found.title, found.authors) == ("T", ("Jo Reed",))


def test_a_page_with_one_marked_article_is_searched_once(searches: list[bool]) -> None:
    read_html(page(f"<article><h1>Title</h1>{PARAGRAPHS}</article>"), "text/html", URL)
    assert searches == [True]


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{PARAGRAPHS}</div>",
        "".join(f"<article><p>{SENTENCE * 9}</p></article>" for _ in range(3)),
        f"<article><p>{SENTENCE}</p></article><div>{PARAGRAPHS}</div>",
    ],
    ids=["none is marked", "several are marked", "a teaser is marked"],
)
def test_a_page_that_marks_no_one_article_is_searched_thoroughly(searches: list[bool], body: str) -> None:
    read_html(page(body), "text/html", URL)
    assert searches == [False]


def test_a_quick_search_that_finds_too_little_or_too_much_is_followed_by_a_thorough_one(
    searches: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = page(f"<article><h1>Title</h1>{PARAGRAPHS}</article>")
    for length in (150, 100_000):
        searches.clear()
        monkeypatch.setattr(article, "_length", lambda element, length=length: length)
        read_html(body, "text/html", URL)
        assert searches == [True, False]
