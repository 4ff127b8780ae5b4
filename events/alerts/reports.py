"""What becomes known of a mail after a server took it: it could not be delivered, or its reader complained."""

from __future__ import annotations

from django.db import transaction

from events.alerts.failures import text
from events.alerts.planning import recipient
from events.alerts.subscriptions import normal, unsubscribe
from events.alerts.suppression import suppress
from events.choices import DeliveryState, SuppressionReason
from events.models.alerts import Delivery, Mail, Subscriber

_TAKEN = [DeliveryState.SENT.value, DeliveryState.SENDING.value]


def mail_named(message_id: str) -> Mail | None:
    """The mail of that Message-ID, with its subscriber; None where we sent none. Only who has seen the mail knows it."""
    identity = f"<{message_id.strip().strip('<>')}>"
    return Mail.objects.select_related("subscriber").filter(message_id=identity).first()


@transaction.atomic
def undelivered(mail: Mail, said: str, *, bad_address: bool) -> None:
    """The mail was taken and could not be delivered after all: its receipt fails. `bad_address`: nothing more is sent
    there."""
    columns = {"state": DeliveryState.FAILED.value, "error": f"Came back: {text(said)}"}
    Mail.objects.filter(pk=mail.pk, state__in=_TAKEN).update(**columns, claimed_until=None)
    Delivery.objects.filter(mail=mail, state__in=_TAKEN).update(**columns)
    if bad_address:
        suppress(recipient(mail) or mail.subscriber.email, SuppressionReason.BOUNCE, said)


def delayed(mail: Mail, said: str) -> None:
    """The mail is still on its way between servers: noted, nothing else."""
    Mail.objects.filter(pk=mail.pk, state=DeliveryState.SENT.value).update(error=f"Delayed: {text(said)}")


@transaction.atomic
def complaint(email: str, said: str) -> None:
    """The owner of the address called a mail spam: all subscriptions end, and nothing more is sent there."""
    suppress(email, SuppressionReason.COMPLAINT, said)
    leave(email)


def leave(email: str) -> None:
    """Ends all subscriptions of an address, if there are any."""
    token = Subscriber.objects.filter(email=normal(email)).values_list("token", flat=True).first()
    if token:
        unsubscribe(token)
