"""The open connections of this deployment's settings: allowed hosts, proxy."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from functools import lru_cache
from typing import Literal

from django.conf import settings

from events.net.connection import Proxy, Session
from events.net.guard import Guard

Purpose = Literal["fetch", "webhooks"]
Key = tuple[int, Guard, Proxy | None]
_local = threading.local()


def session(purpose: Purpose = "fetch") -> Session:
    """This thread's open connections for a purpose, made anew when settings have changed or the process has forked.

    What the operator allows feeds to be fetched from is not open to whoever may make a webhook.
    """
    allowed = settings.WEBHOOK_ALLOWED_HOSTS if purpose == "webhooks" else settings.FETCH_ALLOWED_HOSTS
    guard, proxy = _guard(tuple(allowed)), Proxy.parse(settings.FETCH_PROXY)
    key = (os.getpid(), guard, proxy)
    opened: dict[str, tuple[Key, Session]] = _local.__dict__.setdefault("opened", {})
    former = opened.get(purpose)
    if former is None or former[0] != key:
        if former is not None and former[0][0] == os.getpid():
            with suppress(OSError):
                former[1].close()
        opened[purpose] = (key, Session(guard, proxy))
    return opened[purpose][1]


@lru_cache(maxsize=8)
def _guard(entries: tuple[str, ...]) -> Guard:
    return Guard.allowing(entries)
