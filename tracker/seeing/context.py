"""What a line in the log belongs to: the request or the task, and the chain of work that it is a link of.

`correlation_id` is made where a chain begins, by the request or by the task that no other asked for, and goes along
with every message that is sent meanwhile: from the poll that found an entry to the article's extraction; from a
curator's request to the mail. A link that is found by a tick begins a chain of its own: there the rows' numbers,
which every outcome names, tell what came of what.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

HEADER = "tracker_correlation_id"
"""The name of a message's header."""
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def new_id() -> str:
    """A number of a request or a chain: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def well_formed(value: object) -> str:
    """The value if it may stand in a log and in a header, else nothing: 8 to 64 letters, digits, dots and dashes."""
    return value if isinstance(value, str) and _WELL_FORMED.fullmatch(value) else ""


def correlation_id() -> str:
    """The present chain's; empty outside of any."""
    return str(get_contextvars().get("correlation_id", ""))


def bind(**values: Any) -> None:
    """Everything logged from here on, until `clear`, carries the values."""
    bind_contextvars(**values)


def clear() -> None:
    """Forgets what was bound."""
    clear_contextvars()
