"""From rendered parts to a finished e-mail. What many readers are told is rendered and encoded once; the foot, with the
reader's own links, is put in for each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import Header
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.template.loader import get_template
from django.utils.html import escape

from events.alerts.plain import tidy

FOOT = "\x00"
"""Stands in the HTML where the foot goes. No text of the record holds it: PostgreSQL takes none."""
_PLACES = {"manage_url": "\x01", "unsubscribe_url": "\x02", "one_url": "\x03"}
"""Stand in a foot where the links go."""
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
"""Most are: nothing of them needs to be encoded."""
LONGEST_LINE = 998
"""Octets (RFC 5322, 2.1.1). A part with a longer line has to be encoded otherwise."""


@dataclass(frozen=True)
class Body:
    """Subject, plain text and HTML of a mail without its foot; `html` is what stands before and after it."""

    subject: str
    text: str
    html: tuple[str, str]

    @cached_property
    def encoded(self) -> tuple[bytes, bytes, bytes]:
        """Text, and HTML before and after the foot, as they are sent."""
        before, after = self.html
        return _lines(self.text), _lines(before), _lines(after)

    @cached_property
    def subject_header(self) -> bytes:
        """RFC 2047, folded."""
        return (
            Header(self.subject, None if self.subject.isascii() else "utf-8").encode(linesep="\r\n").encode()
        )

    @cached_property
    def boundary(self) -> bytes:
        """Between the parts; not in them."""
        return b"=_" + hashlib.sha256(b"".join(self.encoded)).hexdigest()[:32].encode()

    @cached_property
    def is_sendable(self) -> bool:
        """Whether its lines are short enough to be sent as they are."""
        return all(map(_fits, self.encoded))


@dataclass(frozen=True)
class Links:
    """A reader's own addresses; `one` ends the subscription that alone asked for the mail, empty for several."""

    manage: str
    leave: str
    one: str = ""


@dataclass(frozen=True)
class Foot:
    """What stands below the news: why the mail came, and the reader's own links."""

    text: str
    html: str

    def led(self, links: Links) -> Foot:
        """With a reader's links in their places."""
        text, html = self.text, self.html
        for place, url in zip(_PLACES.values(), (links.manage, links.leave, links.one), strict=True):
            text, html = text.replace(place, url), html.replace(place, escape(url))
        return Foot(text, html)


class Letter(EmailMultiAlternatives):
    """A finished mail in two forms. `wire` gives it as SMTP takes it, several times faster than `message` does."""

    def __init__(
        self, body: Body, foot: Foot, *, to: str, headers: Mapping[str, str], reply_to: str = ""
    ) -> None:
        super().__init__(
            subject=body.subject,
            body=body.text + foot.text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[to],
            reply_to=[reply_to] if reply_to else None,
            headers=dict(headers),
        )
        self.attach_alternative(foot.html.join(body.html), "text/html")
        self._written = body, foot

    def wire(self) -> bytes:
        """The message as bytes, lines ending with CRLF: what `message` says, made of parts that are encoded already.

        Raises django.core.mail.BadHeaderError for a header of several lines.
        """
        body, foot = self._written
        text, html = _lines(foot.text), _lines(foot.html)
        changed = (self.body, self.alternatives[0][0]) != (body.text + foot.text, foot.html.join(body.html))
        if changed or self.attachments or not (body.is_sendable and _fits(text) and _fits(html)):
            finished: Any = self.message()  # the stubs do not know `linesep`
            written: bytes = finished.as_bytes(linesep="\r\n")
            return written
        shared_text, before, after = body.encoded
        limit = b"\r\n--" + body.boundary
        return b"".join(
            (
                self._head(body), b"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"",
                body.boundary, b"\"\r\n", limit, _part("plain"), shared_text, text,
                limit, _part("html"), before, html, after, limit, b"--\r\n",
            )
        )  # fmt: skip

    def _head(self, body: Body) -> bytes:
        named = {"From": _address(self.from_email), "To": _address(self.to[0])}
        if self.reply_to:
            named["Reply-To"] = _address(self.reply_to[0])
        lines = [f"{name}: {_one_line(value)}\r\n" for name, value in (named | self.extra_headers).items()]
        return b"".join([b"Subject: ", body.subject_header, b"\r\n", "".join(lines).encode("ascii")])


def body(subject: str, template: str, context: Mapping[str, Any]) -> Body:
    """Renders `alerts/TEMPLATE.html` and `.txt`."""
    values = {**context, "subject": subject, "foot": FOOT}
    before, after = get_template(f"alerts/{template}.html").render(values).split(FOOT)
    return Body(subject, tidy(get_template(f"alerts/{template}.txt").render(values)), (before, after))


def linked_foot(context: Mapping[str, Any], *, one: bool) -> Foot:
    """A foot with places for links, for `Foot.led`; `one`: with one that ends a single subscription."""
    return foot({**context, **_PLACES, "one_url": _PLACES["one_url"] if one else ""})


def foot(context: Mapping[str, Any]) -> Foot:
    """Renders `alerts/foot.html` and `.txt`."""
    values = dict(context)
    text = tidy(get_template("alerts/foot.txt").render(values))
    return Foot(f"\n{text}", get_template("alerts/foot.html").render(values))


def _address(value: str) -> str:
    return value if PLAIN_ADDRESS.fullmatch(value) else _encoded_address(value)


@lru_cache(maxsize=64)
def _encoded_address(value: str) -> str:
    return sanitize_address(_one_line(value), "utf-8")


def _one_line(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise BadHeaderError(f"a header cannot have several lines: {value!r}")
    return value


def _part(subtype: str) -> bytes:
    return (
        f'\r\nContent-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    ).encode()


def _lines(text: str) -> bytes:
    return text.replace("\r", "").replace("\n", "\r\n").encode()


def _fits(encoded: bytes) -> bool:
    return all(len(line) <= LONGEST_LINE for line in encoded.split(b"\r\n"))
