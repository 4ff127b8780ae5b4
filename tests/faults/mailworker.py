"""A worker that gathers and sends all that is due, and is killed at one step of it: `python -m tests.faults.mailworker
STEP DATABASE PORT`.

SIGKILL lets nothing be tidied up: what the step left is what the next worker finds.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

STEPS = (
    "gathering",
    "gathered",
    "claimed",
    "planned",
    "handed over",
    "marked",
    "ended",
    "accepted",
    "recorded",
)
"""In the order in which a worker takes them. `gathering`: mails are written and not committed; the rest is of
the second message: `handed over` but for its end, `marked` as being sent, `ended`, `accepted` by the server, `recorded`.
After `ended` the server may take it or not."""


def die() -> None:
    """Ends this process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(owner: Any, name: str, done: Callable[[Any], bool] = lambda result: True) -> None:
    """Kills the process after the call of a function whose result is `done`."""
    function = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if done(result):
            die()
        return result

    setattr(owner, name, wrapped)


def nth(number: int) -> Callable[[Any], bool]:
    """True for the result of that call, counted from 1."""
    calls = itertools.count(1)
    return lambda result: next(calls) == number


def arm(step: str) -> None:
    """Has the process killed at the step."""
    from events.alerts import advancing, gathering, receipts, sending
    from events.alerts.connections import Smtp

    if step == "gathering":
        after(gathering, "_write")
    elif step == "gathered":
        after(sending, "gather_due")
    elif step == "claimed":
        after(receipts, "claim")
    elif step == "planned":
        after(receipts, "settle")
    elif step == "marked":
        after(advancing.Advance, "result", nth(2))
    elif step == "handed over":
        after(Smtp, "hand_over", nth(2))
    elif step == "ended":
        after(Smtp, "end", nth(2))
    elif step == "accepted":
        after(Smtp, "answer", nth(2))
    elif step == "recorded":
        # The first call marks the first message, the second records it, the third records the second.
        after(advancing.Advance, "result", nth(3))
    else:
        raise ValueError(step)


def main(step: str, database: str, port: str) -> None:
    """Works until it is killed; ends by itself only where the step is never reached."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"] = database
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
    arm(step)
    from events.alerts.sending import send_all

    send_all(60)


if __name__ == "__main__":
    main(*sys.argv[1:4])
