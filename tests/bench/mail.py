"""Mail: deliveries through `events.alerts.send_delivery` against smtplib over one kept connection to the same sink.

Ours is all that a worker does for a message: claim it, check that it is still right, write it (text and HTML), hand
it over, record the receipt. Theirs hands over the same finished bytes and nothing else. The sink is an aiosmtpd server
in another process that accepts and forgets. Both send the same messages to the same people.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from events.alerts import due_deliveries, match_revision, send_delivery
from events.alerts.messages import compose
from events.models.alerts import Delivery
from events.record.publishing import publish
from tests.bench import audience, bulk
from tests.bench.results import Result, at_least
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.sink import running_sink
from tests.bench.timing import Pair, median_pair, seconds
from tracker.local.mailcatcher import HOST


@dataclass(frozen=True)
class Letter:
    """A finished message and whom it is for."""

    recipient: str
    content: bytes


def run(scale: Scale) -> list[Result]:
    """Messages a second, one worker."""
    record = bulk.start(people=100)
    audience.fill(record, scale.messages, scale.messages)
    with running_sink() as port, smtplib.SMTP(HOST, port) as kept:
        settings.EMAIL_PORT = port
        say(f"mail: {scale.rounds + 1} times {scale.messages} messages")
        pairs = [_round(record, kept, scale.messages, ours_first=n % 2 == 0) for n in range(scale.rounds + 1)]
    rates = median_pair(pairs[1:]).rates(scale.messages)
    against = "smtplib, one kept connection, same messages"
    return [Result("mail", "one worker to a local sink", against, *rates, "messages/s", at_least(0.7))]


def _round(record: bulk.Record, kept: smtplib.SMTP, count: int, *, ours_first: bool) -> Pair:
    """Publishes, matches and composes, not timed; then sends by both ways."""
    match_revision(publish(bulk.draft(record, record.person, record.organization), record.author).seq)
    due = due_deliveries(limit=count + 1)
    if len(due) != count:
        raise RuntimeError(f"{len(due)} deliveries are due, not {count}")
    letters = [_letter(delivery) for delivery in Delivery.objects.filter(id__in=due)]
    if ours_first:
        ours = seconds(lambda: _send(due))
        return Pair(ours, seconds(lambda: _hand_over(kept, letters)))
    theirs = seconds(lambda: _hand_over(kept, letters))
    return Pair(seconds(lambda: _send(due)), theirs)


def _letter(delivery: Delivery) -> Letter:
    message = compose(delivery)
    finished: Any = message.message()  # as Django's backend writes it; the stubs do not know `linesep`
    return Letter(message.to[0], finished.as_bytes(linesep="\r\n"))


def _send(due: list[int]) -> None:
    for delivery in due:
        if not send_delivery(delivery):
            raise RuntimeError(f"delivery {delivery} was not sent")


def _hand_over(kept: smtplib.SMTP, letters: list[Letter]) -> None:
    for letter in letters:
        kept.sendmail("alerts@example.org", [letter.recipient], letter.content)
