"""What a mail tells of one event: news, or what a reader was told before and what holds now."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.conf import settings
from django.template.loader import get_template

from events.alerts import content
from events.alerts.content import JSON, Quote
from events.alerts.letterwords import LetterWords, letter_words
from events.alerts.planning import Planned
from events.alerts.recent import Recent
from events.alerts.schedule import zone
from events.alerts.wording import Words
from events.choices import Operation
from events.dates import PartialDate
from events.models.alerts import Delivery, Subscriber

_RECENT: Recent[Telling] = Recent(1000)
"""A few kilobytes each: of a digest's hundred thousand readers, many hear of the same events."""


@dataclass(frozen=True)
class Group:
    """The organization that an event belongs to; `url` is empty for one that is not on the register."""

    key: Hashable = None
    name: str = field(default="", compare=False)
    url: str = field(default="", compare=False)


@dataclass(frozen=True)
class Telling:
    """One event as a mail of one language tells it. Sentences are whole; nothing is escaped.

    `key` is the same for two that say the same. `tag` is "Correction" or the like, empty for news. `told` is what the
    reader was told before, `holds` what holds now.
    """

    key: Hashable
    words: Words
    say: LetterWords
    payload: JSON
    is_retraction: bool
    tag: str
    subject: str
    headline: str
    kicker: str
    sentence: str
    severity: int
    severity_words: str
    status: str
    date: str
    group: Group
    url: str
    told_label: str = ""
    told: str = ""
    holds: str = ""
    rows: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    only_details: bool = False
    notes: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)

    @property
    def is_correction(self) -> bool:
        """Whether it takes back or changes what its reader was told."""
        return bool(self.tag)

    @property
    def rank(self) -> tuple[bool, int, int]:
        """For sorting: what stands before what does not, then most severe first, then newest."""
        day = date.fromisoformat(self.payload["date"]["value"])
        return self.is_retraction, -self.severity, -day.toordinal()

    @cached_property
    def html(self) -> str:
        """Its entry in a list of several, escaped."""
        return get_template("alerts/item.html").render({"telling": self})

    @cached_property
    def text(self) -> str:
        """The same, as plain text."""
        return get_template("alerts/item.txt").render({"telling": self})


def telling(planned: Planned, said: Words) -> Telling:
    """What a mail tells of a delivery's event. Made once for all readers who are told the same."""
    told = planned.told
    day = _day(told, planned.delivery.subscriber) if told else None
    key = (
        planned.delivery.revision.hash,
        told.revision.hash if told else "",
        day,
        said.language,
        settings.SITE_URL,
    )
    return _RECENT.get(
        key, lambda: _correction(key, planned, told, said) if told else _news(key, planned, said)
    )


def _news(key: Hashable, planned: Planned, said: Words) -> Telling:
    payload = planned.delivery.revision.payload
    sentence = content.summary(payload, said)
    return Telling(
        key=key,
        words=said,
        say=letter_words(said.language),
        payload=payload,
        is_retraction=False,
        tag="",
        subject=content.subject_line(payload, said),
        headline=sentence,
        kicker=content.kicker(payload, said),
        sentence=sentence,
        severity=payload["severity"],
        severity_words=content.severity(payload, said),
        status=content.status(payload, said),
        date=content.date(payload, said),
        group=_group(payload, said),
        url=content.event_url(payload),
        rows=content.rows(payload, said),
        notes=list(payload.get("notes", [])),
        quotes=content.quotes(payload, said),
    )


def _correction(key: Hashable, planned: Planned, told: Delivery, said: Words) -> Telling:
    """Says what was told and when, what holds, and what changed. Of a retracted event nothing is said to hold."""
    now, before = planned.delivery.revision.payload, told.revision.payload
    gone, was_gone = _is_retraction(planned.delivery), _is_retraction(told)
    news = _news(key, planned, said)
    was_told = said.told_retracted if was_gone else content.summary(before, said)
    changes = [] if gone or was_gone else content.changes(before, now, said)
    if gone:
        tag, headline = said.retraction, said.headline_retraction
    elif was_gone:
        tag, headline = said.restoration, said.headline_restoration
    else:
        tag, headline = said.correction, said.headline_correction
    found = replace(
        news,
        is_retraction=gone,
        tag=tag,
        subject=content.one_line(f"{tag}{said.colon}{news.subject}"),
        headline=headline,
        told_label=said.what_was_told.format(
            day=said.date(PartialDate(_day(told, planned.delivery.subscriber)))
        ),
        told=was_told,
        holds=said.retracted_holds if gone else news.sentence,
        changes=changes,
        only_details=not gone and not was_gone and not changes and was_told == news.sentence,
    )
    return replace(found, rows=[], notes=[], quotes=[]) if gone else found


def _group(payload: JSON, said: Words) -> Group:
    found = content.organization(payload)
    if found is None:
        return Group()
    url = f"{settings.SITE_URL}/organizations/{found['id']}/" if found["id"] else ""
    return Group(found["id"] or found["name"], content.shown_name(found, said), url)


def _day(told: Delivery, reader: Subscriber) -> date:
    """The day on which the earlier mail was sent, as the subscriber's calendar has it."""
    return (told.sent_at or told.created_at).astimezone(zone(reader.time_zone)).date()


def _is_retraction(delivery: Delivery) -> bool:
    return delivery.revision.operation == Operation.DEL.value
