"""Reports of mail servers about mails of ours: delivery status (RFC 3464) and abuse (RFC 5965).

Anyone may write to the address that bounces come to. So a report counts only for the mail whose Message-ID it holds,
which nobody else can know, and for the address that this mail went to.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from itertools import islice
from typing import Any

from events.alerts import reports
from events.alerts.failures import BAD_ADDRESS, status, text
from events.alerts.planning import recipient

MAX_BYTES = 1024 * 1024
"""What is read of a report; the original message that comes behind may be cut."""
_MOST_PARTS = 50
_MOST_RECIPIENTS = 20
_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
_HEADER_PARTS = {"text/rfc822-headers", "message/global-headers"}
_MESSAGE_PARTS = {"message/rfc822", "message/global"}


@dataclass(frozen=True)
class Report:
    """What a server says of one recipient. `action` is failed, delayed, delivered, relayed, expanded or complaint;
    `status` an enhanced status code such as 5.1.1, empty without one."""

    message_id: str
    action: str
    status: str = ""
    said: str = ""

    @property
    def bad_address(self) -> bool:
        """Whether the address takes no mail for good."""
        return self.action == "failed" and self.status in BAD_ADDRESS


def take(data: bytes) -> list[Report]:
    """Reads one message as a mail server passes it on, and records what it reports of mails of ours.

    Gives what was of use: nothing for any other message, whatever it is.
    """
    used = []
    for report in read(data):
        mail = reports.mail_named(report.message_id)
        if mail is None:
            continue
        if report.action == "complaint":
            reports.complaint(recipient(mail) or mail.subscriber.email, report.said)
        elif report.action == "failed":
            reports.undelivered(mail, report.said, bad_address=report.bad_address)
        elif report.action == "delayed":
            reports.delayed(mail, report.said)
        else:
            continue
        used.append(report)
    return used


def read(data: bytes) -> list[Report]:
    """The reports in a message; none where it is no report or cannot be read."""
    try:
        message: Message[Any, Any] = email.message_from_bytes(data[:MAX_BYTES], policy=compat32)
        parts = list(islice(message.walk(), _MOST_PARTS))
        original = next(filter(None, map(_original_id, parts)), "")
        if not original:
            return []
        found = [report for part in parts for report in _of_part(part, original)]
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        # The message is anyone's: what the parser cannot make sense of is no report.
        return []
    return found[:_MOST_RECIPIENTS]


def _of_part(part: Message[Any, Any], message_id: str) -> Iterator[Report]:
    kind = part.get_content_type()
    if kind == "message/feedback-report":
        fields = next(_blocks(part), None)
        type_ = _field(fields, "Feedback-Type") if fields is not None else ""
        if type_.lower() in {"abuse", "fraud", "complaint"}:
            yield Report(message_id, "complaint", said=f"Called {type_}")
    elif kind in _STATUS_PARTS:
        for block in islice(_blocks(part), _MOST_RECIPIENTS + 1):
            action = _field(block, "Action").lower()
            if action:
                yield _of_recipient(block, message_id, action)


def _of_recipient(block: Message[Any, Any], message_id: str, action: str) -> Report:
    diagnostic = _field(block, "Diagnostic-Code")
    found = status(_field(block, "Status"))
    if found.endswith(".0.0"):
        # "Something is wrong": the receiving server's own words may say what.
        found = status(diagnostic) or found
    return Report(message_id, action, found, text(f"{found} {diagnostic}".strip()))


def _blocks(part: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """The groups of fields in a part, between empty lines."""
    payload: Any = part.get_payload()
    if isinstance(payload, list):
        for each in payload:
            # Some are parsed as fields, some as a message whose body are the fields.
            yield from [each] if each.keys() else _parsed(str(each.get_payload()))
    else:
        yield from _parsed(str(payload))


def _parsed(content: str) -> Iterator[Message[Any, Any]]:
    for block in content.replace("\r\n", "\n").strip().split("\n\n"):
        yield HeaderParser(policy=compat32).parsestr(block)


def _original_id(part: Message[Any, Any]) -> str:
    """The Message-ID of the message that a report returns, whole or its header alone; empty in any other part."""
    kind, payload = part.get_content_type(), part.get_payload()
    original: Any = None
    if kind in _HEADER_PARTS:
        decoded: Any = part.get_payload(decode=True)
        content = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else str(payload)
        original = HeaderParser(policy=compat32).parsestr(content.lstrip())
    elif kind in _MESSAGE_PARTS:
        original = payload[0] if isinstance(payload, list) and payload else None
    return _field(original, "Message-ID") if original is not None else ""


def _field(block: Message[Any, Any], name: str) -> str:
    return " ".join(str(block.get(name, "")).split())
