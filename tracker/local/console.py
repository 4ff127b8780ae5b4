"""The supervisor's output: one line at a time, each with the name of whom it comes from."""

import os
import threading
from collections.abc import Iterable
from typing import TextIO

_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92)  # ANSI foregrounds, readable on dark and light


class Console:
    """Prefixed lines on one text stream, from many threads."""

    def __init__(self, stream: TextIO, names: Iterable[str]) -> None:
        """Colour only for a terminal, and not when NO_COLOR is set (no-color.org)."""
        self._stream = stream
        self._lock = threading.Lock()
        names = list(names)
        self._width = max((len(name) for name in names), default=0)
        self._colours = {name: _COLOURS[index % len(_COLOURS)] for index, name in enumerate(names)}
        self._colour = stream.isatty() and not os.environ.get("NO_COLOR")
        self.broken = False

    def line(self, name: str, text: str) -> None:
        """Print one line of `name`; control characters cannot move the cursor of a terminal.

        A stream that nobody reads any more sets `broken` and swallows the rest.
        """
        prefix = f"{name:<{self._width}} |"
        if self._colour:
            prefix = f"\x1b[{self._colours.get(name, 0)}m{prefix}\x1b[0m"
        shown = "".join(
            character if character.isprintable() or character == "\t" else "?" for character in text
        )
        with self._lock:
            if self.broken:
                return
            try:
                self._stream.write(f"{prefix} {shown}\n")
                self._stream.flush()
            except UnicodeEncodeError:
                self._stream.write(f"{prefix} {shown.encode('ascii', 'backslashreplace').decode()}\n")
                self._stream.flush()
            except (OSError, ValueError):
                self.broken = True
