"""The addresses that mails name: a subscriber's own page, and where one POST ends alerts.

Who holds a subscriber's token may do everything with the subscription. The address that ends a single subscription
holds a signature instead, which is good for nothing else: mail systems and those to whom a mail is forwarded see it.
"""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer

from events.models.alerts import Subscriber, Subscription

SEPARATOR = "."
"""Between a subscription's number and its signature: no token holds it."""


def manage_url(subscriber: Subscriber) -> str:
    """The page on which the subscriber confirms, changes and ends subscriptions."""
    return f"{settings.SITE_URL}/subscriptions/{subscriber.token}/"


def unsubscribe_url(subscriber: Subscriber) -> str:
    """Where one POST ends all mail (RFC 8058); a GET shows a page that asks."""
    return f"{manage_url(subscriber)}unsubscribe/"


def unsubscribe_one_url(subscription: Subscription) -> str:
    """Where one POST ends this subscription alone (RFC 8058); a GET shows a page that asks."""
    return f"{settings.SITE_URL}/subscriptions/{signed(subscription.pk)}/unsubscribe/"


def new_address_url(subscriber: Subscriber) -> str:
    """The page on which the owner of the new address agrees to have the alerts there."""
    return f"{settings.SITE_URL}/subscriptions/{subscriber.new_email_token}/address/"


def signed(subscription: int) -> str:
    """A subscription's number with a signature that only this service can make."""
    return _signer().sign(str(subscription))


def unsigned(value: str) -> int | None:
    """The subscription's number; None for a value that this service did not sign."""
    try:
        number = _signer().unsign(value)
    except BadSignature:
        return None
    return int(number)


def _signer() -> Signer:
    return Signer(sep=SEPARATOR, salt="events.alerts.subscription")
