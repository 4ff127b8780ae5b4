"""One conversation for many mails: kept while it is good, begun anew without blaming a mail when it is not."""

from __future__ import annotations

import os
import socket

import pytest
from pytest_django import Settings

from events.alerts import connections
from events.alerts.connections import kept
from events.alerts.gathering import gather_due
from events.alerts.matching import match_revision
from events.alerts.sending import send_all, send_due
from events.models.alerts import Mail
from tests.alerts.helpers import DROP, MailServer, make_due, outbox, send_gathered, story
from tests.alerts.test_gathering import crowd
from tracker.local.mailcatcher import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def many(size: int) -> None:
    """So many mails, gathered."""
    told = story()
    crowd(told, size)
    match_revision(told.revision.seq)
    gather_due()


def attempts() -> list[int]:
    return sorted(Mail.objects.values_list("attempts", flat=True))


def test_mails_of_several_batches_share_a_conversation(server: MailServer) -> None:
    many(5)

    send_due(limit=2)
    send_due(limit=3)

    assert len(server.received) == 5
    assert len(set(server.peers)) == 1


def test_a_refused_recipient_does_not_end_the_conversation(server: MailServer) -> None:
    many(3)
    server.at_rcpt.append("550 no")
    server.at_data.append("450 busy")

    send_due()

    assert len(server.received) == 1
    assert len(set(server.peers)) == 1


@pytest.mark.parametrize("answer", ["421 that was enough", DROP])
def test_a_server_that_has_had_enough_is_called_again_and_no_mail_is_blamed(
    server: MailServer, answer: str
) -> None:
    many(3)
    send_due(limit=1)
    server.at_mail.append(answer)

    send_due()

    assert len(server.received) == 3
    assert attempts() == [1, 1, 1]
    assert len(set(server.peers)) == 2


def test_a_server_that_takes_nothing_is_asked_once_a_batch(server: MailServer) -> None:
    many(4)
    server.at_mail.append("421 closed today")

    batch = send_due()

    assert (batch.claimed, batch.sent, batch.server_away) == (4, 0, True)
    assert len(server.peers) == 1
    assert set(Mail.objects.values_list("state", flat=True)) == {"pending"}
    assert {mail.error for mail in Mail.objects.all()} == {
        "The mail server refused us as sender: 421 closed today"
    }
    make_due()
    assert send_gathered() == 4


def test_after_a_connection_broke_the_next_mail_has_another(server: MailServer) -> None:
    many(3)
    server.at_data.append(DROP)

    send_due()

    assert len(server.received) == 3
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["sending", "sent", "sent"]


def test_a_conversation_is_closed_when_it_is_not_used(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LONGEST_IDLE", 0.05)
    many(1)

    send_all(seconds=10)
    timer = kept()._timer
    assert timer is not None
    timer.join()

    assert kept()._open is None


def test_a_conversation_that_the_server_closed_meanwhile_is_noticed(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNSURE_AFTER", 0.0)
    many(2)
    send_due(limit=1)
    conversation = kept()._open
    assert isinstance(conversation, connections.Smtp)
    assert conversation._smtp.sock is not None
    conversation._smtp.sock.shutdown(socket.SHUT_RDWR)

    send_due()

    assert len(server.received) == 2
    assert attempts() == [1, 1]


def test_an_old_conversation_is_begun_anew(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_MESSAGES", 2)
    many(5)

    send_due()

    assert len(server.received) == 5
    assert len(set(server.peers)) == 3


def test_other_settings_are_another_conversation(server: MailServer, settings: Settings) -> None:
    many(2)
    send_due(limit=1)
    settings.EMAIL_PORT = free_port()

    batch = send_due()

    assert batch.server_away
    assert len(server.received) == 1


def test_a_child_process_leaves_its_parents_conversation_alone(server: MailServer) -> None:
    many(2)
    send_due(limit=1)
    child = os.fork()
    if child == 0:
        mine = kept()
        try:
            mine.take()
        finally:
            os._exit(0 if mine._open is not None and mine._messages == 1 else 1)
    _, status = os.waitpid(child, 0)

    send_due()

    assert os.waitstatus_to_exitcode(status) == 0
    assert len(server.received) == 2
    assert len(set(server.peers)) == 1


def test_a_line_that_begins_with_a_dot_arrives_as_it_is(server: MailServer) -> None:
    assert connections._transparent(b"a\r\n.b\r\n..\r\n") == b"a\r\n..b\r\n...\r\n"
    assert connections._transparent(b".") == b"..\r\n"


def test_any_other_backend_of_django_sends_too(settings: Settings, mailoutbox: list[object]) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox(story())

    assert send_due().sent == 1

    assert len(mailoutbox) == 1
    assert Mail.objects.get().state == "sent"
