"""A word to the owner of a webhook that the service stopped. The API and the desk say the same, whatever becomes of
the mail: it is tried once.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from events.alerts.suppression import is_suppressed
from events.models.webhooks import Webhook

log = logging.getLogger(__name__)


def tell_owner(webhook: Webhook) -> bool:
    """Mails the owner why messages are not sent any more; whether a mail server took the mail. Never raises."""
    try:
        row = Webhook.objects.select_related("owner").get(pk=webhook.pk)
        address = row.owner.email
        if not address or is_suppressed(address):
            return False
        _mail(row, address).send()
    except Exception as error:
        log.warning("the owner of webhook %s was not told: %s", webhook.pk, type(error).__name__)
        return False
    return True


def _mail(webhook: Webhook, address: str) -> EmailMessage:
    host = urlsplit(webhook.url).hostname
    here = f"{settings.SITE_URL}/api/v1"
    lines = [
        f"Nothing is sent to your webhook {webhook.pk} ({host}) any more. It is {webhook.state}.",
        webhook.state_reason,
        "",
        f"Send messages again: POST {here}/webhooks/{webhook.pk}/resume/",
        f"What was given up: GET {here}/deliveries/?webhook={webhook.pk}&state=failed",
        f"Have it sent again: POST {here}/webhooks/{webhook.pk}/replay/",
    ]
    subject = f"Your webhook at {host} is {webhook.state}"
    return EmailMessage(
        subject, "\n".join(lines) + "\n", to=[address], headers={"Auto-Submitted": "auto-generated"}
    )
