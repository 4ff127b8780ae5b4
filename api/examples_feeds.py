"""A feed in each form, for the docs: the demo's facts, shortened."""

from __future__ import annotations

from typing import Any

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Governance tracker: Zhang Ping'an</title>
<link href="https://record.example.org/" rel="alternate"/>
<link href="https://record.example.org/api/v1/feeds/events.atom?executive=4&amp;language=en" rel="self"/>
<id>https://record.example.org/api/v1/feeds/events.atom?executive=4&amp;language=en</id>
<updated>2025-11-17T08:00:00+00:00</updated><author><name>Governance tracker</name></author>
<entry><title>Zhang Ping'an was demoted three levels, from 22A to 21A.</title>
<link href="https://record.example.org/events/12/" rel="alternate"/>
<published>2025-11-17T08:00:00+00:00</published><updated>2025-11-17T08:00:00+00:00</updated>
<id>https://record.example.org/events/12/</id>
<summary type="html">&lt;p&gt;Zhang Ping'an was demoted three levels, from 22A to 21A.&lt;/p&gt;</summary>
<category term="discipline"/><category term="demotion"/></entry></feed>
"""

JSON: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Governance tracker: Zhang Ping'an",
    "home_page_url": "https://record.example.org/",
    "feed_url": "https://record.example.org/api/v1/feeds/events.json?executive=4&language=en",
    "language": "en",
    "authors": [{"name": "Governance tracker", "url": "https://record.example.org"}],
    "items": [
        {
            "id": "https://record.example.org/events/12/",
            "url": "https://record.example.org/events/12/",
            "title": "Zhang Ping'an was demoted three levels, from 22A to 21A.",
            "summary": "Zhang Ping'an was demoted three levels, from 22A to 21A.",
            "content_html": "<p>Zhang Ping'an was demoted three levels, from 22A to 21A.</p>",
            "date_published": "2025-11-17T08:00:00Z",
            "date_modified": "2025-11-17T08:00:00Z",
            "tags": ["discipline", "demotion"],
            "_governance": {
                "about": "https://record.example.org/api/v1/docs/",
                "event": 12,
                "revision": 12,
                "kind": "discipline",
                "action": "demotion",
                "status": "reported",
                "severity": 3,
                "date": {"value": "2025-10-18", "precision": "day"},
            },
        }
    ],
}

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Governance event tracker//Events//EN
NAME:Governance tracker: Zhang Ping'an
BEGIN:VEVENT
UID:event-12@record.example.org
DTSTAMP:20251117T080000Z
DTSTART;VALUE=DATE:20251018
DTEND;VALUE=DATE:20251019
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:Zhang Ping'an was demoted three levels\\, from 22A to 21A.
URL:https://record.example.org/events/12/
END:VEVENT
END:VCALENDAR
"""
