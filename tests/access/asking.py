"""Sends one request as one person, and says in a word what came of it. Nothing that it changes stays."""

from __future__ import annotations

from copy import deepcopy
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from tests.access.people import Person
from tests.access.world import World


class Word(Enum):
    """What came of a request."""

    IN = "let in"
    """Done, redirected, or refused for its content alone."""
    SIGN_IN = "led to signing in"
    PROOF = "asked to prove again who it is"
    REFUSED = "refused"
    ABSENT = "told that there is no such thing"
    NO_METHOD = "told that there is no such method"
    BROKEN = "broken"


def ask(world: World, person: Person, method: str, path: str, body: str = "{}") -> Word:
    """What comes of a request of that method: to the API with that JSON, to pages empty."""
    client = world.clients[person]
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        content: dict[str, Any] = (
            {} if method == "GET" else {"data": body, "content_type": "application/json"}
        )
        if method == "POST" and not path.startswith("/api/"):
            content = {}
        try:
            said = word(client.generic(method, path, **content))
        except RuntimeError as error:
            # Who is let in has a message sent, which no transaction may hold up: here is one around everything.
            if "must not run inside a transaction" not in str(error):
                raise
            said = Word.IN
        transaction.set_rollback(True)
    client.cookies = cookies
    return said


def word(response: Any) -> Word:
    """The answer in a word."""
    status = response.status_code
    if status in (301, 302, 303):
        target = urlsplit(response.headers["Location"]).path
        if target in ("/desk/login/", "/admin/login/"):
            return Word.SIGN_IN
        return Word.PROOF if target in _PROOFS else Word.IN
    known = {401: Word.REFUSED, 403: Word.REFUSED, 404: Word.ABSENT, 405: Word.NO_METHOD, 410: Word.ABSENT}
    if status >= 500 or status == 429:
        return Word.BROKEN
    return known.get(status, Word.IN)


_PROOFS = frozenset(
    {"/accounts/confirm/", "/accounts/factors/confirm/", "/accounts/factors/passkeys/confirm/"}
)
