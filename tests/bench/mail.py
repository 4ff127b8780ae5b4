"""Mail: due deliveries through gathering and sending against smtplib over one kept connection to the same sink.

Ours is all that a worker does for a message: gather it into a mail, claim it, check that it is still right, write it
(text and HTML), hand it over, record the receipt. Theirs hands over the same finished bytes and nothing else. The sink
is an aiosmtpd server in another process that accepts and forgets. Both send the same messages to the same people.
"""

from __future__ import annotations

import smtplib

from django.conf import settings

from events.alerts import connections
from events.alerts.connections import Letter
from events.alerts.gathering import gather_due
from events.alerts.matching import is_due, match_revision
from events.alerts.messages import compose
from events.alerts.planning import plan
from events.alerts.sending import send_all
from events.models.alerts import Mail
from events.record.publishing import publish
from tests.bench import audience, bulk
from tests.bench.results import Result, at_least
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.scratch import execute
from tests.bench.sink import running_sink
from tests.bench.timing import Pair, median_pair, seconds
from tracker.local.mailcatcher import HOST

_LONGEST = 600.0
"""Seconds that one repetition may take."""


def run(scale: Scale) -> list[Result]:
    """Messages a second, one worker."""
    record = bulk.start(people=100)
    audience.fill(record, scale.messages, scale.messages)
    with running_sink() as port, smtplib.SMTP(HOST, port) as kept:
        settings.EMAIL_PORT = port
        say(f"mail: {scale.rounds + 1} times {scale.messages} messages")
        pairs = [_round(record, kept, scale.messages, ours_first=n % 2 == 0) for n in range(scale.rounds + 1)]
    pair = median_pair(pairs[1:])
    against = "smtplib, one kept connection, same messages"
    return [
        Result(
            "mail", "one worker to a local sink", against, *pair.rates(scale.messages), "messages/s", at_least(0.7),
            pair.error,
        )
    ]  # fmt: skip


def _round(record: bulk.Record, kept: smtplib.SMTP, count: int, *, ours_first: bool) -> Pair:
    """Publishes and matches, not timed; gathers, timed; then sends by both ways."""
    seq = publish(bulk.draft(record, record.person, record.organization), record.author).seq
    match_revision(seq)
    while is_due(seq):
        match_revision(seq)
    # Some readers have quiet hours; here nobody sleeps.
    execute("UPDATE events_delivery SET due_at = now() WHERE state = 'pending'")
    gathering = seconds(lambda: gather_due(count))
    plans = plan(list(Mail.objects.filter(state="pending").select_related("subscriber")))
    if len(plans) != count:
        raise RuntimeError(f"{len(plans)} mails are due, not {count}")
    letters = [connections.letter(compose(step.mail, step.planned)) for step in plans]
    theirs = 0.0 if ours_first else seconds(lambda: _hand_over(kept, letters))
    ours = gathering + seconds(lambda: _send(count))
    return Pair(ours, theirs or seconds(lambda: _hand_over(kept, letters)))


def _send(count: int) -> None:
    sent = send_all(_LONGEST)
    if sent != count:
        raise RuntimeError(f"{sent} mails were sent, not {count}")


def _hand_over(kept: smtplib.SMTP, letters: list[Letter]) -> None:
    for letter in letters:
        kept.sendmail("alerts@example.org", [letter.recipient], letter.content)
