"""The mail that the demo sent, as its reader sees it."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


def mail_about(folder: Path, words: list[str]) -> EmailMessage | None:
    """The first message in the mail catcher's folder whose subject or text holds all words, or None."""
    for file in sorted(folder.glob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        if isinstance(message, EmailMessage) and all(
            word in f"{message['subject']}\n{text_of(message)}" for word in words
        ):
            return message
    return None


def text_of(message: EmailMessage) -> str:
    """The message's plain text."""
    body = message.get_body(("plain",))
    return body.get_content() if body else ""


def shown(message: EmailMessage) -> str:
    """The message as a reader would see it: the headers that matter, then the text."""
    heads = "\n".join(
        f"{name}: {message[name]}" for name in ("From", "To", "Subject", "List-Unsubscribe") if message[name]
    )
    return f"{heads}\n\n{text_of(message).strip()}"
