"""What a failed attempt means. The servers' answers themselves are tested over SMTP, in test_delivery."""

from __future__ import annotations

import smtplib

import pytest

from events.alerts import failures
from events.alerts.failures import Outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"unknown")}), Outcome.REFUSED),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (421, b"busy")}), Outcome.NOT_SENT),
        (smtplib.SMTPDataError(554, b"spam"), Outcome.REFUSED),
        (smtplib.SMTPDataError(451, b"later"), Outcome.NOT_SENT),
        (smtplib.SMTPSenderRefused(530, b"log in first", "b@example.org"), Outcome.NOT_SENT),
        (smtplib.SMTPSenderRefused(552, b"too large", "b@example.org"), Outcome.REFUSED),
        (smtplib.SMTPServerDisconnected("gone"), Outcome.UNKNOWN),
        (TimeoutError("timed out"), Outcome.UNKNOWN),
        (smtplib.SMTPNotSupportedError("no SMTPUTF8"), Outcome.NOT_SENT),
        (ValueError("header"), Outcome.NOT_SENT),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.value,
)
def test_an_error_while_sending_is_judged(error: Exception, outcome: Outcome) -> None:
    assert failures.sending(error).outcome is outcome


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPAuthenticationError(535, b"bad password"),
        smtplib.SMTPConnectError(554, b"not here"),
        ConnectionRefusedError("refused"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_goes_wrong_before_a_message_is_never_its_recipients_fault(error: Exception) -> None:
    assert failures.connecting(error).outcome is Outcome.NOT_SENT


def test_a_servers_words_are_kept_on_one_line_and_in_bounds() -> None:
    error = smtplib.SMTPDataError(550, b"no\r\nsuch\x00user" + b"!" * 1000)

    reason = failures.sending(error).reason

    assert "\n" not in reason
    assert "550 no such" in reason
    assert len(reason) < 400
    assert "\x00" not in reason
