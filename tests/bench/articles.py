"""Articles to measure with: the labelled corpus where there is one, the demo's articles, and variations of them.

A variation keeps the text and changes its numbers, so that no two are the same document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from itertools import count, islice
from pathlib import Path

from events.extraction import extract
from events.extraction.language import detect
from events.feeds.article import read_article
from tests.bench.newspage import news_page

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_ADDRESS = "https://news.example.com"
_TITLE = "Regulator fines Castellan Brokers over client money"
"""Of the page whose furniture the labelled articles get."""
LONG_ARTICLE = {"en": 4_500, "zh": 1_800}
"""Code points of a long article by language."""
_BODY = re.compile(r"(?<=>)[^<>]+(?=</p>)")


@dataclass(frozen=True)
class Article:
    """A text and a page around it, whose article it is."""

    language: str
    text: str = field(repr=False)
    html: str = field(repr=False)


@cache
def originals() -> tuple[Article, ...]:
    """The demo's articles, then the labelled ones of `fixtures/corpus`."""
    return (*_demo(), *_labelled())


def articles(number: int, first: int = 0) -> list[Article]:
    """So many articles, each another; the same for the same arguments."""
    return list(islice(_endless(first), number))


def news_articles(number: int) -> list[Article]:
    """So many articles of several kilobytes (`LONG_ARTICLE`), each in a news page with all its furniture."""
    made: list[Article] = []
    paragraphs: dict[str, list[str]] = {}
    for article in _endless(0):
        lines = paragraphs.setdefault(article.language, [])
        lines += [line for line in article.text.split("\n") if line.strip()]
        if sum(map(len, lines)) >= LONG_ARTICLE[article.language]:
            title = lines[0][:120]
            page = news_page(title, lines[1:], article.language, len(made))
            made.append(Article(article.language, "\n".join([title, *lines[1:]]), page))
            paragraphs[article.language] = []
            if len(made) == number:
                break
    return made


def long_text(length: int, language: str) -> str:
    """A text of `length` code points: different articles one after the other, each with claims in it.

    Without the others: an article that says it is opinion would end the reading of all that follow.
    """
    sources = [a for a in originals() if a.language == language and extract(a.text, language=language)]
    pieces: list[str] = []
    size = 0
    for number in count():
        if size > length:
            break
        pieces.append(_varied(sources[number % len(sources)].text, number))
        size += len(pieces[-1]) + 1
    return "\n".join(pieces)[:length]


def _endless(first: int) -> Iterator[Article]:
    sources = originals()
    for number in count(first):
        source = sources[number % len(sources)]
        yield Article(source.language, _varied(source.text, number), _varied_page(source.html, number))


def _varied(text: str, number: int) -> str:
    """The text with its two-digit numbers from 30 up moved: days, years and grades stay what they are."""
    return re.sub(
        r"(?<![\d.,])[3-9]\d(?![\d.,])", lambda found: str(30 + (int(found[0]) + number) % 70), text
    )


def _varied_page(page: str, number: int) -> str:
    """The page with its paragraphs varied, and a paragraph that no other page has."""
    page = _BODY.sub(lambda found: _varied(found[0], number), page)
    return page.replace(
        "</h1>", f"</h1>\n<p>This is report {number} of the Harbour Ledger, in its evening edition.</p>"
    )


def _demo() -> Iterator[Article]:
    for path in sorted((FIXTURES / "feeds" / "demo" / "articles").glob("*.html")):
        page = path.read_text().replace("{base}", _ADDRESS)
        found = read_article(page.encode(), "text/html; charset=utf-8", _ADDRESS)
        yield Article(found.language.partition("-")[0], found.text, page)


def _labelled() -> Iterator[Article]:
    """Their pages have the demo's furniture around the text's paragraphs."""
    frame = (FIXTURES / "feeds" / "demo" / "articles" / "castellan-brokers-fined.html").read_text()
    head, tail = frame[: frame.index("<article>")], frame[frame.index("</article>") :]
    for path in (FIXTURES / "corpus" / "en.jsonl", FIXTURES / "corpus" / "zh.jsonl"):
        for line in path.read_text().splitlines():
            text = json.loads(line)["text"]
            title, *lines = [escape(piece) for piece in text.split("\n") if piece.strip()]
            body = "".join(f"<p>{piece}</p>\n" for piece in lines or [title])
            page = f"{head.replace(_TITLE, title[:200])}<article>\n<h1>{title[:200]}</h1>\n{body}{tail}"
            yield Article(detect(text), text, page.replace("{base}", _ADDRESS))
