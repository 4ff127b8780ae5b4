"""Workers that do not survive what they read: `python -m tests.faults.poison WHAT DATABASE KEY TIMES`.

So many times, one after the other, a process takes up the row with that key and ends by SIGKILL at its text, as one
does for want of memory; then the time passes that its claim holds.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

WHAT = ("document", "entry", "feed")


def die(*args: Any, **kwargs: Any) -> None:
    """Ends this process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def read(what: str, key: int) -> None:
    """Takes the row up, with readers that end the process."""
    from events.feeds import polling
    from events.intake import extracting

    for module, name in ((extracting, "propose"), (polling, "read_article"), (polling, "parse_feed")):
        setattr(module, name, die)
    if what == "document":
        extracting.take_in(key)
    elif what == "entry":
        polling.fetch_item(key)
    else:
        polling.poll_feed(key)


def let_time_pass(what: str, key: int) -> None:
    """The claim on the row has run out, whoever held it."""
    from django.utils import timezone

    from events.models.sources import Document, Feed, FeedItem

    models: dict[str, Any] = {"document": Document, "entry": FeedItem, "feed": Feed}
    models[what]._default_manager.filter(pk=key, claimed_until__isnull=False).update(
        claimed_until=timezone.now()
    )


def main(what: str, database: str, key: str, times: str) -> None:
    """As the module says; prints how many of the processes died."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    died = 0
    for _ in range(int(times)):
        connection.close()
        child = os.fork()
        if child == 0:
            try:
                read(what, int(key))
            finally:
                os._exit(0)
        died += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        let_time_pass(what, int(key))
    print(died)


if __name__ == "__main__":
    main(*sys.argv[1:5])
