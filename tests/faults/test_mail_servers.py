"""Mail servers that misbehave: every alert is sent, none twice but for what the server never answered."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from pytest_django import Settings

from events.alerts.matching import match_revision
from events.models.alerts import Delivery, Mail
from tests.alerts.helpers import DROP, MailServer, deliver_all, follow, make_due, story, subscriber

pytestmark = pytest.mark.django_db(transaction=True)


def many(readers: int) -> None:
    """An event that so many readers follow, matched."""
    told = story()
    for _ in range(readers):
        follow(subscriber(), executive=told.person)
    match_revision(told.revision.seq)


def for_a_day() -> None:
    """What workers do until all is settled."""
    for _ in range(20):
        make_due()
        deliver_all()


def test_every_kind_of_answer_at_once(server: MailServer) -> None:
    many(8)
    server.at_data.extend(
        [DROP, "421 closing", "450 busy", "550 never", "250 OK", "451 later", "421 closing"]
    )
    server.at_rcpt.extend(["250 OK", "450 greylisted", "250 OK", "421 closing"])
    server.at_mail.extend(["250 OK", "421 closing", DROP])

    for_a_day()

    states = Counter(Mail.objects.values_list("state", flat=True))
    refused = Mail.objects.get(state="failed")
    assert states == {"sent": 7, "failed": 1}
    assert "550 never" in refused.error
    identities = Counter(str(message["Message-ID"]) for message in server.received)
    assert sorted(identities.values()) == [1] * 6 + [2]
    assert refused.message_id not in identities
    assert Counter(Delivery.objects.values_list("state", flat=True)) == states


def test_a_server_that_accepts_slowly_is_waited_for(server: MailServer) -> None:
    many(3)
    server.during_data = lambda: time.sleep(0.3)

    for_a_day()

    assert len(server.received) == 3


def test_a_server_that_accepts_too_slowly_gets_the_same_message_again(
    server: MailServer, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 1
    many(2)

    def be_slow() -> None:
        server.during_data = None
        time.sleep(2.5)

    server.during_data = be_slow

    for_a_day()

    identities = Counter(str(message["Message-ID"]) for message in server.received)
    assert sorted(identities.values()) == [1, 2]
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_a_server_that_is_away_for_hours_loses_nothing(server: MailServer) -> None:
    many(3)
    server.at_mail.extend(["421 not now"] * 6)

    for_a_day()

    assert len(server.received) == 3
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}
