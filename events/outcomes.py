"""What came of each piece of work, said once: a line in the log, and whoever listens may count it.

A stage says what it did and the rows that it was about, never their contents. From feed to mail these numbers lead
from one line to the next: feed, item, document, candidate, event, revision, mail.
"""

from __future__ import annotations

import logging

from django.dispatch import Signal

log = logging.getLogger(__name__)

told = Signal()
"""Sent with `stage` and `outcome`, such as mail.sent and "sent"."""


def tell(stage: str, outcome: str, **rows: object) -> None:
    """Says that a stage's work on some rows ended in an outcome, one of a few words. Rows that are None are left out."""
    fields = {"outcome": outcome, **{name: key for name, key in rows.items() if key is not None}}
    log.info(stage, extra={"fields": fields})
    told.send_robust(sender=None, stage=stage, outcome=outcome)
