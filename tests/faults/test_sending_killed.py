"""A worker that is killed while it gathers and sends: everybody is told, and nobody twice but for the one message
whose acceptance nobody could record; that one is the same message."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from events.alerts.matching import match_revision
from events.models.alerts import Delivery, Mail
from events.record.publishing import retract
from tests.alerts.helpers import (
    MailServer,
    Story,
    deliver_all,
    follow,
    make_due,
    story,
    subscriber,
)
from tests.conftest import REPOSITORY
from tests.faults.mailworker import STEPS

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 4
UNSURE = ("ended", "accepted")


def killed_at(step: str, server: MailServer) -> Story:
    """A story whose readers are being told when the worker is killed."""
    told = story()
    for number in range(READERS):
        follow(subscriber(), executive=told.person, frequency="daily" if number == 0 else "instant")
    match_revision(told.revision.seq)
    make_due()
    code = run_worker(step, server)
    assert code == -signal.SIGKILL, f"the worker did not come to {step}"
    return told


def run_worker(step: str, server: MailServer) -> int:
    arguments = [step, str(connection.settings_dict["NAME"]), str(server.port)]
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.mailworker", *arguments],
        cwd=REPOSITORY, env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}, check=False, timeout=120,
    ).returncode  # fmt: skip


def go_on() -> None:
    """Other workers, once the dead one's claims have expired."""
    for _ in range(3):
        make_due()
        deliver_all()


def copies(server: MailServer) -> list[int]:
    """How many mails each reader got, most first."""
    return sorted(Counter(server.recipients).values(), reverse=True)


@pytest.mark.parametrize("step", [step for step in STEPS if step not in UNSURE])
def test_wherever_a_worker_is_killed_everybody_is_told_once(server: MailServer, step: str) -> None:
    killed_at(step, server)

    go_on()

    assert copies(server) == [1] * READERS
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize("step", UNSURE)
def test_a_message_that_was_taken_and_not_recorded_comes_again_as_the_same_message(
    server: MailServer, step: str
) -> None:
    killed_at(step, server)

    go_on()

    twice = copies(server)
    assert twice[1:] == [1] * (READERS - 1)
    assert twice[0] == 2 or (step == "ended" and twice[0] == 1)
    identities = {str(message["Message-ID"]) for message in server.received}
    assert len(identities) == READERS
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_nobody_is_told_while_the_dead_workers_claim_holds(server: MailServer) -> None:
    killed_at("claimed", server)

    deliver_all()

    assert server.received == []


def test_only_the_message_that_was_being_sent_is_in_doubt(server: MailServer) -> None:
    killed_at("accepted", server)

    assert sorted(Mail.objects.values_list("state", flat=True)) == ["pending"] * (READERS - 2) + [
        "sending",
        "sent",
    ]


def test_a_retraction_reaches_exactly_those_who_may_have_been_told(server: MailServer) -> None:
    told = killed_at("accepted", server)
    first = list(server.recipients)

    retract(told.event, told.curator)
    go_on()

    assert sorted(server.recipients[len(first) :]) == sorted(first)
    assert all(subject.startswith("Retracted") for subject in server.subjects[len(first) :])
