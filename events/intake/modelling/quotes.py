"""Where the words of a claim stand in a text: exactly, code point for code point, or nowhere."""

from __future__ import annotations

from events.curation.claims import MAX_QUOTE

Span = tuple[int, int]
MOST_PLACES = 60
"""Occurrences of one quote that are looked at."""
_WEIGHED = 20


def places(text: str, quote: str) -> list[Span]:
    """All spans of `text` that are `quote`, in order; none for words that do not stand there, or only in other form."""
    quote = quote.strip()
    if not quote:
        return []
    found: list[Span] = []
    start = text.find(quote)
    while start >= 0 and len(found) < MOST_PLACES:
        found.append((start, start + len(quote)))
        start = text.find(quote, start + 1)
    return found


def choose(main: list[Span], others: list[list[Span]]) -> Span:
    """Of the places of a claim's main quote the one with the claim's other quotes nearest, the earliest of equals."""
    others = others[:_WEIGHED]
    return min(
        main,
        key=lambda span: (
            sum(min(_apart(span, place) for place in spans) for spans in others if spans),
            span,
        ),
    )


def nearest(spans: list[Span], to: Span) -> Span:
    """The place nearest to another one, the earliest of equals."""
    return min(spans, key=lambda span: (_apart(span, to), span))


def cut(span: Span) -> Span:
    """The span's beginning, as long as evidence may be."""
    return span[0], min(span[1], span[0] + MAX_QUOTE)


def _apart(one: Span, other: Span) -> int:
    return max(other[0] - one[1], one[0] - other[1], 0)
