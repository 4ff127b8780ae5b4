"""The three forms of a feed: Atom (RFC 4287), JSON Feed 1.1, iCalendar (RFC 5545)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from icalendar import Calendar, Event

from events.alerts.syndication.items import Item
from events.alerts.wording import Words
from events.choices import Status
from events.dates import PartialDate

PRODUCT = "-//Governance event tracker//Events//EN"
REFRESH = timedelta(hours=1)
"""How often a calendar is asked to look again."""


@dataclass(frozen=True)
class Head:
    """What is said of the feed as a whole: its `title`, its own address and that of the site's page."""

    title: str
    url: str
    home: str
    words: Words


def atom(head: Head, items: Sequence[Item]) -> bytes:
    """The feed as Atom, UTF-8."""
    feed = Atom1Feed(
        title=head.title,
        link=head.home,
        description=None,
        language=head.words.html_language,
        feed_url=head.url,
        author_name=head.words.site,
        feed_guid=head.url,
    )
    for found in items:
        feed.add_item(
            title=found.title,
            link=found.url,
            description=html(found, head.words),
            unique_id=found.url,
            pubdate=found.published,
            updateddate=found.updated,
            categories=found.tags,
        )
    return feed.writeString("utf-8").encode()


def json_feed(head: Head, items: Sequence[Item]) -> bytes:
    """The feed as JSON Feed 1.1, UTF-8; `_governance` has what machines want of the event."""
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.home,
        "feed_url": head.url,
        "language": head.words.html_language,
        "authors": [{"name": head.words.site, "url": settings.SITE_URL}],
        "items": [_json_item(found, head.words) for found in items],
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def ical(head: Head, items: Sequence[Item]) -> bytes:
    """The feed as a calendar: an all-day event on each event's date, of its month or year where that is all that is
    known; a retracted one is cancelled."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", head.title)
    calendar.add("x-wr-calname", head.title)
    calendar.add("url", head.home)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for found in items:
        calendar.add_component(_calendar_event(found, head.words))
    written: bytes = calendar.to_ical()
    return written


def html(item: Item, words: Words) -> str:
    """An entry's body: the sentence, the facts, the sources' words. Everything is escaped."""
    parts = [f"<p>{escape(item.summary)}</p>"]
    if item.note:
        parts.append(f"<p><strong>{escape(item.note)}</strong></p>")
    facts = "".join(f"<li>{escape(label)}{words.colon}{escape(value)}</li>" for label, value in item.rows)
    parts.append(f"<ul>{facts}</ul>")
    for quote in item.quotes:
        source = str(escape(quote.title))
        if quote.url:
            source = f'<a href="{escape(quote.url)}">{source}</a>'
        parts.append(f"<blockquote><p>{escape(quote.text)}</p><footer>{source}</footer></blockquote>")
    return "".join(parts)


def text(item: Item, words: Words) -> str:
    """An entry's body without markup."""
    lines = [item.summary, *([item.note] if item.note else []), ""]
    lines += [f"{label}{words.colon}{value}" for label, value in item.rows]
    for quote in item.quotes:
        lines += ["", f"“{quote.text}”", " ".join(part for part in (quote.title, quote.url) if part)]
    return "\n".join(lines)


def _json_item(item: Item, words: Words) -> dict[str, Any]:
    return {
        "id": item.url,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content_html": html(item, words),
        "date_published": _instant(item.published),
        "date_modified": _instant(item.updated),
        "tags": item.tags,
        "_governance": {
            "about": f"{settings.SITE_URL}/api/v1/docs/",
            "event": item.event,
            "revision": item.seq,
            "kind": item.payload["kind"],
            "action": item.payload["action"],
            "status": item.payload["status"],
            "severity": item.payload["severity"],
            "date": item.payload["date"],
        },
    }


def _calendar_event(item: Item, words: Words) -> Event:
    first, after = days(item.date)
    event = Event()
    event.add("uid", f"event-{item.event}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}")
    event.add("dtstamp", item.updated.astimezone(UTC))
    event.add("created", item.published.astimezone(UTC))
    event.add("last-modified", item.updated.astimezone(UTC))
    event.add("sequence", item.number - 1)
    event.add("dtstart", first)
    event.add("dtend", after)
    event.add("summary", item.title)
    event.add("description", f"{text(item, words)}\n\n{item.url}")
    event.add("url", item.url)
    event.add("categories", item.tags)
    event.add("status", _calendar_status(item))
    event.add("transp", "TRANSPARENT")
    return event


def days(value: PartialDate) -> tuple[date, date]:
    """The first day that a partial date may mean, and the day after the last one."""
    return value.value, value.last + timedelta(days=1) if value.last < date.max else date.max


def _calendar_status(item: Item) -> str:
    """RFC 5545 has three words: what was taken back, what is only alleged or denied, and the rest."""
    if item.retracted:
        return "CANCELLED"
    unsure = {Status.ALLEGED.value, Status.DENIED.value}
    return "TENTATIVE" if item.payload["assertion"] in unsure else "CONFIRMED"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
