"""Plain text that reads well on its own: broken at 78 columns, where a Chinese character takes two. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

COLUMNS = 78
"""RFC 5322 recommends no more; quoting adds two."""
SIGNATURE = "-- "
"""What comes below is the sender's, by custom of mail programs; its space at the end belongs to it."""
BULLET = "- "

_WIDE = frozenset({"W", "F"})
_OPENING = frozenset("（“‘《〈【「『([{")
_CLOSING = frozenset("）”’》〉】」』，。、；：！？…—)]},.;:!?")
_PIECE = re.compile(r"\S+|\s+")


def tidy(text: str) -> str:
    """The text with long lines broken under their own indentation, one empty line at most between paragraphs, none at
    the ends but one line break. What has no place to break, such as an address, stays whole."""
    lines: list[str] = []
    for line in text.splitlines():
        if line == SIGNATURE:
            lines.append(line)
        elif line.strip():
            lines += broken(line.rstrip())
        elif lines and lines[-1]:
            lines.append("")
    return "\n".join(lines).strip("\n") + "\n"


def broken(line: str) -> list[str]:
    """One line as lines of at most COLUMNS columns; those that follow are indented like the first's words."""
    if width(line) <= COLUMNS:
        return [line]
    body = line.lstrip(" ")
    indent = line[: len(line) - len(body)]
    follows = indent + "  " if body.startswith(BULLET) else indent
    room = COLUMNS - len(follows)
    found: list[str] = []
    now, columns = "", 0
    for piece in _pieces(body):
        taken = width(piece)
        if now and columns + width(piece.rstrip()) > room:
            found.append((follows if found else indent) + now.rstrip())
            now, columns = "", 0
            piece = piece.lstrip(" ")
            taken = width(piece)
        now, columns = now + piece, columns + taken
    return [*found, (follows if found else indent) + now.rstrip()]


def width(text: str) -> int:
    """Columns that a terminal gives the text: two for a wide character."""
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(c) in _WIDE) for c in text)


def _pieces(text: str) -> Iterator[str]:
    """What may not be broken inside: words, single wide characters with the punctuation that clings to them."""
    for match in _PIECE.finditer(text):
        word = match[0]
        if word.isascii() or word.isspace():
            yield word
        else:
            yield from _of_chinese(word)


def _of_chinese(word: str) -> Iterator[str]:
    piece = ""
    for char in word:
        if piece and _may_break(piece[-1], char):
            yield piece
            piece = ""
        piece += char
    yield piece


def _may_break(before: str, after: str) -> bool:
    """No closing mark begins a line, no opening one ends it; Latin words stay whole."""
    if before in _OPENING or after in _CLOSING:
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in _WIDE
