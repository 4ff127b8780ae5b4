"""Extraction of claims from text: English and Chinese articles of the corpus and the demo, and variations of them.

Floor: splitting the same texts into sentences, which is extraction's first step, alone; for speed in this process,
for peak memory in fresh processes that import
the same package and read the same lines, the articles and two long texts. Peer: trafilatura on the same article as
HTML, called as the service calls it, in turn, article by article; once in a bare page of some 3 KB around some 700
characters of text, once in a page as news sites send it (newspage.py), some 100 KB around a text of 5,000 characters in
English or 2,000 in Chinese. Nearly every sentence of these texts states a fact, which is more work than news usually
make. Growth: time for a code point of one long text
against a shorter one, both made of articles with claims in them. Dictionaries are loaded before the clock runs.
"""

from __future__ import annotations

from functools import partial

from events.extraction import extract
from tests.bench import peer
from tests.bench.articles import Article, articles, long_text, news_articles
from tests.bench.peak import PUBLISHED, peak_bytes, split
from tests.bench.results import Result, at_most
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.timing import compare, growth, repeated

MEMORY_LIMIT = 400e6
"""Bytes that a worker may take."""
_LONG_ROUNDS = 3


def run(scale: Scale) -> list[Result]:
    """Speed, memory, and growth with the text's length."""
    found = articles(scale.texts)
    return [
        *_speed(found, scale.rounds),
        *_in_news_pages(scale),
        *_memory(found, scale.long_text[1]),
        *_growth(scale.long_text),
    ]


def _speed(found: list[Article], rounds: int) -> list[Result]:
    megabytes = sum(len(article.text.encode()) for article in found) / 1e6
    say(f"extraction: {len(found)} articles, {megabytes:.2f} MB of text")

    def ours() -> None:
        for article in found:
            extract(article.text, published=PUBLISHED, language=article.language)

    def sentences() -> None:
        for article in found:
            split(article.text, article.language)

    def pages() -> None:
        for article in found:
            peer.article_text(article.html)

    alone, page = compare(ours, sentences, rounds), compare(ours, pages, rounds)
    measure = f"{len(found)} articles"
    per_article = 1e3 / len(found)
    return [
        Result("extraction", measure, "splitting into sentences alone", *alone.rates(megabytes), "MB/s", error=alone.error),
        Result(
            "extraction", "time added to an article", "trafilatura on the same article in a bare page",
            page.ours * per_article, page.theirs * per_article, "ms", at_most(0.3), page.error,
        ),
    ]  # fmt: skip


def _in_news_pages(scale: Scale) -> list[Result]:
    found = news_articles(max(6, scale.texts // 4))
    size = sum(len(article.html.encode()) for article in found) / len(found) / 1e3
    say(f"extraction: {len(found)} news pages of {size:.0f} KB")

    def ours() -> None:
        for article in found:
            extract(article.text, published=PUBLISHED, language=article.language)

    def pages() -> None:
        for article in found:
            peer.article_text(article.html)

    page, per_article = compare(ours, pages, scale.rounds), 1e3 / len(found)
    return [
        Result(
            "extraction", "time added to an article", f"trafilatura on the same article in a news page of {size:.0f} KB",
            page.ours * per_article, page.theirs * per_article, "ms", at_most(0.3), page.error,
        )
    ]  # fmt: skip


def _memory(found: list[Article], length: int) -> list[Result]:
    say("extraction: memory")
    texts = [(article.language, article.text) for article in found]
    texts += [(language, long_text(length, language)) for language in ("en", "zh")]
    ours, alone = peak_bytes("extract", texts), peak_bytes("split", texts)
    return [
        Result(
            "extraction", "peak memory", "splitting into sentences alone", ours / 1e6, alone / 1e6, "MB"
        ),
        Result(
            "extraction", "peak memory", "the limit of a worker", ours / 1e6, MEMORY_LIMIT / 1e6, "MB", at_most(1)
        ),
    ]  # fmt: skip


def _growth(lengths: tuple[int, int]) -> list[Result]:
    results = []
    for language in ("en", "zh"):
        say(f"extraction: long text ({language})")
        took = []
        for length in lengths:
            text = long_text(length, language)
            work = partial(extract, text, published=PUBLISHED, language=language)
            if not work():
                raise RuntimeError("the long text has no claims: nothing was measured")
            took.append([each / length for each in repeated(work, _LONG_ROUNDS, warm_up=0)])
        short, long = lengths
        pair = growth(*took)
        results.append(
            Result(
                "extraction", f"time for a character, {language}", f"{short:,} -> {long:,} characters", pair.ours * 1e6,
                pair.theirs * 1e6, "µs", error=pair.error,
            )
        )  # fmt: skip
    return results
