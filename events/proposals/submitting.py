"""Taking in what a reader proposes. Nothing of it is public; whoever sent it has a receipt to ask after it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.utils import timezone

from events.choices import ProposalKind, ProposalState
from events.models.proposals import Proposal
from events.models.record import Event, Revision
from events.proposals.errors import InvalidProposal, TooManyOpen

MIN_TEXT, MAX_TEXT = 10, 5000
MAX_NAME, MAX_CONTACT, MAX_URL, MAX_FIELD = 200, 254, 2000, 100
MAX_OPEN = 50
"""Proposals on one event that may wait at a time."""
SAME_WITHIN = timedelta(minutes=10)
"""The same words sent again within it are the same proposal: a second click, or a browser that asked twice."""
_MAX_MERGES = 50
_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class _Words:
    """What the reader wrote, cleaned."""

    kind: str
    text: str
    field: str
    source_url: str
    name: str
    contact: str


@transaction.atomic
def submit(
    event_id: int,
    kind: str,
    text: str,
    field: str = "",
    source_url: str = "",
    name: str = "",
    contact: str = "",
    revision: int | None = None,
) -> tuple[Proposal, str]:
    """Writes a proposal on an event down, and gives it with its receipt.

    `field` is a JSON Pointer into the event as its pages show it (`/penalties/0`, `/details/penalties/0`); `revision`
    the number of the revision that the reader saw, by default the latest. A retracted event takes proposals too; one
    that was merged into another passes them on to it. The same words sent again within SAME_WITHIN are the same row
    with the same receipt. Raises InvalidProposal, TooManyOpen.
    """
    words = _cleaned(kind, text, field, source_url, name, contact)
    event, head = _on_record(event_id)
    seen = _seen(event, head, revision, event_id)
    if words.field and not resolves(seen.payload, words.field):
        raise InvalidProposal("The event has no such field.", "field")
    waiting = Proposal.objects.filter(event=event, state=ProposalState.OPEN.value)
    now = timezone.now()
    same = waiting.filter(**asdict(words), created_at__gt=now - SAME_WITHIN).first()
    if same is not None:
        return same, _renewed(same)
    if waiting.count() >= MAX_OPEN:
        raise TooManyOpen("Too many proposals on this event wait for an answer. Try again later.")
    row = Proposal(event=event, revision=seen.seq, created_at=now, **asdict(words))
    receipt = _receipt(row)
    row.receipt = digest(receipt)
    row.save(force_insert=True)
    return row, receipt


def find(receipt: str) -> Proposal | None:
    """The proposal of a receipt."""
    return Proposal.objects.filter(receipt=digest(receipt)).first() if receipt.isascii() else None


def digest(receipt: str) -> str:
    """What is stored of a receipt: SHA-256, in hexadecimal. A slow hash is not needed, it has 256 bits."""
    return hashlib.sha256(receipt.encode()).hexdigest()


def resolves(payload: dict[str, Any], pointer: str) -> bool:
    """Whether a JSON Pointer (RFC 6901) leads somewhere in a payload, from its root or, as evidence writes it, from
    its details."""
    return pointer.startswith("/") and any(
        _leads(start, pointer) for start in (payload, payload.get("details", {}))
    )


def _leads(value: Any, pointer: str) -> bool:
    for part in pointer[1:].split("/"):
        token = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            if not (token.isascii() and token.isdigit() and len(token) < 6 and int(token) < len(value)):
                return False
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            value = value[token]
        else:
            return False
    return True


def _receipt(row: Proposal) -> str:
    """The receipt: only this service can make it, and makes the same again for the same row, so that who sends twice
    is not left with a receipt that is void. It cannot be told from the row without the secret key."""
    said = "\x1f".join(
        (
            str(row.event_id),
            row.created_at.isoformat(),
            row.kind,
            row.field,
            row.text,
            row.source_url,
            row.name,
        )
    )
    key = hashlib.sha256(b"proposal receipt\x1f" + settings.SECRET_KEY.encode()).digest()
    mac = hmac.digest(key, said.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _renewed(row: Proposal) -> str:
    """The receipt of a row that is there; where the secret key has changed since, a new one takes its place."""
    receipt = _receipt(row)
    if digest(receipt) != row.receipt:
        row.receipt = digest(receipt)
        row.save(update_fields=["receipt"])
    return receipt


def _on_record(event_id: int) -> tuple[Event, Revision]:
    """The event, locked until the commit, so that neither its limit nor a second click is passed by; and its head."""
    pk = event_id
    for _ in range(_MAX_MERGES):
        row = Event.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None or row.head is None:
            break
        if row.merged_into_id is None:
            return row, row.head
        pk = row.merged_into_id
    raise InvalidProposal("There is no such event.", "event")


def _seen(event: Event, head: Revision, revision: int | None, event_id: int) -> Revision:
    if revision is None or event.pk != event_id:
        return head
    seen = Revision.objects.filter(event=event, seq=revision).first()
    if seen is None:
        raise InvalidProposal("The event has no such revision.", "revision")
    return seen


def _cleaned(kind: str, text: str, field: str, source_url: str, name: str, contact: str) -> _Words:
    if kind not in {item.value for item in ProposalKind}:
        raise InvalidProposal(f"It is one of {', '.join(item.value for item in ProposalKind)}.", "kind")
    words = _Words(
        kind=kind,
        text=_line(text, "text", MAX_TEXT, keep="\n\t"),
        field=_line(field, "field", MAX_FIELD),
        source_url=_line(source_url, "source_url", MAX_URL),
        name=_line(name, "name", MAX_NAME),
        contact=_line(contact, "contact", MAX_CONTACT),
    )
    if len(words.text) < MIN_TEXT:
        raise InvalidProposal(f"Write at least {MIN_TEXT} characters.", "text")
    _check(words.source_url, "source_url", _web_address, "Give a web address, with http:// or https://.")
    _check(words.contact, "contact", validate_email, "Give an e-mail address.")
    return words


def _line(text: str, field: str, limit: int, keep: str = "") -> str:
    """Text without control characters but those of `keep`, within the limit."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > limit:
        raise InvalidProposal(f"At most {limit} characters.", field)
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in keep for c in text):
        raise InvalidProposal("This has characters that are no text.", field)
    return text


def _check(value: str, field: str, validate: Any, message: str) -> None:
    try:
        if value:
            validate(value)
    except ValidationError:
        raise InvalidProposal(message, field) from None
