"""Engines between the service and its servers: a pooler before PostgreSQL, another broker than Redis.

docs/scale.md says what was tried, and with which settings of theirs.
"""

from __future__ import annotations

import os
from typing import Any

from tracker.conf import flag, secret

POOLED = flag("DATABASE_POOLED")
"""DATABASE_URL leads to a pooler that gives each transaction another connection, such as PgBouncer's transaction mode:
nothing may outlive a transaction on the server, neither cursors nor prepared statements nor settings of a session."""

BROKER_URL = secret("CELERY_BROKER_URL")
"""Of the broker, where it is not REDIS_URL: `amqp://...` (RabbitMQ), or `sentinel://host:port/0;sentinel://...`. Celery
reads a variable of that name by itself, too."""
IS_RABBITMQ = BROKER_URL.startswith(("amqp://", "amqps://", "pyamqp://"))

# A connection to RabbitMQ that broke is only made anew by the retry; one to Redis is at the next command.
CELERY_TASK_PUBLISH_RETRY = IS_RABBITMQ
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "master_name": os.environ.get("SENTINEL_MASTER", "").strip() or "tracker",
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }
    if BROKER_URL.startswith("sentinel://")
    else {}
)


def adapt(databases: dict[str, Any]) -> None:
    """Takes from the default database's settings what a pooler would not bear."""
    if POOLED:
        database = databases["default"]
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
        # A pooler refuses it, or would give it to whoever comes next: such limits belong to the role there.
        database.get("OPTIONS", {}).pop("options", None)
