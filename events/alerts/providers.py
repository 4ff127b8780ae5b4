"""Reports of a mail provider, which django-anymail has checked and put into one form for all."""

from __future__ import annotations

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver

from events.alerts import reports
from events.alerts.failures import BAD_ADDRESS, status, text
from events.alerts.suppression import suppress
from events.choices import SuppressionReason

_UNDELIVERED = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_BAD_ADDRESS = {RejectReason.BOUNCED, RejectReason.INVALID}


@receiver(tracking)
def take_event(event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """Records what a provider says of one mail; opens and clicks are nobody's business.

    The provider is known by its signature or secret, so that its word on an address counts even where it calls the
    mail by a name of its own.
    """
    said = text(str(event.mta_response or event.description or event.reject_reason or event.event_type))
    address = str(event.recipient or "")
    if event.event_type == EventType.COMPLAINED or event.reject_reason == RejectReason.SPAM:
        if address:
            reports.complaint(address, said)
    elif event.event_type == EventType.UNSUBSCRIBED:
        reports.leave(address)
    elif event.event_type in _UNDELIVERED:
        _undelivered(event, address, said)
    elif event.event_type == EventType.DEFERRED:
        mail = reports.mail_named(str(event.message_id or ""))
        if mail:
            reports.delayed(mail, said)


def _undelivered(event: AnymailTrackingEvent, address: str, said: str) -> None:
    code = status(str(event.mta_response or ""))
    bad_address = event.reject_reason in _BAD_ADDRESS and (not code or code in BAD_ADDRESS)
    mail = reports.mail_named(str(event.message_id or ""))
    if mail:
        reports.undelivered(mail, said, bad_address=bad_address)
    elif bad_address and address:
        suppress(address, SuppressionReason.BOUNCE, said)
