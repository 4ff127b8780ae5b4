"""The pictures that other sites show of our pages (Open Graph), 1200 by 630: of an event its sentence, kind, date and
severity; of a person or an organization the names, and what they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

import resvg_py
from django.template.loader import render_to_string
from django.utils.translation import gettext

from tracker.web import labels, presentation

WIDTH, HEIGHT = 1200, 630
LINE = 38
"""Columns of a line of the sentence; a Chinese character takes two."""
MAX_LINES = 5
MAX_FOOT = 70
ACCENT = "#1b4a75"
_COLOURS = ("#666c73", "#4d6d2e", "#7d5e00", "#a84c00", "#bb2f22", "#8a1140")


def png(payload: dict[str, Any]) -> bytes:
    """The picture. What is only alleged, denied, corrected or retracted says so above the sentence."""
    level = payload["severity"]
    marks = [presentation.label(labels.STATUSES, name) for name in presentation.cautions(payload)]
    kind = presentation.label(labels.KINDS, payload["kind"])
    return _drawn(
        lines=_placed(wrap(presentation.sentence(payload))),
        overline=" · ".join([kind, presentation.date_words(payload["date"]), *marks]),
        severity=labels.SEVERITIES[level],
        colour=_COLOURS[level],
        steps=[{"x": 80 + 46 * number, "on": number < level} for number in range(5)],
    )


def named(overline: str, names: Iterable[str], line: str = "") -> bytes:
    """The picture of a person or an organization: what it is, its names, and a line beneath, such as a position."""
    lines = [piece for name in names for piece in wrap(name)][:MAX_LINES]
    return _drawn(lines=_placed(lines), overline=overline, colour=ACCENT, foot=line[:MAX_FOOT])


def _drawn(**parts: Any) -> bytes:
    site = {"width": WIDTH, "height": HEIGHT, "site": gettext("Governance record")}
    svg = render_to_string("web/public/card.svg", parts | site)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))


def wrap(sentence: str) -> list[str]:
    """The sentence in lines of at most LINE columns; cut after MAX_LINES with an ellipsis."""
    lines: list[str] = []
    for piece in _pieces(sentence):
        if lines and _columns(lines[-1] + piece.rstrip()) <= LINE:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    lines = [line.rstrip() for line in lines]
    return lines if len(lines) <= MAX_LINES else [*lines[: MAX_LINES - 1], f"{lines[MAX_LINES - 1]}…"]


def _pieces(sentence: str) -> list[str]:
    """Words with the space after them, and wide characters one by one; a word too long for a line is cut."""
    found = [""]
    for character in sentence:
        if _columns(character) > 1 or found[-1].endswith(" ") or _columns(found[-1]) >= LINE:
            found.append("")
        found[-1] += character
        if _columns(character) > 1:
            found.append("")
    return [piece for piece in found if piece]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _placed(lines: list[str]) -> list[dict[str, Any]]:
    return [{"text": line, "y": 200 + 72 * number} for number, line in enumerate(lines)]
