"""`manage.py apikey`: a key is issued once, works as far as its scopes go, and is never stored."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from events.models.access import ApiKey
from tests import scenes


def issue(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("apikey", *words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def test_an_issued_key_is_printed_once_and_only_its_hash_is_stored(db: None) -> None:
    scenes.curator("ada")

    key = issue("ada", "nightly copy", scope=["read", "export"], days=30, rate=120)

    row = ApiKey.objects.get()
    assert row.digest == ApiKey.hash(key)
    assert (row.name, row.scopes, row.rate) == ("nightly copy", ["read", "export"], 120)
    assert row.expires_at is not None
    assert key not in repr(ApiKey.objects.values().get())


@pytest.mark.parametrize(
    ("words", "options", "message"),
    [
        (["nobody", "x"], {}, "no active user 'nobody'"),
        (["ada", " "], {}, "1 to 100 characters"),
        (["ada", "x"], {"days": 0}, "--days"),
        (["ada", "x"], {"rate": -1}, "--rate"),
    ],
)
def test_a_key_that_cannot_be_issued_is_refused_in_words(
    db: None, words: list[str], options: dict[str, Any], message: str
) -> None:
    scenes.curator("ada")

    with pytest.raises(CommandError, match=message):
        issue(*words, **options)
    assert not ApiKey.objects.exists()
