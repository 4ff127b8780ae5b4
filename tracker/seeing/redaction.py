"""What no log, report or trace may hold: keys, tokens, passwords, and whose mail it is.

Rules of form, laid over the finished text: a secret is hidden whoever wrote it, a library's exception too. Where a
form is doubtful more is hidden than needed. Every rule is bounded, so that no text makes it slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

HIDDEN = "[hidden]"

_NAMES = (
    r"password|passwd|passphrase|secret|token|api[_-]?key|apikey|authorization|cookie|sessionid|csrftoken"
    r"|signature|dsn|credentials?"
)
# The same without their first letters: a search that begins with a letter's class skips what cannot be one.
_TAILS = "|".join(name[1:] for name in _NAMES.split("|"))
_SECRET_NAME = re.compile(rf"(?:{_NAMES})s?$|^x-api-key$", re.IGNORECASE)
# Names of our processes stand before an @, too: celery@host.
_NODES = "celery|web|worker|beat|fetch|extract|alerts"

_SEGMENT = r"[^/?#\s\"'<>\\]"
_DEEPEST = 12

_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    # What a text must hold for the rule to be of use, the form, and what stands instead.
    # Keys of the API, webhooks' signing secrets (Standard Webhooks).
    ("gt_", re.compile(r"\bgt_[A-Za-z0-9_-]{12,200}"), f"gt_{HIDDEN}"),
    ("whsec_", re.compile(r"\bwhsec_[A-Za-z0-9+/=_-]{8,200}"), f"whsec_{HIDDEN}"),
    # RFC 9110: credentials after the scheme's name.
    ("", re.compile(r"\b(Bearer|Basic|Token|Digest)(\s+|%20)[A-Za-z0-9._~+/=-]{6,2000}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # Pages whose address is the secret: of subscribers, of those who proposed something, of hubs; links in mails that
    # sign in or set a password anew.
    ("/", re.compile(rf"(/(?:subscriptions|proposals|websub)/){_SEGMENT}{{16,300}}"), rf"\1{HIDDEN}"),
    (
        "/",
        re.compile(rf"(/(?:reset(?:/key)?|confirm-email|login/code/confirm|invitations)/){_SEGMENT}{{6,300}}(?:/{_SEGMENT}{{6,300}})?"),
        rf"\1{HIDDEN}",
    ),
    # Such a secret by itself: 256 random bits in base64, as `secrets.token_urlsafe(32)` writes them.
    ("", re.compile(r"(?<![A-Za-z0-9_-])(?=[a-z0-9_-]{0,42}[A-Z])(?=[A-Z0-9_-]{0,42}[a-z])(?=[A-Za-z_-]{0,42}\d)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"), HIDDEN),
    # user:password@ in an address. In those of news sites an @ further on belongs to the path.
    ("@", re.compile(r"\b((?:rediss?|postgres(?:ql)?|amqps?|smtps?)://)[^\s\"'<>]{0,300}@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    ("@", re.compile(r"\b([a-z][a-z0-9+.-]{1,30}://)[^\s/@\"'<>]{0,300}@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    # name=value and "name": "value", also inside of escaped JSON.
    (
        "",
        re.compile(
            rf"([acdpstACDPST](?i:{_TAILS})\\?[\"']?\s{{0,3}}[:=]\s{{0,3}}\\?[\"']?)(?!\[hidden\])[^\s\"'\\,;&<>\])}}]{{1,2000}}",
        ),
        rf"\1{HIDDEN}",
    ),
    # An address of e-mail; its domain helps to find a mail server that refuses.
    (
        "@",
        re.compile(rf"(?<![\w.+%-])(?!(?:{_NODES})@)[\w.+%'-]{{1,64}}@((?:[\w-]{{1,63}}\.){{1,8}}[\w-]{{2,63}})"),
        r"***@\1",
    ),
)  # fmt: skip


def redact(text: str) -> str:
    """The text without what is secret. Never raises, never fails to end: every rule is bounded."""
    for needle, pattern, instead in _RULES:
        if needle in text:
            text = pattern.sub(instead, text)
    return text


def redacted(value: Any) -> Any:
    """The same of a value made of dictionaries, lists and scalars, by the keys' names, too: a copy."""
    return _copied(value, redact, _DEEPEST)


def named_secrets_hidden(value: Any) -> Any:
    """A copy without what stands under the name of a secret; for values whose finished text is redacted."""
    return _copied(value, str, _DEEPEST)


def _copied(value: Any, clean: Callable[[str], str], depth: int) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return HIDDEN
    if depth <= 0 and isinstance(value, Mapping | list | tuple | set | frozenset):
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            key: HIDDEN
            if _is_secret(key) and held not in (None, "", [], {})
            else _copied(held, clean, depth - 1)
            for key, held in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_copied(held, clean, depth - 1) for held in value]
    return value


@lru_cache(maxsize=1000)
def _is_secret(key: object) -> bool:
    return isinstance(key, str) and bool(_SECRET_NAME.search(key))
