"""The peer of ingest: feedparser and trafilatura alone, as one calls them on a whole page.

Dates are taken as the service takes them, the tougher choice for us: trafilatura's own defaults also search a page's
text for some, which takes longer.
"""

from __future__ import annotations

from typing import Any

import feedparser
import trafilatura


def feed_entries(body: bytes) -> list[Any]:
    """The entries of a feed."""
    return list(feedparser.parse(body).entries)


def article_text(page: str | bytes) -> str:
    """The article in a page, with its metadata read."""
    found = trafilatura.bare_extraction(
        page,
        url="https://news.example.com/",
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or isinstance(found, dict) or not found.text:
        raise RuntimeError("trafilatura found no text")
    return str(found.text)
