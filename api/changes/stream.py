"""The change stream as Server-Sent Events (WHATWG HTML, 9.2)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator

from django.db import DatabaseError, InterfaceError
from django.http import StreamingHttpResponse

from api.changes.watcher import watcher
from api.connections import leave
from events.timelines.texts import Change, changes_after

logger = logging.getLogger(__name__)

CONTENT_TYPE = "text/event-stream"
HEARTBEAT = 5.0
"""Seconds without a revision after which a comment is sent: proxies do not give up, and who has left is found out."""
RETRY = 2000
"""Milliseconds after which a client connects again."""
PAUSE = 1.0
"""Seconds before the database is asked again, after it did not answer."""
BATCH = 100
BREAKS = "\u0085\u2028\u2029"
"""Line breaks that JSON's strings may have as they are. They end no line of a stream, but many clients think so."""


class Stream:
    """Revisions past a sequence number as they come, for `seconds`; then the client connects again.

    An object rather than a generator: `close` gives back the place even where nothing was read.
    """

    def __init__(self, seq: int, seconds: float, release: Callable[[], None]) -> None:
        self._events = _events(seq, time.monotonic() + seconds)
        self._release = release

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._events)

    def close(self) -> None:
        """Ends the stream."""
        self._events.close()
        self._release()


def response(seq: int, seconds: float, release: Callable[[], None]) -> StreamingHttpResponse:
    """The answer; `release` is called when it ends, however it ends."""
    answer = StreamingHttpResponse(Stream(seq, seconds, release), content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # nginx would hold events back
    return answer


def _events(seq: int, end: float) -> Generator[bytes, None, None]:
    yield f"retry: {RETRY}\n\n".encode()
    while (left := end - time.monotonic()) > 0:
        rows = _read(seq)
        if rows:
            seq = rows[-1][0]
            yield b"".join(map(_event, rows))
            continue
        leave()
        if not watcher.wait(seq, min(left, HEARTBEAT)):
            yield b": nothing new\n\n"


def _read(seq: int) -> list[Change]:
    """The next revisions; none while the database is away: the reader waits with us."""
    try:
        return changes_after(seq, BATCH)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("the change stream cannot be read, waiting goes on: %s", error)
        leave()
        time.sleep(PAUSE)
        return []


def _event(change: Change) -> bytes:
    seq, operation, text = change
    for character in BREAKS:
        text = text.replace(character.encode(), b"\\u%04x" % ord(character))
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (seq, operation, text)
