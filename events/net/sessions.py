"""The open connections of this deployment's settings: allowed hosts, proxy."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from functools import lru_cache

from django.conf import settings

from events.net.connection import Proxy, Session
from events.net.guard import Guard

_local = threading.local()


def session() -> Session:
    """This thread's open connections, made anew when settings have changed or the process has forked."""
    guard, proxy = _guard(tuple(settings.FETCH_ALLOWED_HOSTS)), Proxy.parse(settings.FETCH_PROXY)
    key = (os.getpid(), guard, proxy)
    if getattr(_local, "key", None) != key:
        former: Session | None = getattr(_local, "session", None)
        if former is not None and _local.key[0] == os.getpid():
            with suppress(OSError):
                former.close()
        _local.session, _local.key = Session(guard, proxy), key
    found: Session = _local.session
    return found


@lru_cache(maxsize=8)
def _guard(entries: tuple[str, ...]) -> Guard:
    return Guard.allowing(entries)
