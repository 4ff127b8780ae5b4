"""What a failed attempt to send means, and how it is said to a person. Pure."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from enum import Enum

TOO_LARGE = 552
"""RFC 1870: a server may refuse a message by its announced size, in answer to MAIL FROM."""


class Outcome(Enum):
    """What is known after a failed attempt."""

    REFUSED = "refused"
    """The server will never take it: trying again is useless."""
    NOT_SENT = "not sent"
    """It was surely not taken; it can be tried again."""
    UNKNOWN = "unknown"
    """The connection broke while the server had it: it may have been taken."""


@dataclass(frozen=True)
class Failure:
    """How an attempt failed, with the reason in plain words."""

    outcome: Outcome
    reason: str


def connecting(error: Exception) -> Failure:
    """A failure before the message was begun: the server's or the configuration's, never the recipient's."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Failure(Outcome.NOT_SENT, f"The mail server refused our user name or password: {_said(error)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return Failure(Outcome.NOT_SENT, f"The mail server takes no connections now: {_said(error)}")
    return Failure(Outcome.NOT_SENT, f"The mail server could not be reached: {_text(str(error))}")


def sending(error: Exception) -> Failure:
    """A failure while the message was handed over."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()), (0, b""))
        words = f"The mail server refused the address: {code} {_text(said)}".strip()
        return Failure(Outcome.REFUSED if 500 <= code < 600 else Outcome.NOT_SENT, words)
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != TOO_LARGE:
        return Failure(Outcome.NOT_SENT, f"The mail server refused us as sender: {_said(error)}")
    if isinstance(error, smtplib.SMTPResponseException):
        outcome = Outcome.REFUSED if 500 <= error.smtp_code < 600 else Outcome.NOT_SENT
        return Failure(outcome, f"The mail server refused the message: {_said(error)}")
    if isinstance(error, (ValueError, TypeError, LookupError, smtplib.SMTPNotSupportedError)):
        return writing(error)
    return Failure(
        Outcome.UNKNOWN, f"The connection broke before the mail server answered: {_text(str(error))}"
    )


def writing(error: Exception) -> Failure:
    """A message that could not be put into words or into SMTP's form: our fault, surely not sent."""
    return Failure(
        Outcome.NOT_SENT, f"The message could not be written: {type(error).__name__}: {_text(str(error))}"
    )


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}".strip()


def _text(said: bytes | str) -> str:
    """Foreign words on one line, without control characters (PostgreSQL stores no NUL), at most 300 characters."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
