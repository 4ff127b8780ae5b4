"""One conversation with the mail server, kept open from message to message by each thread of a worker.

Only the process that opened it uses it: a child that inherits the socket forgets it. It is opened again
after errors, when it is old, when the settings changed and when the server has closed it; and closed when idle, as
servers end idle conversations, and count them.
"""

from __future__ import annotations

import logging
import os
import re
import smtplib
import socket
import threading
import time
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from events.alerts import letters
from events.alerts.failures import CLOSING

log = logging.getLogger(__name__)

LONGEST_IDLE = 10.0
"""Seconds after which an unused conversation is closed."""
UNSURE_AFTER = 2.0
"""Seconds after which the server is asked whether it is still there."""
MOST_MESSAGES = 1_000
LONGEST_OPEN = 600.0
"""Messages and seconds after which a conversation is begun anew: many servers end longer ones."""
_DOT = re.compile(rb"(?m)^\.")
_TAKEN = 250
_FORWARDED = 251
_GO_ON = 354


@dataclass(frozen=True)
class Letter:
    """A finished message as SMTP takes it: bare addresses; lines end with CRLF."""

    sender: str
    recipient: str
    content: bytes
    message: EmailMessage


def letter(message: EmailMessage) -> Letter:
    """The message in SMTP's form. Raises ValueError or TypeError where it has none."""
    (recipient,) = message.recipients()
    return Letter(
        sender=_sender(message.from_email),
        recipient=_bare(recipient),
        content=message.wire() if isinstance(message, letters.Letter) else _content(message),
        message=message,
    )


@lru_cache(maxsize=16)
def _sender(value: str) -> str:
    return _bare(value)


def _bare(value: str) -> str:
    """The address alone, in ASCII where SMTP knows a way to write it so."""
    if letters.PLAIN_ADDRESS.fullmatch(value):
        return value
    return parseaddr(sanitize_address(value, settings.DEFAULT_CHARSET))[1]


def _content(message: EmailMessage) -> bytes:
    finished: Any = message.message()  # the stubs do not know `linesep`
    written: bytes = finished.as_bytes(linesep="\r\n")
    return written


class Smtp:
    """A conversation by SMTP, set up as Django's backend does (TLS, user name, timeout)."""

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend
        backend.open()
        connection: smtplib.SMTP = backend.connection  # type: ignore[assignment]
        connection.ehlo_or_helo_if_needed()
        if connection.sock is not None:
            # The end of a message follows its content; it must not wait until the server has confirmed that.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._smtp = connection
        self._eight_bit = " BODY=8BITMIME" if connection.has_extn("8bitmime") else ""
        self._size = connection.has_extn("size")

    @property
    def is_open(self) -> bool:
        """Whether neither side has ended it, as far as this one knows."""
        return self._smtp.sock is not None

    def name(self, letter: Letter) -> None:
        """MAIL and RCPT. Raises smtplib.SMTPSenderRefused, SMTPRecipientsRefused or SMTPServerDisconnected."""
        size = f" SIZE={len(letter.content)}" if self._size else ""
        code, said = self._smtp.docmd("MAIL", f"FROM:<{letter.sender}>{size}{self._eight_bit}")
        if code != _TAKEN:
            self._after_refusal(code)
            raise smtplib.SMTPSenderRefused(code, said, letter.sender)
        code, said = self._smtp.docmd("RCPT", f"TO:<{letter.recipient}>")
        if code not in (_TAKEN, _FORWARDED):
            self._after_refusal(code)
            raise smtplib.SMTPRecipientsRefused({letter.recipient: (code, said)})

    def hand_over(self, letter: Letter) -> None:
        """DATA and the content but for its end, without which no server takes it. Raises smtplib.SMTPDataError,
        SMTPServerDisconnected."""
        self._smtp.putcmd("data")
        code, said = self._smtp.getreply()
        if code != _GO_ON:
            self._after_refusal(code)
            raise smtplib.SMTPDataError(code, said)
        self._smtp.send(_transparent(letter.content))

    def end(self, letter: Letter) -> None:
        """The end of the content: the server may take the message from now on. Raises
        smtplib.SMTPServerDisconnected."""
        self._smtp.send(b".\r\n")

    def answer(self) -> None:
        """Waits for the server's word on the message. Raises smtplib.SMTPDataError, SMTPServerDisconnected."""
        code, said = self._smtp.getreply()
        if code != _TAKEN:
            if code == CLOSING:
                self.close()
            raise smtplib.SMTPDataError(code, said)

    def is_there(self) -> bool:
        """NOOP."""
        try:
            return self._smtp.noop()[0] == _TAKEN
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """QUIT; a server that has gone already is no error."""
        try:
            self._backend.close()
        except Exception as error:
            log.debug("closing the SMTP connection: %s", error)

    def drop(self) -> None:
        """Closes this process's end without a word."""
        if self._smtp.sock is not None:
            self._smtp.sock.close()

    def _after_refusal(self, code: int) -> None:
        """Ready for the next message, or closed where the server is."""
        if code == CLOSING:
            self.close()
            return
        try:
            self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


class Other:
    """Any other of Django's backends, such as a provider's API: one call a message."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        backend.open()

    is_open = True

    def name(self, letter: Letter) -> None:
        """Nothing to name."""

    def hand_over(self, letter: Letter) -> None:
        """Nothing before the end."""

    def end(self, letter: Letter) -> None:
        """The whole of it: such a backend answers at once."""
        self._backend.send_messages([letter.message])

    def answer(self) -> None:
        """Was given."""

    def is_there(self) -> bool:
        """Nobody to ask."""
        return True

    def close(self) -> None:
        """Ends the backend's session."""
        try:
            self._backend.close()
        except Exception as error:
            log.debug("closing the mail backend: %s", error)

    def drop(self) -> None:
        """Leaves the session to the process that opened it."""


Conversation = Smtp | Other
"""The steps of one message after the other: `name`, `hand_over`, `end`, `answer`; each raises what went wrong."""


class Kept:
    """A thread's conversation, from one message to the next."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._open: Conversation | None = None
        self._process = os.getpid()
        self._key: tuple[Any, ...] = ()
        self._since = self._used = 0.0
        self._messages = 0
        self._timer: threading.Timer | None = None

    @property
    def is_used(self) -> bool:
        """Whether the conversation has carried a message before: the server may have had enough of it."""
        return self._messages > 1

    def take(self) -> Conversation:
        """The conversation for the next message, opened if need be. Raises OSError or smtplib.SMTPException."""
        if self._process != os.getpid():
            if self._open is not None:
                self._open.drop()
            self._begin()
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._open is not None and not self._is_good(self._open):
                self.close()
            if self._open is None:
                self._key, self._since, self._messages = _settings(), time.monotonic(), 0
                self._open = _opened()
            self._used = time.monotonic()
            self._messages += 1
            return self._open

    def close(self) -> None:
        """Ends the conversation; the next message opens another."""
        with self._lock:
            found, self._open = self._open, None
        if found is not None:
            found.close()

    def drop(self) -> None:
        """Breaks the conversation off in the middle of a message, which the server then forgets."""
        with self._lock:
            found, self._open = self._open, None
        if found is not None:
            found.drop()

    def rest(self) -> None:
        """Nothing is to be sent for now: closes the conversation unless it is used again soon."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._open is None:
                return
            self._timer = threading.Timer(LONGEST_IDLE, self._close_if_idle)
            self._timer.daemon = True
            self._timer.start()

    def _close_if_idle(self) -> None:
        with self._lock:
            if time.monotonic() - self._used >= LONGEST_IDLE:
                self.close()

    def _is_good(self, conversation: Conversation) -> bool:
        now = time.monotonic()
        if (
            not conversation.is_open
            or self._key != _settings()
            or self._messages >= MOST_MESSAGES
            or now - self._since > LONGEST_OPEN
        ):
            return False
        return now - self._used < UNSURE_AFTER or conversation.is_there()


def _settings() -> tuple[Any, ...]:
    """What a conversation depends on."""
    names = ("BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL", "TIMEOUT")
    return tuple(getattr(settings, f"EMAIL_{name}", None) for name in names)


def _opened() -> Conversation:
    backend = get_connection()
    return Smtp(backend) if isinstance(backend, EmailBackend) else Other(backend)


def _transparent(content: bytes) -> bytes:
    """The content with the dots of RFC 5321, 4.5.2, as whole lines."""
    dotted = _DOT.sub(b"..", content)
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"


_local = threading.local()


def kept() -> Kept:
    """The conversation of this process and thread."""
    if not hasattr(_local, "kept"):
        _local.kept = Kept()
    found: Kept = _local.kept
    return found
