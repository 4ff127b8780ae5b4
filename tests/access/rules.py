"""The words in which the matrix is written: who is let in, and what the others are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.access.asking import Word
from tests.access.people import KEYS, SESSIONS, Person

Told = Mapping[Person, Word]
CURATING = frozenset({Person.CURATOR, Person.SENIOR, Person.ADMINISTRATOR, Person.ROOT})
SENIORS = CURATING - {Person.CURATOR}
ADMINISTRATORS = SENIORS - {Person.SENIOR}
ROOT = frozenset({Person.ROOT})
STAFF = CURATING | {Person.STAFF}
NOBODY: frozenset[Person] = frozenset()
SIGNED_IN = frozenset(SESSIONS) - {Person.ANONYMOUS}
CALLERS = (*SESSIONS, *KEYS)


@dataclass(frozen=True)
class Entry:
    """A route: what each method tells each person, and from what its address is made.

    `at` maps a part of the address to a name of `World.values`, or, after an equals sign, to itself; `query` is what
    follows the question mark, `body` the JSON that is sent. A method that is not named tells everyone that it is not there.
    """

    methods: Mapping[str, Told]
    at: Mapping[str, str]


def everyone(methods: str = "GET", /, **at: str) -> Entry:
    """A page that all may ask for, whoever they are."""
    return _page(methods, dict.fromkeys(SESSIONS, Word.IN), at)


def absent(methods: str = "GET", /, **at: str) -> Entry:
    """A page that is not there for anyone, as the settings are."""
    return _page(methods, dict.fromkeys(SESSIONS, Word.ABSENT), at)


def own(methods: str = "GET", /, **at: str) -> Entry:
    """A page of one's own account."""
    return _page(methods, _told(SIGNED_IN, Word.IN, Word.IN, Word.SIGN_IN), at)


def other_way(methods: str = "GET", /, **at: str) -> Entry:
    """A way of proving again who one is, of somebody who has another one alone."""
    return _page(methods, _told(SIGNED_IN, Word.PROOF, Word.IN, Word.SIGN_IN), at)


def others(methods: str = "GET", /, **at: str) -> Entry:
    """A page of somebody else's account, of whom nobody learns that it is there."""
    return _page(methods, _told(NOBODY, Word.IN, Word.ABSENT, Word.SIGN_IN), at)


def desk(let: frozenset[Person] = CURATING, methods: str = "GET", /, **at: str) -> Entry:
    """A page of the desk."""
    return _page(methods, _told(let, Word.IN, Word.REFUSED, Word.SIGN_IN), at)


def admin(let: frozenset[Person], methods: str = "GET POST", /, no: Word = Word.REFUSED, **at: str) -> Entry:
    """A page of the admin: who is no staff is led to signing in, other staff are told `no`."""
    told = dict(_told(let, Word.IN, no, Word.SIGN_IN)) | {Person.PLAIN: Word.SIGN_IN}
    return _page(methods, told, at)


def model(
    name: str,
    view: frozenset[Person],
    add: frozenset[Person] = NOBODY,
    change: frozenset[Person] = NOBODY,
    delete: frozenset[Person] = NOBODY,
) -> dict[str, Entry]:
    """All pages of a model in the admin, `name` as its routes have it: `events_feed`."""
    at = {"object_id": f"admin:{name}"}
    path = name.replace("_", "/", 1)
    seen = admin(view | change)
    return {
        f"admin:{name}_changelist": seen,
        f"admin:{name}_add": admin(add),
        f"admin:{name}_change": Entry(
            {"GET": admin(view | change).methods["GET"], "POST": admin(change).methods["POST"]}, at
        ),
        f"admin:{name}_delete": Entry(admin(delete).methods, at),
        f"admin:{name}_history": Entry(seen.methods, at),
        f"admin:admin/{path}/<path:object_id>/": Entry(admin(STAFF).methods, at),
    }


def api(
    let: frozenset[Person] | None = None, methods: str = "GET", /, absent: frozenset[Person] = NOBODY, **at: str
) -> Entry:  # fmt: skip
    """An endpoint. None lets everyone in whose key, if one is sent, is good; `absent` are told that it is not there."""
    allowed = frozenset(CALLERS) - {Person.REVOKED} if let is None else let
    told = {
        person: Word.IN if person in allowed else Word.ABSENT if person in absent else Word.REFUSED
        for person in CALLERS
    }
    return Entry(dict.fromkeys(methods.split(), told), at)


def both(first: Entry, second: Entry) -> Entry:
    """A route whose methods are told differently."""
    return Entry({**first.methods, **second.methods}, first.at)


def _told(let: frozenset[Person], yes: Word, no: Word, anonymous: Word) -> Told:
    told = {person: yes if person in let else no for person in SESSIONS}
    return told | ({} if Person.ANONYMOUS in let else {Person.ANONYMOUS: anonymous})


def _page(methods: str, told: Told, at: Mapping[str, str]) -> Entry:
    return Entry(dict.fromkeys(methods.split(), told), at)
