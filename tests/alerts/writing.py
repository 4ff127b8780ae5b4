"""Set-ups of the tests of what mails say: rows of the outbox of each kind, and what they tell."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from django.core.mail import EmailMultiAlternatives

from events.alerts import outbox
from events.alerts.messages import compose
from events.alerts.planning import Planned
from events.choices import Frequency, MailKind
from events.models.alerts import Delivery, Mail, Subscriber, Subscription
from events.models.record import Revision

EVENING = datetime.fromisoformat("2025-11-18T23:30:00+00:00")
"""When earlier mails were sent: the next day in Shanghai."""


def news(revision: Revision, *matched: Subscription, told: Delivery | None = None, **fields: Any) -> Planned:
    """A delivery of a revision to the reader of the subscriptions."""
    reader = matched[0].subscriber if matched else fields.pop("reader")
    row = Delivery.objects.create(
        subscriber=reader, revision=revision, matched=[found.pk for found in matched], **fields
    )
    return Planned(row, told, matched)


def sent(revision: Revision, reader: Subscriber, at: datetime = EVENING) -> Delivery:
    """An earlier delivery, with the mail that carried it."""
    mail = outbox.put(reader, MailKind.ALERT)
    return Delivery.objects.create(
        subscriber=reader, revision=revision, mail=mail, state="sent", sent_at=at, matched=[]
    )


def digest(revision: Revision, *matched: Subscription, frequency: Frequency = Frequency.DAILY) -> Planned:
    """A delivery that waited for a digest, due on the morning of 19 November 2025 in Shanghai."""
    due = datetime.fromisoformat("2025-11-19T00:00:00+00:00")
    return news(revision, *matched, frequency=frequency.value, due_at=due)


def written(*planned: Planned, kind: MailKind = MailKind.ALERT) -> EmailMultiAlternatives:
    """The mail that tells them."""
    return compose(outbox.put(planned[0].delivery.subscriber, kind), planned)


def service(reader: Subscriber, kind: MailKind, **data: Any) -> EmailMultiAlternatives:
    """A mail about the subscription itself."""
    mail: Mail = outbox.put(reader, kind, data)
    return compose(mail)


def html(mail: EmailMultiAlternatives) -> str:
    """The HTML part as it is sent."""
    [(content, kind)] = mail.alternatives
    assert kind == "text/html"
    return str(content)


def shown(mail: EmailMultiAlternatives) -> str:
    """What a reader of the HTML part reads, one space between words."""
    reader = _Reader()
    reader.feed(html(mail))
    return " ".join("".join(reader.found).split())


def links(mail: EmailMultiAlternatives) -> list[str]:
    """Where the HTML part leads, in order."""
    reader = _Reader()
    reader.feed(html(mail))
    return reader.links


def plain(mail: EmailMultiAlternatives) -> str:
    """The plain text, one space between words; none where a line of Chinese was broken."""
    return " ".join(str(mail.body).split())


def both(mail: EmailMultiAlternatives) -> list[str]:
    """The two parts as they are read."""
    return [plain(mail), shown(mail)]


class _Reader(HTMLParser):
    """Text and links of a page; what is only for the head or hidden is not text."""

    _SILENT = frozenset({"style", "title", "head", "script"})
    _BLOCKS = frozenset({"p", "div", "td", "th", "tr", "li", "h1", "h2", "h3", "br", "blockquote", "span"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._inside.append(tag)
        if tag == "div" and "display:none" in (dict(attrs).get("style") or ""):
            self._inside.append(tag)
        if tag in self._BLOCKS:
            self.found.append(" ")
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()
        if tag in self._BLOCKS:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append(data)
