"""What an English clause leaves open: possibility, question, demand, fear and condition are no statement of fact."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.lexicon import words

_BREAK = re.compile(
    r"[;:]|, (?:and|but|while|although|though|yet|so) |[.,][”\"] | (?:but|while|although|after|before|because) |— | – "
)
_QUESTION = re.compile(r"\?[”\"’')\]]*$")
_TALK = re.compile(
    r"\W*(?:Talk|Fears?|Hopes?|Speculation|Rumou?rs?|Calls|Chances|Prospects?|Suggestions|Whispers|Questions?) (?:of|that|about|for|over)\b"
)


@lru_cache(maxsize=1)
def _uncertain() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("en", "uncertain"))), re.IGNORECASE)


def open_question(sentence: str) -> bool:
    """Whether a sentence asks, or only tells of talk."""
    return bool(_QUESTION.search(sentence.rstrip()) or _TALK.match(sentence))


def uncertain(sentence: str, start: int, end: int) -> bool:
    """Whether the clause up to the end of positions [start, end) says that this may be, rather than that it is."""
    left = 0
    for mark in _BREAK.finditer(sentence, 0, start):
        left = mark.end()
    return bool(_uncertain().search(sentence, left, end))
