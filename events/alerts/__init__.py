"""Alerts: from a revision to the people who must hear of it.

`matching` writes the outbox, `delivery` sends it, `subscriptions` lets people join and leave. Both stages find
their work by a query and claim it by a conditional UPDATE; running one again does nothing twice.
"""

from events.alerts.delivery import due_deliveries, send_delivery
from events.alerts.matching import due_revisions, match_revision
from events.alerts.subscriptions import confirm, request_confirmation, send_confirmation, unsubscribe

__all__ = [
    "confirm",
    "due_deliveries",
    "due_revisions",
    "match_revision",
    "request_confirmation",
    "send_confirmation",
    "send_delivery",
    "unsubscribe",
]
