"""Reports of mail servers, as a pipe hands them over: who is no longer written to, and that nobody can forge it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from events.alerts import bounces
from events.alerts.sending import send_due
from events.alerts.suppression import digest, is_suppressed, suppress, suppressed
from events.choices import SuppressionReason
from events.models.alerts import Delivery, Mail, Subscriber, Suppression
from events.record.publishing import retract
from tests.acceptance.conftest import database_url_of_test
from tests.alerts.helpers import MailServer, deliver_all, outbox, story, subscriber
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.django_db(transaction=True)

DSN = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: alerts@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Mon, 17 Nov 2025 10:00:00 +0000

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; {diagnostic}

--b1
Content-Type: {returned}

Return-Path: <alerts@example.org>
Message-ID: {message_id}
Subject: Alert
To: {recipient}

--b1--
"""
ARF = """\
From: <abuse@isp.example.net>
To: alerts@example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain

This is an email abuse report.
--b2
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--b2
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: Alert

Text
--b2--
"""


def dsn(
    message_id: str,
    *,
    recipient: str = "reader@example.org",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 User unknown",
    returned: str = "message/rfc822",
) -> bytes:
    """A notification about one recipient, with line ends of the mail."""
    text = DSN.format(
        recipient=recipient, action=action, status=status, diagnostic=diagnostic, returned=returned,
        message_id=message_id,
    )  # fmt: skip
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def mail(server: MailServer) -> Mail:
    """A mail that was sent."""
    row = outbox(story())
    send_due()
    return row


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_hard_bounce_fails_the_receipt_and_suppresses_the_address(mail: Mail, returned: str) -> None:
    [used] = bounces.take(dsn(mail.message_id, returned=returned))

    assert (used.action, used.status) == ("failed", "5.1.1")
    failed = Mail.objects.get()
    assert (failed.state, Delivery.objects.get().state) == ("failed", "failed")
    assert "550 5.1.1 User unknown" in failed.error
    assert is_suppressed(mail.subscriber.email)
    assert Suppression.objects.get().reason == "bounce"


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [("5.2.2", "552 5.2.2 Mailbox full"), ("5.7.1", "550 5.7.1 Spam"), ("5.0.0", "554 refused")],
)
def test_a_bounce_that_does_not_mean_the_address_suppresses_nothing(
    mail: Mail, status: str, diagnostic: str
) -> None:
    bounces.take(dsn(mail.message_id, status=status, diagnostic=diagnostic))

    assert Mail.objects.get().state == "failed"
    assert not Suppression.objects.exists()


def test_a_general_status_is_read_from_the_servers_own_words(mail: Mail) -> None:
    bounces.take(dsn(mail.message_id, status="5.0.0", diagnostic="550-5.1.1 no such account"))

    assert is_suppressed(mail.subscriber.email)


def test_a_delay_is_noted_and_changes_nothing(mail: Mail) -> None:
    bounces.take(dsn(mail.message_id, action="delayed", status="4.4.1", diagnostic="no answer from host"))

    assert Mail.objects.get().state == "sent"
    assert "no answer from host" in Mail.objects.get().error
    assert not Suppression.objects.exists()


def test_a_delivery_that_is_reported_as_done_is_no_bounce(mail: Mail) -> None:
    assert bounces.take(dsn(mail.message_id, action="relayed", status="2.0.0")) == []

    assert Mail.objects.get().state == "sent"


def test_who_got_a_mail_back_undelivered_is_not_told_of_its_retraction(
    mail: Mail, server: MailServer
) -> None:
    bounces.take(dsn(mail.message_id, status="5.7.1", diagnostic="550 5.7.1 policy"))
    revision = Delivery.objects.get().revision

    retract(revision.event_id, revision.author)
    deliver_all()

    assert len(server.received) == 1


def test_a_forged_report_suppresses_nobody(mail: Mail) -> None:
    number = mail.message_id.partition("@")[0].rpartition(".")[0]

    for forged in ("<unknown@example.org>", f"{number}.{'0' * 20}@example.org>", "", "<>"):
        assert bounces.take(dsn(forged, recipient=mail.subscriber.email)) == []

    assert not Suppression.objects.exists()
    assert Mail.objects.get().state == "sent"


def test_only_the_address_that_the_mail_went_to_is_suppressed(mail: Mail) -> None:
    victim = subscriber()

    bounces.take(dsn(mail.message_id, recipient=victim.email))

    assert not is_suppressed(victim.email)
    assert is_suppressed(mail.subscriber.email)


def test_a_complaint_ends_all_subscriptions(mail: Mail) -> None:
    [used] = bounces.take(ARF.format(message_id=mail.message_id).encode())

    assert used.action == "complaint"
    assert Suppression.objects.get().reason == "complaint"
    reader = Subscriber.objects.get()
    assert reader.confirmed_at is None
    assert not reader.subscriptions.filter(is_active=True).exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff" * 100,
        b"Subject: hello\r\n\r\nJust a letter.\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n--x--",
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5000)
        ),
    ],
    ids=["empty", "noise", "letter", "broken", "nested"],
)
def test_what_is_no_report_does_nothing(data: bytes) -> None:
    assert bounces.take(data) == []


def test_a_report_with_very_many_recipients_is_read_as_far_as_it_makes_sense(mail: Mail) -> None:
    block = f"\r\n\r\nFinal-Recipient: rfc822; {mail.subscriber.email}\r\nAction: failed\r\nStatus: 5.1.1"
    whole = dsn(mail.message_id).replace(b"\r\nRemote-MTA", block.encode() * 500 + b"\r\nRemote-MTA")

    assert len(bounces.read(whole)) <= 21


def test_the_command_reads_a_mail_servers_pipe(mail: Mail) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "bounces", "-"], cwd=REPOSITORY, input=dsn(mail.message_id),
        capture_output=True, check=True, env=_environment(database_url_of_test()),
    )  # fmt: skip

    assert done.stdout.decode().split() == ["failed", "5.1.1", mail.message_id]
    assert is_suppressed(mail.subscriber.email)


def test_the_command_asks_the_mail_server_to_come_again_while_the_database_is_away() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "bounces", "-"], cwd=REPOSITORY, input=dsn("<x@example.org>"),
        capture_output=True, check=False, env=_environment("postgres://nobody:none@127.0.0.1:1/none"),
    )  # fmt: skip

    assert done.returncode == 75
    assert b"Traceback" not in done.stderr


def test_the_command_takes_any_other_mail_and_says_so(tmp_path: Path) -> None:
    file, output = tmp_path / "mail", io.StringIO()
    file.write_bytes(b"Subject: hello\r\n\r\nText")

    call_command("bounces", str(file), stdout=output)

    assert output.getvalue() == "No report about a mail of ours.\n"


def test_the_command_says_what_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("bounces", str(tmp_path / "nothing"))


def test_an_address_is_suppressed_however_it_is_written() -> None:
    assert suppress("Reader@Example.org", SuppressionReason.BOUNCE, "x" * 1000)
    assert not suppress("reader@example.org", SuppressionReason.BOUNCE)

    assert is_suppressed("READER@example.org ")
    assert suppressed(["reader@EXAMPLE.org", "other@example.org"]) == {"reader@EXAMPLE.org"}


def test_the_list_of_suppressed_addresses_names_nobody() -> None:
    suppress("reader@example.org", SuppressionReason.STAFF, "asked on\nthe telephone")

    row = Suppression.objects.get()
    assert row.digest == digest("reader@example.org")
    assert "reader" not in f"{row} {row.digest} {row.detail}"
    assert row.detail == "asked on the telephone"


def test_a_complaint_outweighs_a_bounce() -> None:
    suppress("reader@example.org", SuppressionReason.BOUNCE)
    suppress("reader@example.org", SuppressionReason.COMPLAINT)
    suppress("reader@example.org", SuppressionReason.BOUNCE)

    assert Suppression.objects.get().reason == "complaint"


def _environment(database: str) -> dict[str, str]:
    """Of a process beside the test."""
    return os.environ | {
        "DATABASE_URL": database,
        "SECRET_KEY": "bounces",
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
    }
