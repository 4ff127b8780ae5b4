"""Feeds as they write themselves, before anything is cleaned: what readers of each format give to `parse`. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from events.choices import FeedKind


@dataclass(slots=True)
class RawItem:
    """An entry as written; `base` is its xml:base, `dates` are in order of preference, `category` is the first
    category's term, `context` what is known of the entry besides its text."""

    guid: str = ""
    guid_is_link: bool = False
    link: str = ""
    base: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    dates: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    language: str = ""
    category: str = ""
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class RawFeed:
    """A feed as written.

    `ttl` is in minutes, `skip_hours` in hours of UTC, `skip_days` in days from Monday as 0. `hubs` and `topic` are
    the addresses of its WebSub links; `sitemaps` those that a sitemap index lists.
    """

    kind: FeedKind = FeedKind.UNKNOWN
    title: str = ""
    language: str = ""
    ttl: int | None = None
    skip_hours: set[int] = field(default_factory=set)
    skip_days: set[int] = field(default_factory=set)
    hubs: list[str] = field(default_factory=list)
    topic: str = ""
    sitemaps: list[str] = field(default_factory=list)
    items: list[RawItem] = field(default_factory=list)
    dropped: int = 0
    damaged: bool = False
