"""What a failed attempt to send means, and how it is said to a person. Pure."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from enum import Enum

TOO_LARGE = 552
"""RFC 1870: a server may refuse a message by its announced size, in answer to MAIL FROM."""
CLOSING = 421
"""RFC 5321: the server ends the conversation."""
BAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""RFC 3463 and RFC 7505: no such mailbox, no such domain, no address at all, moved, takes no mail, disabled. Other
permanent errors mean one message or us, and say nothing about the next one."""
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


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
    bad_address: bool = False
    """The address takes no mail, and will not."""
    everyones: bool = False
    """Not this message's fault: the next one would fail alike."""


def connecting(error: Exception) -> Failure:
    """A failure before the message was begun: the server's or the configuration's, never the recipient's."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _everyones(f"The mail server refused our user name or password: {_said(error)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _everyones(f"The mail server takes no connections now: {_said(error)}")
    return _everyones(f"The mail server could not be reached: {text(str(error))}")


def before_the_end(error: Exception) -> Failure:
    """A failure before the message was whole: no server takes it so."""
    failure = sending(error)
    if failure.outcome is not Outcome.UNKNOWN:
        return failure
    return _everyones(f"The connection broke before the message was handed over: {text(str(error))}")


def sending(error: Exception) -> Failure:
    """A failure while the message was handed over."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()), (0, b""))
        words = text(said)
        permanent = 500 <= code < 600
        return Failure(
            Outcome.REFUSED if permanent else Outcome.NOT_SENT,
            f"The mail server refused the address: {code} {words}".strip(),
            bad_address=permanent and status(words) in BAD_ADDRESS,
        )
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != TOO_LARGE:
        return _everyones(f"The mail server refused us as sender: {_said(error)}")
    if isinstance(error, smtplib.SMTPResponseException):
        outcome = Outcome.REFUSED if 500 <= error.smtp_code < 600 else Outcome.NOT_SENT
        return Failure(outcome, f"The mail server refused the message: {_said(error)}")
    if isinstance(error, (ValueError, TypeError, LookupError, smtplib.SMTPNotSupportedError)):
        return writing(error)
    return Failure(
        Outcome.UNKNOWN, f"The connection broke before the mail server answered: {text(str(error))}"
    )


def writing(error: Exception) -> Failure:
    """A message that could not be put into words or into SMTP's form: our fault, surely not sent."""
    return Failure(
        Outcome.NOT_SENT, f"The message could not be written: {type(error).__name__}: {text(str(error))}"
    )


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {text(error.smtp_error)}".strip()


def status(words: str) -> str:
    """The enhanced status code (RFC 3463) that a server's words hold, such as 5.1.1; empty without one."""
    found = _STATUS.search(words)
    return found[1] if found else ""


def _everyones(reason: str) -> Failure:
    return Failure(Outcome.NOT_SENT, reason, everyones=True)


def text(said: bytes | str) -> str:
    """Foreign words on one line, without control characters (PostgreSQL stores no NUL), at most 300 characters."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
