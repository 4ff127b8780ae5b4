"""Markup to plain text for titles and summaries. Pure; linear in the length of its input."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(?:[a-zA-Z/!?])[^<>]*>")
_UNSEEN_START = re.compile(r"<(script|style|template|noscript)\b[^<>]*>", re.IGNORECASE)
_UNSEEN_END = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "template", "noscript")
}
_BLOCK = re.compile(r"</?(?:p|br|div|li|tr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_INPUT_CAP = 50_000


def without_controls(text: str) -> str:
    """`text` without characters that no reader sees (control, zero-width, half surrogate); tab and line feed stay."""
    return _CONTROL.sub("", text)


def plain_text(markup: str, longest: int) -> str:
    """`markup` as one line of plain text of at most `longest` characters.

    Feeds escape titles once, twice or not at all (RSS never said which), so tags are taken out until none is
    left; what remains may still contain `<` and `&` and must be escaped when shown, as any text.
    """
    text = without_controls(markup[:_INPUT_CAP])
    for _ in range(4):
        before = text
        text = html.unescape(_TAG.sub("", _BLOCK.sub(" ", _without_unseen(text))))
        if text == before:
            break
    else:
        text = text.replace("<", " ").replace(">", " ")
    return shortened(" ".join(_BIDI.sub("", without_controls(text)).split()), longest)


def _without_unseen(text: str) -> str:
    """`text` without elements whose content is no text for readers; one that never ends swallows the rest."""
    kept: list[str] = []
    position = 0
    while start := _UNSEEN_START.search(text, position):
        kept.append(text[position : start.start()])
        end = _UNSEEN_END[start[1].lower()].search(text, start.end())
        position = end.end() if end else len(text)
    return " ".join([*kept, text[position:]])


def shortened(text: str, longest: int) -> str:
    """`text`, cut to `longest` characters with an ellipsis where it was longer."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
