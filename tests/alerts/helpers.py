"""Set-ups of the alerts' tests: a mail server that can be told to misbehave, subscribers, published events."""

from __future__ import annotations

import email
import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connections
from django.utils import timezone

from events.alerts.gathering import gather_due
from events.alerts.matching import due_revisions, is_due, match_revision
from events.alerts.sending import send_due
from events.models.access import User
from events.models.alerts import Delivery, Mail, Matching, Subscriber, Subscription
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision
from events.record.publishing import publish
from tests import scenes
from tracker.local.mailcatcher import HOST, free_port

_numbers = itertools.count(1)
DROP = "drop"


@dataclass
class MailServer:
    """A real SMTP server. `at_mail`, `at_rcpt` and `at_data` are its next answers; without one it accepts.

    DROP accepts the message and closes the connection without a word. `during_data` runs while a client
    waits for the answer to its message.
    """

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    peers: list[Any] = field(default_factory=list)
    """Of each message that was begun, the client's end of the connection."""
    at_mail: deque[str] = field(default_factory=deque)
    at_rcpt: deque[str] = field(default_factory=deque)
    at_data: deque[str] = field(default_factory=deque)
    during_data: Callable[[], None] | None = None

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.peers.append(session.peer)
        answer = self.at_mail.popleft() if self.at_mail else "250 OK"
        if answer.startswith("250"):
            envelope.mail_from = address
        if answer == DROP:
            assert server.transport is not None
            server.transport.close()
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.at_rcpt.popleft() if self.at_rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_data.popleft() if self.at_data else "250 OK"
        if self.during_data:
            self.during_data()
        if answer == DROP or answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.received.append(email.message_from_bytes(content, policy=default))
            self.recipients += envelope.rcpt_tos
        if answer == DROP:
            assert server.transport is not None
            server.transport.close()
        return answer

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.received]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Runs the server on the loopback interface, in a thread."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname=HOST, port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass(frozen=True)
class Story:
    """A demotion on the record, with everybody in it."""

    person: Executive
    company: Organization
    division: Organization
    curator: User
    revision: Revision
    source: Any

    @property
    def event(self) -> int:
        return self.revision.event_id


def story(**fields: Any) -> Story:
    """Ilse van Houten, CEO of Northlake Cloud (part of Northlake Devices), is demoted from 22A to 21A."""
    company = scenes.company()
    division = scenes.unit("Northlake Cloud", company)
    scenes.ladder(company)
    person = scenes.executive()
    source = scenes.document(scenes.DEMOTION_TEXT)
    user = scenes.curator()
    revision = publish(scenes.demotion(person, division, source, **fields), user)
    return Story(person, company, division, user, revision, source)


def subscriber(*, confirmed: bool = True, **fields: Any) -> Subscriber:
    """A subscriber with an address of its own."""
    values = {
        "email": f"reader{next(_numbers)}@example.org",
        "confirmed_at": timezone.now() if confirmed else None,
    }
    return Subscriber.objects.create(**(values | fields))


def follow(reader: Subscriber, **conditions: Any) -> Subscription:
    """An active subscription."""
    return Subscription.objects.create(subscriber=reader, **conditions)


def match_all() -> None:
    """Runs the first stage over all that is due."""
    for seq in due_revisions():
        match_revision(seq)
        while is_due(seq):
            match_revision(seq)


def send_gathered() -> int:
    """Sends all that is gathered and due; gives how many mails the server took."""
    sent = 0
    while (batch := send_due()).claimed and not batch.server_away:
        sent += batch.sent
    return sent + batch.sent


def deliver_all() -> int:
    """Runs all stages over all that is due, as the workers do; gives how many mails the server took."""
    match_all()
    while gather_due():
        pass
    return send_gathered()


def outbox(told: Story, **fields: Any) -> Mail:
    """The one mail of a story, to a new reader (with these fields) who follows its person; gathered and not sent."""
    follow(subscriber(**fields), executive=told.person)
    match_revision(told.revision.seq)
    gather_due()
    return Mail.objects.get()


def make_due() -> None:
    """Ends waits and lets claims expire, as time would."""
    past = timezone.now() - timedelta(hours=1)
    Delivery.objects.filter(state="pending", mail=None).update(due_at=past)
    Mail.objects.filter(state="pending").update(next_attempt_at=past, claimed_until=None)
    Mail.objects.filter(state="sending").update(next_attempt_at=past, claimed_until=past)


def forget_matching(seq: int) -> None:
    """Puts a revision's matching back to the moment after its worker died: claimed, and the claim expired."""
    past = timezone.now() - timedelta(hours=1)
    Matching.objects.filter(revision_id=seq).update(state="claimed", claimed_until=past)


def race(work: Callable[[], Any], workers: int = 2) -> list[Any]:
    """Runs the work in threads that start together, each with a database connection of its own."""
    barrier, results = threading.Barrier(workers), []

    def run() -> None:
        try:
            barrier.wait()
            results.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """The body of that kind, without its line breaks."""
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    return " ".join(part.get_content().split())
