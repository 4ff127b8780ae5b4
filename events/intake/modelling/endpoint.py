"""The endpoint that the settings name, and what is wrong with those settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
from django.conf import settings

from events.choices import Kind

LONGEST_TIMEOUT = 120
"""Seconds: less than half of what a worker may hold a document, and than a task's time limit."""
FEWEST_CHARACTERS, MOST_CHARACTERS = 500, 400_000
_KEY = re.compile(r"[\x21-\x7e]*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint: `url` is its base, such as http://127.0.0.1:8080/v1.

    `timeout` is in seconds, for the whole of a question; `answer_tokens` the longest answer asked for (0: as the
    endpoint likes); `max_characters` the beginning of an article that it is shown; `kinds` those of its claims that
    are taken, all if empty.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 30
    answer_tokens: int = 4000
    max_characters: int = 24_000
    kinds: frozenset[str] = frozenset()

    def hide(self, text: str) -> str:
        """`text` without the key, which an endpoint's message may repeat."""
        return text.replace(self.key, "[key]") if self.key else text


def configured() -> Endpoint | None:
    """The endpoint of the settings; None where none is named, or where they are wrong (a system check says how)."""
    if not settings.MODEL_URL or any(complaints()):
        return None
    return Endpoint(
        settings.MODEL_URL.rstrip("/"),
        settings.MODEL_NAME,
        settings.MODEL_KEY,
        settings.MODEL_TIMEOUT,
        settings.MODEL_ANSWER_TOKENS,
        settings.MODEL_MAX_CHARACTERS,
        frozenset(settings.MODEL_KINDS),
    )


def complaints() -> Iterator[str]:
    """What is wrong with the settings, each in a sentence that names the variable and never its secret."""
    if not settings.MODEL_URL:
        for name in ("MODEL_NAME", "MODEL_KEY"):
            if getattr(settings, name):
                yield f"{name} is set, but MODEL_URL is not: no model is asked."
        return
    if not _is_address(settings.MODEL_URL):
        yield "MODEL_URL must be an http(s) address without user name, query and fragment, such as http://127.0.0.1:8080/v1."
    if not 1 <= len(settings.MODEL_NAME) <= 200:
        yield "MODEL_NAME must name the endpoint's model, in at most 200 characters."
    if not _KEY.fullmatch(settings.MODEL_KEY):
        yield "MODEL_KEY has spaces or characters that no key has."
    yield from _out_of_range()
    for kind in settings.MODEL_KINDS:
        if kind not in {known.value for known in Kind}:
            yield f"MODEL_KINDS: {kind!r} is no kind of event."


def sends_key_in_the_open() -> bool:
    """Whether the key goes over the network without TLS to another machine."""
    if not (settings.MODEL_URL and settings.MODEL_KEY) or not _is_address(settings.MODEL_URL):
        return False
    url = httpx.URL(settings.MODEL_URL)
    return url.scheme == "http" and url.host not in ("127.0.0.1", "::1", "localhost")


def _out_of_range() -> Iterator[str]:
    ranges = {
        "MODEL_TIMEOUT": (1, LONGEST_TIMEOUT),
        "MODEL_MAX_CHARACTERS": (FEWEST_CHARACTERS, MOST_CHARACTERS),
        "MODEL_ANSWER_TOKENS": (0, 1_000_000),
        "MODEL_DAILY_CALLS": (0, 10_000_000),
        "MODEL_DAILY_TOKENS": (0, 10**12),
    }
    for name, (least, most) in ranges.items():
        if not least <= getattr(settings, name) <= most:
            yield f"{name} must be {least} to {most}."


def _is_address(text: str) -> bool:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return False
    return (
        url.scheme in ("http", "https") and bool(url.host) and not (url.userinfo or url.query or url.fragment)
    )
