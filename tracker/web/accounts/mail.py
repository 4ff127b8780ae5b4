"""Mail about accounts, sent beside the request.

The answer to someone who asks for a new password must take as long for an address that nobody has as for one that
somebody has: talking to a mail server would tell them apart. Such mail is not kept: what is lost with the process is
asked for again.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException

from django.core.mail import EmailMessage

log = logging.getLogger(__name__)
_senders = ThreadPoolExecutor(max_workers=1, thread_name_prefix="account-mail")
"""Its thread begins with the first mail, so after any fork of the server."""


def post(message: EmailMessage) -> None:
    """Has a message sent soon. What goes wrong is logged, without address or text."""
    _senders.submit(_send, message)


def settle() -> None:
    """Waits until what was posted before is sent, or given up."""
    _senders.submit(lambda: None).result()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, SMTPException) as error:
        log.warning("mail about an account could not be sent: %s", type(error).__name__)
